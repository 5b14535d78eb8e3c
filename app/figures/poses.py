"""What a body is asked to do: angles of the spine, and targets for hands and feet."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

from app.figures.hand_shapes import SHAPES, HandShape
from app.figures.vectors import Vec, mirrored, mix

SIDES = (("r", 1), ("l", -1))
"""The two sides of the body, and the sign of their z."""


@dataclass(frozen=True)
class Arm:
    """Where one hand is. Places in centimetres, directions of any length.

    ``hand`` is the wrist's target; None lets the arm hang. ``elbow`` is where the elbow points,
    ``fingers`` where the fingers point (None: along the forearm), ``palm`` where the palm looks.
    """

    hand: Vec | None = None
    elbow: Vec = (-0.7, -0.5, 0.5)
    fingers: Vec | None = None
    palm: Vec = (0.0, 0.0, -1.0)
    shape: HandShape = SHAPES["loose"]


@dataclass(frozen=True)
class Leg:
    """Where one foot is: ``foot`` is the ankle's target, ``knee`` and ``toes`` are directions."""

    foot: Vec = (0.0, 7.0, 10.0)
    knee: Vec = (1.0, 0.0, 0.12)
    toes: Vec = (1.0, 0.0, 0.14)


def _left_arm() -> Arm:
    right = Arm()
    return replace(right, elbow=mirrored(right.elbow), palm=mirrored(right.palm))


def _left_leg() -> Leg:
    right = Leg()
    return Leg(mirrored(right.foot), mirrored(right.knee), mirrored(right.toes))


@dataclass(frozen=True)
class Pose:
    """One moment of a body. All angles in degrees.

    ``lean`` tips the pelvis forward; ``bend``, ``neck`` and ``nod`` add to it up the spine.
    ``shrug`` lifts the shoulders and ``reach`` brings them forward, both by turning the
    collar bones, so that no bone changes its length. ``standing`` says that the feet carry the
    body and so must be on the floor.
    """

    pelvis: Vec = (0.0, 87.85, 0.0)
    lean: float = 0.0
    bend: float = 0.0
    neck: float = 8.0
    nod: float = -7.0
    shrug: float = 0.0
    reach: float = 0.0
    standing: bool = True
    arm_r: Arm = Arm()
    arm_l: Arm = field(default_factory=_left_arm)
    leg_r: Leg = Leg()
    leg_l: Leg = field(default_factory=_left_leg)


def blend(a: Any, b: Any, share: float) -> Any:
    """The value on the way from ``a`` to ``b``: a number, a vector, or a dataclass of such.

    What has no in-between (None, a flag) changes half-way.
    """
    if isinstance(a, Pose | Arm | Leg | HandShape):
        return type(a)(*(blend(getattr(a, f.name), getattr(b, f.name), share) for f in fields(a)))
    if isinstance(a, bool) or a is None or b is None:
        return a if share < 0.5 else b
    if isinstance(a, tuple):
        return mix(a, b, share)
    return a + (b - a) * share


def between(a: Pose, b: Pose, share: float) -> Pose:
    """The pose on the way from ``a`` (share 0) to ``b`` (share 1)."""
    pose: Pose = blend(a, b, share)
    return pose
