"""SVG elements as values, and the pen that draws hulls of balls with one ink line round them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import cos, pi, sin

from app.figures.camera import Camera, Circle
from app.figures.hulls import number, outline, pair, sampled_outline
from app.figures.palette import INK
from app.figures.vectors import Vec, minus, plus, times

LINE = 2.3
"""Width of the ink line in a frame of 300 pixels."""

_HALF_ROUND = [(cos(k * pi / 8), sin(k * pi / 8)) for k in range(8)]

Ball = tuple[Vec, float]
Hull = Sequence[Ball]


@dataclass(frozen=True)
class Element:
    """An SVG element. ``text`` is escaped when written."""

    tag: str
    attributes: dict[str, str]
    children: tuple[Element, ...] = ()
    text: str = ""

    def svg(self) -> str:
        words = "".join(f' {k}="{escape(v)}"' for k, v in self.attributes.items())
        inside = escape(self.text, quote=False) + "".join(c.svg() for c in self.children)
        if not inside:
            return f"<{self.tag}{words}/>"
        return f"<{self.tag}{words}>{inside}</{self.tag}>"


@dataclass(frozen=True)
class Layer:
    """Elements that are drawn together. Layers are drawn by ``depth`` (cm), far ones first."""

    name: str
    depth: float
    elements: tuple[Element, ...]


def inked(elements: Sequence[Element]) -> Element:
    """The ink that all shapes in it take. ``paint-order`` puts the line behind the fill, so the
    seams between the hulls of one shape vanish."""
    ink = {
        "stroke": INK,
        "stroke-width": number(LINE * 2),
        "stroke-linejoin": "round",
        "paint-order": "stroke",
    }
    return Element("g", ink, tuple(elements))


def stroke(path: str, colour: str, width: float, **more: str) -> Element:
    """An open line with round ends."""
    named = {k.replace("_", "-"): v for k, v in more.items()}
    return Element(
        "path",
        {
            "d": path,
            "fill": "none",
            "stroke": colour,
            "stroke-width": number(width),
            "stroke-linecap": "round",
            "stroke-linejoin": "round",
            **named,
        },
    )


@dataclass(frozen=True)
class Pen:
    """Draws what ``camera`` sees.

    ``moving`` draws polygons whose structure is the same in every moment of a film, and keeps
    what is out of sight as elements of size 0.
    """

    camera: Camera
    moving: bool = False

    def circles(self, hull: Hull) -> list[Circle]:
        return [self.camera.circle(place, radius) for place, radius in hull]

    def hull(self, hull: Hull, size: float = 0.0) -> str:
        """Path data of one hull; ``size`` (cm) is its largest radius ever, if that changes."""
        circles = self.circles(hull)
        if not self.moving:
            return outline(circles)
        largest = size * self.camera.scale or max(radius for _, _, radius in circles)
        return sampled_outline(circles, largest)

    def solid(self, colour: str, *hulls: Hull, line: float = LINE, size: float = 0.0) -> Element:
        """Hulls melted into one shape with one ink line round it, to be put into ``inked``.

        ``line`` 0 leaves the ink away. ``size`` is as in :meth:`hull`.
        """
        shape = {"d": "".join(self.hull(h, size) for h in hulls), "fill": colour}
        if not line:
            shape["stroke"] = "none"
        elif line != LINE:
            shape["stroke-width"] = number(line * 2)
        return Element("path", shape)

    def path(self, points: Sequence[Vec], close: bool = False) -> str:
        """Straight lines through places."""
        shown = "L".join(pair(*self.camera.point(p)) for p in points)
        return "M" + shown + ("Z" if close else "")

    def curve(self, start: Vec, bend: Vec, end: Vec) -> str:
        """A curve from start to end that heads for ``bend``."""
        a, b, c = (pair(*self.camera.point(p)) for p in (start, bend, end))
        return f"M{a}Q{b} {c}"


def capsule(a: Vec, radius_a: float, b: Vec, radius_b: float) -> list[Ball]:
    return [(a, radius_a), (b, radius_b)]


def rim(centre: Vec, one: Vec, other: Vec, thickness: float = 0.7) -> list[Ball]:
    """The edge of a sleeve, a trouser leg or a hem: balls on an ellipse with the given half
    axes."""
    return [
        ball
        for u, v in _HALF_ROUND
        for ball in (
            (plus(centre, times(one, u), times(other, v)), thickness),
            (minus(centre, plus(times(one, u), times(other, v))), thickness),
        )
    ]
