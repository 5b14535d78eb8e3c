"""From a pose to the places of the joints. Every bone keeps its length in every pose."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin, sqrt

from app.figures.poses import SIDES, Arm, Leg, Pose
from app.figures.vectors import (
    Vec,
    across,
    cross,
    length,
    minus,
    plus,
    spine_front,
    spine_up,
    times,
    unit,
)

# Bone lengths of a grown-up of about 1.68 m, in centimetres.
LOW_SPINE, MID_SPINE, HIGH_SPINE, NECK, SKULL = 16.5, 16.5, 15.5, 8.0, 10.5
COLLAR_BONE, UPPER_ARM, FOREARM, PALM = 15.0, 28.5, 24.5, 8.4
HALF_PELVIS, THIGH, SHIN, FOOT = 8.5, 41.5, 39.5, 14.0
ANKLE_HEIGHT = 7.0
_STRAIGHT = 0.9985
LEG_REACH = (THIGH + SHIN) * _STRAIGHT
"""How far from the hip an ankle can be, in centimetres: a knee is never quite straight."""

BONES = {
    ("pelvis", "waist"): LOW_SPINE,
    ("waist", "chest"): MID_SPINE,
    ("chest", "top"): HIGH_SPINE,
    ("top", "nape"): NECK,
    ("nape", "head"): SKULL,
    **{(f"collar_{s}", f"shoulder_{s}"): COLLAR_BONE for s, _ in SIDES},
    **{(f"shoulder_{s}", f"elbow_{s}"): UPPER_ARM for s, _ in SIDES},
    **{(f"elbow_{s}", f"wrist_{s}"): FOREARM for s, _ in SIDES},
    **{(f"wrist_{s}", f"knuckle_{s}"): PALM for s, _ in SIDES},
    **{("pelvis", f"hip_{s}"): HALF_PELVIS for s, _ in SIDES},
    **{(f"hip_{s}", f"knee_{s}"): THIGH for s, _ in SIDES},
    **{(f"knee_{s}", f"ankle_{s}"): SHIN for s, _ in SIDES},
    **{(f"ankle_{s}", f"ball_{s}"): FOOT for s, _ in SIDES},
}
"""Each bone by the joints at its ends, with its length in centimetres."""


@dataclass(frozen=True)
class HandFrame:
    """A hand's own directions: along the fingers, to the thumb's side, out of the palm."""

    wrist: Vec
    fingers: Vec
    thumb: Vec
    palm: Vec

    def at(self, along: float, out: float, into: float) -> Vec:
        """The place that many cm along the fingers, to the thumb's side, out of the palm."""
        return plus(
            self.wrist,
            times(self.fingers, along),
            times(self.thumb, out),
            times(self.palm, into),
        )


@dataclass(frozen=True)
class Skeleton:
    """Named joints in centimetres, the spine's angles in degrees, and the two hand frames."""

    joints: dict[str, Vec]
    pelvis_angle: float
    chest_angle: float
    head_angle: float
    hands: dict[str, HandFrame]

    def __getitem__(self, name: str) -> Vec:
        return self.joints[name]


def two_bone(root: Vec, target: Vec, upper: float, lower: float, hint: Vec) -> tuple[Vec, Vec]:
    """Middle joint and end of a limb that reaches from ``root`` for ``target``.

    The middle joint points to ``hint``. A target out of reach is reached for, with the limb
    almost straight; one too near is kept at a distance: the bones never change their length.
    """
    way = minus(target, root)
    nearest, farthest = abs(upper - lower) * 1.02 + 0.5, (upper + lower) * _STRAIGHT
    distance = max(nearest, min(length(way), farthest))
    direction = unit(way) if length(way) > 1e-6 else (0.0, -1.0, 0.0)
    share = (upper**2 - lower**2 + distance**2) / (2 * distance)
    rise = sqrt(max(upper**2 - share**2, 0.0))
    middle = plus(root, times(direction, share), times(across(hint, direction), rise))
    return middle, plus(root, times(direction, distance))


