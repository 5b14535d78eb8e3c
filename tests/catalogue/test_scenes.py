"""The pose editor without a script: numbers in boxes, signs and things, versions, old pictures."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from app.catalogue.posing import Desk, edited, fields_of
from app.catalogue.scene_tables import SceneVersion
from app.figures.arrows import Arrow
from app.figures.marks import Ring
from app.figures.moving import place_of
from app.figures.props import Chair
from tests.access_world import digest
from tests.catalogue.scene_desk import HAND, ROLLS, SAVE, WALL, desk
from tests.catalogue.support import boxes, count, typed
from tests.figures.pictures import SCENES
from tests.figures.test_writing import HOSTILE
from tests.visitor import Visitor


def test_every_scene_is_listed_and_opens(ada: Visitor) -> None:
    ada.open("/catalogue").follow("Drawings")
    assert len(ada.page.select("li.row img")) == 6
    ada.follow("Wall push-up")
    assert ada.path == WALL
    assert len(ada.page.select("[data-drawing] > svg[role=img]")) == 3
    assert desk(ada) == SCENES["wall-push-up"]


def test_numbers_move_the_body_and_both_sides_alike(ada: Visitor) -> None:
    before = ada.open(WALL).tag("[data-drawing=front]").decode_contents()
    ada.submit("Draw again", **boxes(HAND))
    assert ada.tag("[data-drawing=front]").decode_contents() != before
    pose = desk(ada).frames[0].pose
    assert place_of(pose, "hand_r") == pytest.approx((40, 120.5, 27.9), abs=0.06)
    assert place_of(pose, "hand_l") == pytest.approx((40, 120.5, -27.9), abs=0.06)
    assert desk(ada).frames[1:] == SCENES["wall-push-up"].frames[1:]
    ada.submit("Draw again", **boxes({"alike": None, "hand_r-y": "90"}))
    assert place_of(desk(ada).frames[0].pose, "hand_l")[1] == pytest.approx(120.5, abs=0.06)


def test_what_nobody_changed_stays_to_the_last_digit(ada: Visitor) -> None:
    for slug, scene in SCENES.items():
        for number in range(1, len(scene.frames) + 1):
            on_desk = Desk(scene, number)
            assert edited(on_desk, fields_of(on_desk)) == on_desk
        ada.open(f"/catalogue/scenes/{slug}?picture=2").submit("Draw again")
        assert desk(ada) == scene


def test_what_is_out_of_reach_is_reached_for_and_the_boxes_say_so(ada: Visitor) -> None:
    ada.open(WALL).submit("Draw again", **boxes({"hand_r-x": "900"}))
    assert 55 < float(ada.value_of("hand_r-x")) < 62
    assert float(ada.value_of("hand_l-x")) == float(ada.value_of("hand_r-x"))


def test_a_handle_that_was_dropped_goes_to_its_point(ada: Visitor) -> None:
    ada.open(ROLLS + "?picture=5")
    x, y = (float(ada.tag("#side-pelvis")[f"data-{axis}"]) for axis in "xy")  # type: ignore[arg-type]  # an attribute's text
    drops = f"pelvis side {x + 14:.3f} {y + 28:.3f};hand_r front 90.0 150.0;nonsense"
    ada.submit("Draw again", drag=drops)
    pelvis = place_of(desk(ada).frames[4].pose, "pelvis")
    assert pelvis == pytest.approx((10, 67.5, 0), abs=0.1)
    hand = place_of(desk(ada).frames[4].pose, "hand_r")
    assert hand[1:] == pytest.approx((100 + 10 / 1.4, 60 / 1.4), abs=0.1)


def test_a_handle_that_there_is_not_moves_nothing(ada: Visitor) -> None:
    ada.open(WALL)
    for drag in (
        "tail side 1 1",
        "hand_r picture 1 1",
        "hand_l side 1 1",
        "marks-9-tail picture 1 1",
        "marks-0-tail picture 1 1",
        "hand_r side nan 1",
        "hand_r side 1e9 1",
        "pelvis side 1",
        ";;;",
    ):
        ada.submit("Draw again", drag=drag)
        assert desk(ada) == SCENES["wall-push-up"], drag


def test_signs_and_things_are_added_set_and_removed(ada: Visitor) -> None:
    ada.open(ROLLS + "?picture=5").submit("Add an arrow")
    ada.submit("Add a ring", **boxes({"marks-1-tail_x": "20", "marks-1-tail_y": "30"}))
    ada.submit("Add this thing", thing="chair", **boxes({"marks-2-radius": "25"}))
    ada.submit("Draw again", **boxes({"props-0-seat": "55"}))
    frame = desk(ada).frames[4]
    _measure, arrow, ring = frame.marks
    assert isinstance(arrow, Arrow)
    assert isinstance(ring, Ring)
    assert ring.radius == 25
    assert frame.props == (Chair(x=-2, seat=55),)
    assert ada.value_of("marks-1-tail_x") == "20"
    assert ada.tag("#picture-marks-1-tail")["data-y"] == "29.974"  # to a tenth of a pixel
    ada.submit("Remove: Chair").submit("do=remove:marks-1").submit("do=remove:marks-1")
    assert desk(ada) == SCENES["shoulder-rolls"]


def test_a_thing_is_refused_beside_its_list_and_nothing_typed_is_lost(ada: Visitor) -> None:
    words = "Other words."
    ada.open(WALL).submit("Add this thing", thing="wall", alt=words, expect=422, **boxes(HAND))
    assert ada.errors == ["This thing is in the picture already."]
    assert typed(ada)["alt"] == words
    assert typed(ada)["hand_r-y"] == "120.5"
    ada.submit("Add this thing", thing="mat")
    assert desk(ada).frames[0].alt == words
    assert len(desk(ada).frames[0].props) == 3


def test_what_is_no_number_is_told_at_its_box(ada: Visitor) -> None:
    ada.open(WALL)
    for number in ("high", "", "nan", "2000", "12.5.1"):
        ada.submit(SAVE, expect=422, **boxes({"head-y": number, "alt": ""}))
        assert len(ada.errors) == 2
        assert ada.page.select_one("#head-y[aria-invalid=true]")
        assert ada.page.select_one("#alt[aria-invalid=true]")
        assert typed(ada)["head-y"] == number


def test_a_change_goes_from_picture_to_picture_and_can_be_undone(ada: Visitor) -> None:
    ada.open(WALL).submit("Picture 3", **boxes(HAND))
    assert ada.tag("[aria-current=true][name=do]").get_text() == "Picture 3"
    assert not ada.has_button("Undo the last change")
    ada.submit("Draw again", **boxes({"pelvis-y": "70"}))
    low = desk(ada)
    ada.submit("Undo the last change")
    assert desk(ada).frames[2] == SCENES["wall-push-up"].frames[2]
    assert place_of(desk(ada).frames[0].pose, "hand_r")[0] == pytest.approx(40, abs=0.06)
    ada.submit("Undo the last change")
    assert desk(ada) == low


# What no page of ours sends


def test_a_hostile_scene_is_refused_with_a_sentence(app: Flask, ada: Visitor) -> None:
    ada.open(WALL)
    before = digest(app)
    for name, scene in HOSTILE.items():
        for button in ("draw", "save"):
            ada.send(WALL, typed(ada) | {"scene": scene, "do": button}, 422)
            assert len(ada.errors) == 1, name
            assert desk(ada) == SCENES["wall-push-up"], name
    assert digest(app) == before


def test_a_scene_that_cannot_be_drawn_is_refused_too(ada: Visitor) -> None:
    ada.open(WALL)
    for mark in (
        {"kind": "ring", "at": "third_arm", "radius": 9},
        {"kind": "label", "at": "head", "words": "Ω"},
    ):
        scene = json.loads(ada.value_of("scene"))
        scene["frames"][0]["marks"] = [mark]
        ada.send(WALL, typed(ada) | {"scene": json.dumps(scene), "do": "save"}, 422)
        assert len(ada.errors) == 1


def test_what_was_tampered_with_does_no_harm(ada: Visitor) -> None:
    for wrong in (
        {"picture": "99", "before": "{", "do": "undo"},
        {"before": HOSTILE["deep"], "do": "undo"},
        {"do": "remove:alt-0"},
        {"do": "remove:pose-0"},
        {"do": "remove:marks-9"},
        {"do": "remove:marks--1"},
        {"do": "picture:0"},
        {"do": "picture:²"},
        {"do": "add:sofa"},
        {"do": "add:thing", "thing": "sofa"},
        {"marks-7-kind": "ring", "marks-7-radius": "5"},
        {"side": "up"},
        {"based_on": "x" * 300},
    ):
        ada.open(WALL)
        ada.client.post(WALL, data=typed(ada) | {"do": "draw"} | wrong)
        answer = ada.client.post(WALL, data=typed(ada) | {"do": "draw"} | wrong)
        assert answer.status_code in (200, 422), wrong


def test_a_picture_that_grew_too_large_is_not_saved(app: Flask, ada: Visitor) -> None:
    ada.open(WALL)
    for _sign in range(11):
        ada.submit("Add an arrow")
    ada.submit(SAVE, expect=422)
    assert "has grown too large" in ada.errors[0]
    assert count(app, SceneVersion) == 0
    assert len(desk(ada).frames[0].marks) == 12
