"""What must be true of every template: it compiles, is used, and says nothing untranslatable."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes
from jinja2.lexer import TOKEN_BLOCK_BEGIN, TOKEN_BLOCK_END, TOKEN_DATA, TOKEN_NAME

from app.config import ROOT

TEMPLATES = ROOT / "templates"
PAGES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
NAMES = {"Homestretch"}
"""Words that are the same in every language."""
ATTRIBUTES = {("block", "body_class"), ("block", "html_attributes")}
"""Blocks of the layout that stand inside of a tag."""
SPOKEN = {"alt", "aria-label", "placeholder", "title"}
SAID = re.compile(r"[^\W\d_]{2,}")
SENTENCE = re.compile(r"[A-Z][a-z]")
TRANSLATES = {"_", "gettext", "ngettext", "pgettext", "npgettext"}

pytestmark = pytest.mark.looks
each_page = pytest.mark.parametrize("name", PAGES)


class Literals(HTMLParser):
    """Collects what a reader would see or hear of a page's own text, and inline code."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.inline: list[str] = []
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("code", "script", "style"):
            self._within.append(tag)
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(f"<{tag}>")
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                self.inline.append(f"{name}=")
            if name in SPOKEN and SAID.search(value or ""):
                self.said.append(f"{name}={value}")

    def handle_endtag(self, tag: str) -> None:
        if self._within and self._within[-1] == tag:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if not self._within and SAID.search(words) and words.strip("– ") not in NAMES:
            self.said.append(words)


def literals_of(source: str, app: Flask) -> Literals:
    found = Literals()
    found.feed("".join(_own_text(source, app)))
    found.close()
    return found


def _own_text(source: str, app: Flask) -> Iterator[str]:
    """The template's text outside of {% trans %}; whatever is filled in leaves nothing."""
    skipping = ""
    block: list[str] = []
    for _line, kind, value in app.jinja_env.lex(source):
        if kind == TOKEN_DATA and not skipping:
            yield value
        elif kind == TOKEN_BLOCK_BEGIN:
            block = []
        elif kind == TOKEN_NAME:
            block.append(value)
        elif kind == TOKEN_BLOCK_END:
            if block[0] == "trans" or tuple(block[:2]) in ATTRIBUTES:
                skipping = f"end{block[0]}"
            elif block[0] == skipping:
                skipping = ""


@each_page
def test_every_visible_literal_is_marked_for_translation(name: str, app: Flask) -> None:
    assert not literals_of((TEMPLATES / name).read_text(encoding="utf-8"), app).said


@each_page
def test_no_template_has_inline_style_or_script(name: str, app: Flask) -> None:
    assert not literals_of((TEMPLATES / name).read_text(encoding="utf-8"), app).inline


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello</p>",
        "<p>{{ name }} is here</p>",
        '<a title="Home" href="/">{{ _("Home") }}</a>',
        '<img alt="A{% if x %} small{% endif %} dog">',
        "{% trans %}Fine{% endtrans %} not fine",
        "{% if x %}yes{% endif %}",
    ],
)
def test_these_literals_would_be_found(source: str, app: Flask) -> None:
    assert literals_of(source, app).said


@each_page
def test_no_sentence_is_handed_to_a_macro_untranslated(name: str, app: Flask) -> None:
    """``{{ button("Save") }}`` would be read by people, too."""
    tree = app.jinja_env.parse((TEMPLATES / name).read_text(encoding="utf-8"))
    assert not [said for said in _constants(tree) if SENTENCE.match(said) and said not in NAMES]


def _constants(node: nodes.Node) -> Iterator[str]:
    """The strings of a template's expressions that are not handed to a translation."""
    if isinstance(node, nodes.Call) and getattr(node.node, "name", "") in TRANSLATES:
        return
    if isinstance(node, nodes.Compare | nodes.TemplateData):
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    for child in node.iter_child_nodes():
        yield from _constants(child)


@each_page
def test_every_template_compiles(name: str, app: Flask) -> None:
    app.jinja_env.get_template(name)


def test_every_template_is_used() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "app").rglob("*.py"))
    templates = {
        path.relative_to(TEMPLATES).as_posix(): path.read_text(encoding="utf-8")
        for path in TEMPLATES.rglob("*.*")
    }
    unused = {
        name
        for name in templates
        if not _is_named(name, code)
        and not any(_is_named(name, text) for other, text in templates.items() if other != name)
    }
    assert not unused


def _is_named(name: str, text: str) -> bool:
    """Paper templates name each other without their folder."""
    names = (name, f"/{name}", Path(name).name) if name.endswith(".typ") else (name,)
    return any(f'"{one}"' in text for one in names)
