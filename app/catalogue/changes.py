"""What changed between two texts, word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_TOKENS = re.compile(r"\n|\S+")


class Side(StrEnum):
    """In which of the two texts a piece stands."""

    BOTH = "both"
    OLD = "old"
    NEW = "new"


@dataclass(frozen=True)
class Part:
    """A labelled part of a text, e.g. the steps of one start position, a step a line."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Piece:
    """Words with single spaces; there is a space, not written, between two pieces."""

    side: Side
    words: str


@dataclass(frozen=True)
class Change:
    """A part that is not the same in both texts."""

    label: str
    pieces: tuple[Piece, ...]

    def seen_from(self, side: Side) -> tuple[Piece, ...]:
        """The part as one of the texts has it."""
        return tuple(piece for piece in self.pieces if piece.side in (Side.BOTH, side))


def find_changes(old: Sequence[Part], new: Sequence[Part]) -> tuple[Change, ...]:
    """The parts that differ, in the order of ``new``; parts that only ``old`` has come last."""
    before = {part.label: "\n".join(part.lines) for part in old}
    after = {part.label: "\n".join(part.lines) for part in new}
    return tuple(
        Change(label, tuple(_pieces(before.get(label, ""), after.get(label, ""))))
        for label in dict.fromkeys((*after, *before))
        if before.get(label, "") != after.get(label, "")
    )


def _pieces(old: str, new: str) -> Iterator[Piece]:
    a, b = _TOKENS.findall(old), _TOKENS.findall(new)
    for verb, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if verb == "equal":
            yield from _piece(Side.BOTH, a[a1:a2])
        else:
            yield from _piece(Side.OLD, a[a1:a2])
            yield from _piece(Side.NEW, b[b1:b2])


def _piece(side: Side, tokens: Iterable[str]) -> Iterator[Piece]:
    if words := " ".join(tokens).replace(" \n", "\n").replace("\n ", "\n"):
        yield Piece(side, words)
