"""The pictures show what the exercises ask for."""

from __future__ import annotations

import json

import pytest

from app.figures.band import Band, band_width
from app.figures.marks import Measure
from app.figures.poses import SIDES
from app.figures.skeleton import stand
from app.figures.vectors import length, minus, plus, spine_front, times
from tests.figures.pictures import ROOT, SCENES, SLUGS, frames
from tests.figures.test_bodies import bend, body_in


@pytest.mark.parametrize("slug", SLUGS)
def test_every_step_of_an_exercise_has_its_picture(slug: str) -> None:
    (path,) = (ROOT / "seed_data" / "exercises").glob(f"*-{slug}.json")
    text = json.loads(path.read_text(encoding="utf-8"))["text"]
    steps = {v["position"]: len(v["steps"]) for v in text["variants"]}
    assert steps == {name: len(numbers) for name, numbers in SCENES[slug].variants.items()}


@pytest.mark.parametrize("slug", SLUGS)
def test_every_start_position_has_one_film(slug: str) -> None:
    served = [name for film in SCENES[slug].films for name in film.variants]
    assert sorted(served) == sorted(SCENES[slug].variants)


def test_no_two_pictures_of_an_exercise_have_the_same_words() -> None:
    for scene in SCENES.values():
        words = [frame.alt for frame in scene.frames]
        assert len(set(words)) == len(words)


def test_alt_texts_are_short() -> None:
    for slug, number, frame in frames():
        assert len(frame.alt) <= 200, f"{slug} {number}"


def test_one_hand_is_clasped_over_the_other() -> None:
    for number in (1, 2, 3):
        body = body_in("lower-neck-and-upper-back-stretch", number)
        assert length(minus(body["grip_r"], body["grip_l"])) < 8


def test_the_shoulder_blades_draw_apart_when_reaching() -> None:
    slug = "lower-neck-and-upper-back-stretch"
    before, after = (SCENES[slug].frames[n].pose for n in (0, 1))
    assert after.reach - before.reach >= 20
    assert body_in(slug, 2)["wrist_r"][0] - body_in(slug, 1)["wrist_r"][0] >= 15


def test_only_the_last_step_of_the_neck_stretch_bends_the_head() -> None:
    angles = [body_in("lower-neck-and-upper-back-stretch", n).head_angle for n in (1, 2, 3)]
    assert abs(angles[0]) < 20
    assert abs(angles[1]) < 20
    assert 35 <= angles[2] <= 70


def test_the_kneeling_palms_lie_on_the_floor_and_the_head_between_the_arms() -> None:
    for number in (2, 3):
        body = body_in("midback-stretch", number)
        for side, sign in SIDES:
            assert 0 <= body[f"knuckle_{side}"][1] <= 6
            assert sign * body[f"elbow_{side}"][2] > 12
        assert body["head"][1] < body["shoulder_r"][1] + 12
    assert body_in("midback-stretch", 3)["chest"][1] < body_in("midback-stretch", 2)["chest"][1] - 5


def test_the_kneeling_figure_sits_on_its_ankles() -> None:
    body = body_in("midback-stretch", 1)
    assert abs(body["pelvis"][0] - body["ankle_r"][0]) < 12
    assert body["pelvis"][1] < 30


def test_the_face_is_turned_to_the_viewer_in_the_kneeling_stretch() -> None:
    for frame in SCENES["midback-stretch"].frames:
        front = spine_front(stand(frame.pose).head_angle)
        assert frame.view.toward(plus(times(front, 0.8), (0, 0, 0.6))) > 0.12


def test_shoulders_go_up_then_back_then_down() -> None:
    for start in (0, 4):
        rest, up, back, down = (
            stand(f.pose)["shoulder_r"] for f in SCENES["shoulder-rolls"].frames[start : start + 4]
        )
        assert up[1] - rest[1] >= 5
        assert rest[0] - back[0] >= 5
        assert down[1] <= rest[1] - 2


def test_feet_are_shoulder_width_apart_for_shoulder_rolls() -> None:
    for number in (1, 5):
        body = body_in("shoulder-rolls", number)
        shoulders = body["shoulder_r"][2] - body["shoulder_l"][2]
        assert abs(body["ankle_r"][2] - body["ankle_l"][2] - shoulders) <= 4


def test_the_wall_is_30_to_60_cm_from_the_toes_and_the_picture_says_so() -> None:
    frame = SCENES["wall-push-up"].frames[0]
    (measure,) = (mark for mark in frame.marks if isinstance(mark, Measure))
    start, end = measure.start, measure.end
    assert not isinstance(start, str)
    assert not isinstance(end, str)
    assert 30 <= end[0] - start[0] <= 60
    assert abs(start[0] - stand(frame.pose)["ball_r"][0] - 6) <= 2
    assert "30–60 cm" in measure.words[0]
    assert "12–24 in" in measure.words[0]


def test_hands_on_the_wall_are_a_little_wider_than_the_shoulders() -> None:
    body = body_in("wall-push-up", 2)
    wider = body["wrist_r"][2] - body["shoulder_r"][2]
    assert 5 <= wider <= 15
    assert SCENES["wall-push-up"].frames[1].view.toward((-1, 0, 0)) > 0.9


def test_the_arms_bend_at_the_wall_and_straighten_again() -> None:
    assert [bend(body_in("wall-push-up", n), "r") > 140 for n in (1, 3, 4)] == [True, False, True]


@pytest.mark.parametrize(
    ("slug", "number"),
    [
        ("resisted-shoulder-blade-squeeze", 1),
        ("resisted-shoulder-blade-squeeze", 5),
        ("resisted-rows", 1),
    ],
)
def test_elbows_start_at_the_sides_bent_to_a_right_angle(slug: str, number: int) -> None:
    body = body_in(slug, number)
    for side, sign in SIDES:
        assert abs(bend(body, side) - 90) <= 5
        assert sign * (body[f"elbow_{side}"][2] - body[f"shoulder_{side}"][2]) <= 4


def test_elbows_stay_at_the_sides_while_the_hands_move_out() -> None:
    body = body_in("resisted-shoulder-blade-squeeze", 2)
    for side, sign in SIDES:
        assert sign * body[f"elbow_{side}"][2] <= 20
        assert sign * body[f"wrist_{side}"][2] >= 34
        assert abs(bend(body, side) - 90) <= 12


def test_palms_look_up_with_the_band_in_them() -> None:
    for number in (1, 2, 4):
        for side, _ in SIDES:
            hand = body_in("resisted-shoulder-blade-squeeze", number).hands[side]
            assert hand.palm[1] > 0.9


def test_the_elbows_go_behind_the_back_in_a_row() -> None:
    body = body_in("resisted-rows", 2)
    for side, _ in SIDES:
        assert body[f"elbow_{side}"][0] < body["chest"][0] - 15


def test_a_pulled_band_is_longer_and_thinner() -> None:
    for slug, slack, pulled in (("resisted-shoulder-blade-squeeze", 1, 2), ("resisted-rows", 1, 2)):
        (band, *_) = (p for p in SCENES[slug].frames[0].props if isinstance(p, Band))
        widths = []
        for number in (slack, pulled):
            body = body_in(slug, number)
            ends = [body[p] if isinstance(p, str) else p for p in band.places]
            widths.append(band_width(length(minus(ends[0], ends[1])), band.slack))
        assert widths[1] < 0.85 * widths[0], slug
