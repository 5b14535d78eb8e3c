"""Trunk, legs and feet."""

from __future__ import annotations

from app.figures.ink import Ball, Element, Layer, Pen, capsule, rim
from app.figures.palette import SHOE, SHOE_FAR, SOLE, Person
from app.figures.poses import SIDES
from app.figures.skeleton import Skeleton
from app.figures.vectors import (
    RIGHT,
    Vec,
    across,
    cross,
    minus,
    mix,
    plus,
    spine_front,
    spine_up,
    times,
    unit,
)

SHOULDER_RADIUS = 6.1
HEEL_RADIUS, BALL_RADIUS = 3.4, 3.2
_SEAT, _SEAT_BENT = 7.8, 2.4
_BEHIND = -30.0
"""How far back legs are drawn: the shirt always hangs over the trousers."""


def is_far(pen: Pen, sign: int) -> bool:
    """Whether the limb of that side is turned away, so that it takes the darker colour."""
    return sign * pen.camera.toward(RIGHT) < -0.6


def bent_over(skeleton: Skeleton) -> float:
    """From 0 for an upright pelvis to 1 for one that lies level: a shirt then rides up."""
    return min(1.0, max(0.0, (skeleton.pelvis_angle - 20) / 34))


def _pair_of(place: Vec, half_width: float, radius: float) -> list[Ball]:
    return [(plus(place, times(RIGHT, k * half_width)), radius) for k in (1, -1)]


def cuff(start: Vec, start_radius: float, end: Vec, end_radius: float) -> list[Ball]:
    """A tube of cloth, round at its start and cut straight at its end."""
    way = unit(minus(end, start))
    one = across(RIGHT, way)
    other = cross(way, one)
    return [
        (start, start_radius),
        *rim(end, times(one, end_radius - 0.7), times(other, end_radius - 0.7)),
    ]


def leg_layers(skeleton: Skeleton, pen: Pen, person: Person) -> list[Layer]:
    layers = []
    for side, sign in SIDES:
        far = is_far(pen, sign)
        cloth = person.trousers_far if far else person.trousers
        hip, knee = skeleton[f"hip_{side}"], skeleton[f"knee_{side}"]
        ankle = skeleton[f"ankle_{side}"]
        depth = pen.camera.depth(mix(hip, knee, 0.5)) + _BEHIND
        thigh = pen.solid(cloth, capsule(hip, 7.8, knee, 6.4))
        hem = mix(ankle, knee, 0.06)
        shin = pen.solid(
            cloth, cuff(knee, 6.4, hem, 5.1), capsule(knee, 6.4, mix(knee, ankle, 0.3), 6.1)
        )
        # Without ink: hides the seam at the knee, but not the crease of a folded one.
        seam = pen.solid(
            cloth,
            capsule(mix(knee, hip, 0.2), 6.75, knee, 6.35),
            capsule(knee, 6.35, mix(knee, ankle, 0.14), 6.2),
            line=0,
        )
        layers.append(
            Layer(f"leg_{side}", depth, (*_foot(skeleton, pen, side, far), shin, thigh, seam))
        )
    layers += _hips(skeleton, pen, person)
    return layers


def _hips(skeleton: Skeleton, pen: Pen, person: Person) -> list[Layer]:
    """The seat of the trousers: hidden by the shirt when upright, seen when bent over."""
    up, front = spine_up(skeleton.pelvis_angle), spine_front(skeleton.pelvis_angle)
    bent, pelvis = bent_over(skeleton), skeleton["pelvis"]
    middle = plus(pelvis, times(front, -1.4 - 1.0 * bent), times(up, 0.4 - 3.6 * bent))
    belt = _pair_of(plus(pelvis, times(front, 2.0), times(up, 1.0)), 7.8, 7.0)
    radius = _SEAT + _SEAT_BENT * bent
    depth = pen.camera.depth(pelvis)
    hips = pen.solid(person.trousers, _pair_of(middle, 6.0, radius), belt, size=_SEAT + _SEAT_BENT)
    layers = [Layer("hips", depth + 3 * _BEHIND, (hips,))]
    if bent or pen.moving:  # the same without ink, over the seams of the thighs
        seat = _pair_of(middle, 6.0, radius * bent)
        layers.append(
            Layer(
                "seat",
                depth + _BEHIND / 2,
                (pen.solid(person.trousers, seat, line=0, size=_SEAT + _SEAT_BENT),),
            )
        )
    return layers


def _foot(skeleton: Skeleton, pen: Pen, side: str, far: bool) -> tuple[Element, ...]:
    ankle, ball = skeleton[f"ankle_{side}"], skeleton[f"ball_{side}"]
    heel = skeleton[f"heel_{side}"]
    toes = plus(ball, times(unit(minus(ball, heel)), 3.6))
    shoe = SHOE_FAR if far else SHOE
    upper = pen.solid(
        shoe,
        [(ankle, 4.3), (heel, HEEL_RADIUS)],
        [(heel, HEEL_RADIUS), (ankle, 4.1), (ball, BALL_RADIUS)],
        [(ball, BALL_RADIUS), (toes, 2.6), (heel, 3.0)],
    )
    down = unit(minus(minus(mix(heel, ball, 0.5), ankle), times(unit(minus(ball, heel)), 3.3)))
    sole = pen.solid(
        SOLE, [(plus(heel, times(down, 2.3)), 1.0), (plus(toes, times(down, 1.5)), 1.0)], line=0
    )
    if abs(pen.camera.toward(RIGHT)) < 0.6:
        return (upper,)  # from the front a sole is not seen
    return (upper, sole)


def trunk_layers(skeleton: Skeleton, pen: Pen, person: Person) -> list[Layer]:
    """The shirt, and the neck that comes out of its collar."""
    up, front = spine_up(skeleton.chest_angle), spine_front(skeleton.chest_angle)
    low_up, low_front = spine_up(skeleton.pelvis_angle), spine_front(skeleton.pelvis_angle)
    top, chest = skeleton["top"], skeleton["chest"]
    collar = plus(top, times(up, -1.5))
    ribs = _pair_of(plus(chest, times(front, 1.0), times(up, 3.0)), 5.0, 10.4)
    belly = _pair_of(plus(skeleton["waist"], times(low_front, 0.8)), 5.0, 9.5)
    bent = bent_over(skeleton)
    hem = rim(
        plus(skeleton["pelvis"], times(low_up, -3.5 + 7.0 * bent)),
        times(low_front, 9.2),
        times(RIGHT, 14.6 - 1.5 * bent),
        3.2,
    )
    shoulders = [(skeleton[f"shoulder_{side}"], SHOULDER_RADIUS) for side, _ in SIDES]
    shirt = pen.solid(
        person.shirt,
        [*shoulders, (collar, SHOULDER_RADIUS)],
        [*shoulders, *ribs],
        [*ribs, *belly],
        [*belly, *hem],
    )
    facing = pen.camera.toward(front)
    scoop = plus(
        collar, times(up, 1.8 - 2.4 * max(facing, 0) + 4.0 * max(-facing, 0)), times(front, 1.0)
    )
    skull_end = plus(skeleton["nape"], times(spine_up(skeleton.head_angle), 3.5))
    skin = pen.solid(person.skin_far, capsule(scoop, 5.2, skull_end, 4.7))
    depth = pen.camera.depth(chest)
    return [Layer("shirt", depth, (shirt,)), Layer("neck", depth + 0.2, (skin,))]
