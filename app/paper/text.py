"""Words on their way to paper: without what no paper can show, and never read as markup."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

LONGEST_WORD = 24
"""A longer word may be broken anywhere: it would stick out of a narrow column."""
BREAK_EVERY = 10
BREAK = "\u200b"

UNSEEN = {"name", "alt"}
"""Keys of words that nobody sees on the paper: its title in the reader's window, alt text."""

Runs = list[tuple[str, bool]]
"""A sentence in pieces: (words, whether they are bold)."""

_UNPRINTABLE = {"Cc", "Cs", "Co", "Cn"}
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn text round, also the text after them; each word knows its own direction."""
_LONG = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")


def rich(sentence: str, **values: object) -> Runs:
    """``sentence`` with its ``<strong>`` parts bold and its ``%(name)s`` places filled.

    Only the sentence's own marks count: what is filled in stays as it is.
    """
    pieces = re.split(r"</?strong>", sentence)
    return [(piece % values, n % 2 == 1) for n, piece in enumerate(pieces) if piece]


def printable(value: object, *, breakable: bool = True) -> object:
    """``value`` (lists, mappings, strings, numbers) with every string fit for paper.

    Long words get places to break at, except under the keys of :data:`UNSEEN`.
    """
    if isinstance(value, str):
        return _breakable(_fit(value)) if breakable else _fit(value)
    if isinstance(value, Mapping):
        return {
            key: printable(one, breakable=breakable and key not in UNSEEN)
            for key, one in value.items()
        }
    if isinstance(value, list | tuple):
        return [printable(one, breakable=breakable) for one in value]
    return value


def _fit(words: str) -> str:
    if words.isascii() and words.isprintable():
        return words
    lines = words.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(mark for mark in lines if mark == "\n" or _is_printed(mark))


def _is_printed(mark: str) -> bool:
    return unicodedata.category(mark) not in _UNPRINTABLE and mark not in _DIRECTIONS


def _breakable(words: str) -> str:
    return _LONG.sub(lambda found: _with_breaks(found.group()), words)


def _with_breaks(word: str) -> str:
    """An address breaks after its strokes; other words wherever they must."""
    parts = re.split(r"(?<=/)(?!/)", word.replace(BREAK, ""))
    return BREAK.join(_in_pieces(part) if len(part) > LONGEST_WORD else part for part in parts)


def _in_pieces(word: str) -> str:
    """Places to break at, never between a letter and what belongs to it."""
    marks: list[str] = []
    since = 0
    for mark in word:
        joins = unicodedata.category(mark)[0] == "M" or mark == "\u200d"
        joined = bool(marks) and marks[-1] == "\u200d"
        if since >= BREAK_EVERY and not joins and not joined:
            marks.append(BREAK)
            since = 0
        marks.append(mark)
        since += 1
    return "".join(marks)
