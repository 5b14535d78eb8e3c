"""Signs on a picture: the "feel it here" ring, distances, right angles.

Anchors are joints or places; offsets and sizes are pixels, y growing downward.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, hypot, sin

from app.figures.arrows import Arrow, Turn
from app.figures.camera import Point
from app.figures.hulls import number, pair
from app.figures.ink import Element, stroke
from app.figures.lettering import lettered
from app.figures.palette import INK, RING, WHITE
from app.figures.sight import Anchor, Sight, shifted
from app.figures.vectors import RIGHT, plus, spine_front, spine_up, times


@dataclass(frozen=True)
class Ring:
    """ "Feel it here": a tinted spot in a dotted ring; the ring survives black and white."""

    at: Anchor
    radius: float
    offset: Point = (0.0, 0.0)

    def elements(self, sight: Sight) -> list[Element]:
        x, y = shifted(sight.point(self.at), self.offset)
        circle = {"cx": number(x), "cy": number(y), "r": number(self.radius)}
        spot = {"fill": RING, "fill-opacity": ".45", "stroke": WHITE, "stroke-width": "5"}
        dots = {
            "fill": "none",
            "stroke": INK,
            "stroke-width": "3.4",
            "stroke-dasharray": "0 7",
            "stroke-linecap": "round",
        }
        return [Element("circle", circle | spot), Element("circle", circle | dots)]


@dataclass(frozen=True)
class Guide:
    """A dashed line to measure by."""

    places: tuple[Anchor, ...]

    def elements(self, sight: Sight) -> list[Element]:
        path = "M" + "L".join(pair(*sight.point(p)) for p in self.places)
        return [stroke(path, WHITE, 5.5), stroke(path, INK, 2.6, stroke_dasharray="5 6")]


@dataclass(frozen=True)
class Measure:
    """A line with a head at both ends, and its length in ``words`` (one line each, ``size`` px
    high) ``drop`` px below it."""

    start: Anchor
    end: Anchor
    words: tuple[str, ...] = ()
    size: float = 15.0
    drop: float = 9.0

    def elements(self, sight: Sight) -> list[Element]:
        one, other = sight.point(self.start), sight.point(self.end)
        heading = atan2(other[1] - one[1], other[0] - one[0])
        path = f"M{pair(*one)}L{pair(*other)}"
        for (x, y), way in ((one, 1), (other, -1)):
            tips = [
                pair(x + way * 9 * cos(heading + turn), y + way * 9 * sin(heading + turn))
                for turn in (0.6, -0.6)
            ]
            path += f"M{tips[0]}L{pair(x, y)}L{tips[1]}"
        elements = [stroke(path, WHITE, 8), stroke(path, INK, 3.2)]
        for k, line in enumerate(self.words):
            x, y = (one[0] + other[0]) / 2, (one[1] + other[1]) / 2
            elements += lettered(line, (x, y + self.drop + k * self.size * 1.45), self.size)
        return elements


@dataclass(frozen=True)
class RightAngle:
    """The sign for a right angle at ``at``, between the ways to ``one`` and ``other``; ``inset``
    px away from the bones, so that it lies beside a limb and not upon it."""

    at: Anchor
    one: Anchor
    other: Anchor
    size: float = 13.0
    inset: float = 0.0

    def elements(self, sight: Sight) -> list[Element]:
        x, y = sight.point(self.at)

        def step(anchor: Anchor) -> Point:
            to_x, to_y = sight.point(anchor)
            far = max(hypot(to_x - x, to_y - y), 1e-6)
            return ((to_x - x) / far, (to_y - y) / far)

        one, other = step(self.one), step(self.other)
        x, y = x + (one[0] + other[0]) * self.inset, y + (one[1] + other[1]) * self.inset
        (ax, ay), (bx, by) = (
            (one[0] * self.size, one[1] * self.size),
            (other[0] * self.size, other[1] * self.size),
        )
        corners = ((x + ax, y + ay), (x + ax + bx, y + ay + by), (x + bx, y + by))
        path = "M" + "L".join(pair(*p) for p in corners)
        return [stroke(path, WHITE, 6.5), stroke(path, INK, 3)]


@dataclass(frozen=True)
class Label:
    """A word, ``size`` px high, ``offset`` from ``at``."""

    at: Anchor
    words: str
    offset: Point = (0.0, 0.0)
    size: float = 14.0

    def elements(self, sight: Sight) -> list[Element]:
        return lettered(self.words, shifted(sight.point(self.at), self.offset), self.size)


@dataclass(frozen=True)
class Blades:
    """The inner edges of both shoulder blades, ``apart`` cm from each other."""

    apart: float

    def elements(self, sight: Sight) -> list[Element]:
        body = sight.skeleton
        up, back = spine_up(body.chest_angle), times(spine_front(body.chest_angle), -1)
        elements = []
        for sign in (1, -1):
            edge = [
                plus(body["top"], times(up, height), times(back, 9), times(RIGHT, sign * aside))
                for height, aside in (
                    (-4.0, self.apart / 2 + 2.5),
                    (-12.0, self.apart / 2 - 2.5),
                    (-19.0, self.apart / 2 + 3.5),
                )
            ]
            elements.append(stroke(sight.pen.curve(edge[0], edge[1], edge[2]), INK, 4))
        return elements


Mark = Arrow | Turn | Ring | Guide | Measure | RightAngle | Label | Blades
