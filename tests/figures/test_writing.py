"""A scene that is written down and read again is the same scene."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from app.errors import RuleBroken
from app.figures import draw_all, scene_from_data, scene_from_text, scene_to_text
from app.figures.adding import (
    NEW_SIGNS,
    NEW_THINGS,
    add_sign,
    add_thing,
    fitted,
    points_of,
    with_point,
    with_setting,
    without,
)
from app.figures.band import Band
from app.figures.limits import MAX_FRAME_BYTES, MAX_MARKS, MAX_TEXT, check_sizes
from tests.figures.pictures import SCENES, SLUGS
from tests.figures.test_any_scene import poses, scene_with, views

ROWS, ROLLS = SCENES["resisted-rows"], SCENES["shoulder-rolls"]


@pytest.mark.parametrize("slug", SLUGS)
def test_every_scene_comes_back_equal_and_is_drawn_the_same(slug: str) -> None:
    scene = SCENES[slug]
    again = scene_from_text(scene_to_text(scene))
    assert again == scene
    assert draw_all(again) == draw_all(scene)
    assert scene_to_text(again) == scene_to_text(scene)


@settings(max_examples=40, deadline=None)
@given(poses, views)
def test_any_pose_and_any_view_come_back(pose: dict[str, Any], view: dict[str, Any]) -> None:
    try:
        scene = scene_from_data(scene_with(pose, view))
    except RuleBroken:
        return
    assert scene_from_text(scene_to_text(scene)) == scene


def test_a_frame_that_changes_changes_in_its_films_too() -> None:
    frame = replace(ROWS.frames[1], alt="Other words.")
    scene = ROWS.with_frame(2, frame)
    assert [film.frames for film in scene.films] == [(ROWS.frames[2], frame)]
    assert scene.frames == (ROWS.frames[0], frame, ROWS.frames[2])
    assert ROWS.frames[1].alt != "Other words."


# Signs and things


@pytest.mark.parametrize("kind", NEW_THINGS)
def test_a_thing_can_be_put_into_a_picture_and_taken_out(kind: str) -> None:
    frame = ROLLS.frames[4]
    more = fitted(ROLLS, add_thing(frame, kind))
    scene = ROLLS.with_frame(5, more)
    assert draw_all(scene)["5.svg"] != draw_all(ROLLS)["5.svg"]
    assert scene_from_text(scene_to_text(scene)) == scene
    assert without(more, "props", 0) == frame
    with pytest.raises(RuleBroken, match="already"):
        add_thing(more, kind)


@pytest.mark.parametrize("kind", NEW_SIGNS)
def test_a_sign_is_moved_by_its_points_and_stays_in_the_picture(kind: str) -> None:
    frame = add_sign(ROLLS.frames[4], kind)
    number = len(frame.marks) - 1
    for name in points_of(frame, frame.marks[number]):
        moved = with_point(frame, number, name, (120.0, 80.0), (300, 320))
        points = points_of(moved, moved.marks[number])
        assert points[name] == pytest.approx((120, 80), abs=0.1)
        outside = with_point(frame, number, name, (-50.0, 900.0), (300, 320))
        assert points_of(outside, outside.marks[number])[name] == pytest.approx((0, 320), abs=0.1)
    scene = ROLLS.with_frame(5, frame)
    assert scene_from_text(scene_to_text(scene)) == scene


def test_numbers_of_things_stay_within_bounds() -> None:
    chair = SCENES["shoulder-rolls"].frames[0]
    assert with_setting(chair, "props", 0, "seat", 50.0).props[0].seat == 50.0  # type: ignore[union-attr]  # it is the chair
    for wild in (-1e9, 0.0, 1e9):
        changed = with_setting(chair, "props", 0, "seat", wild)
        assert scene_from_text(scene_to_text(ROLLS.with_frame(1, changed)))


def test_without_the_bed_its_band_goes_on_and_wishes_about_its_layers_go() -> None:
    """The band went round the post, which is no more."""
    scene = ROWS
    for number, frame in enumerate(ROWS.frames, start=1):
        scene = scene.with_frame(number, fitted(ROWS, without(frame, "props", 0)))
    assert '"post"' not in scene_to_text(scene)
    for frame in scene.frames:
        behind = [prop.behind for prop in frame.props if isinstance(prop, Band)]
        assert sorted(behind) == ["hand_l", "hand_r"], "a film tells layers apart by their names"
    assert draw_all(scene).keys() == draw_all(ROWS).keys()


def test_signs_and_things_are_of_kinds_that_there_are_and_not_too_many() -> None:
    frame = ROLLS.frames[0]
    for kind in ("", "sofa", "turn"):
        with pytest.raises(RuleBroken):
            add_sign(frame, kind)
        with pytest.raises(RuleBroken):
            add_thing(frame, kind)
    full = replace(frame, marks=(NEW_SIGNS["ring"],) * MAX_MARKS)
    with pytest.raises(RuleBroken, match="at most"):
        add_sign(full, "ring")


# What somebody may send


def sent(**changes: Any) -> str:
    return json.dumps(json.loads(scene_to_text(ROWS)) | changes)


def framed(**changes: Any) -> str:
    frames = json.loads(scene_to_text(ROWS))["frames"]
    return sent(frames=[frames[0] | changes, *frames[1:]])


DEEP = "[" * 20_000 + "]" * 20_000
RING = {"kind": "ring", "at": "head", "radius": 9}
HOSTILE = {
    "nothing": "",
    "no json": "{",
    "deep": DEEP,
    "large": json.dumps({"title": "x" * MAX_TEXT}),
    "NaN": framed(marks=[RING | {"radius": float("nan")}]),
    "infinite": framed(marks=[RING | {"radius": float("inf")}]),
    "huge": framed(marks=[RING | {"radius": 10**400}]),
    "more digits than a number has": framed(marks=[RING]).replace(" 9}", " 9" + "0" * 5000 + "}"),
    "huge wish": framed(layers={"shirt": 10**400}),
    "huge film": sent(films=[{"frames": [1], "seconds": 10**400, "alt": "x", "variants": []}]),
    "half a letter": framed(alt="\ud800"),
    "half a letter as a name": sent(**{"\ud800": 1}),
    "a bell": framed(alt="ding \a"),
    "endless words": framed(alt="x" * 301),
    "no frames": sent(frames=[], variants={}, films=[]),
    "frames": sent(frames=json.loads(scene_to_text(ROWS))["frames"] * 9),
    "films": sent(films=[{"frames": [1], "seconds": 5, "alt": "x", "variants": []}] * 5),
    "a long film": sent(films=[{"frames": [1] * 25, "seconds": 5, "alt": "x", "variants": []}]),
    "signs": framed(marks=[RING] * (MAX_MARKS + 1)),
    "things": framed(props=[{"kind": "floor"}] * 9),
    "a long line": framed(marks=[{"kind": "guide", "places": ["head"] * 13}]),
    "a line of nothing": framed(marks=[{"kind": "guide", "places": []}]),
    "a bare list": "[]",
    "a word": '"scene"',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_scene_that_is_none_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        scene_from_text(HOSTILE[name])
    assert str(refused.value).encode()


def test_a_picture_that_grows_too_large_is_not_kept() -> None:
    check_sizes({"1.svg": "x" * MAX_FRAME_BYTES, "film.svg": "x" * 10**6})
    with pytest.raises(RuleBroken, match="too large"):
        check_sizes({"1.svg": "x" * (MAX_FRAME_BYTES + 1)})
    with pytest.raises(RuleBroken, match="too large"):
        check_sizes({"film-2.svg": "".join(str(n**7) for n in range(10_000))})
