"""A passkey in a real browser: Chromium's own authenticator, made of software."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import CDPSession

from app.config import Settings
from tests.browser.inspection import inspect
from tests.browser.person import Person
from tests.browser.server import Server
from tests.browser.windows import Enter
from tests.factories import PASSWORD, Cast
from tests.support import TestClock

pytestmark = pytest.mark.looks

SECURITY_KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Clinic(Server):
    """Under a name: browsers give passkeys to no number of a machine."""

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"


@pytest.fixture
def server(app: Flask, settings: Settings) -> Iterator[Server]:
    server = Clinic(app)
    app.extensions["homestretch_settings"] = replace(settings, base_url=server.origin)
    yield server
    server.stop()


@pytest.fixture
def theo(enter: Enter, cast: Cast) -> Person:
    return enter(cast.theo, width=390)


@pytest.fixture
def authenticator(theo: Person) -> tuple[CDPSession, str]:
    chromium = theo.context.new_cdp_session(theo.page)
    chromium.send("WebAuthn.enable")
    made = chromium.send("WebAuthn.addVirtualAuthenticator", {"options": SECURITY_KEY})
    return chromium, made["authenticatorId"]


def half_way(theo: Person) -> None:
    """In a browser that forgot who was there; signing out says a word on Chromium's console."""
    theo.context.clear_cookies()
    theo.sign_in("theo@example.org", PASSWORD)
    theo.page.get_by_role("heading", name="Enter a code", exact=True).wait_for()


@pytest.mark.parametrize(
    ("waited", "asked"),
    [(timedelta(minutes=25), "/account/confirm"), (timedelta(hours=13), "/sign-in")],
)
def test_whoever_waited_too_long_is_asked_who_they_are(
    waited: timedelta, asked: str, theo: Person, clock: TestClock
) -> None:
    clock.move(minutes=9)
    theo.open("/account/passkeys")
    clock.instant += waited
    with theo.expecting(401):
        theo.press("Add a passkey")
        theo.page.wait_for_url(f"**{asked}?next=/account/passkeys")


def test_a_passkey_signs_in_and_the_page_says_where_it_cannot(
    theo: Person, authenticator: tuple[CDPSession, str]
) -> None:
    chromium, id = authenticator
    theo.open("/account/passkeys")
    theo.type("#name", "Phone")
    theo.press("Add a passkey")
    theo.page.get_by_text("The passkey is added.").wait_for()
    assert not inspect(theo.page)
    half_way(theo)
    assert not inspect(theo.page)
    theo.press("Use a passkey")
    theo.page.wait_for_url("**/patients")
    half_way(theo)
    chromium.send("WebAuthn.clearCredentials", {"authenticatorId": id})
    theo.press("Use a passkey")
    theo.page.get_by_text("That did not work. Try again, or use another way.").wait_for()
    assert theo.button("Use a passkey").is_enabled()
