"""What is being drawn right now: a skeleton, seen through a pen, on a picture of some size."""

from __future__ import annotations

from dataclasses import dataclass

from app.errors import N_, RuleBroken
from app.figures.camera import Point
from app.figures.ink import Pen
from app.figures.skeleton import Skeleton
from app.figures.vectors import Vec

Anchor = str | Vec
"""A place: the name of a joint, or centimetres in space."""


def shifted(point: Point, offset: Point) -> Point:
    return (point[0] + offset[0], point[1] + offset[1])


@dataclass(frozen=True)
class Sight:
    """``width`` is the picture's, in pixels."""

    pen: Pen
    skeleton: Skeleton
    width: float

    def place(self, anchor: Anchor) -> Vec:
        """The place that an anchor names. Raises RuleBroken for a joint that is none."""
        if not isinstance(anchor, str):
            return anchor
        if anchor not in self.skeleton.joints:
            raise RuleBroken(N_("A body has no joint named %(name)s."), name=anchor)
        return self.skeleton[anchor]

    def point(self, anchor: Anchor) -> Point:
        """Where the anchor appears, in pixels."""
        return self.pen.camera.point(self.place(anchor))
