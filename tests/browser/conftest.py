"""Real Chromium at the real application, on a copy of the tests' database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import find_chromium, launch
from tests.browser.person import Person
from tests.browser.server import Server
from tests.factories import CastMember, sign_in_token

Enter = Callable[..., Person]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    find_chromium()
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def server(app: Flask) -> Iterator[Server]:
    server = Server(app)
    yield server
    server.stop()


@pytest.fixture
def enter(app: Flask, browser: Browser, server: Server) -> Iterator[Enter]:
    """``enter(cast.theo)`` is a window in which Theo is signed in, ``enter()`` a stranger's.

    Options are those of a Playwright context; ``scripts=False`` turns JavaScript off.
    """
    people: list[Person] = []

    def open_window(
        member: CastMember | None = None, *, scripts: bool = True, **options: Any
    ) -> Person:
        options = {"viewport": {"width": 1280, "height": 900}} | options
        context = browser.new_context(java_script_enabled=scripts, **options)
        context.set_default_timeout(5_000)
        if member:
            context.add_cookies([_session_cookie(app, member, server.origin)])
        people.append(Person(context, server.origin))
        return people[-1]

    yield open_window
    for person in people:
        person.close()


def _session_cookie(app: Flask, member: CastMember, origin: str) -> Any:
    """What signing in leaves in the browser, without the password's slow hash."""
    with app.app_context():
        token = sign_in_token(member)
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # of Flask's own cookie sessions
    value = signer.dumps({"_user_id": token})
    return {"name": app.config["SESSION_COOKIE_NAME"], "value": value, "url": origin}
