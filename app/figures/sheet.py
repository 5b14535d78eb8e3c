"""The contact sheet: every frame of every scene side by side, to be looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.figures.drawing import frame_elements
from app.figures.ink import Element
from app.figures.scene import Scene

_FRAME_MM, _GAP_MM = 36.0, 4.0
"""Width of a frame on paper, as small as a plan prints it, and the space between two."""


def contact_sheet(scenes: Iterable[Scene], grey: bool = False) -> str:
    """An SVG document with one row for each exercise variant, every frame 36 mm wide.

    ``grey`` shows what a black-and-white printer leaves of the colours.
    """
    rows = [row for scene in scenes for row in _rows(scene)]
    per_mm = 300 / _FRAME_MM
    cell, gap = 300.0, _GAP_MM * per_mm
    width = gap + max((len(row) for row in rows), default=0) * (cell + gap)
    y, cells = gap, []
    for row in rows:
        for k, (scene, elements) in enumerate(row):
            cells.append(_cell(scene, elements, gap + k * (cell + gap), y))
        y += max(scene.height for scene, _ in row) + gap
    sheet = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {width:.0f} {y:.0f}",
            "width": f"{width / per_mm:.1f}mm",
            "height": f"{y / per_mm:.1f}mm",
        },
        tuple(cells),
    )
    return (in_grey(sheet) if grey else sheet).svg() + "\n"


def _rows(scene: Scene) -> list[list[tuple[Scene, list[Element]]]]:
    return [
        [(scene, frame_elements(scene, scene.frames[number - 1])) for number in numbers]
        for numbers in scene.variants.values()
    ]


def _cell(scene: Scene, elements: list[Element], x: float, y: float) -> Element:
    size = {"width": str(scene.width), "height": str(scene.height)}
    stage = Element("rect", {**size, "rx": "16", "fill": "#eef4f6"})
    view = f"0 0 {scene.width} {scene.height}"
    place = {"x": f"{x:.0f}", "y": f"{y:.0f}", "viewBox": view, **size}
    return Element("svg", place, (stage, *elements))


def in_grey(element: Element) -> Element:
    """The element with every colour replaced by the grey of the same brightness."""
    attributes = {k: grey_of(v) if v.startswith("#") else v for k, v in element.attributes.items()}
    return replace(
        element, attributes=attributes, children=tuple(in_grey(c) for c in element.children)
    )


def grey_of(colour: str) -> str:
    """The grey (``#rrggbb``) that a black-and-white printer makes of a colour."""
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    grey = round(0.299 * red + 0.587 * green + 0.114 * blue)
    return f"#{grey:02x}{grey:02x}{grey:02x}"
