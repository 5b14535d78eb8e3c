"""How a query is understood, which exercises answer it, and in which order. Pure.

Sets of exercises are whole numbers: see search_shelf.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_, or_

from app.catalogue.search_shelf import Shelf
from app.catalogue.search_words import (
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
    def looked_up(self) -> frozenset[str]:
        """All that the exercises are to be known of."""
        return frozenset((*self.words, *self.pairs, *(w for words in self.like for w in words)))

    @property
    def is_corrected(self) -> bool:
        return self.words != self.typed


def read_query(text: str, vocabulary: Vocabulary) -> Reading:
    """What ``text`` asks for, misspelt words put right."""
    typed = tuple(dict.fromkeys(split_words(text)))[:MAX_WORDS]
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


@dataclass(frozen=True)
class WordSets:
    """The exercises that have a word, in the title or anywhere, whole or as a beginning."""

    title: int = 0
    anywhere: int = 0
    begins_title: int = 0
    begins_anywhere: int = 0


def word_sets(word: str, found: Mapping[str, Mapping[Place, int]]) -> WordSets:
    """Gather them from ``found``: the words that begin so -> place -> set."""
    whole = found.get(word, {})
    title, anywhere = whole.get(Place.TITLE, 0), reduce(or_, whole.values(), 0)
    others = [places for other, places in found.items() if other.startswith(word)]
    begins_title = reduce(or_, (places.get(Place.TITLE, 0) for places in others), 0)
    begins = (found for places in others for found in places.values())
    begins_anywhere = anywhere | begins_title if len(word) <= SHORT else reduce(or_, begins, 0)
    return WordSets(title, anywhere, begins_title, begins_anywhere)


def rank(shelf: Shelf, reading: Reading, sets: Mapping[str, WordSets]) -> list[int]:
    """The answers in sets, the best set first; within one, by title.

    The title itself; titles that begin so; all words in the title; all words; beginnings of words
    in the title; beginnings of words; words that are only like what was typed.
    """
    if not reading.words or reading.unknown:
        return []

    def every(find: Callable[[WordSets], int], *, or_like: bool = False) -> int:
        """The exercises that have, of each word, what ``find`` finds of it or of its pairs."""
        pairs = [0, *(find(sets[pair]) for pair in reading.pairs), 0]
        each = []
        for n, word in enumerate(reading.words):
            like = (sets[other].anywhere for other in reading.like[n] if or_like)
            each.append(reduce(or_, like, find(sets[word]) | pairs[n] | pairs[n + 1]))
        return reduce(and_, each)

    whole = "".join(reading.words)
    return [
        shelf.titled(whole, whole=True),
        shelf.titled(whole, whole=False),
        every(lambda found: found.title),
        every(lambda found: found.anywhere),
        every(lambda found: found.begins_title),
        every(lambda found: found.begins_anywhere),
        every(lambda found: found.begins_anywhere, or_like=True),
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
