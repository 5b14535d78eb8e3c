"""Chromium, which opens what somebody was answered with and tells what the page tried to do."""

from __future__ import annotations

from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Route, ViewportSize

from tests.attack.agent import Agent, Answer

MADE = """x-attack, img[src*='e.test'], svg[onload], [onerror], script:not([src]),
    a[href^='javascript'], [href*='e.test'], [src*='e.test'], [action*='e.test']"""
LISTEN = """window.faults = [];
    addEventListener("securitypolicyviolation",
        (e) => faults.push(`${e.violatedDirective} ${e.blockedURI}`));
    addEventListener("error", (e) => faults.push(e.message));"""
LOOK = """made => {
    window.onbeforeunload = null;
    return [window.faults, document.querySelector(made)?.outerHTML];
}"""
SMALL: ViewportSize = {"width": 320, "height": 200}
"""So that there is little to paint."""
OF_THE_WIRE = {"content-length", "transfer-encoding", "connection", "date", "server"}


class Watcher:
    """A window in which ``agent`` is signed in; ``faults`` is all that no page of ours ever does.

    A page is shown as it was answered before, headers and all, so that the answers to forms are
    looked at, too. What it asks for besides comes from the server, once.
    """

    def __init__(self, browser: Browser, agent: Agent) -> None:
        self.faults: list[str] = []
        self._agent = agent
        self._answer: Answer | None = None
        self._kept: dict[str, Answer] = {}
        self._context = browser.new_context(ignore_https_errors=True, viewport=SMALL)
        self._page = self._context.new_page()
        self._page.add_init_script(LISTEN)
        self._page.on("console", lambda said: self._note(f"console: {said.text}"))
        self._page.on("pageerror", lambda error: self._note(f"error: {error}"))
        self._page.on("dialog", lambda dialog: self._note(f"dialog: {dialog.message}"))
        self._page.route("**/*", self._serve)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _type: type[BaseException] | None, _error: BaseException | None,
                 _trace: TracebackType | None) -> None:  # fmt: skip
        self._context.close()

    def look(self, path: str, answer: Answer) -> None:
        self._answer = answer
        self._page.goto(self._agent.origin + path)
        assert self._answer is None, path
        found, made = self._page.evaluate(LOOK, MADE)
        self.faults += [f"{path}: {fault}" for fault in found]
        if made:
            self._note(f"made: {made}")

    def _serve(self, route: Route) -> None:
        """The page itself from what was answered, all else from the server."""
        url = route.request.url
        if not url.startswith(f"{self._agent.origin}/"):
            self._note(f"asked {url}")
            route.abort()
            return
        status, answer = 200, self._answer
        if answer and route.request.is_navigation_request():
            self._answer = None  # as a success: of all else Chromium says that it failed
        else:
            answer = self._fetched(route)
            status = answer.status
        headers = {n: v for n, v in answer.headers.items() if n.lower() not in OF_THE_WIRE}
        route.fulfill(status=status, headers=headers, body=answer.body)

    def _fetched(self, route: Route) -> Answer:
        request, parts = route.request, urlsplit(route.request.url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        if request.method != "GET":
            body = request.post_data_buffer
            return self._agent.ask(request.method, path, body, request.all_headers())
        if path not in self._kept:
            self._kept[path] = self._agent.get(path)
        return self._kept[path]

    def _note(self, fault: str) -> None:
        self.faults.append(f"{self._page.url}: {fault}")
