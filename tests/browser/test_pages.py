"""Every page, filled, empty and with errors: axe, sideways scroll, sizes of targets and text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser

from app import create_app
from app.database import db
from tests.browser.inspection import inspect
from tests.browser.pages import NOT_PAGES, PAGES, Clinic, Opened, endpoints
from tests.browser.person import Person
from tests.browser.server import Server
from tests.browser.windows import Enter, Windows
from tests.databases import Databases
from tests.factories import Cast
from tests.support import TestClock, make_settings

pytestmark = pytest.mark.looks


@pytest.fixture(scope="module")
def clinic(
    template_database: str, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Clinic]:
    url = databases.create(template_database)
    app = create_app(make_settings(url, tmp_path_factory.mktemp("pages")), TestClock())
    app.testing = True
    yield Clinic(app)
    with app.app_context():
        db.engine.dispose()
    databases.drop(url)


@pytest.fixture(scope="module")
def windows(clinic: Clinic, browser: Browser) -> Iterator[dict[str, Person]]:
    """One window for each person, used from page to page."""
    server = Server(clinic.app)
    windows = Windows(clinic.app, browser, server)
    names = sorted({page.who for page in PAGES})
    yield {name: windows.enter(getattr(clinic.cast, name) if name else None) for name in names}
    windows.close()
    server.stop()


@pytest.mark.parametrize("opened", PAGES, ids=lambda opened: opened.name)
def test_a_page_is_fit_for_everybody(
    opened: Opened, clinic: Clinic, windows: dict[str, Person]
) -> None:
    person = windows[opened.who]
    with person.expecting(opened.status):
        assert person.open(opened.path.format(**clinic.places)) == opened.status
    if opened.press:
        for box, text in opened.typed.items():
            person.type(f"[name={box}]", text)
        with person.expecting(422):
            person.press(opened.press)
            if opened.answer == 422:
                person.page.get_by_role("heading", name="There is a problem").wait_for()
                assert person.focus.get_attribute("role") == "alert"
    assert not inspect(person.page)
    person.page.set_viewport_size({"width": 1280, "height": 900})
    person.page.goto("about:blank")  # leaves without asking whether to keep what was typed
    person.check()


def test_every_page_is_looked_at(app: Flask) -> None:
    listed = {page.endpoint for page in PAGES} | set(NOT_PAGES)
    assert endpoints(app) == listed, "add new pages to tests/browser/pages.py"


def test_the_pages_of_failures_are_fit_for_everybody(cast: Cast, enter: Enter) -> None:
    pia = enter(cast.pia)
    for path, status in (("/nothing", 404), ("/patients", 403)):
        with pia.expecting(status):
            pia.open(path)
        assert not inspect(pia.page), path
