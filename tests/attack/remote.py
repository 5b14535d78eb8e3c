"""The tests' visitor, over HTTPS: it fills every box that nobody filled with what does harm."""

from __future__ import annotations

from collections import Counter
from typing import Any, Self
from urllib.parse import urljoin

from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart
from werkzeug.wrappers import Response

from tests.attack.agent import Agent, Answer
from tests.attack.crawl import rule_of, takes_text
from tests.attack.payloads import Box, Pen, without_numbers
from tests.html import form_of
from tests.visitor import Visitor

_DRAFT = "/plans/<uuid:plan_id>"
_OTHERS: dict[str, tuple[str, ...]] = {
    "q": tuple(f"{_DRAFT}/{what}" for what in ("edit", "preview", "add-template", "approve")),
    "words": (
        "/patients", "/people", "/people/care-teams", "/patients/emergency", "/handouts/new",
        "/handouts/<code>/edit", "/catalogue/<uuid:exercise_id>/retire",
        "/catalogue/<uuid:exercise_id>/merge",
    ),
    "person": ("/audit", "/audit.csv"),
    "patient": ("/audit", "/audit.csv"),
    "code": ("/sign-in/code", "/account/confirm"),
    "email": ("/sign-in", "/forgotten"),
    "remark": ("/catalogue/drafts/<uuid:draft_id>/publish",),
}  # fmt: skip
NOT_STORED: frozenset[Box] = frozenset(
    (rule, name) for name, rules in _OTHERS.items() for rule in rules
)
"""Text boxes that keep nothing: searches, filters, and what is only compared."""
NARROW: frozenset[Box] = frozenset({("/handouts/new", "code"), ("/handouts/<code>/share", "code")})
"""Those that take twelve letters and digits alone."""


class Remote(Visitor):
    """``who`` it is, for whoever looks at its pages later."""

    def __init__(self, agent: Agent, pen: Pen, who: str) -> None:
        self._wire = _Client(agent, pen, who)
        client: Any = self._wire
        self._begin(client)
        self._pen = pen

    def submit(
        self, button: str | None = None, *, form_at: str = "", expect: int = 200, **typed: Any
    ) -> Self:
        pressed = self._button(button) if button else None
        form = self._form(form_at) if pressed is None else form_of(pressed)
        assert form is not None
        action = pressed.get("formaction") if pressed is not None else None
        rule = rule_of(
            self._pen.app, urljoin(self.path, action or form.get("action") or self.path), "POST"
        )
        alike = Counter[str]()
        for tag in form.iter("input", "textarea"):
            name = tag.get("name", "")
            box = rule, without_numbers(name)
            if takes_text(tag) and name not in typed and box not in NOT_STORED | NARROW:
                most, gap = int(tag.get("maxlength", 9999)), "\n" if tag.tag == "textarea" else " "
                typed[name] = self._pen.text_for(box, most, alike[box[1]], gap)
                alike[box[1]] += 1
        return super().submit(button, form_at=form_at, expect=expect, **typed)

    def upload(self, button: str, name: str, file: FileStorage, **typed: Any) -> Self:
        """The same with a file in the box ``name``."""
        self._wire.files = {name: file}
        return self.submit(button, **typed)

    def press(self, start: str, **typed: Any) -> Self:
        """The first button whose ``do`` begins like this."""
        button = self.tag(f"button[name=do][value^='{start}']")
        return self.submit(f"do={button['value']}", **typed)


class _Client:
    """The little of Flask's test client that a visitor uses."""

    def __init__(self, agent: Agent, pen: Pen, who: str) -> None:
        self._agent, self._pen, self._who = agent, pen, who
        self.files: dict[str, FileStorage] = {}

    def get(self, path: str) -> Response:
        return self._noted("GET", path, self._agent.get(path))

    def post(self, path: str, data: Any, **_options: Any) -> Response:
        pairs = list(MultiDict(data).items(multi=True))
        if self.files:
            token = ("csrf_token", self._agent.token)
            everything = MultiDict([*pairs, token, *self.files.items()])
            mark, body = encode_multipart(everything)
            headers = {
                "Content-Type": f"multipart/form-data; boundary={mark}",
                "Referer": f"{self._agent.origin}/help",
            }
            answer, self.files = self._agent.ask("POST", path, body, headers), {}
        else:
            answer = self._agent.post(path, pairs)
        if answer.status == 303:
            self._pen.note_kept(path, pairs)
        return self._noted("POST", path, answer)

    def _noted(self, method: str, path: str, answer: Answer) -> Response:
        self._pen.note_page(self._who, method, path, answer)
        return Response(answer.body, answer.status, list(answer.headers.items()))
