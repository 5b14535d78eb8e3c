"""Every page, filled, empty, with errors and full: axe, sideways scroll, sizes of what is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

import pytest
from flask import Flask
from playwright.sync_api import Browser

from app import create_app
from app.database import db
from tests.browser.clinic import Clinic
from tests.browser.crowded import CROWDED_PAGES, CrowdedClinic
from tests.browser.inspection import inspect
from tests.browser.pages import NOT_PAGES, PAGES, Opened, endpoints
from tests.browser.person import Person
from tests.browser.server import Server
from tests.browser.windows import Enter, Windows
from tests.databases import Databases
from tests.factories import Cast
from tests.support import TestClock, make_settings

pytestmark = pytest.mark.looks
NewApp = Callable[[], Flask]


@pytest.fixture(scope="module")
def clinic(new_app: NewApp) -> Clinic:
    return Clinic(new_app())


@pytest.fixture(scope="module")
def crowded(new_app: NewApp) -> CrowdedClinic:
    return CrowdedClinic(new_app())


@pytest.fixture(scope="module")
def new_app(
    template_database: str, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[NewApp]:
    """Makes an application on a database of its own."""
    made: list[tuple[Flask, str]] = []

    def make() -> Flask:
        url = databases.create(template_database)
        app = create_app(make_settings(url, tmp_path_factory.mktemp("pages")), TestClock())
        app.testing = True
        made.append((app, url))
        return app

    yield make
    for app, url in made:
        with app.app_context():
            db.engine.dispose()
        databases.drop(url)


@pytest.fixture(scope="module")
def windows(clinic: Clinic, browser: Browser) -> Iterator[dict[str, Person]]:
    """One window for each person, used from page to page."""
    with windows_of(clinic.app, clinic.cast, PAGES, browser) as windows:
        yield windows


@pytest.fixture(scope="module")
def crowded_windows(crowded: CrowdedClinic, browser: Browser) -> Iterator[dict[str, Person]]:
    with windows_of(crowded.app, crowded.cast, CROWDED_PAGES, browser) as windows:
        yield windows


@contextmanager
def windows_of(
    app: Flask, cast: Cast, pages: Iterable[Opened], browser: Browser
) -> Iterator[dict[str, Person]]:
    server = Server(app)
    windows = Windows(app, browser, server)
    names = sorted({page.who for page in pages})
    yield {name: windows.enter(getattr(cast, name) if name else None) for name in names}
    windows.close()
    server.stop()


@pytest.mark.parametrize("opened", PAGES, ids=lambda opened: opened.name)
def test_a_page_is_fit_for_everybody(
    opened: Opened, clinic: Clinic, windows: dict[str, Person]
) -> None:
    look_at(opened, clinic.places, windows[opened.who])


@pytest.mark.parametrize("opened", CROWDED_PAGES, ids=lambda opened: opened.name)
def test_a_full_page_is_fit_for_everybody(
    opened: Opened, crowded: CrowdedClinic, crowded_windows: dict[str, Person]
) -> None:
    """Two thousand exercises and patients, forty exercises in a plan."""
    look_at(opened, crowded.places, crowded_windows[opened.who])


def look_at(opened: Opened, places: Mapping[str, str], person: Person) -> None:
    with person.expecting(opened.status):
        assert person.open(opened.path.format(**places)) == opened.status
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
