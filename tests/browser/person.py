"""Somebody at a real browser. Whatever a good page never does fails the test, on every page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, Response

REFUSED = re.compile(r"Failed to load resource: the server responded with a status of (\d+)")


class Person:
    """One browser window. ``clicks`` counts what this person pressed and chose."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.context = context
        self.origin = origin
        self.clicks = 0
        self.faults: list[str] = []
        self.answers: list[Response] = []
        self._expected: set[int] = set()
        self._may_be_offline = False
        context.on("page", self._watch)
        self.page = context.new_page()

    def open(self, path: str) -> int:
        """Go there as from the address bar; gives the status of the page."""
        answer = self.page.goto(self.origin + path)
        return answer.status if answer else 0

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    @property
    def text(self) -> str:
        """The words of the main part as they are shown, spaces single."""
        return " ".join(self.page.locator("main").inner_text().split())

    @property
    def focus(self) -> Locator:
        return self.page.locator(":focus")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def press(self, name: str) -> None:
        self.click(self.button(name))

    def follow(self, name: str) -> None:
        self.click(self.page.get_by_role("link", name=name, exact=True))

    def click(self, what: Locator) -> None:
        """Where that leads to another page, all of it is there afterwards, not just its beginning.

        Playwright's click ends when the new page begins, too early to read it.
        """
        self.clicks += 1
        what.click()
        self.page.wait_for_load_state("domcontentloaded")

    def choose(self, box: str, label: str) -> None:
        self.clicks += 1
        self.page.locator(box).select_option(label=label)

    def type(self, box: str, text: str) -> None:
        self.clicks += 1
        self.page.locator(box).fill(text)

    def sign_in(self, email: str, password: str, code: str = "") -> None:
        """By the form, as people do; staff with the code of their app."""
        self.open("/sign-in")
        self.type("#email", email)
        self.type("#password", password)
        self.press("Sign in")
        if code:
            self.type("#code", code)
            self.press("Sign in")

    @contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        """These refusals belong to the test: Chromium writes each of them to its console."""
        self._expected |= set(statuses)
        yield
        self.page.wait_for_load_state()
        self._expected -= set(statuses)

    @contextmanager
    def offline(self) -> Iterator[None]:
        """The server cannot be reached, and Chromium may say so."""
        self._may_be_offline = True
        yield
        self._may_be_offline = False

    def check(self) -> None:
        """Fail on what was noticed since the last check."""
        faults, self.faults = self.faults, []
        assert not faults, "\n".join(faults)

    def _watch(self, page: Page) -> None:
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("request", self._see_request)
        page.on("response", self._see_answer)

    def _hear(self, message: ConsoleMessage) -> None:
        refused = REFUSED.match(message.text)
        if refused and int(refused[1]) in self._expected:
            return
        if self._may_be_offline and "net::ERR_" in message.text:
            return
        self.faults.append(f"console of {message.location['url']}: {message.text}")

    def _see_request(self, request: Request) -> None:
        if not request.url.startswith((self.origin + "/", "data:")):
            self.faults.append(f"asked another origin: {request.url}")

    def _see_answer(self, response: Response) -> None:
        self.answers.append(response)
        if response.status >= 500 and response.status not in self._expected:
            self.faults.append(f"{response.status} for {response.url}")
