"""Rows of the builder dragged by mouse and finger; by keyboard the arrows do the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import prepare
from tests.browser.inspection import inspect
from tests.browser.person import Person
from tests.browser.windows import Enter
from tests.factories import Cast
from tests.visitor import Visitor

pytestmark = pytest.mark.looks


@pytest.fixture
def builder(cast: Cast, visit: Callable[..., Visitor]) -> str:
    return prepare.draft(visit(cast.theo), cast.pia) + "/edit"


class Rows:
    """The builder's rows in one window."""

    def __init__(self, person: Person) -> None:
        self.person, self.page = person, person.page
        self.all = person.page.locator(".plan-row")
        self.before = self.titles

    @property
    def titles(self) -> list[str]:
        return self.page.locator(".plan-row h3").all_inner_texts()

    def moved(self, old: int, new: int) -> list[str]:
        """The titles as they began, with one row at another place."""
        titles = list(self.before)
        titles.insert(new, titles.pop(old))
        return titles

    def handle(self, place: int) -> tuple[float, float]:
        """Where to take it. The row after it is in the middle, so that nothing scrolls along."""
        self.all.nth(place + 1).evaluate("row => row.scrollIntoView({block: 'center'})")
        return _middle(self.all.nth(place).locator("[data-drag]").bounding_box())

    def just_below(self, place: int) -> tuple[float, float]:
        box = self.all.nth(place).bounding_box()
        assert box
        return box["x"] + 20, box["y"] + box["height"] * 0.75

    def expect(self, titles: list[str], words: str) -> None:
        expect(self.page.locator(".plan-row h3")).to_have_text(titles)
        expect(self.page.locator("[data-toast]")).to_contain_text(words)


def _middle(box: object) -> tuple[float, float]:
    assert isinstance(box, dict)
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_row_is_dragged_by_mouse_with_all_that_was_typed(
    builder: str, cast: Cast, enter: Enter
) -> None:
    theo = enter(cast.theo)
    theo.open(builder)
    rows = Rows(theo)
    theo.type("#title", "Dragged")
    mouse = theo.page.mouse
    mouse.move(*rows.handle(0))
    mouse.down()
    mouse.move(*rows.just_below(0), steps=4)
    mouse.move(*rows.just_below(1), steps=4)
    expect(rows.all.nth(2)).to_have_class("plan-row is-before")
    mouse.up()
    rows.expect(rows.moved(0, 1), f"{rows.before[0]} is number 2 of 6 now.")
    expect(theo.page.locator("#title")).to_have_value("Dragged")
    expect(theo.page.locator("#title")).to_be_focused()
    theo.page.reload()
    assert rows.titles == rows.moved(0, 1)
    assert not inspect(theo.page)


def test_it_scrolls_along_and_escape_or_a_drop_where_it_was_change_nothing(
    builder: str, cast: Cast, enter: Enter
) -> None:
    theo = enter(cast.theo)
    theo.open(builder)
    rows = Rows(theo)
    mouse = theo.page.mouse
    for escapes in (True, False):
        start = rows.handle(0)
        mouse.move(*start)
        mouse.down()
        mouse.move(*rows.just_below(1), steps=4)
        if escapes:
            theo.page.keyboard.press("Escape")
        else:
            mouse.move(*start)
        mouse.up()
        assert theo.page.locator(".is-moving, .is-before, .is-after").count() == 0
    start = rows.handle(0)
    seen = theo.page.evaluate("scrollY")
    mouse.move(*start)
    mouse.down()
    mouse.move(start[0], theo.page.evaluate("innerHeight - 5"), steps=2)
    theo.page.wait_for_function("seen => scrollY > seen + 50", arg=seen)
    theo.page.keyboard.press("Escape")
    mouse.up()
    assert rows.titles == rows.before
    assert all(answer.request.method == "GET" for answer in theo.answers)


def test_a_row_is_dragged_by_a_finger_on_a_phone(builder: str, cast: Cast, enter: Enter) -> None:
    theo = enter(cast.theo, width=390)
    theo.page.set_viewport_size({"width": 390, "height": 2400})
    theo.open(builder)
    rows = Rows(theo)
    x, y = rows.handle(1)
    _x, target = rows.just_below(2)
    finger = theo.context.new_cdp_session(theo.page)
    finger.send("Emulation.setTouchEmulationEnabled", {"enabled": True})

    def touch(kind: str, *points: tuple[float, float]) -> None:
        at = [{"x": px, "y": py} for px, py in points]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    touch("touchStart", (x, y))
    for part in range(1, 6):
        touch("touchMove", (x, y + (target - y) * part / 5))
    touch("touchEnd")
    rows.expect(rows.moved(1, 2), f"{rows.before[1]} is number 3 of 6 now.")
    expect(rows.all.nth(2)).to_be_focused()


def test_without_scripts_there_is_no_handle_and_the_arrows_move(
    builder: str, cast: Cast, enter: Enter
) -> None:
    theo = enter(cast.theo, scripts=False)
    theo.open(builder)
    rows = Rows(theo)
    assert theo.page.locator("[data-drag]:visible").count() == 0
    theo.press(f"Move {rows.before[0]} down")
    assert rows.titles == rows.moved(0, 1)
    assert f"{rows.before[0]} is number 2 of 6 now." in theo.text


def test_removed_and_put_back_by_keyboard(builder: str, cast: Cast, enter: Enter) -> None:
    theo = enter(cast.theo)
    theo.open(builder)
    rows = Rows(theo)
    theo.button(f"Remove {rows.before[2]}").focus()
    theo.page.keyboard.press("Enter")
    rows.expect([t for t in rows.before if t != rows.before[2]], "You can put it back.")
    assert not inspect(theo.page)
    theo.button(f"Put {rows.before[2]} back").focus()
    theo.page.keyboard.press("Enter")
    rows.expect(rows.before, "It is back in the plan.")
    expect(rows.all.nth(2)).to_be_focused()
