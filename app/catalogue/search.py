"""Finding exercises: what was typed, narrowed by filters, a page at a time.

A process keeps titles, tags and distinct words in memory for as long as the version in
``search_state`` is the one at which it read them. Which exercises have a word, the database says;
of the last words asked for, that is remembered too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any
from uuid import UUID

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, String, bindparam, cast, func, literal, or_, select, union_all
from sqlalchemy.orm import joinedload
from werkzeug.datastructures import MultiDict

from app.catalogue.models import Exercise
from app.catalogue.search_filters import FACETS, SAFE, Chip, Narrowed, Wanted, apply_filters
from app.catalogue.search_ranking import SHORT, Reading, WordSets, rank, read_query, word_sets
from app.catalogue.search_shelf import Entry, Shelf, tag_key
from app.catalogue.search_tables import SearchEntry, SearchState, SearchWord
from app.catalogue.search_words import LAST_LETTER, NOTHING_NEEDED, Facet, Place, Vocabulary
from app.catalogue.words import GOALS, KINDS, POSITIONS
from app.database import db
from app.paging import PAGE_SIZE, Page
from app.text import has_controls

MAX_SEARCH = 200
MAX_CHOSEN = 20
MAX_VOCABULARY = 50_000
"""Distinct words that spelling is put right with, the commonest; every word can be looked up."""
MAX_REMEMBERED = 500
"""Words whose sets are kept: with ten thousand exercises, five kilobytes each."""

_VERSION = select(SearchState.version)
_ENTRIES = select(SearchEntry.number, SearchEntry.exercise_id, SearchEntry.title, SearchEntry.tags)
_COUNTS = (
    select(SearchWord.word, func.count().label("exercises"))
    .group_by(SearchWord.word)
    .order_by(func.count().desc(), SearchWord.word)
    .limit(MAX_VOCABULARY)
)
_PAGE = (
    select(Exercise)
    .where(Exercise.id.in_(bindparam("ids", expanding=True)))
    .options(joinedload(Exercise.current, innerjoin=True))
)
_EXTENSION = "homestretch_search"


class Memory:
    """What a process remembers of one version."""

    def __init__(self, version: UUID) -> None:
        self.version = version
        self.sets: dict[str, WordSets] = {}
        self.shelf = Shelf(
            Entry(number, id, title, [(facet, value) for facet, value in tags])
            for number, id, title, tags in db.session.execute(_ENTRIES)
        )

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Read when the first word is looked for."""
        return Vocabulary({row.word: row.exercises for row in db.session.execute(_COUNTS)})


_FACET_NAMES = {
    Facet.AREA: _l("Body area"),
    Facet.GOAL: _l("Goal"),
    Facet.KIND: _l("Kind"),
    Facet.POSITION: _l("Start position"),
    Facet.EQUIPMENT: _l("Equipment"),
}
_TAG_NAMES: Mapping[Any, Any] = {
    **KINDS,
    **GOALS,
    **POSITIONS,
    NOTHING_NEEDED: _l("Nothing needed"),
}


@dataclass(frozen=True)
class Found:
    """A page of the answer, and all that is said around it."""

    wanted: Wanted
    reading: Reading
    narrowed: Narrowed
    page: Page[Exercise]

    @property
    def chosen(self) -> int:
        """How many tags are chosen."""
        return sum(chip.chosen for chips in self.narrowed.chips.values() for chip in chips)

    @property
    def known_words(self) -> str:
        """Where some of the words are unknown: the others."""
        unknown = self.reading.unknown
        return " ".join(word for word in self.reading.words if unknown and word not in unknown)

    @property
    def groups(self) -> list[tuple[Facet, str, list[tuple[Chip, str]]]]:
        """Each facet with its name and its chips, and theirs, in the reader's language."""
        return [
            (facet, str(_FACET_NAMES[facet]), [(chip, _label(facet, chip)) for chip in chips])
            for facet, chips in self.narrowed.chips.items()
            if chips
        ]


def _label(facet: Facet, chip: Chip) -> str:
    return chip.label if facet is Facet.AREA else str(_TAG_NAMES.get(chip.label, chip.label))


