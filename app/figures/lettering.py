"""A few letters and figures as strokes, so that a label needs no font anywhere.

A picture is shown by browsers, printed, and set into PDF; a font that one of them lacks would
lose the label. Each glyph is drawn on a grid 4 wide and 6 high, y growing downward.
"""

from __future__ import annotations

from app.errors import N_, RuleBroken
from app.figures.camera import Point
from app.figures.hulls import number, pair
from app.figures.ink import Element
from app.figures.palette import INK, WHITE

_GLYPHS: dict[str, tuple[float, str]] = {
    "0": (4, "M2 0C-.6 0-.6 6 2 6C4.6 6 4.6 0 2 0"),
    "1": (2.4, "M.3 1.3L1.9 0V6"),
    "2": (4, "M.2 1.5C.5-.6 3.8-.4 3.7 1.7C3.6 3.2 1 4.3.1 6H3.9"),
    "3": (
        4,
        "M.3.8C1.5-.6 3.7 0 3.5 1.5C3.4 2.7 2.3 2.8 1.6 2.8"
        "C2.8 2.8 3.9 3.2 3.8 4.4C3.6 6.3 1 6.5.1 5",
    ),
    "4": (4, "M3 6V0L0 4.2H4"),
    "6": (4, "M3.3.3C.5 1-.4 6 2 6C4.5 6 4.4 2.7 2.2 2.7C1 2.7.3 3.4.2 4.4"),
    "9": (4, "M.7 5.7C3.5 5 4.4 0 2 0C-.5 0-.4 3.3 1.8 3.3C3 3.3 3.7 2.6 3.8 1.6"),
    "–": (3.4, "M.2 3.6H3.2"),
    "°": (2, "M1 0C-.2 0-.2 1.9 1 1.9C2.2 1.9 2.2 0 1 0"),
    "c": (3.2, "M3.1 2.7C1.8 1.4.1 2.3.1 4.1C.1 5.9 1.8 6.8 3.1 5.5"),
    "m": (5, "M.2 6V2.2M.2 3.4C.6 2 2.5 1.8 2.5 3.5V6M2.5 3.5C2.8 2 4.8 1.8 4.8 3.5V6"),
    "i": (0.6, "M.3 6V2.4M.3.6V.5"),
    "n": (3, "M.2 6V2.2M.2 3.6C.6 1.9 2.9 1.8 2.9 3.7V6"),
    "/": (2.6, "M.2 6.6L2.4-.6"),
    " ": (1.6, ""),
}


def lettered(words: str, middle: Point, size: float) -> list[Element]:
    """A line of ``size`` px high letters, centred at the top point ``middle``."""
    for letter in words:
        if letter not in _GLYPHS:
            raise RuleBroken(N_("We cannot draw the letter %(letter)s."), letter=letter)
    unit, gap = size / 6, 1.5
    width = sum(_GLYPHS[c][0] + gap for c in words) - gap
    x = middle[0] - width * unit / 2
    drawn = []
    for letter in words:
        advance, path = _GLYPHS[letter]
        if path:
            drawn.append((x, path))
        x += (advance + gap) * unit
    return [
        Element(
            "g",
            {
                "fill": "none",
                "stroke-linecap": "round",
                "stroke-linejoin": "round",
                "stroke": c,
                "stroke-width": number(w),
            },
            tuple(
                Element(
                    "path",
                    {
                        "d": path,
                        "transform": f"translate({pair(left, middle[1])}) scale({unit:.2f})",
                    },
                )
                for left, path in drawn
            ),
        )
        for c, w in ((WHITE, 2.4), (INK, 0.95))
    ]
