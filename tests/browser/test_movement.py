"""The film: only for whoever asks, also for people who want less motion, and it can be stopped."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import prepare
from tests.browser.inspection import inspect
from tests.browser.person import Person
from tests.browser.server import Server
from tests.browser.windows import Enter
from tests.factories import Cast
from tests.visitor import Visitor

pytestmark = pytest.mark.looks

SHOW, STOP = "Show me the movement", "Stop the movement"


@pytest.fixture
def first(cast: Cast, visit: Callable[..., Visitor]) -> str:
    """The page of Pia's first exercise."""
    prepare.approved(visit(cast.theo), cast.pia)
    page = visit(cast.pia).open("/today").page
    return str(page.select("a.today-row")[0]["href"])


def film(person: Person) -> str:
    """The address of the film that is shown now, or nothing."""
    shown = person.page.locator(".movement img")
    return str(shown.get_attribute("src")) if shown.count() else ""


@pytest.mark.parametrize("less_motion", [False, True])
def test_nothing_moves_before_somebody_asks_and_it_stops_at_once(
    less_motion: bool, first: str, cast: Cast, enter: Enter, server: Server
) -> None:
    pia = enter(cast.pia, width=390)
    pia.page.emulate_media(reduced_motion="reduce" if less_motion else "no-preference")
    pia.open(first)
    pia.page.wait_for_load_state("networkidle")
    before = len(server.seen)
    assert film(pia) == ""
    pia.press(SHOW)
    expect(pia.button(STOP)).to_be_focused()
    moving = pia.page.locator(".movement img")
    expect(moving).to_have_js_property("complete", True)
    assert moving.evaluate("image => image.naturalWidth") > 0
    assert len(server.seen) == before + 1
    assert moving.get_attribute("alt")
    assert not inspect(pia.page)
    pia.press(STOP)
    expect(pia.button(SHOW)).to_be_focused()
    assert film(pia) == ""


def test_the_film_is_started_and_stopped_by_keyboard(first: str, cast: Cast, enter: Enter) -> None:
    pia = enter(cast.pia)
    pia.open(first)
    pia.button(SHOW).focus()
    pia.page.keyboard.press("Enter")
    expect(pia.button(STOP)).to_be_focused()
    assert film(pia)
    pia.page.keyboard.press("Space")
    assert not film(pia)


def test_without_scripts_the_film_is_a_link_to_itself(first: str, cast: Cast, enter: Enter) -> None:
    pia = enter(cast.pia, scripts=False)
    pia.open(first)
    pia.follow(SHOW)
    assert pia.path.startswith("/pictures/")
    assert pia.page.locator("animate").count() > 10
