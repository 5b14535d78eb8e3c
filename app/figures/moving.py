"""Taking a body by a hand, a foot, the pelvis or the head, and putting it somewhere else.

What cannot be reached is reached for: bones turn and never stretch, and what a limb is sent to is
always where it then is. Places in centimetres, seen through a camera in pixels.
"""

from __future__ import annotations

from dataclasses import replace
from math import atan2, degrees, hypot

from app.figures.camera import Camera, Point
from app.figures.poses import SIDES, Pose
from app.figures.skeleton import ANKLE_HEIGHT, HALF_PELVIS, LEG_REACH, stand
from app.figures.vectors import Vec, length, minus, mirrored, plus, times

JOINTS = {
    "pelvis": "pelvis",
    "head": "head",
    "hand_r": "wrist_r",
    "hand_l": "wrist_l",
    "foot_r": "ankle_r",
    "foot_l": "ankle_l",
}
"""What a body is taken by, with the joint that it is."""

ROOM = ((-150.0, 200.0), (0.0, 230.0), (-120.0, 120.0))
"""Where things may be put: x, y and z in cm."""

LOWEST_PELVIS = 12.0
WIDEST_STANCE = 110.0
_MOST_BEND, _LEANS = 100.0, (-60.0, 120.0)
_CLOSE = 0.5
"""How far off in cm a hand or foot may be from where it was sent before it is sent elsewhere."""


def place_of(pose: Pose, handle: str) -> Vec:
    """Where the handle is in this pose."""
    return stand(pose)[JOINTS[handle]]


def moved(pose: Pose, handle: str, to: Vec, *, alike: bool = False) -> Pose:
    """``pose`` with the handle at ``to``, or as near to it as the body can. ``alike`` moves the
    hand or foot of the other side to the mirrored place."""
    part, _, side = handle.partition("_")
    to = _in_room(to)
    match part:
        case "head":
            pose = _leaning(pose, to)
        case "pelvis":
            pose = replace(pose, pelvis=_rounded(_carried(pose, to)))
        case _:
            other = "l" if side == "r" else "r"
            for name, place in ((side, to), *(((other, mirrored(to)),) if alike else ())):
                pose = _sent(pose, part, name, place)
    return settled(pose)


def moved_in_view(
    pose: Pose, handle: str, camera: Camera, point: Point, *, alike: bool = False
) -> Pose:
    """``pose`` with the handle where the camera sees ``point``, as deep in the picture as now."""
    to = camera.place(point, like=place_of(pose, handle))
    return moved(pose, handle, (round(to[0], 1), round(to[1], 1), round(to[2], 1)), alike=alike)


def settled(pose: Pose) -> Pose:
    """``pose`` with hands and feet sent to where they are, and both feet down if they carry it."""
    if pose.standing:
        for side, _ in SIDES:
            pose = _sent(pose, "foot", side, getattr(pose, f"leg_{side}").foot)
    body = stand(pose)
    for side, _ in SIDES:
        arm, leg = getattr(pose, f"arm_{side}"), getattr(pose, f"leg_{side}")
        wrist, ankle = body[f"wrist_{side}"], body[f"ankle_{side}"]
        if arm.hand and length(minus(arm.hand, wrist)) > _CLOSE:
            pose = replace(pose, **{f"arm_{side}": replace(arm, hand=_rounded(wrist))})
        if length(minus(leg.foot, ankle)) > _CLOSE:
            pose = replace(pose, **{f"leg_{side}": replace(leg, foot=_rounded(ankle))})
    return pose


def _sent(pose: Pose, part: str, side: str, to: Vec) -> Pose:
    if part == "hand":
        arm = getattr(pose, f"arm_{side}")
        return replace(pose, **{f"arm_{side}": replace(arm, hand=to)})
    leg, other = getattr(pose, f"leg_{side}"), pose.leg_l if side == "r" else pose.leg_r
    if not pose.standing:
        return replace(pose, **{f"leg_{side}": replace(leg, foot=to)})
    way = minus((to[0], ANKLE_HEIGHT, to[2]), other.foot)
    stance = times(way, min(1.0, WIDEST_STANCE / max(length(way), 1e-9)))
    foot = plus(other.foot, stance)
    foot = (round(foot[0], 2), ANKLE_HEIGHT, round(foot[2], 2))
    pose = replace(pose, **{f"leg_{side}": replace(leg, foot=foot)})
    return replace(pose, pelvis=_rounded(_carried(pose, pose.pelvis)))


def _carried(pose: Pose, to: Vec) -> Vec:
    """The pelvis near ``to``; where the feet carry it, no higher and farther than both legs
    reach: by turns to the nearest place that the one and the other allow."""
    to = (to[0], max(to[1], LOWEST_PELVIS), to[2])
    if not pose.standing:
        return to
    feet = [(pose.leg_r.foot, HALF_PELVIS), (pose.leg_l.foot, -HALF_PELVIS)]
    for foot, aside in feet * 60:
        above = minus(foot, (0.0, 0.0, aside))
        way = minus(to, above)
        to = plus(above, times(way, min(1.0, LEG_REACH / max(length(way), 1e-9))))
    return to


def _leaning(pose: Pose, to: Vec) -> Pose:
    """The spine bent until the head is as far from the pelvis as ``to`` is, then leaned over."""
    x, y = to[0] - pose.pelvis[0], to[1] - pose.pelvis[1]
    bend = _bend_for(pose, hypot(x, y))
    head_x, head_y = _head(pose, bend)
    lean = degrees(atan2(x, y) - atan2(head_x, head_y))
    lean = (lean + 180) % 360 - 180
    return replace(pose, bend=bend, lean=round(min(max(lean, _LEANS[0]), _LEANS[1]), 2))


def _head(pose: Pose, bend: float) -> Point:
    """The head seen from the pelvis, the spine upright and bent by ``bend``."""
    x, y, _ = minus(place_of(replace(pose, lean=0.0, bend=bend), "head"), pose.pelvis)
    return (x, y)


def _bend_for(pose: Pose, far: float) -> float:
    """How far to bend forward, in degrees, for a head ``far`` cm from the pelvis."""
    low, high = -_MOST_BEND / 2, _MOST_BEND
    while high - low > 0.01:  # first where the spine is longest
        one, other = low + (high - low) / 3, high - (high - low) / 3
        if hypot(*_head(pose, one)) < hypot(*_head(pose, other)):
            low = one
        else:
            high = other
    high = _MOST_BEND
    while high - low > 0.01:  # from there it only grows shorter
        middle = (low + high) / 2
        if hypot(*_head(pose, middle)) > far:
            low = middle
        else:
            high = middle
    return round(low, 2)


def _in_room(place: Vec) -> Vec:
    x, y, z = (min(max(part, low), high) for part, (low, high) in zip(place, ROOM, strict=True))
    return (x, y, z)


def _rounded(place: Vec) -> Vec:
    return (round(place[0], 2), round(place[1], 2), round(place[2], 2))
