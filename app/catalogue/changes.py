"""What changed between two texts, word by word and picture by picture. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest

from app.catalogue.rules import ExerciseText, Position, Step

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
class PictureChange:
    """A step of one start position whose picture is another one; None where there is none."""

    position: Position
    number: int
    old: Step | None
    new: Step | None


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


def find_picture_changes(old: ExerciseText | None, new: ExerciseText) -> list[PictureChange]:
    """Every picture that went, came or was changed; none where there is no old text."""
    if old is None:
        return []
    before = {variant.position: variant.steps for variant in old.variants}
    after = {variant.position: variant.steps for variant in new.variants}
    return [
        change
        for position in dict.fromkeys((*after, *before))
        for change in _pictures(position, before.get(position, ()), after.get(position, ()))
    ]


def _pictures(
    position: Position, old: Sequence[Step], new: Sequence[Step]
) -> Iterator[PictureChange]:
    a, b = [step.picture for step in old], [step.picture for step in new]
    for verb, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if verb == "equal":
            continue
        for n, (was, now) in enumerate(zip_longest(old[a1:a2], new[b1:b2])):
            was, now = (step if step and step.picture else None for step in (was, now))
            if was or now:
                yield PictureChange(position, b1 + n + 1, was, now)


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
