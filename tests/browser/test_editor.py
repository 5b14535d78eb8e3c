"""The exercise editor: hints while somebody types, and two admins on one exercise."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import prepare
from tests.browser.server import Server
from tests.browser.windows import Enter
from tests.factories import Cast
from tests.visitor import Visitor

pytestmark = pytest.mark.looks


@pytest.fixture
def editor(cast: Cast, visit: Callable[..., Visitor]) -> str:
    return prepare.exercise_path(visit(cast.ada), "Midback stretch") + "/edit"


def test_hints_follow_what_is_typed_without_another_page(
    cast: Cast, enter: Enter, server: Server, editor: str
) -> None:
    ada = enter(cast.ada)
    ada.open(editor)
    hints = ada.page.locator("#hints")
    expect(hints).to_contain_text("Nothing is missing.")
    ada.type("#purpose", "")
    expect(hints.get_by_role("link", name="Say what the exercise is good for.")).to_be_visible()
    ada.page.locator("#purpose").press_sequentially("Subsequently regenerates.", delay=5)
    expect(hints).to_contain_text("Nothing is missing.")
    assert ada.focus.get_attribute("id") == "purpose"
    assert server.count("POST", editor) == 0
    assert server.count("POST", "/hints") <= 3, "it does not ask at every key"
    ada.type("#attribution", "")
    hints.get_by_role("link", name="Say who made it.").click()
    assert ada.page.url.endswith("#attribution")
    ada.check()


def test_two_admins_on_one_exercise_both_see_both_texts(
    cast: Cast, enter: Enter, editor: str
) -> None:
    first, second = enter(cast.ada), enter(cast.ada)
    for one in (first, second):
        one.open(editor)
    first.type("#purpose", "Stretches your back.")
    first.press("Publish")
    first.page.get_by_text("Revision 2 is published.").wait_for()
    second.type("#purpose", "Loosens your back.")
    with second.expecting(409):
        second.press("Publish")
        second.page.get_by_role("heading", name="Somebody else saved this first").wait_for()
    changed = second.page.locator(".diff del, .diff ins")
    assert changed.all_text_contents() == ["Old: Stretches", "New: Loosens"]
    assert second.page.locator("#purpose").input_value() == "Loosens your back."
    second.press("Publish")
    second.page.get_by_text("Revision 3 is published.").wait_for()
    assert "Loosens your back." in second.text