def read_wanted(
    values: MultiDict[str, str], *, ruled_out_by: Collection[str] = (), after: UUID | None = None
) -> Wanted:
    """What the boxes of a search, sent as a form or in an address, ask for."""
    words = values.get("q", "")[:MAX_SEARCH]
    return Wanted(
        words="".join(" " if has_controls(sign) else sign for sign in words).strip(),
        chosen={
            facet: frozenset(map(tag_key, values.getlist(facet)[:MAX_CHOSEN])) for facet in FACETS
        },
        safe=values.get(SAFE) == "1",
        ruled_out_by=ruled_out_by,
        after=after,
    )


def search_exercises(wanted: Wanted, size: int = PAGE_SIZE) -> Found:
    """The exercises that are asked for: the best answers first, all others by title."""
    memory = _memory()
    reading, tiers = Reading(), [memory.shelf.everything]
    if wanted.words:
        reading = read_query(wanted.words, memory.vocabulary)
        looked_up = () if reading.unknown else reading.looked_up
        tiers = rank(memory.shelf, reading, _look_up(memory, looked_up))
    narrowed = apply_filters(memory.shelf, tiers, wanted)
    return Found(wanted, reading, narrowed, _fetch_page(memory.shelf, narrowed, wanted.after, size))


def list_exercises(words: str = "", after: UUID | None = None) -> Page[Exercise]:
    """A page of what ``words`` find."""
    return search_exercises(Wanted(words, after=after)).page


def known_tags(*facets: Facet) -> list[str]:
    """Every tag of these facets, as its first exercise has it."""
    labels = _memory().shelf.labels
    return [label for (facet, key), label in labels.items()
            if facet in facets and key != NOTHING_NEEDED]  # fmt: skip


def _memory() -> Memory:
    version = db.session.scalars(_VERSION).one()
    memory: Memory | None = current_app.extensions.get(_EXTENSION)
    if memory is None or memory.version != version:
        memory = current_app.extensions[_EXTENSION] = Memory(version)
    return memory


def _look_up(memory: Memory, words: Collection[str]) -> Mapping[str, WordSets]:
    """The exercises that have each word. One statement, if any, on the index of the words."""
    new = [word for word in words if word not in memory.sets]
    if len(memory.sets) + len(new) > MAX_REMEMBERED:
        memory.sets.clear()
        new = list(words)
    if new:
        found: dict[str, dict[str, dict[Place, int]]] = {word: {} for word in new}
        for asked, word, place, said in db.session.execute(union_all(*map(_beginning, new))):
            numbers = said.split(",")
            found[asked].setdefault(word, {})[Place(place)] = memory.shelf.numbered(numbers)
        memory.sets.update((word, word_sets(word, found[word])) for word in new)
    return memory.sets


def _beginning(word: str) -> Select[str, str, int, str]:
    """Words that begin with ``word``, and who has them.

    A range, which both databases find by their index; several of them with "or" SQLite would not.
    """
    within = [SearchWord.word >= word, SearchWord.word < word + LAST_LETTER]
    if len(word) <= SHORT:
        within.append(or_(SearchWord.word == word, SearchWord.place == Place.TITLE))
    numbers = func.aggregate_strings(cast(SearchWord.number, String), ",")
    asked = literal(word, String).label("asked")
    return (
        select(asked, SearchWord.word, SearchWord.place, numbers)
        .where(*within)
        .group_by(SearchWord.word, SearchWord.place)
    )


def _fetch_page(shelf: Shelf, narrowed: Narrowed, after: UUID | None, size: int) -> Page[Exercise]:
    start = shelf.place(after) if after else None
    if after and start is None:
        return Page((), None, is_first=False)
    places = islice(narrowed.answer.places(start), size + 1)
    ids = [shelf.ids[place] for place in places]
    shown = ids[:size]
    found = {exercise.id: exercise for exercise in db.session.scalars(_PAGE, {"ids": shown})}
    items = tuple(found[id] for id in shown)
    return Page(items, shown[-1] if len(ids) > size else None, is_first=after is None)
