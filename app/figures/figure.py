"""A whole person in one pose, as layers."""

from __future__ import annotations

from app.figures.arms import arm_layers
from app.figures.body import leg_layers, trunk_layers
from app.figures.head import Head
from app.figures.ink import Layer, Pen
from app.figures.palette import Person
from app.figures.poses import Pose
from app.figures.skeleton import Skeleton


def figure_layers(skeleton: Skeleton, pose: Pose, pen: Pen, person: Person) -> list[Layer]:
    """The layers of a person, unsorted."""
    head_depth = pen.camera.depth(skeleton["chest"]) + 0.6
    return [
        *leg_layers(skeleton, pen, person),
        *trunk_layers(skeleton, pen, person),
        *Head(skeleton, pen, person).layers(head_depth),
        *arm_layers(skeleton, pose, pen, person),
    ]
