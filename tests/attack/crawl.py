"""All that somebody can reach by links and forms, and every id that stands in it."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from tests.attack.agent import Agent, Answer
from tests.html import Element, form_fields, parse

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
OF_EACH_RULE = 3


@dataclass(frozen=True)
class Sent:
    """A form as a browser would send it, with one of its buttons pressed."""

    path: str
    rule: str
    fields: tuple[tuple[str, str], ...]
    page: str
    boxes: frozenset[str] = frozenset()
    """The names of everything that can be filled in, ticked or chosen."""
    texts: frozenset[str] = frozenset()
    """Those that somebody types into."""

    @property
    def ids(self) -> set[str]:
        return ids_in(self.path, *(value for _name, value in self.fields))


@dataclass
class Reached:
    """What one person reached: pages by path, forms, and every link, opened or not."""

    pages: dict[str, Answer] = field(default_factory=dict)
    forms: dict[tuple[object, ...], Sent] = field(default_factory=dict)
    links: set[str] = field(default_factory=set)

    @property
    def ids(self) -> set[str]:
        return ids_in(*self.links).union(*(form.ids for form in self.forms.values()))


def ids_in(*texts: str) -> set[str]:
    return {found for text in texts for found in UUID.findall(text)}


def rule_of(app: Flask, path: str, method: str = "GET") -> str:
    """The rule that answers ``path``; "" for none."""
    routes = app.url_map.bind("127.0.0.1")
    try:
        rule, _values = routes.match(urlsplit(path).path, method, return_rule=True)
    except (HTTPException, RequestRedirect):
        return ""
    return rule.rule


def crawl(
    app: Flask,
    agent: Agent,
    start: Iterable[str] = ("/",),
    *,
    follow: bool = True,
    each: int = OF_EACH_RULE,
    without: str = "",
) -> Reached:
    """From ``start`` on, as ``agent``: links are followed, no form is sent by POST.

    ``each`` pages of a rule are opened at the most, but those of ``start`` always; no rule that
    ends with ``without``.
    """
    start = list(start)
    reached = Reached()
    waiting, opened = deque(start), Counter[str]()
    while waiting:
        path = waiting.popleft()
        rule = rule_of(app, path)
        if path in reached.links or not rule:
            continue
        reached.links.add(path)
        if (opened[rule] >= each and path not in start) or (without and rule.endswith(without)):
            continue
        opened[rule] += 1
        answer = agent.get(path)
        reached.pages[path] = answer
        found: list[str] = []
        if answer.location:
            found = [_own_path(urljoin(path, answer.location))]
        elif answer.kind == "text/html":
            found = list(_read(app, path, answer, reached))
        waiting.extend(found if follow else ())
    return reached


def _read(app: Flask, path: str, answer: Answer, reached: Reached) -> Iterator[str]:
    page = parse(answer.text)
    for link in page.iter("a"):
        if link.get("href"):
            yield _own_path(urljoin(path, link.get("href")))
    for form in page.iter("form"):
        for method, sent in forms_of(app, path, form):
            if method == "post":
                key = (sent.path, *sorted({name for name, _value in sent.fields}), *_do(sent))
                reached.forms.setdefault(key, sent)
            else:
                yield f"{urlsplit(sent.path).path}?{urlencode(sent.fields)}"


def forms_of(app: Flask, path: str, form: Element) -> Iterator[tuple[str, Sent]]:
    """(method, what is sent) for each button of ``form``."""
    fields = form_fields(form)
    fields.pop("csrf_token", None)
    named = [box for box in form.iter(*_BOXES) if box.get("name")]
    boxes = frozenset(box.get("name") for box in named)
    texts = frozenset(box.get("name") for box in named if takes_text(box))
    buttons = [
        tag for tag in form.iter("button", "input")
        if tag.tag == "button" or tag.get("type") == "submit"
    ]  # fmt: skip
    for button in buttons or [None]:
        pressed = dict(button.attrib) if button is not None else {}
        pairs = list(fields.items(multi=True))
        if pressed.get("name"):
            pairs.append((pressed["name"], pressed.get("value", "")))
        method = (pressed.get("formmethod") or form.get("method") or "get").lower()
        to = _own_path(urljoin(path, pressed.get("formaction") or form.get("action") or path))
        rule = rule_of(app, to, method.upper())
        yield method, Sent(to, rule, tuple(pairs), path, boxes, texts)


_BOXES = ("input", "textarea", "select", "button")


_TEXT = ("text", "search", "email", "tel", "url")


def takes_text(box: Element) -> bool:
    """Whether words are typed into it; what names a keyboard of its own is for numbers."""
    if box.tag == "textarea":
        return True
    is_line = box.tag == "input" and box.get("type", "text") in _TEXT
    return is_line and bool(box.get("name")) and box.get("inputmode") is None


def _do(sent: Sent) -> list[str]:
    """Buttons of one form are told apart by their value, ids left out."""
    return [UUID.sub("*", value) for name, value in sent.fields if name == "do"]


def _own_path(address: str) -> str:
    """The path with its query in one order; "" for another site."""
    parts = urlsplit(address)
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    return "" if parts.netloc else parts.path + (f"?{query}" if query else "")
