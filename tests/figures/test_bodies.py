"""The bodies in all pictures and films are possible ones."""

from __future__ import annotations

from math import acos, degrees

import pytest

from app.figures.arms import ELBOW_RADIUS, WRIST_RADIUS
from app.figures.body import BALL_RADIUS, HEEL_RADIUS
from app.figures.camera import Circle
from app.figures.poses import SIDES, Pose
from app.figures.skeleton import BONES, Skeleton, stand, two_bone
from app.figures.vectors import (
    RIGHT,
    Vec,
    dot,
    length,
    minus,
    mix,
    plus,
    spine_front,
    spine_up,
    times,
    unit,
)
from tests.figures.pictures import SCENES, moments

HEAD_RADIUS = 9.4
"""Radius in cm of the ball that stands for the head where crossings are looked for."""


def far_from(point: Vec, a: Vec, b: Vec) -> float:
    """Distance in cm from a point to the line between a and b."""
    way = minus(b, a)
    share = min(1.0, max(0.0, dot(minus(point, a), way) / dot(way, way)))
    return length(minus(point, mix(a, b, share)))


def bend(body: Skeleton, side: str) -> float:
    """The angle at the elbow, in degrees: 180 for a straight arm."""
    elbow = body[f"elbow_{side}"]
    up, out = minus(body[f"shoulder_{side}"], elbow), minus(body[f"wrist_{side}"], elbow)
    return degrees(acos(dot(unit(up), unit(out))))


def body_in(slug: str, number: int) -> Skeleton:
    return stand(SCENES[slug].frames[number - 1].pose)


def test_every_bone_keeps_its_length_in_every_moment() -> None:
    for name, _, pose in moments():
        body = stand(pose)
        for (a, b), true_length in BONES.items():
            off = abs(length(minus(body[a], body[b])) / true_length - 1)
            assert off <= 0.005, f"{name}: {a} to {b} is off by {off:.1%}"


def test_feet_that_carry_the_body_are_on_the_floor() -> None:
    standing = [(name, pose) for name, _, pose in moments() if pose.standing]
    assert len(standing) > 40
    for name, pose in standing:
        body = stand(pose)
        for side, _ in SIDES:
            for joint, radius in (("heel", HEEL_RADIUS), ("ball", BALL_RADIUS)):
                height = body[f"{joint}_{side}"][1] - radius
                assert abs(height) <= 1, f"{name}: {joint}_{side} is {height:.1f} cm up"


def test_sitting_feet_are_on_the_floor_too() -> None:
    for slug, number in (("shoulder-rolls", 1), ("resisted-shoulder-blade-squeeze", 5)):
        for side, _ in SIDES:
            assert abs(body_in(slug, number)[f"ball_{side}"][1] - BALL_RADIUS) <= 1


def test_hands_and_feet_reach_what_they_are_sent_to() -> None:
    for name, _, pose in moments():
        body = stand(pose)
        for side, _ in SIDES:
            arm = pose.arm_r if side == "r" else pose.arm_l
            leg = pose.leg_r if side == "r" else pose.leg_l
            if arm.hand:
                assert length(minus(body[f"wrist_{side}"], arm.hand)) <= 1, f"{name} {side}"
            assert length(minus(body[f"ankle_{side}"], leg.foot)) <= 1, f"{name} {side}"


def test_no_arm_runs_through_the_head() -> None:
    for name, _, pose in moments():
        body = stand(pose)
        for side, _ in SIDES:
            wrist, elbow = body[f"wrist_{side}"], body[f"elbow_{side}"]
            forearm = far_from(body["head"], elbow, wrist)
            assert forearm >= HEAD_RADIUS + WRIST_RADIUS, f"{name}: forearm_{side}"
            # From a third down: the shoulder itself belongs next to the neck.
            upper = mix(body[f"shoulder_{side}"], elbow, 0.33)
            assert far_from(body["head"], upper, elbow) >= HEAD_RADIUS + ELBOW_RADIUS, (
                f"{name}: upper arm_{side}"
            )


def test_the_near_forearm_and_hand_never_cross_the_head_in_the_picture() -> None:
    for name, frame, pose in moments():
        camera, body = frame.view, stand(pose)
        if abs(camera.toward(RIGHT)) < 0.3:
            continue  # seen from the front or from behind no arm is near
        near = "r" if camera.toward(RIGHT) > 0 else "l"
        elbow, wrist = body[f"elbow_{near}"], body[f"wrist_{near}"]
        tips = body.hands[near].at(16, 0, 0)
        head = camera.circle(body["head"], HEAD_RADIUS)
        for a, b in ((elbow, wrist), (wrist, tips)):
            limb = camera.circle(a, WRIST_RADIUS), camera.circle(b, WRIST_RADIUS)
            gap = far_from((head[0], head[1], 0), (*limb[0][:2], 0), (*limb[1][:2], 0.001))
            assert gap > head[2] + limb[0][2], name


def test_the_near_arm_never_covers_the_eye_that_is_seen() -> None:
    for name, frame, pose in moments():
        camera, body = frame.view, stand(pose)
        if abs(camera.toward(RIGHT)) < 0.3:
            continue  # seen from the front or from behind no arm is near
        near, sign = ("r", 1) if camera.toward(RIGHT) > 0 else ("l", -1)
        eye = camera.point(eye_of(body, sign))
        reach = [
            (camera.circle(body[f"{a}_{near}"], 4), camera.circle(body[f"{b}_{near}"], 4))
            for a, b in (("shoulder", "elbow"), ("elbow", "wrist"), ("wrist", "knuckle"))
        ]
        for a, b in reach:
            assert not covers(a, b, eye), name


def eye_of(body: Skeleton, sign: int) -> Vec:
    front, up = spine_front(body.head_angle), spine_up(body.head_angle)
    return plus(body["head"], times(front, 7.4), times(up, 0.5), (0, 0, 3.4 * sign))


def covers(a: Circle, b: Circle, point: tuple[float, float]) -> bool:
    place = (point[0], point[1], 0.0)
    return far_from(place, (a[0], a[1], 0.0), (b[0], b[1], 0.001)) < max(a[2], b[2])


@pytest.mark.parametrize("target", [(200.0, 0.0, 0.0), (0.0, 0.1, 0.0), (0.0, 0.0, 0.0)])
def test_a_target_out_of_reach_stretches_no_bone(target: Vec) -> None:
    root: Vec = (0.0, 0.0, 0.0)
    middle, end = two_bone(root, target, 28.5, 24.5, (0, -1, 0))
    assert length(middle) == pytest.approx(28.5)
    assert length(minus(end, middle)) == pytest.approx(24.5)


def test_a_pose_that_says_nothing_stands_upright() -> None:
    body = stand(Pose())
    assert body["head"][1] > 150
    assert bend(body, "r") > 150
    assert body["wrist_r"][2] == -body["wrist_l"][2]
