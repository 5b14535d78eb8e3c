"""The pose editor in a real browser: by mouse, by finger, by keyboard, and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FloatRect, Locator, expect

from app.figures import scene_from_text
from app.figures.moving import place_of
from app.figures.poses import Pose
from tests.browser.inspection import inspect
from tests.browser.person import Person
from tests.browser.windows import Enter
from tests.factories import Cast
from tests.visitor import Visitor

pytestmark = pytest.mark.looks

WALL = "/catalogue/scenes/wall-push-up"
HAND, FRONT_FOOT = "#side-hand_r", "#front-foot_r"


@pytest.fixture
def ada(cast: Cast, enter: Enter) -> Person:
    person = enter(cast.ada)
    person.open(WALL)
    expect(person.page.locator(HAND)).to_be_visible()
    return person


def pose(person: Person, number: int = 1) -> Pose:
    """The pose of a frame, as the page would save it now."""
    text = person.page.input_value("[name=scene]")
    return scene_from_text(text).frames[number - 1].pose


def told(person: Person, words: str) -> None:
    """The live region has said where something is now: the answer is there."""
    expect(person.page.locator("[data-toast]")).to_have_text(re.compile(words))


def knob(handle: Locator) -> tuple[float, float]:
    """The middle of what is taken hold of, in pixels of the window."""
    box: FloatRect | None = handle.locator(".knob").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def zoom(person: Person) -> float:
    """Pixels of the window for a centimetre in the view from the side."""
    stage = person.page.locator("[data-drawing=side] svg").bounding_box()
    assert stage is not None
    return stage["width"] / 300 * 1.4


def test_a_hand_is_dragged_with_the_mouse_and_the_figure_follows(ada: Person) -> None:
    drawing = ada.page.locator("[data-drawing=picture]")
    before, standing = drawing.inner_html(), place_of(pose(ada), "hand_r")
    x, y = knob(ada.page.locator(HAND))
    ada.page.mouse.move(x, y)
    ada.page.mouse.down()
    ada.page.mouse.move(x - 10 * zoom(ada), y, steps=4)
    ada.page.wait_for_function(
        "(old) => document.querySelector('[data-drawing=picture]').innerHTML !== old", arg=before
    )
    assert place_of(pose(ada), "hand_r") == standing, "not before it is let go"
    ada.page.mouse.move(x - 20 * zoom(ada), y - 10 * zoom(ada), steps=4)
    ada.page.mouse.up()
    told(ada, "Right hand: 40.7 cm forward, 141 cm up")
    hand = place_of(pose(ada), "hand_r")
    assert hand == pytest.approx((standing[0] - 20, standing[1] + 10, standing[2]), abs=0.5)
    assert place_of(pose(ada), "hand_l")[0] == pytest.approx(hand[0], abs=0.1)
    assert ada.page.input_value("#hand_r-x") == "40.7"
    ada.press("Undo the last change")
    expect(ada.page.locator("#hand_r-x")).to_have_value("60.7")
    assert place_of(pose(ada), "hand_r") == standing
    assert not inspect(ada.page)


def test_a_foot_is_dragged_with_a_finger_on_a_phone(cast: Cast, enter: Enter) -> None:
    ada = enter(cast.ada, width=390)
    ada.open(WALL)
    foot = ada.page.locator(FRONT_FOOT)
    foot.scroll_into_view_if_needed()
    here, wide = place_of(pose(ada), "foot_r"), zoom(ada)
    x, y = knob(foot)
    finger = ada.context.new_cdp_session(ada.page)
    for kind, way in (("Start", 0.0), ("Move", -6.0), ("Move", -12.0), ("End", -12.0)):
        points = [] if kind == "End" else [{"x": x + way * wide, "y": y}]
        finger.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})
    told(ada, "Right foot: 0 cm forward, 7 cm up, 22")
    assert place_of(pose(ada), "foot_r") == pytest.approx((0, 7, here[2] + 12), abs=0.6)
    assert place_of(pose(ada), "foot_l") == pytest.approx((0, 7, -here[2] - 12), abs=0.6)
    assert ada.page.evaluate("scrollX") == 0


def test_a_handle_is_nudged_with_the_arrow_keys_and_keeps_the_focus(ada: Person) -> None:
    keys = ada.page.keyboard
    for _stop in range(40):
        keys.press("Tab")
        if ada.focus.get_attribute("data-handle") == "head":
            break
    head = place_of(pose(ada), "head")
    expect(ada.focus).to_have_attribute("aria-label", "Head")
    keys.press("ArrowLeft")
    keys.press("ArrowLeft")
    told(ada, "Head: 12 cm forward")
    keys.press("Shift+ArrowDown")
    told(ada, "Head: 12 cm forward, 148.9 cm up")
    there = place_of(pose(ada), "head")
    assert there == pytest.approx((head[0] - 2, head[1] - 5, head[2]), abs=0.3)
    expect(ada.focus).to_have_attribute("id", "side-head")
    expect(ada.focus).to_have_attribute("aria-valuetext", re.compile("cm up"))


def test_quick_moves_of_two_handles_are_both_kept(ada: Person) -> None:
    before = pose(ada)
    ada.page.locator("#front-pelvis").press("Shift+ArrowDown")
    ada.page.locator(HAND).press("Shift+ArrowUp")
    told(ada, "Right hand")
    after = pose(ada)
    assert place_of(after, "pelvis")[1] == pytest.approx(before.pelvis[1] - 5, abs=0.1)
    moved = place_of(after, "hand_r")[1] - place_of(before, "hand_r")[1]
    assert moved == pytest.approx(5, abs=0.6)


def test_an_arrow_is_added_put_where_it_belongs_and_saved(ada: Person) -> None:
    ada.press("Add an arrow")
    tip = ada.page.locator("#picture-marks-1-tip")
    across = float(tip.get_attribute("data-x") or 0)
    tip.press("Shift+ArrowLeft")
    told(ada, "Sign 2: Tip of arrow")
    assert float(ada.page.input_value("#marks-1-tip_x")) == pytest.approx(across - 8, abs=0.2)
    ada.page.locator("#side-1").check(force=True)
    expect(ada.page.locator("#side-hand_l")).to_be_visible()
    ada.type("#alt", "The arms push.")
    ada.press("Save as a new version")
    ada.page.get_by_text("Version 2 is saved.").wait_for()
    assert ada.page.locator("[data-drawing=picture] title").text_content() == "The arms push."


def test_whoever_saves_second_is_shown_both_drawings(
    ada: Person, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    visit(cast.ada).open(WALL).submit("Save as a new version", alt="Hers.")
    ada.page.locator(HAND).press("Shift+ArrowUp")
    told(ada, "Right hand")
    mine = pose(ada)
    with ada.expecting(409):
        ada.press("Save as a new version")
        ada.page.get_by_text("Somebody else saved this first").wait_for()
    assert ada.page.get_by_alt_text("Hers.").evaluate("picture => picture.naturalWidth") == 300
    assert pose(ada) == mine
    assert not inspect(ada.page)


def test_what_cannot_be_sent_is_said_and_sent_with_the_next_move(ada: Person) -> None:
    ada.context.set_offline(True)
    hand = ada.page.locator(HAND)
    before = place_of(pose(ada), "hand_r")
    with ada.offline():
        hand.press("Shift+ArrowUp")
        told(ada, "could not be made")
    ada.context.set_offline(False)
    hand.press("Shift+ArrowUp")
    told(ada, "Right hand")
    assert place_of(pose(ada), "hand_r")[1] > before[1] + 8


def test_a_number_is_drawn_at_once_and_a_wrong_one_is_told(ada: Person) -> None:
    ada.type("#pelvis-y", "75")
    ada.page.keyboard.press("Tab")
    expect(ada.page.locator("#side-pelvis")).to_have_attribute(
        "aria-valuetext", re.compile("75 cm up")
    )
    with ada.expecting(422):
        ada.type("#pelvis-y", "low")
        ada.page.keyboard.press("Enter")
        told(ada, "Enter a number, like 12.5.")
    assert ada.page.input_value("#pelvis-y") == "low"


def test_without_scripts_the_numbers_do_it_all(cast: Cast, enter: Enter) -> None:
    ada = enter(cast.ada, scripts=False)
    ada.open(WALL)
    expect(ada.page.locator(HAND)).to_be_hidden()
    ada.type("#hand_r-x", "40")
    ada.press("Draw again")
    assert place_of(pose(ada), "hand_r")[0] == pytest.approx(40, abs=0.1)
    ada.press("Save as a new version")
    ada.page.get_by_text("Version 2 is saved.").wait_for()
