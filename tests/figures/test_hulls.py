"""Outlines: exact where they stand, regular where they move."""

from __future__ import annotations

import re
from math import cos, hypot, sin, tau

import pytest

from app.figures.camera import Camera, Circle
from app.figures.hulls import number, outline, sampled_outline

SHAPES: dict[str, list[Circle]] = {
    "one": [(0, 0, 5)],
    "two": [(0, 0, 5), (30, 4, 3)],
    "one inside another": [(0, 0, 9), (1, 1, 3)],
    "the same twice": [(0, 0, 4), (0, 0, 4), (20, 0, 4)],
    "three in a row": [(0, 0, 4), (10, 0, 4), (20, 0, 4)],
    "a square": [(0, 0, 2), (20, 0, 2), (20, 20, 2), (0, 20, 2)],
}


def corners(path: str) -> list[tuple[float, float]]:
    """The end points of the commands of an outline."""
    points = []
    for command, rest in re.findall(r"([MLA])([^MLAZ]*)", path):
        numbers = [float(n) for n in rest.split()]
        assert command in "MLA"
        points.append((numbers[-2], numbers[-1]))
    return points


@pytest.mark.parametrize("name", SHAPES)
def test_every_corner_of_an_outline_lies_on_the_hull(name: str) -> None:
    circles = SHAPES[name]
    for x, y in corners(outline(circles)):
        assert min(abs(hypot(x - cx, y - cy) - r) for cx, cy, r in circles) < 0.12


@pytest.mark.parametrize("name", SHAPES)
def test_an_outline_reaches_as_far_as_its_circles_in_every_direction(name: str) -> None:
    circles = SHAPES[name]
    sampled = sampled_outline(circles, 9)
    x, y = (float(n) for n in re.match(r"M(\S+) (\S+?)l", sampled).groups())  # type: ignore[union-attr]
    steps = [float(n) for n in sampled.split("l")[1].rstrip("z").split()]
    points = [(x, y)]
    for dx, dy in zip(steps[::2], steps[1::2], strict=True):
        points.append((points[-1][0] + dx, points[-1][1] + dy))
    for k in range(24):
        ex, ey = cos(tau * k / 24), sin(tau * k / 24)
        true = max(cx * ex + cy * ey + r for cx, cy, r in circles)
        assert max(px * ex + py * ey for px, py in points) == pytest.approx(true, abs=0.7)


def test_an_outline_of_a_square_has_four_sides() -> None:
    assert outline(SHAPES["a square"]).count("A") == 4


def test_a_moving_outline_has_as_many_corners_wherever_it_goes() -> None:
    shapes = [[(0.0, 0.0, 5.0), (30.0 * k, 4.0, 3.0)] for k in range(4)]
    counts = {len(sampled_outline(shape, 5).split()) for shape in shapes}
    assert len(counts) == 1


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.04, "0"), (-0.04, "0"), (0.5, ".5"), (-0.5, "-.5"), (10.0, "10"), (-10.25, "-10.2")],
)
def test_numbers_are_written_short_and_always_alike(value: float, text: str) -> None:
    assert number(value) == text


def test_the_camera_looks_at_the_right_side_first_and_then_at_the_face() -> None:
    assert Camera(yaw=0).toward((0, 0, 1)) == pytest.approx(1)
    assert Camera(yaw=90).toward((1, 0, 0)) == pytest.approx(1)
    assert Camera(yaw=270).toward((-1, 0, 0)) == pytest.approx(1)
    assert Camera(pitch=90).toward((0, 1, 0)) == pytest.approx(1)
    assert Camera(look_at=(1, 2, 3), centre=(10, 20)).point((1, 2, 3)) == (10, 20)