def stand(pose: Pose) -> Skeleton:
    """The skeleton that takes up ``pose``."""
    chest_angle = pose.lean + pose.bend
    head_angle = chest_angle + pose.neck + pose.nod
    up = spine_up(chest_angle)
    joints: dict[str, Vec] = {"pelvis": pose.pelvis}
    joints["waist"] = plus(pose.pelvis, times(spine_up(pose.lean), LOW_SPINE))
    joints["chest"] = plus(
        joints["waist"], times(spine_up(pose.lean + pose.bend * 0.45), MID_SPINE)
    )
    joints["top"] = plus(joints["chest"], times(up, HIGH_SPINE))
    joints["nape"] = plus(joints["top"], times(spine_up(chest_angle + pose.neck), NECK))
    skull = unit(plus(spine_up(head_angle), times(spine_front(head_angle), 0.22)))
    joints["head"] = plus(joints["nape"], times(skull, SKULL))
    hands = {}
    for side, sign in SIDES:
        arm = pose.arm_r if sign > 0 else pose.arm_l
        _place_shoulder(joints, pose, side, sign)
        hands[side] = _place_arm(joints, arm, side, sign)
        _place_leg(joints, pose.leg_r if sign > 0 else pose.leg_l, side, sign)
    joints["blades"] = plus(joints["top"], times(up, -10.0), times(spine_front(chest_angle), -9.0))
    return Skeleton(joints, pose.lean, chest_angle, head_angle, hands)


def _place_shoulder(joints: dict[str, Vec], pose: Pose, side: str, sign: int) -> None:
    angle = pose.lean + pose.bend
    up, front = spine_up(angle), spine_front(angle)
    lift, forward = radians(pose.shrug), radians(pose.reach)
    joints[f"collar_{side}"] = plus(joints["top"], times(up, -5.8), (0, 0, sign * 1.5))
    bone = plus(
        times(up, sin(lift)),
        times(front, cos(lift) * sin(forward)),
        (0, 0, sign * cos(lift) * cos(forward)),
    )
    joints[f"shoulder_{side}"] = plus(joints[f"collar_{side}"], times(bone, COLLAR_BONE))


def _place_arm(joints: dict[str, Vec], arm: Arm, side: str, sign: int) -> HandFrame:
    shoulder = joints[f"shoulder_{side}"]
    target = arm.hand or plus(shoulder, (4.0, -51.0, sign * 6.0))
    elbow, wrist = two_bone(shoulder, target, UPPER_ARM, FOREARM, arm.elbow)
    fingers = unit(arm.fingers or minus(wrist, elbow))
    palm = across(arm.palm, fingers)
    frame = HandFrame(wrist, fingers, times(cross(fingers, palm), sign), palm)
    joints[f"elbow_{side}"], joints[f"wrist_{side}"] = elbow, wrist
    joints[f"knuckle_{side}"] = frame.at(PALM, 0, 0)
    joints[f"grip_{side}"] = frame.at(7.2, 0.2, 2.6)
    return frame


def _place_leg(joints: dict[str, Vec], leg: Leg, side: str, sign: int) -> None:
    hip = joints[f"hip_{side}"] = plus(joints["pelvis"], (0, 0, sign * HALF_PELVIS))
    knee, ankle = two_bone(hip, leg.foot, THIGH, SHIN, leg.knee)
    joints[f"knee_{side}"], joints[f"ankle_{side}"] = knee, ankle
    toes = unit(leg.toes)
    level = sqrt(max(1 - toes[1] ** 2, 0.0))
    # The ball of the foot lies lower than the ankle when the foot is level; when the foot is
    # stretched (kneeling), it lies on the line of the shin.
    drop = (0.0, -(ANKLE_HEIGHT - 3.0) * level, 0.0)
    ball = unit(plus(times(toes, sqrt(FOOT**2 - (ANKLE_HEIGHT - 3.0) ** 2)), drop))
    joints[f"ball_{side}"] = plus(ankle, times(ball, FOOT))
    joints[f"heel_{side}"] = plus(ankle, times(toes, -3.4), (0, -(ANKLE_HEIGHT - 3.4) * level, 0))
