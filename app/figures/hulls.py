"""Outlines round circles, as SVG path data.

A body part is the hull of a few balls. Seen by an orthographic camera it is exactly the hull
of their circles: arcs joined by tangent lines.
"""

from __future__ import annotations

from itertools import pairwise
from math import acos, atan2, cos, hypot, pi, sin, tau

from app.figures.camera import Circle, Point

_TINY = 1e-9
_DIRECTIONS = {
    corners: [
        (angle, cos(angle), sin(angle))
        for angle in (tau * (k + 0.5) / corners for k in range(corners))
    ]
    for corners in (10, 14, 20, 28)
}
"""For each number of corners: the angles of a polygon's corners, with cosine and sine."""


def number(value: float) -> str:
    """A number with at most one decimal, always written in the same way."""
    text = f"{value:.1f}".removesuffix(".0")
    if -1 < value < 1:
        text = text.replace("0.", ".", 1)
    return "0" if text == "-0" else text


def pair(x: float, y: float) -> str:
    return f"{number(x)} {number(y)}"


def _reach(circle: Circle, angle: float) -> float:
    return circle[0] * cos(angle) + circle[1] * sin(angle) + circle[2]


def _touch(circle: Circle, angle: float) -> Point:
    x, y, radius = circle
    return (x + radius * cos(angle), y + radius * sin(angle))


def _rolled(circles: list[Circle]) -> list[tuple[Circle, float, float]]:
    """The circles that a line touches when it rolls once round them all, with the angles at
    which it comes to each and leaves it. Angles grow clockwise on the screen."""
    now = max(circles, key=lambda c: (_reach(c, 0.0), c[2]))
    angle, stops = 0.0, []
    while True:
        turns = [
            (
                round((_tangent(now, other) - angle) % tau, 9) % round(tau, 9),
                -_apart(now, other),
                other,
            )
            for other in circles
            if _apart(now, other) > abs(now[2] - other[2]) + _TINY
        ]
        turn, _, following = min(turns, default=(tau, 0.0, now))  # of equal turns the farthest
        if angle + turn >= tau:
            stops.append((now, angle, tau))
            return stops
        stops.append((now, angle, angle + turn))
        angle, now = angle + turn, following


def _apart(a: Circle, b: Circle) -> float:
    return hypot(b[0] - a[0], b[1] - a[1])


def _tangent(a: Circle, b: Circle) -> float:
    """The angle at which a line that rolls round ``a`` meets ``b``."""
    return atan2(b[1] - a[1], b[0] - a[0]) - acos((a[2] - b[2]) / _apart(a, b))


def outline(circles: list[Circle]) -> str:
    """The exact hull of circles. One circle gives a full round."""
    stops = _rolled(circles)
    if len(stops) == 1:
        x, y, radius = stops[0][0]
        arc = f"A{number(radius)} {number(radius)} 0 1 1 "
        return f"M{pair(x - radius, y)}{arc}{pair(x + radius, y)}{arc}{pair(x - radius, y)}Z"
    if stops[0][0] == stops[-1][0]:  # the roll began in the middle of this circle's arc
        first, last = stops[0], stops.pop()
        stops[0] = (first[0], last[1] - tau, first[2])
    path = ""
    for circle, came, left in stops:
        path += ("L" if path else "M") + pair(*_touch(circle, came))
        if circle[2] * (left - came) > 0.6:  # shorter arcs cannot be told from a corner
            size, far = number(circle[2]), int(left - came > pi)
            path += f"A{size} {size} 0 {far} 1 {pair(*_touch(circle, left))}"
    return path + "Z"


def sampled_outline(circles: list[Circle], size: float) -> str:
    """The hull as a polygon whose number of corners depends on ``size`` (px) alone.

    Every moment of a film then has the same commands, and a browser can go between them.
    Corners are written as steps from one to the next: a part that only moves keeps its steps,
    which compresses well.
    """
    corners = 10 if size < 4 else 14 if size < 9 else 20 if size < 18 else 28
    points = []
    for angle, x, y in _DIRECTIONS[corners]:
        _, where = max((c[0] * x + c[1] * y + c[2], k) for k, c in enumerate(circles))
        points.append(_touch(circles[where], angle))
    steps = [pair(after[0] - before[0], after[1] - before[1]) for before, after in pairwise(points)]
    return f"M{pair(*points[0])}l{' '.join(steps)}z"
