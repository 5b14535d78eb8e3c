"""What somebody types to do harm, which box gets which of it, and what was kept where."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count

from flask import Flask

from tests.attack.agent import Answer
from tests.attack.crawl import forms_of, rule_of
from tests.html import Element, parse

PAYLOADS = (
    "=1+\"'><img src=//e.test/x onerror=alert(1)>{{31337*9973}}#panic()<x-attack>",
    '@\u202e\u200b<script>alert(1)</script>#read("/etc/passwd")../%(n)s\r\nBcc: e@e.test',
    '\t-<svg/onload=alert(1)>javascript:alert(1)#image("//e.test/x.png")${31337*9973}',
)
"""HTML, scripts, Typst, formulas, lines of headers, braces, paths, letters that turn or hide. Of at
most eighty characters, so that nearly every box takes them whole."""
MARKS = tuple(map(re.compile, ("onerror=alert", "<?script(>|&gt;)alert", "onload=alert")))
"""What shows that a page, a paper or a field holds each of them."""
ADDRESS = "='1+{{7*191}}${7*191}|`id`/../%s#"
"""The worst that stands before the @ of an address that mail knows."""
EVERY = frozenset(range(len(PAYLOADS)))

Box = tuple[str, str]
"""The rule that a form is sent to and the name of the box, without row numbers."""


def marks_in(text: str) -> frozenset[int]:
    """The numbers of the payloads in it."""
    return frozenset(n for n, mark in enumerate(MARKS) if mark.search(text))


def places_in(page: str) -> set[tuple[str, int]]:
    """Where on a page which payload stands: the elements around it, and in which attribute."""
    found = set()
    for element in parse(page).iter("*"):
        texts = [("", element, element.text), ("", element.getparent(), element.tail)]
        texts += [(name, element, value) for name, value in element.attrib.items()]
        for name, within, text in texts:
            if text and "alert" in text:
                found |= {(f"{_path(within)} {name}", n) for n in marks_in(text)}
    return found


def _path(element: Element | None) -> str:
    """Its tag and class, and its parent's."""
    around = (element, element.getparent()) if element is not None else ()
    return " ".join(f"{one.tag}.{one.get('class')}" for one in around if one is not None)


def without_numbers(name: str) -> str:
    return re.sub(r"[0-9]+", "N", name)


@dataclass(frozen=True, eq=False)
class Seen:
    """A page that ``who`` was answered with; ``what`` is the rule, and how it came about."""

    who: str
    what: str
    path: str
    answer: Answer


@dataclass
class Pen:
    """``kept``: which payloads were taken in which box. ``boxes``: all that there were to fill."""

    app: Flask
    kept: dict[Box, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    boxes: set[Box] = field(default_factory=set)
    rules: set[str] = field(default_factory=set)
    """To which some form is sent."""
    seen: list[Seen] = field(default_factory=list)
    _texts: dict[str, frozenset[int]] = field(default_factory=dict)
    _numbers: Iterable[int] = field(default_factory=lambda: count(1))

    def text_for(self, box: Box, most: int, nth: int, gap: str) -> str:
        """As many payloads as there is room for, first what such a box had least often.

        ``nth`` box of its kind in this form: the next one begins with the next payload.
        """
        if box[1] == "email":
            text = f"{ADDRESS}{next(iter(self._numbers))}@example.org"
            self._texts[text] = EVERY
            return text
        had = self.kept_in(area_of(box))
        order = sorted(EVERY, key=lambda n: (had[n], n))
        turn = nth % len(order)
        text, taken = "", set()
        for n in (*order[turn:], *order[:turn]):
            longer = f"{text}{gap}{PAYLOADS[n]}" if text else PAYLOADS[n]
            if not text or len(longer) <= most:
                text = longer
                taken.add(n)
        self._texts[text[:most]] = frozenset(taken)
        return text[:most]

    def kept_in(self, area: Box) -> Counter[int]:
        """How often a box of this kind took each of them."""
        return sum((had for box, had in self.kept.items() if area_of(box) == area), Counter())

    def note_kept(self, path: str, fields: Iterable[tuple[str, str]]) -> None:
        """A form was taken."""
        rule = rule_of(self.app, path, "POST")
        for name, value in fields:
            if found := self._texts.get(value) or marks_in(value):
                self.kept[rule, without_numbers(name)].update(found)

    def note_page(self, who: str, method: str, path: str, answer: Answer) -> None:
        if answer.kind != "text/html":
            return
        how = "" if method == "GET" else f" {method} {answer.status}"
        self.seen.append(Seen(who, rule_of(self.app, path, method) + how, path, answer))
        for form in parse(answer.text).iter("form"):
            for asked, sent in forms_of(self.app, path, form):
                if asked == "post":
                    self.rules.add(sent.rule)
                    self.boxes |= {(sent.rule, without_numbers(name)) for name in sent.texts}


def area_of(box: Box) -> Box:
    """Forms of the same kind of thing: what is new, and what is changed."""
    return box[0].split("/")[1], box[1]
