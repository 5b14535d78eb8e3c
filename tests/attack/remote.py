"""The tests' visitor, over HTTPS: it fills every box that nobody filled with what it was given."""

from __future__ import annotations

import re
from typing import Any, Self

from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from tests.attack.agent import Agent, Answer
from tests.html import Element, form_of
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


class Remote(Visitor):
    """``filled`` are the names of all boxes that got the payload, without row numbers."""

    def __init__(self, agent: Agent, payload: str) -> None:
        client: Any = _Client(agent)
        self._begin(client)
        self.payload = payload
        self.filled: set[str] = set()

    def submit(
        self, button: str | None = None, *, form_at: str = "", expect: int = 200, **typed: Any
    ) -> Self:
        found = form_of(self._button(button)) if button else self._form(form_at)
        assert found is not None
        for box in found.iter("input", "textarea"):
            name = box.get("name", "")
            if not _takes_text(box) or name in typed or name in NOT_STORED:
                continue
            if not NUMBER.search(f"{name}={box.get('value', '')}"):
                typed[name] = self.payload[: MOST.get(name.rpartition("-")[2])]
                self.filled.add(re.sub(r"[0-9]+", "N", name))
        return super().submit(button, form_at=form_at, expect=expect, **typed)


def _takes_text(box: Element) -> bool:
    is_line = box.get("type", "text") == "text" and box.get("inputmode") != "numeric"
    return bool(box.get("name")) and (box.tag == "textarea" or is_line)


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
