"""What a process remembers of the catalogue, to search it.

Titles, tags and distinct words, for as long as the version in ``search_state`` is the one at which
it read them. Which exercises have a word, the database says; of the last words asked for, that is
remembered too, and so are the last answers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property
from uuid import UUID

from flask import current_app
from sqlalchemy import Select, String, cast, func, literal, or_, select, union_all

from app.catalogue.models import Exercise, ExerciseRevision
from app.catalogue.search_filters import Narrowed, Question, Wanted, apply_filters
from app.catalogue.search_ranking import SHORT, Reading, WordSets, rank, read_query, word_sets
from app.catalogue.search_shelf import Entry, Shelf
from app.catalogue.search_tables import SearchEntry, SearchState, SearchWord
from app.catalogue.search_words import LAST_LETTER, Place, Vocabulary
from app.database import db, read_rows

MAX_VOCABULARY = 50_000
"""Distinct words that spelling is put right with, the commonest; every word can be looked up."""
MAX_REMEMBERED = 500
"""Words whose sets are kept: with ten thousand exercises, five kilobytes each."""

MAX_ANSWERS = 100
"""Questions whose answers are kept: with ten thousand exercises, fifteen kilobytes each."""

_VERSION = select(SearchState.version)
_ENTRIES = (
    select(
        SearchEntry.number,
        SearchEntry.exercise_id,
        ExerciseRevision.id,
        SearchEntry.title,
        SearchEntry.tags,
    )
    .join(Exercise, Exercise.id == SearchEntry.exercise_id)
    .join(Exercise.current)
)
_COUNTS = (
    select(SearchWord.word, func.count().label("exercises"))
    .group_by(SearchWord.word)
    .order_by(func.count().desc(), SearchWord.word)
    .limit(MAX_VOCABULARY)
)
_EXTENSION = "homestretch_search"


class Memory:
    """What a process remembers of one version."""

    def __init__(self, version: UUID) -> None:
        self.version = version
        self.sets: dict[str, WordSets] = {}
        self.answers: dict[Question, tuple[Reading, Narrowed]] = {}
        self.shelf = Shelf(
            Entry(number, id, revision_id, title, [(facet, value) for facet, value in tags])
            for number, id, revision_id, title, tags in db.session.execute(_ENTRIES)
        )

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Read when the first word is looked for."""
        return Vocabulary({row.word: row.exercises for row in db.session.execute(_COUNTS)})


def current_memory() -> Memory:
    """Of the version that this transaction sees."""
    ((version,),) = read_rows(_VERSION)
    memory: Memory | None = current_app.extensions.get(_EXTENSION)
    if memory is None or memory.version != version:
        memory = current_app.extensions[_EXTENSION] = Memory(version)
    return memory


def find_answer(memory: Memory, wanted: Wanted) -> tuple[Reading, Narrowed]:
    """How the question was understood, and what answers it: kept for whoever asks the same."""
    asked = wanted.question
    answer = memory.answers.get(asked)
    if answer is None:
        answer = _answer(memory, wanted)
        if len(memory.answers) >= MAX_ANSWERS:
            memory.answers.clear()
        memory.answers[asked] = answer
    return answer


def _answer(memory: Memory, wanted: Wanted) -> tuple[Reading, Narrowed]:
    reading, tiers = Reading(), [memory.shelf.everything]
    if wanted.words:
        reading = read_query(wanted.words, memory.vocabulary)
        looked_up = () if reading.unknown else reading.looked_up
        tiers = rank(memory.shelf, reading, _look_up(memory, looked_up))
    return reading, apply_filters(memory.shelf, tiers, wanted)


def _look_up(memory: Memory, words: Collection[str]) -> Mapping[str, WordSets]:
    """The exercises that have each word. One statement, if any, on the index of the words."""
    known = {word: sets for word in words if (sets := memory.sets.get(word))}
    if new := [word for word in words if word not in known]:
        found: dict[str, dict[str, dict[Place, int]]] = {word: {} for word in new}
        for asked, word, place, said in db.session.execute(union_all(*map(_beginning, new))):
            numbers = said.split(",")
            found[asked].setdefault(word, {})[Place(place)] = memory.shelf.numbered(numbers)
        made = {word: word_sets(word, found[word]) for word in new}
        if len(memory.sets) + len(made) > MAX_REMEMBERED:
            memory.sets.clear()
        memory.sets.update(made)
        known |= made
    return known


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
