"""The tests' visitor, over HTTPS: it fills every box that nobody filled with what it was given."""

from __future__ import annotations

import re
from typing import Any, Self

from bs4 import BeautifulSoup, Tag
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from tests.attack.agent import Agent, Answer
from tests.visitor import Visitor

NOT_STORED = {
    "q": "a search of the catalogue",
    "words": "a search",
    "person": "a filter of the audit",
    "patient": "a filter of the audit",
    "email": "an address; others are refused",
    "code": "a code; others are refused",
    "password": "hashed",
    "again": "the same once more",
}
"""Names of text boxes that keep no text, and why."""
NUMBER = re.compile(r"(low|high|sets|rest|code|-[xyz])=|=-?[0-9.]+$")
"""A box for a number, or with one in it."""
MOST = {"record_number": 40, "load": 60}
TEXTS = "textarea[name], input[name][type=text]:not([inputmode=numeric]), input[name]:not([type])"


class Remote(Visitor):
    """``filled`` are the names of all boxes that got the payload, without row numbers."""

    def __init__(self, agent: Agent, payload: str) -> None:
        self.client: Any = _Client(agent)
        self.payload = payload
        self.filled: set[str] = set()
        self.page, self.status, self.path = BeautifulSoup("", "lxml"), 0, "/"
        self.response: Any = None

    def submit(
        self, button: str | None = None, *, form: str = "form", expect: int = 200, **typed: Any
    ) -> Self:
        found = self.button(button).find_parent("form") if button else self.page.select_one(form)
        assert isinstance(found, Tag)
        for box in found.select(TEXTS):
            name = str(box["name"])
            if not (name in typed or name in NOT_STORED or NUMBER.search(name + self._value(box))):
                typed[name] = self.payload[: MOST.get(name.rpartition("-")[2])]
                self.filled.add(re.sub(r"[0-9]+", "N", name))
        return super().submit(button, form=form, expect=expect, **typed)

    @staticmethod
    def _value(box: Tag) -> str:
        return f"={box.get('value', '')}"


class _Client:
    """The little of Flask's test client that a visitor uses."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent

    def get(self, path: str) -> Response:
        return _response(self._agent.get(path))

    def post(self, path: str, data: MultiDict[str, str], **_options: Any) -> Response:
        return _response(self._agent.post(path, list(data.items(multi=True))))


def _response(answer: Answer) -> Response:
    return Response(answer.body, answer.status, list(answer.headers.items()))
