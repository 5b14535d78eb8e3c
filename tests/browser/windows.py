"""Browser windows in which somebody is signed in already."""

from __future__ import annotations

from typing import Any, Protocol

from flask import Flask
from playwright.sync_api import Browser

from tests.browser.person import Person
from tests.browser.server import Server
from tests.factories import CastMember, sign_in_token


class Enter(Protocol):
    """What the fixture ``enter`` is; see :meth:`Windows.enter`."""

    def __call__(
        self, member: CastMember | None = None, *, scripts: bool = True, width: int = 1280
    ) -> Person: ...


class Windows:
    """Opens them, and at the end looks whether a page of any did what no page may do."""

    def __init__(self, app: Flask, browser: Browser, server: Server) -> None:
        self.app, self.browser, self.server = app, browser, server
        self.people: list[Person] = []

    def enter(
        self, member: CastMember | None = None, *, scripts: bool = True, width: int = 1280
    ) -> Person:
        """A window of its own for ``member``; a stranger's without one."""
        context = self.browser.new_context(
            java_script_enabled=scripts, viewport={"width": width, "height": 900}
        )
        context.set_default_timeout(10_000)
        if member:
            context.add_cookies([self._session_cookie(member)])
        self.people.append(Person(context, self.server.origin))
        return self.people[-1]

    def close(self) -> None:
        for person in self.people:
            person.context.close()
        for person in self.people:
            person.check()

    def _session_cookie(self, member: CastMember) -> Any:
        """What signing in leaves in the browser, without the password's slow hash."""
        with self.app.app_context():
            token = sign_in_token(member)
        sessions: Any = self.app.session_interface
        value = sessions.get_signing_serializer(self.app).dumps({"_user_id": token})
        name = self.app.config["SESSION_COOKIE_NAME"]
        return {"name": name, "value": value, "url": self.server.origin}
