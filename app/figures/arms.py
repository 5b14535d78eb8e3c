"""Arms in short sleeves, with their hands."""

from __future__ import annotations

from math import hypot

from app.figures.body import SHOULDER_RADIUS, cuff, is_far
from app.figures.hands import draw_hand
from app.figures.ink import Element, Layer, Pen, capsule
from app.figures.palette import Person
from app.figures.poses import SIDES, Pose
from app.figures.skeleton import UPPER_ARM, Skeleton
from app.figures.vectors import RIGHT, Vec, dot, minus, mix, plus, spine_front, spine_up, times

UPPER_ARM_RADIUS, ELBOW_RADIUS, WRIST_RADIUS = 4.7, 4.0, 2.8
_SLEEVE = 0.55
"""How much of the upper arm the sleeve covers."""
_SIDE_ON = 0.62
"""From how much of the body's side is seen on, one arm is near and the other far."""


def arm_layers(skeleton: Skeleton, pose: Pose, pen: Pen, person: Person) -> list[Layer]:
    layers = []
    for side, sign in SIDES:
        layers += _arm(skeleton, pose, pen, person, side, sign)
    return layers


def _arm(
    skeleton: Skeleton, pose: Pose, pen: Pen, person: Person, side: str, sign: int
) -> list[Layer]:
    far = is_far(pen, sign)
    skin = person.skin_far if far else person.skin
    shirt = person.shirt_far if far else person.shirt
    shoulder, elbow = skeleton[f"shoulder_{side}"], skeleton[f"elbow_{side}"]
    wrist = skeleton[f"wrist_{side}"]
    depth, forward = _depths(skeleton, pen, side)
    upper = pen.solid(skin, capsule(shoulder, UPPER_ARM_RADIUS, elbow, ELBOW_RADIUS))
    sleeve = pen.solid(shirt, cuff(shoulder, SHOULDER_RADIUS, mix(shoulder, elbow, _SLEEVE), 5.6))
    forearm = [(elbow, ELBOW_RADIUS), (mix(elbow, wrist, 0.25), 4.1), (wrist, WRIST_RADIUS)]
    shape = pose.arm_r.shape if sign > 0 else pose.arm_l.shape
    hand = draw_hand(pen, skeleton.hands[side], shape, forearm, skin)
    limbs = [Layer(f"arm_{side}", depth, (upper,)), Layer(f"sleeve_{side}", depth + 0.1, (sleeve,))]
    at = depth + 0.3 if forward else depth - 0.1
    limbs += [
        Layer(f"hand_{side}", at, hand.body),
        Layer(f"thumb_{side}", at + (0.01 if hand.thumb_before else -0.01), hand.thumb),
        Layer(f"seam_{side}", at + 0.02, hand.seam),
        Layer(f"elbow_{side}", depth + 0.4, (_elbow(pen, shoulder, elbow, skin),)),
    ]
    if not far:
        limbs.append(Layer(f"yoke_{side}", depth + 0.2, (_yoke(skeleton, pen, side, sign, shirt),)))
    return limbs


def _elbow(pen: Pen, shoulder: Vec, elbow: Vec, skin: str) -> Element:
    """Skin without ink over the seam between upper arm and forearm. Where the arm is seen from
    its end, the seam is where the forearm lies before the sleeve, and has to stay."""
    a, b = pen.camera.point(shoulder), pen.camera.point(elbow)
    seen = hypot(a[0] - b[0], a[1] - b[1]) / pen.camera.scale
    bare = seen * (1 - _SLEEVE) - ELBOW_RADIUS - 3.5
    if bare <= 0:
        return pen.solid(skin, [(elbow, 0.01)], line=0, size=ELBOW_RADIUS)
    share = min(0.1, bare / UPPER_ARM)
    hidden = capsule(mix(elbow, shoulder, share), ELBOW_RADIUS, elbow, ELBOW_RADIUS - 0.05)
    return pen.solid(skin, hidden, line=0, size=ELBOW_RADIUS)


def _yoke(skeleton: Skeleton, pen: Pen, side: str, sign: int, shirt: str) -> Element:
    """Cloth without ink, where the sleeve goes over into the shirt. It stays inside the shirt's
    own outline, and short of the neck."""
    shoulder, up = skeleton[f"shoulder_{side}"], spine_up(skeleton.chest_angle)
    collar = plus(skeleton["top"], times(up, -1.5))
    share = 0.2 * max(0.0, 1 - abs(pen.camera.toward(RIGHT)) / _SIDE_ON)
    inner = plus(shoulder, times(RIGHT, -sign * 2.6), times(up, -1.0))
    return pen.solid(
        shirt,
        [(inner, 5.6)],
        capsule(shoulder, SHOULDER_RADIUS, mix(shoulder, collar, share), SHOULDER_RADIUS),
        line=0,
    )


def _depths(skeleton: Skeleton, pen: Pen, side: str) -> tuple[float, bool]:
    """How near the arm is drawn, and whether forearm and hand come before the upper arm."""
    depth = pen.camera.depth
    shoulder, elbow = skeleton[f"shoulder_{side}"], skeleton[f"elbow_{side}"]
    wrist, chest = skeleton[f"wrist_{side}"], skeleton["chest"]
    forward = depth(wrist) > depth(elbow) - 1.0
    if abs(pen.camera.toward(RIGHT)) > _SIDE_ON:
        near = depth(shoulder) > depth(chest)
        return (depth(shoulder) - (0.0 if near else 12.0), forward)
    front = spine_front(skeleton.chest_angle)
    facing = 1.0 if pen.camera.toward(front) > 0 else -1.0
    before = (
        facing * dot(minus(elbow, chest), front) > -3.0
        or facing * dot(minus(wrist, chest), front) > 3.0
    )
    aside = (depth(shoulder) - depth(chest)) * 0.05
    return (depth(chest) + (3.0 if before else -3.0) + aside, forward)
