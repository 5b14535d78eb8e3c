"""Arrows, straight and round. Offsets and sizes are pixels, y growing downward."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, degrees, radians, sin

from app.figures.camera import Point
from app.figures.hulls import number, pair
from app.figures.ink import Element, stroke
from app.figures.palette import ARROW, INK, WHITE
from app.figures.sight import Anchor, Sight, shifted


def _head(tip: str, colour: str, width: str) -> Element:
    shape = {"d": tip, "fill": colour, "stroke": colour, "stroke-width": width}
    return Element("path", {**shape, "stroke-linejoin": "round"})


@dataclass(frozen=True)
class Arrow:
    """A bold arrow with a white halo, so that it reads on any ground, also in grey.

    ``start`` and ``end`` are offsets from ``at``; ``bend`` bows it, as a share of its length.
    """

    at: Anchor
    start: Point
    end: Point
    bend: float = 0.0
    width: float = 7.5

    def elements(self, sight: Sight) -> list[Element]:
        origin = sight.point(self.at)
        (x1, y1), (x2, y2) = shifted(origin, self.start), shifted(origin, self.end)
        bow = ((x1 + x2) / 2 + (y2 - y1) * self.bend, (y1 + y2) / 2 - (x2 - x1) * self.bend)
        heading = atan2(y2 - bow[1], x2 - bow[0])
        size = self.width * 2.1

        def back(along: float, aside: float) -> str:
            x = x2 - along * cos(heading) - aside * sin(heading)
            return pair(x, y2 - along * sin(heading) + aside * cos(heading))

        shaft = f"M{pair(x1, y1)}Q{pair(*bow)} {back(size * 0.85, 0)}"
        tip = f"M{pair(x2, y2)}L{back(size, size * 0.58)}L{back(size, -size * 0.58)}Z"

        return [
            stroke(shaft, WHITE, self.width + 6),
            _head(tip, WHITE, "8"),
            stroke(shaft, ARROW, self.width),
            _head(tip, ARROW, "2"),
        ]


@dataclass(frozen=True)
class Turn:
    """An arrow along a circle round ``at``, on the whole circle as a dashed line.

    ``start`` and ``end`` are degrees, 0 to the right of ``at``, growing counter-clockwise.
    """

    at: Anchor
    radius: float
    start: float
    end: float
    width: float = 7.5

    def elements(self, sight: Sight) -> list[Element]:
        x, y = sight.point(self.at)

        def on_circle(angle: float, radius: float = self.radius) -> Point:
            return (x + radius * cos(radians(angle)), y - radius * sin(radians(angle)))

        size = self.width * 2.1
        forward = 1 if self.end > self.start else -1
        neck = self.end - forward * degrees(size * 0.9 / self.radius)
        far, sweep = int(abs(neck - self.start) > 180), int(forward < 0)
        r = number(self.radius)
        shaft = f"M{pair(*on_circle(self.start))}A{r} {r} 0 {far} {sweep} {pair(*on_circle(neck))}"
        wings = [on_circle(neck, self.radius + aside * size * 0.58) for aside in (1, -1)]
        tip = f"M{pair(*on_circle(self.end))}L{pair(*wings[0])}L{pair(*wings[1])}Z"
        orbit = {"cx": number(x), "cy": number(y), "r": r, "fill": "none"}
        dashes = {"stroke-dasharray": "5 6", "stroke-linecap": "round"}
        return [
            Element("circle", {**orbit, "stroke": WHITE, "stroke-width": "5", **dashes}),
            Element("circle", {**orbit, "stroke": INK, "stroke-width": "2", **dashes}),
            stroke(shaft, WHITE, self.width + 6),
            _head(tip, WHITE, "8"),
            stroke(shaft, ARROW, self.width),
            _head(tip, ARROW, "2"),
        ]
