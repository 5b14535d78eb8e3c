"""Every sentence that people read can be translated: it is marked, and translators get it."""

from __future__ import annotations

import ast
import re
import string
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from app.config import ROOT

FOLDER = ROOT / "translations"
SOURCES = sorted((ROOT / "app").rglob("*.py"))
KEYWORDS = DEFAULT_KEYWORDS | {"_l": None}
MARKS = {"_", "_l", "N_", "gettext", "lazy_gettext", "ngettext", "lazy_ngettext"}
SAYS = {"RuleBroken", "Problem", "ValidationError", "flash", "text_field", "area_field"}
SAYS |= {"number_field", "day_field", "page"}
"""What takes a sentence, or a label, for people as its first argument (``page``: as its title)."""


@cache
def collected() -> frozenset[tuple[str, ...]]:
    """All messages of the code and the templates, found as ``make translations`` finds them."""
    with (FOLDER / "babel.cfg").open(encoding="utf-8") as config:
        methods, options = parse_mapping_cfg(config)  # type: ignore[no-untyped-call]  # Babel's
    found = extract_from_dir(
        str(ROOT), methods, options, KEYWORDS, directory_filter=_is_ours, strip_comment_tags=True
    )
    return frozenset(_ids(message) for _path, _line, message, _comments, _context in found)


def _is_ours(folder: str) -> bool:
    parts = Path(folder).relative_to(ROOT).parts
    return not parts or parts[0] in ("app", "templates")


def _ids(message: str | Sequence[str]) -> tuple[str, ...]:
    return (message,) if isinstance(message, str) else tuple(message)


def translators() -> Catalog:
    with (FOLDER / "messages.pot").open("rb") as file:
        return read_po(file)


def test_translators_have_every_sentence() -> None:
    """If this fails: ``make translations``."""
    known = frozenset(_ids(message.id) for message in translators() if message.id)
    assert {ids[0] for ids in collected()} == {ids[0] for ids in known}
    plurals = {ids for ids in collected() if len(ids) > 1}
    assert plurals == {ids for ids in known if len(ids) > 1}


def test_the_list_says_nothing_of_the_machine_that_made_it() -> None:
    text = (FOLDER / "messages.pot").read_text(encoding="utf-8")
    assert str(ROOT) not in text
    assert "Creation-Date" not in text
    assert not re.search(r"^#: .*:\d", text, re.M)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_sentence_of_the_code_is_marked(path: Path) -> None:
    bare = [
        f"line {call.lineno}: {ast.unparse(call)[:80]}"
        for call in _calls(path)
        if _name(call) in SAYS
        for said in _sentences(call)
        if _is_bare(said)
    ]
    assert not bare


@pytest.mark.parametrize("name", ["rules.py", "checks.py", "service.py"])
def test_every_sentence_of_the_rules_reaches_the_translators(name: str) -> None:
    known = {message.id for message in translators() if message.id}
    said = {
        argument.value
        for path in SOURCES
        if path.name == name
        for call in _calls(path)
        if _name(call) == "N_"
        for argument in call.args
        if isinstance(argument, ast.Constant)
    }
    assert said
    assert said <= known


def test_every_sentence_can_be_filled_in() -> None:
    """A lone per cent sign or a positional place would break the page that says the sentence."""
    anything: dict[str, int] = defaultdict(int)
    for ids in collected():
        for sentence in ids:
            if "%" in sentence:
                assert sentence % anything is not None, sentence


def test_a_plural_fills_in_all_that_its_singular_does() -> None:
    for ids in collected():
        first, *others = (frozenset(re.findall(r"%\((\w+)\)", one)) for one in ids)
        assert all(first <= other for other in others), ids


def test_no_sentence_is_put_together_from_pieces() -> None:
    """A message without a letter is no message: the words stand outside of it."""
    assert not [ids for ids in collected() if not set("".join(ids)) & set(string.ascii_letters)]


def _calls(path: Path) -> Iterator[ast.Call]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Name):
        return call.func.id
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _sentences(call: ast.Call) -> Iterator[ast.expr]:
    yield from call.args[:1]
    for keyword in call.keywords:
        if keyword.arg in ("label", "required", "message", "sentence"):
            yield keyword.value


def _is_bare(said: ast.expr) -> bool:
    """Whether words stand there that no mark surrounds."""
    if isinstance(said, ast.Call):
        return False
    constants = (node for node in ast.walk(said) if isinstance(node, ast.Constant))
    return any(isinstance(one.value, str) and one.value.strip() for one in constants)
