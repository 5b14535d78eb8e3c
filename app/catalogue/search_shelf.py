"""All exercises that can be found, by title and by tag, as sets. Pure.

Sets of exercises are whole numbers: bit *n* stands for the exercise that is *n*-th by title. So
"and", "or" and counting take microseconds for ten thousand exercises, and the bits from the lowest
up are the exercises in the order of their titles.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from app.catalogue.search_words import LAST_LETTER, Facet, split_words

ONE = ord("1")


@dataclass(frozen=True)
class Entry:
    """An exercise that can be found, its title as search_words.title_of gives it."""

    number: int
    id: UUID
    revision_id: UUID
    title: str
    tags: Sequence[tuple[str, str]]


class Shelf:
    """All exercises that can be found, as the search keeps them in memory."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        ordered = sorted(entries, key=lambda entry: (entry.title, entry.id.hex))
        self.ids = tuple(entry.id for entry in ordered)
        self.revision_ids = tuple(entry.revision_id for entry in ordered)
        self.everything = (1 << len(ordered)) - 1
        self._place_of_id = {entry.id: place for place, entry in enumerate(ordered)}
        self._place_of_number = {str(entry.number): place for place, entry in enumerate(ordered)}
        self._titles = sorted((e.title.replace(" ", ""), place) for place, e in enumerate(ordered))
        tagged: dict[tuple[str, str], list[int]] = {}
        self.labels: dict[tuple[str, str], str] = {}  # of a tag, as its first exercise has it
        for place, entry in enumerate(ordered):
            for facet, value in entry.tags:
                if key := tag_key(value):
                    self.labels.setdefault((facet, key), value)
                    tagged.setdefault((facet, key), []).append(place)
        self._tagged = {key: self._set(places) for key, places in tagged.items()}

    def place(self, exercise_id: UUID) -> int | None:
        return self._place_of_id.get(exercise_id)

    def numbered(self, numbers: Iterable[str]) -> int:
        """The set of the entries with these numbers, in digits."""
        places = self._place_of_number
        return self._set(places[number] for number in numbers if number in places)

    def tagged(self, facet: Facet) -> dict[str, int]:
        """The set of each of the facet's values, by its key."""
        return {key: found for (name, key), found in self._tagged.items() if name == facet}

    def titled(self, words: str, *, whole: bool) -> int:
        """Those whose title is ``words`` (``whole``) or begins so, spaces and hyphens aside."""
        if not words:
            return 0
        begin = bisect_left(self._titles, (words, -1))
        end = bisect_left(self._titles, (words if whole else words + LAST_LETTER, len(self.ids)))
        return self._set(place for _title, place in self._titles[begin:end])

    def _set(self, places: Iterable[int]) -> int:
        digits = bytearray(b"0") * (len(self.ids) + 1)
        for place in places:
            digits[place] = ONE
        return int(digits[::-1], 2)


@lru_cache(1000)
def tag_key(value: str) -> str:
    """Under which a tag is known, however it was written."""
    return " ".join(split_words(value))
