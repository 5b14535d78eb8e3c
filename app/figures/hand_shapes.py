"""What a hand does with its fingers, as a table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class HandShape:
    """How far the fingers are bent and where the thumb lies.

    ``knuckle`` and ``middle`` are the bends of the two finger joints in degrees; ``spread`` is
    the angle between the outer fingers in degrees. The thumb's end lies ``thumb_along`` cm
    toward the finger tips, ``thumb_out`` cm to the thumb's side and ``thumb_in`` cm out of the
    palm, from the wrist.
    """

    knuckle: float
    middle: float
    spread: float
    thumb_along: float
    thumb_out: float
    thumb_in: float


SHAPES = {
    "flat": HandShape(2, 4, 16, 8.6, 7.8, 0.6),
    "together": HandShape(2, 5, 3, 8.6, 5.6, 0.8),
    "loose": HandShape(20, 26, 4, 8.6, 4.6, 2.4),
    "clasp": HandShape(58, 44, 2, 8.8, 6.0, 1.6),
    "grip": HandShape(80, 98, 0, 9.6, 2.2, 5.2),
}
