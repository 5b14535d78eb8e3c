"""The colours, and the three people who differ in skin, hair and shirt."""

from __future__ import annotations

from dataclasses import dataclass

INK = "#23303b"
WHITE = "#ffffff"
ARROW = "#b3261e"
RING = "#f2994a"
BAND, BAND_EDGE = "#e8b400", "#6b5200"
WOOD, WOOD_FAR = "#dcc29d", "#c3a67c"
WALL, FLOOR, MAT, LINEN = "#d9e1e7", "#9fb0bd", "#c8dbd6", "#f6f9fb"
TROUSERS, TROUSERS_FAR = "#4a5a73", "#3b495f"
SHOE, SHOE_FAR, SOLE = "#f6f8fa", "#d3dbe2", "#8796a3"


@dataclass(frozen=True)
class Person:
    """One of the people in the pictures. ``_far`` colours the limbs on the far side.

    ``crown`` and ``nape`` are the radii (cm) of the hair on top and behind; ``fringe`` says
    whether a lock of it hangs over the brow.
    """

    skin: str
    skin_far: str
    hair: str
    shirt: str
    shirt_far: str
    crown: float = 9.3
    nape: float = 5.6
    fringe: bool = True
    trousers: str = TROUSERS
    trousers_far: str = TROUSERS_FAR


PEOPLE = {
    "ana": Person("#e3b291", "#cb9674", "#5d4238", "#1f7a78", "#186361", nape=6.5),
    "bo": Person("#9b6848", "#855538", "#2b272a", "#cfe3a4", "#b0c983", 9.0, 5.0, False),
    "cy": Person("#f2d0b5", "#ddb292", "#b3b8be", "#75589f", "#5f4585", 9.2, 5.4),
}
