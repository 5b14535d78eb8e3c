"""The search narrows the list while somebody types, says so, and works as well without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, expect

from tests.browser import prepare
from tests.browser.person import Person
from tests.browser.server import Server
from tests.browser.windows import Enter
from tests.factories import Cast
from tests.visitor import Visitor

pytestmark = pytest.mark.looks

NOTE = "[name=rows-0-note]"


@pytest.fixture
def theo(cast: Cast, enter: Enter) -> Person:
    return enter(cast.theo)


def titles(person: Person) -> list[str]:
    return person.page.locator(".row-title, .found-title").all_inner_texts()


def test_typing_narrows_the_list_without_another_page(theo: Person) -> None:
    theo.open("/catalogue")
    theo.page.evaluate("window.stillHere = true")
    theo.page.locator("#q").press_sequentially("sholder roll")
    words = theo.page.locator("[role=status]#found-words")
    expect(words).to_have_text("1 exercise. Showing results for “shoulder roll”.")
    assert titles(theo) == ["Shoulder rolls"]
    expect(theo.page.locator("#q")).to_be_focused()
    assert theo.page.input_value("#q") == "sholder roll"
    assert theo.page.url.endswith("/catalogue?q=sholder+roll")
    assert theo.page.evaluate("window.stillHere")


def test_a_chip_chosen_by_the_keyboard_keeps_the_focus(theo: Person) -> None:
    theo.open("/catalogue")
    theo.page.locator("summary", has_text="Filters").press("Enter")
    theo.page.locator("#kind-strength").press("Space")
    expect(theo.page.locator("#found-words")).to_have_text("3 exercises")
    expect(theo.page.locator("#kind-strength")).to_be_focused()
    expect(theo.page.locator("#kind-strength")).to_be_checked()
    theo.page.locator("#kind-strength").press("Space")
    expect(theo.page.locator("#found-words")).to_have_text("6 exercises")
    assert theo.path == "/catalogue"


def test_without_a_network_the_list_stays(theo: Person) -> None:
    theo.open("/catalogue")
    theo.context.set_offline(True)
    with theo.offline(), theo.page.expect_console_message():
        theo.page.locator("#q").press_sequentially("rows")
    theo.context.set_offline(False)
    assert len(titles(theo)) == 6
    theo.page.locator("#q").press("Enter")
    theo.page.wait_for_url("**/catalogue?q=rows")
    assert titles(theo) == ["Resisted rows"]


def test_the_builder_narrows_without_saving_or_losing_anything(
    theo: Person, cast: Cast, visit: Callable[..., Visitor], server: Server
) -> None:
    path = prepare.draft(visit(cast.theo), cast.pia)
    theo.open(f"{path}/edit")
    theo.page.locator("summary", has_text="Sets, side").first.click()
    theo.type(NOTE, "Slowly.")
    server.seen.clear()
    theo.page.locator("#q").press_sequentially("sholder")
    theo.page.locator(".filters summary").click()
    theo.page.locator("#kind-strength").check()
    expect(theo.page.locator("[data-found]")).to_have_text(
        "3 exercises. Showing results for “shoulder”."
    )
    assert theo.page.input_value(NOTE) == "Slowly."
    assert not [seen for seen in server.seen if "POST" in str(seen)]
    theo.press("Save draft")
    theo.page.get_by_text("Saved").first.wait_for()
    assert theo.page.input_value(NOTE) == "Slowly."
    assert theo.page.input_value("#q") == "sholder"


def test_searching_alone_leaves_nothing_to_save(
    theo: Person, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    path = prepare.draft(visit(cast.theo), cast.pia)
    theo.open(f"{path}/edit")
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    theo.page.on("dialog", answer)
    theo.page.locator(".filters summary").click()
    theo.page.locator("#kind-strength").check()
    expect(theo.page.locator("[data-found]")).to_have_text("3 exercises")
    theo.page.goto("about:blank")
    assert not asked


@pytest.mark.parametrize("place", ["/catalogue", "builder"])
def test_without_scripts_the_button_asks(
    place: str, cast: Cast, enter: Enter, visit: Callable[..., Visitor]
) -> None:
    theo = enter(cast.theo, scripts=False)
    if place == "builder":
        place = f"{prepare.draft(visit(cast.theo), cast.pia)}/edit"
    theo.open(place)
    theo.type("#q", "sholder")
    theo.page.locator(".filters summary").click()
    theo.page.locator("#kind-strength").check()
    theo.press("Search")
    expect(theo.page.get_by_text("Showing results for “shoulder”.")).to_be_visible()
    assert len(titles(theo)) == 3
    expect(theo.page.locator("#kind-strength")).to_be_checked()
