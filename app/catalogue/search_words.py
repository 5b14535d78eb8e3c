"""The words and tags of an exercise, and which words are near to a misspelt one. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from app.catalogue.rules import ExerciseText, Level
from app.text import search_key

MAX_WORD = 40
"""Letters of a word that count; what is longer is compared by its beginning."""
MAX_WORDS = 8
"""Words of a query that count."""
MAX_NEAR = 3
NOTHING_NEEDED = "none"
"""The equipment of an exercise that needs none."""
LAST_LETTER = "\U0010ffff"

_WORDS = re.compile(r"[^\W_]+")
_HYPHENATED = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+)+")


class Place(IntEnum):
    """Where in an exercise a word stands, the most telling place first."""

    TITLE = 1
    TAG = 2
    TEXT = 3


class Facet(StrEnum):
    """What exercises can be narrowed down by. The values are names of boxes and in addresses."""

    AREA = "area"
    GOAL = "goal"
    KIND = "kind"
    POSITION = "position"
    EQUIPMENT = "equipment"
    RULED_OUT_BY = "ruled-out-by"
    """The conditions, by slug, with which an exercise must not be done; no box of its own."""


def split_words(text: str) -> list[str]:
    """Its words without case, accents and marks: "Röws, wall push-up" is rows wall push up."""
    return [word[:MAX_WORD] for word in _WORDS.findall(search_key(text))]


def joined(words: Sequence[str]) -> Iterator[str]:
    """Neighbours as one word: somebody may write "midback" or "mid back"."""
    return ((one + other)[:MAX_WORD] for one, other in pairwise(words))


def title_of(text: ExerciseText) -> str:
    """What exercises are ordered by."""
    return " ".join(split_words(text.title))


def words_of(text: ExerciseText) -> dict[str, Place]:
    """Every word by which the exercise can be found, with the best place where it stands."""
    found: dict[str, Place] = {}
    for place, phrases in (
        (Place.TITLE, (text.title,)),
        (Place.TAG, _tag_phrases(text)),
        (Place.TEXT, _sentences(text)),
    ):
        for phrase in phrases:
            words = split_words(phrase)
            for word in words:
                found.setdefault(word, place)
            if place is Place.TEXT:
                parts = (split_words(match) for match in _HYPHENATED.findall(phrase))
                pairs = [pair for words in parts for pair in joined(words)]
            else:
                pairs = list(joined(words))
            for pair in pairs:
                found.setdefault(pair, place)
    return found


def tags_of(text: ExerciseText) -> list[list[str]]:
    """``[facet, value]`` of all that the exercise can be narrowed down by, ready for JSON."""
    values: Mapping[Facet, Iterable[str]] = {
        Facet.AREA: text.body_areas,
        Facet.GOAL: text.goals,
        Facet.KIND: (text.kind,),
        Facet.POSITION: (variant.position for variant in text.variants),
        Facet.EQUIPMENT: text.equipment or (NOTHING_NEEDED,),
        Facet.RULED_OUT_BY: (
            caution.condition
            for caution in text.cautions
            if caution.level is Level.CONTRAINDICATION
        ),
    }
    return [[str(facet), str(value)] for facet, named in values.items() for value in named]


def _tag_phrases(text: ExerciseText) -> Iterator[str]:
    yield text.kind
    yield from text.goals
    yield from (variant.position for variant in text.variants)
    yield from text.body_areas
    yield from text.equipment


def _sentences(text: ExerciseText) -> Iterator[str]:
    yield text.purpose
    for variant in text.variants:
        yield from (step.text for step in variant.steps)


@dataclass(frozen=True)
class Vocabulary:
    """The catalogue's words. ``counts``: how many exercises have each."""

    counts: Mapping[str, int]
    _sorted: Sequence[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_sorted", sorted(self.counts))

    def has_beginning(self, letters: str) -> bool:
        """Whether a word begins so."""
        place = bisect_left(self._sorted, letters)
        return place < len(self._sorted) and self._sorted[place].startswith(letters)

    def near(self, word: str) -> list[str]:
        """What may be meant by a word that nobody wrote, the likeliest first.

        One letter wrong, missing, too many or swapped in a short word, two in one of six letters
        or more; of words equally near, the one with the same first letter that more exercises have.
        """
        if len(word) < 3:
            return []
        found = _near(word, self._sorted, 1 if len(word) < 6 else 2)
        least = min(found.values(), default=0)
        likely = [near for near, edits in found.items() if edits == least]
        likely.sort(key=lambda near: (near[0] != word[0], -self.counts[near], near))
        return likely[:MAX_NEAR]

    def like(self, word: str) -> list[str]:
        """Words that differ in one letter from a known one, not in the first: "rolls", "roll".

        None for words under five letters: too many differ in one.
        """
        if len(word) < 5:
            return []
        begin = bisect_left(self._sorted, word[0])
        end = bisect_left(self._sorted, word[0] + LAST_LETTER)
        found = _near(word, self._sorted[begin:end], 1)
        return sorted(found.keys() - {word}, key=lambda near: (-self.counts[near], near))[:MAX_NEAR]


def _near(word: str, words: Iterable[str], edits: int) -> dict[str, int]:
    """The words at most ``edits`` away, with how far."""
    fit = [one for one in words if abs(len(one) - len(word)) <= edits]
    hits = process.extract(word, fit, scorer=OSA.distance, score_cutoff=edits, limit=None)
    return {near: int(distance) for near, distance, _place in hits}
