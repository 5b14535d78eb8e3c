"""A body that is taken by a hand, a foot, the pelvis or the head stays a possible one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.figures import check_sizes, draw_all, scene_from_text, scene_to_text
from app.figures.body import BALL_RADIUS
from app.figures.camera import Camera
from app.figures.moving import JOINTS, LOWEST_PELVIS, ROOM, moved, moved_in_view, place_of, settled
from app.figures.poses import SIDES, Pose
from app.figures.skeleton import BONES, stand
from app.figures.vectors import Vec, length, minus, mirrored
from tests.figures.pictures import SCENES, frames

STANDING = SCENES["wall-push-up"].frames[0].pose
SITTING = SCENES["shoulder-rolls"].frames[0].pose
KNEELING = SCENES["midback-stretch"].frames[1].pose
HANGING = SCENES["shoulder-rolls"].frames[4].pose
BENT = SCENES["resisted-rows"].frames[0].pose
POSES = (STANDING, SITTING, KNEELING, HANGING, BENT)

anywhere = st.tuples(*(st.floats(-400, 400).map(lambda part: round(part, 1)) for _axis in "xyz"))
moves = st.lists(st.tuples(st.sampled_from(sorted(JOINTS)), anywhere), min_size=1, max_size=4)


def check_possible(pose: Pose) -> None:
    """Bones of their length, hands and feet where they are sent, standing feet on the floor."""
    body = stand(pose)
    for (a, b), true_length in BONES.items():
        assert abs(length(minus(body[a], body[b])) / true_length - 1) <= 0.005, (a, b)
    for side, _ in SIDES:
        hand, foot = getattr(pose, f"arm_{side}").hand, getattr(pose, f"leg_{side}").foot
        if hand:
            assert length(minus(body[f"wrist_{side}"], hand)) <= 1
        assert length(minus(body[f"ankle_{side}"], foot)) <= 1
        if pose.standing:
            assert abs(body[f"ball_{side}"][1] - BALL_RADIUS) <= 1


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(POSES), moves, st.booleans())
def test_wherever_it_is_put_bones_keep_their_length_and_feet_the_floor(
    pose: Pose, made: list[tuple[str, Vec]], alike: bool
) -> None:
    for handle, to in made:
        pose = moved(pose, handle, to, alike=alike)
        check_possible(pose)
        assert settled(pose) == pose


@pytest.mark.parametrize("handle", JOINTS)
def test_what_is_put_where_it_is_stays_there(handle: str) -> None:
    for _slug, _number, frame in frames():
        here = place_of(frame.pose, handle)
        assert length(minus(place_of(moved(frame.pose, handle, here), handle), here)) < 0.06


def test_what_can_be_reached_is_reached() -> None:
    for handle, to in (
        ("hand_r", (40.0, 120.0, 30.0)),
        ("hand_l", (-5.0, 150.0, -40.0)),
        ("foot_r", (20.0, 7.0, 25.0)),
        ("pelvis", (2.0, 80.0, 4.0)),
        ("head", (40.0, 140.0, 0.0)),
    ):
        there = place_of(moved(STANDING, handle, to), handle)
        assert length(minus(there, to)) < 0.1, handle


def test_what_is_too_far_is_reached_for() -> None:
    far = (200.0, 131.0, 28.0)
    shoulder = stand(STANDING)["shoulder_r"]
    wrist = place_of(moved(STANDING, "hand_r", far), "hand_r")
    way, arm = minus(far, shoulder), minus(wrist, shoulder)
    assert length(arm) == pytest.approx(53, abs=0.2)
    assert arm == pytest.approx([part * length(arm) / length(way) for part in way], abs=0.02)


def test_a_standing_body_neither_floats_nor_lifts_a_foot() -> None:
    assert place_of(moved(STANDING, "foot_r", (0.0, 60.0, 10.0)), "foot_r")[1] == 7.0
    up = moved(STANDING, "pelvis", (5.0, 200.0, 0.0))
    assert 87 < place_of(up, "pelvis")[1] < 89
    assert [up.leg_r.foot, up.leg_l.foot] == [STANDING.leg_r.foot, STANDING.leg_l.foot]
    down = moved(STANDING, "pelvis", (5.0, -50.0, 0.0))
    assert place_of(down, "pelvis")[1] == LOWEST_PELVIS
    wide = moved(STANDING, "foot_r", (10.0, 30.0, 50.0))
    assert place_of(wide, "foot_r") == pytest.approx((10.0, 7.0, 50.0), abs=0.1)
    assert place_of(wide, "pelvis")[1] < 84
    lifted = moved(replace(STANDING, standing=False), "foot_r", (10.0, 40.0, 10.0))
    assert place_of(lifted, "foot_r") == pytest.approx((10.0, 40.0, 10.0), abs=0.01)


def test_both_sides_move_alike_only_where_that_is_wanted() -> None:
    to = (40.0, 110.0, 25.0)
    assert moved(STANDING, "hand_l", to).arm_r == STANDING.arm_r
    even = moved(STANDING, "hand_r", to, alike=True)
    assert place_of(even, "hand_l") == pytest.approx(mirrored(place_of(even, "hand_r")))
    assert even.leg_r == STANDING.leg_r


def test_the_head_bends_the_back_when_it_comes_nearer_and_leans_it_when_it_goes_aside() -> None:
    pelvis, head = HANGING.pelvis, place_of(HANGING, "head")
    lower = moved(HANGING, "head", (head[0] + 20, head[1] - 12, 0.0))
    assert lower.bend > HANGING.bend + 10
    aside = moved(HANGING, "head", (pelvis[0] + head[1] - pelvis[1], pelvis[1] + 5, 0.0))
    assert aside.lean > 70
    assert abs(aside.bend - HANGING.bend) < 10


def test_a_hanging_arm_hangs_until_it_is_taken() -> None:
    assert HANGING.arm_r.hand is None
    assert moved(HANGING, "pelvis", (5.0, 80.0, 0.0)).arm_r.hand is None
    assert moved(HANGING, "hand_r", (20.0, 100.0, 20.0)).arm_r.hand == (20.0, 100.0, 20.0)


@pytest.mark.parametrize("yaw", [0.0, 90.0, 180.0, 302.0])
def test_in_a_view_it_goes_to_the_point_and_keeps_its_depth(yaw: float) -> None:
    camera, here = Camera(yaw=yaw, pitch=8.0), place_of(BENT, "hand_r")
    x, y = camera.point(here)
    point = (x - 6.0, y + 9.0)
    there = place_of(moved_in_view(BENT, "hand_r", camera, point), "hand_r")
    assert camera.point(there) == pytest.approx(point, abs=0.25)
    assert camera.depth(there) == pytest.approx(camera.depth(here), abs=0.15)


def test_nothing_leaves_the_room() -> None:
    for to in ((1e9, 1e9, 1e9), (-1e9, -1e9, -1e9)):
        for handle in JOINTS:
            there = place_of(moved(replace(KNEELING, standing=False), handle, to), handle)
            assert all(
                low - 90 <= part <= high + 90 for part, (low, high) in zip(there, ROOM, strict=True)
            )


def test_edited_scenes_are_drawn_the_same_every_time_and_stay_small() -> None:
    for slug, scene in SCENES.items():
        for number in range(1, len(scene.frames) + 1):
            frame = scene.frames[number - 1]
            pose = moved(frame.pose, "hand_r", (30.0, 150.0, 40.0))
            pose = moved(moved(pose, "pelvis", (3.0, 60.0, 5.0)), "head", (30.0, 100.0, 0.0))
            scene = scene.with_frame(number, replace(frame, pose=pose))
        drawn = draw_all(scene)
        check_sizes(drawn)
        again = scene_from_text(scene_to_text(scene))
        assert again == scene, slug
        assert draw_all(again) == drawn, slug
