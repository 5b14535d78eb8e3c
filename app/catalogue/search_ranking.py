"""How a query is understood, which exercises answer it, and in which order. Pure.

Sets of exercises are whole numbers: see search_shelf.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_, or_

from app.catalogue.search_shelf import Shelf
from app.catalogue.search_words import (
    LAST_LETTER,
    MAX_WORDS,
    Place,
    Vocabulary,
    joined,
    split_words,
)

SHORT = 2
"""So many letters find the beginnings of the titles' words only: all else has every letter."""


@dataclass(frozen=True)
class Reading:
    """How a query is understood. ``words`` are what is looked for, ``typed`` what was typed.

    ``like`` has, for each word, others that are near enough to come last. ``unknown`` are typed
    words that no word of the catalogue is near to.
    """

    typed: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    like: tuple[tuple[str, ...], ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def pairs(self) -> tuple[str, ...]:
        return tuple(joined(self.words))

    @property
    def others(self) -> frozenset[str]:
        """All words that are looked for as they are, besides those that are by their beginning."""
        return frozenset(word for words in self.like for word in words)

    @property
    def is_corrected(self) -> bool:
        return self.words != self.typed


def read_query(text: str, vocabulary: Vocabulary) -> Reading:
    """What ``text`` asks for, misspelt words put right."""
    typed = tuple(split_words(text)[:MAX_WORDS])
    pairs = list(joined(typed))
    words, like, unknown = [], [], []
    for n, word in enumerate(typed):
        beside = pairs[max(n - 1, 0) : n + 1]
        if any(map(vocabulary.has_beginning, (word, *beside))):
            words.append(word)
            like.append(tuple(vocabulary.like(word)))
        elif near := vocabulary.near(word):
            words.append(near[0])
            like.append(tuple(near[1:]))
        else:
            words.append(word)
            like.append(())
            unknown.append(word)
    return Reading(typed, tuple(words), tuple(like), tuple(unknown))


class Hits:
    """Where each looked up word stands: word -> place -> set."""

    def __init__(self, found: Mapping[str, Mapping[Place, int]]) -> None:
        self._found = found
        self._sorted = sorted(found)

    def exact(self, word: str, worst: Place = Place.TEXT) -> int:
        sets = self._found.get(word, {})
        return reduce(or_, (found for place, found in sets.items() if place <= worst), 0)

    def beginning(self, letters: str, worst: Place = Place.TEXT) -> int:
        if len(letters) <= SHORT and worst is not Place.TITLE:
            return self.exact(letters, worst) | self.beginning(letters, Place.TITLE)
        begin = bisect_left(self._sorted, letters)
        end = bisect_left(self._sorted, letters + LAST_LETTER)
        return reduce(or_, (self.exact(word, worst) for word in self._sorted[begin:end]), 0)


def rank(shelf: Shelf, reading: Reading, hits: Hits) -> list[int]:
    """The answers in sets, the best set first; within one, by title.

    The title itself; titles that begin so; all words in the title; all words; beginnings of words
    in the title; beginnings of words; words that are only like what was typed.
    """
    if not reading.words or reading.unknown:
        return []

    def every(find: Callable[[str], int], *, or_like: bool = False) -> int:
        """The exercises that have, of each word, what ``find`` finds of it or of its pairs."""
        pairs = [0, *map(find, reading.pairs), 0]
        singles = map(find, reading.words)
        like = [reduce(or_, map(hits.exact, words), 0) for words in reading.like]
        return reduce(
            and_,
            (
                single | pairs[n] | pairs[n + 1] | (like[n] if or_like else 0)
                for n, single in enumerate(singles)
            ),
        )

    whole = "".join(reading.words)
    return [
        shelf.titled(whole, whole=True),
        shelf.titled(whole, whole=False),
        every(lambda word: hits.exact(word, Place.TITLE)),
        every(hits.exact),
        every(lambda word: hits.beginning(word, Place.TITLE)),
        every(hits.beginning),
        every(hits.beginning, or_like=True),
    ]


@dataclass(frozen=True)
class Answer:
    """The ranked sets, each without what a better one has, and within the filters."""

    tiers: tuple[int, ...]

    @cached_property
    def everything(self) -> int:
        return reduce(or_, self.tiers, 0)

    def places(self, after: int | None = None) -> Iterator[int]:
        """Places on the shelf in order; those that come after the place ``after``."""
        tiers = iter(self.tiers)
        if after is not None:
            first = next((tier for tier in tiers if tier >> after & 1), 0)
            yield from _bits(first >> after + 1 << after + 1)
        for tier in tiers:
            yield from _bits(tier)


def narrow(tiers: Iterable[int], within: int) -> Answer:
    left, kept = within, []
    for tier in tiers:
        kept.append(tier & left)
        left &= ~tier
    return Answer(tuple(kept))


def _bits(found: int) -> Iterator[int]:
    while found:
        lowest = found & -found
        yield lowest.bit_length() - 1
        found ^= lowest
