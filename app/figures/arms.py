"""Arms in short sleeves, with their hands."""

from __future__ import annotations

from app.figures.body import cuff, is_far
from app.figures.hands import draw_hand
from app.figures.ink import Element, Layer, Pen, capsule
from app.figures.palette import Person
from app.figures.poses import SIDES, Pose
from app.figures.skeleton import Skeleton
from app.figures.vectors import RIGHT, mix, plus, spine_up, times

UPPER_ARM_RADIUS, ELBOW_RADIUS, WRIST_RADIUS = 4.7, 4.0, 2.8
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
    sleeve = pen.solid(shirt, cuff(shoulder, 6.4, mix(shoulder, elbow, 0.55), 6.0))
    forearm = [(elbow, ELBOW_RADIUS), (mix(elbow, wrist, 0.25), 4.1), (wrist, WRIST_RADIUS)]
    shape = pose.arm_r.shape if sign > 0 else pose.arm_l.shape
    hand = draw_hand(pen, skeleton.hands[side], shape, forearm, skin)
    # Without ink: the seam at the elbow.
    seam = pen.solid(
        skin,
        capsule(mix(elbow, shoulder, 0.1), ELBOW_RADIUS, elbow, ELBOW_RADIUS - 0.05),
        line=0,
    )
    limbs = [Layer(f"arm_{side}", depth, (upper,)), Layer(f"sleeve_{side}", depth + 0.1, (sleeve,))]
    at = depth + 0.3 if forward else depth - 0.1
    limbs += [
        Layer(f"hand_{side}", at, hand.body),
        Layer(f"thumb_{side}", at + (0.01 if hand.thumb_before else -0.01), hand.thumb),
        Layer(f"seam_{side}", at + 0.02, (*hand.seam, seam)),
    ]
    if not far:
        limbs.append(Layer(f"yoke_{side}", depth + 0.2, (_yoke(skeleton, pen, side, sign, shirt),)))
    return limbs


def _yoke(skeleton: Skeleton, pen: Pen, side: str, sign: int, shirt: str) -> Element:
    """Cloth without ink, where the sleeve goes over into the shirt. It stays inside the shirt's
    own outline, and short of the neck."""
    shoulder, up = skeleton[f"shoulder_{side}"], spine_up(skeleton.chest_angle)
    collar = plus(skeleton["top"], times(up, -1.5))
    share = 0.26 * max(0.0, 1 - abs(pen.camera.toward(RIGHT)) / _SIDE_ON)
    inner = plus(shoulder, times(RIGHT, -sign * 2.6), times(up, -1.0))
    return pen.solid(
        shirt, [(inner, 5.8)], capsule(shoulder, 6.2, mix(shoulder, collar, share), 6.2), line=0
    )


def _depths(skeleton: Skeleton, pen: Pen, side: str) -> tuple[float, bool]:
    """How near the arm is drawn, and whether forearm and hand come before the upper arm."""
    depth = pen.camera.depth
    chest, shoulder = depth(skeleton["chest"]), depth(skeleton[f"shoulder_{side}"])
    elbow, wrist = depth(skeleton[f"elbow_{side}"]), depth(skeleton[f"wrist_{side}"])
    forward = wrist > elbow - 1.0
    lateral = abs(pen.camera.toward(RIGHT))
    if lateral > _SIDE_ON:
        return (shoulder if shoulder > chest else shoulder - 12, forward)
    before = elbow > chest - 1.0 or wrist > chest + 3.0
    return (chest + (3.0 if before else -3.0) + (shoulder - chest) * 0.05, forward)
