"""Things in the room: floor, mat, chair, wall, and a bed with posts. Measures in centimetres."""

from __future__ import annotations

from dataclasses import dataclass

from app.figures.hulls import number
from app.figures.ink import LINE, Element, Hull, Layer, Pen, capsule, stroke
from app.figures.palette import FLOOR, INK, LINEN, MAT, WALL, WOOD, WOOD_FAR
from app.figures.sight import Sight
from app.figures.vectors import RIGHT

_BACKDROP = -500.0
"""How far back things of the room are drawn: behind every part of a body."""


def _beam(pen: Pen, colour: str, *hulls: Hull) -> Element:
    return pen.solid(colour, *hulls, line=LINE * 0.9)


def _far_and_near(pen: Pen, half_width: float) -> tuple[float, float]:
    """The z of the far and of the near side of a thing."""
    return (-half_width, half_width) if pen.camera.toward(RIGHT) >= 0 else (half_width, -half_width)


@dataclass(frozen=True)
class Floor:
    """A line at the height of the soles, through the whole picture. ``at`` is the z it is at."""

    at: float = 0.0

    def layers(self, sight: Sight) -> list[Layer]:
        y = number(sight.point((0.0, 0.0, self.at))[1] + 3)
        line = stroke(f"M14 {y}H{number(sight.width - 14)}", FLOOR, 5)
        return [Layer("floor", _BACKDROP + 2, (line,))]


@dataclass(frozen=True)
class Mat:
    """A mat on the floor from x = ``start`` to ``end``."""

    start: float
    end: float
    half_width: float

    def layers(self, sight: Sight) -> list[Layer]:
        far, near = -self.half_width, self.half_width
        corners = [
            (x, 0.0, z)
            for x, z in ((self.start, far), (self.end, far), (self.end, near), (self.start, near))
        ]
        shape = {
            "d": sight.pen.path(corners, close=True),
            "fill": MAT,
            "stroke": FLOOR,
            "stroke-width": "3",
            "stroke-linejoin": "round",
        }
        return [Layer("mat", _BACKDROP + 3, (Element("path", shape),))]


@dataclass(frozen=True)
class Wall:
    """A wall at ``x`` that the figure faces: a slab when seen edge-on, else a pale panel."""

    x: float
    thickness: float
    height: float
    half_width: float

    def layers(self, sight: Sight) -> list[Layer]:
        pen, x = sight.pen, self.x
        edge_on = abs(pen.camera.toward((1.0, 0.0, 0.0))) < 0.3
        far, near = (x + self.thickness, 0.0) if edge_on else (x, self.half_width)
        z = 0.0 if edge_on else -self.half_width
        corners = [(x, 0.0, near), (x, self.height, near), (far, self.height, z), (far, 0.0, z)]
        panel = Element(
            "path", {"d": pen.path(corners, close=True), "fill": WALL, "stroke": "none"}
        )
        line = stroke(pen.path(corners[:2]), INK, 4)
        return [Layer("wall", _BACKDROP, (panel, line) if edge_on else (panel,))]


@dataclass(frozen=True)
class Chair:
    """A wooden chair whose seat is ``seat`` cm high, for hips above ``x``."""

    x: float
    seat: float

    def layers(self, sight: Sight) -> list[Layer]:
        pen, seat, front, back = sight.pen, self.seat, self.x + 22, self.x - 18
        sides = tuple(zip(_far_and_near(pen, 18), (WOOD_FAR, WOOD), strict=True))
        legs = []
        for z, colour in sides:
            for x, splay in ((front, 1.5), (back, -3.0)):
                leg = capsule((x, seat - 2, z), 1.8, (x + splay, 1.6, z), 1.6)
                legs.append(_beam(pen, colour, leg))
        far_post, near_post = (
            _beam(pen, colour, capsule((back, seat, z), 1.8, (back - 5, seat + 36, z), 1.6))
            for z, colour in sides
        )
        rail = [((back + x, seat + y, z), 2.0) for z, _ in sides for x, y in ((-5, 36), (-3.6, 25))]
        top = [((x, seat, z), 2.2) for x in (front, back) for z, _ in sides]
        elements = (*legs, far_post, _beam(pen, WOOD, rail), near_post, _beam(pen, WOOD, top))
        return [Layer("chair", _BACKDROP + 10, elements)]


@dataclass(frozen=True)
class Bed:
    """The foot of a bed at ``x``: two posts, a board between them, and the mattress.

    The near post is a layer of its own, before the band that goes round it from behind.
    """

    x: float
    half_width: float
    height: float

    def layers(self, sight: Sight) -> list[Layer]:
        pen, x = sight.pen, self.x
        far, near = _far_and_near(pen, self.half_width)

        def block(colour: str, to: float, low: float, high: float, radius: float) -> Element:
            begin = x if to == x else x + 7
            hull = [
                ((a, b, z), radius) for a in (begin, to) for b in (low, high) for z in (far, near)
            ]
            return _beam(pen, colour, hull)

        def post(colour: str, z: float) -> tuple[Element, ...]:
            shaft = capsule((x, 3, z), 3.0, (x, self.height, z), 2.7)
            return (_beam(pen, colour, shaft), _beam(pen, colour, [((x, self.height + 5, z), 4.6)]))

        behind = (
            *post(WOOD_FAR, far),
            block(LINEN, x + 90, 38, 52, 3),
            block(WOOD, x + 90, 24, 30, 2),
            block(WOOD, x, 32, 62, 1.8),
        )
        return [
            Layer("bed", _BACKDROP + 10, behind),
            Layer("post", _BACKDROP + 30, post(WOOD, near)),
        ]
