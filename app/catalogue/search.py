"""Finding exercises: what was typed, narrowed by filters, a page at a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload
from werkzeug.datastructures import MultiDict

from app.catalogue.models import Exercise
from app.catalogue.search_filters import FACETS, SAFE, Chip, Narrowed, Wanted
from app.catalogue.search_memory import current_memory, find_answer
from app.catalogue.search_ranking import Reading
from app.catalogue.search_shelf import Shelf, tag_key
from app.catalogue.search_words import NOTHING_NEEDED, Facet
from app.catalogue.texts import Listed, find_texts
from app.catalogue.words import GOALS, KINDS, POSITIONS
from app.database import db
from app.paging import PAGE_SIZE, Page
from app.text import has_controls

MAX_SEARCH = 200
MAX_CHOSEN = 20
_EXERCISES = (
    select(Exercise)
    .where(Exercise.id.in_(bindparam("ids", expanding=True)))
    .options(joinedload(Exercise.current, innerjoin=True))
)
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


Group = tuple[Facet, tuple[Chip, ...]]


@dataclass(frozen=True)
class Found:
    """A page of the answer, and all that is said around it."""

    wanted: Wanted
    reading: Reading
    narrowed: Narrowed
    page: Page[Listed]

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
    def groups(self) -> list[Group]:
        """Each facet with its chips."""
        return [(facet, chips) for facet, chips in self.narrowed.chips.items() if chips]


def facet_name(facet: Facet) -> str:
    """In the reader's language."""
    return str(_FACET_NAMES[facet])


def chip_name(facet: Facet, chip: Chip) -> str:
    """The same of a chip; body areas are the clinic's own words."""
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
    memory = current_memory()
    reading, narrowed = find_answer(memory, wanted)
    page = _find_page(memory.shelf, narrowed, wanted.after, size)
    texts = find_texts(revision_id for _id, revision_id in page.items)
    listed = tuple(Listed(id, revision_id, texts[revision_id]) for id, revision_id in page.items)
    return Found(wanted, reading, narrowed, Page(listed, page.next, page.is_first))


def list_exercises(words: str = "", after: UUID | None = None) -> Page[Exercise]:
    """A page of what ``words`` find, to work with."""
    memory = current_memory()
    _reading, narrowed = find_answer(memory, Wanted(words))
    page = _find_page(memory.shelf, narrowed, after, PAGE_SIZE)
    ids = [id for id, _revision_id in page.items]
    found = {exercise.id: exercise for exercise in db.session.scalars(_EXERCISES, {"ids": ids})}
    return Page(tuple(found[id] for id in ids), page.next, page.is_first)


def known_tags(*facets: Facet) -> list[str]:
    """Every tag of these facets, as its first exercise has it."""
    labels = current_memory().shelf.labels
    return [label for (facet, key), label in labels.items()
            if facet in facets and key != NOTHING_NEEDED]  # fmt: skip


def _find_page(
    shelf: Shelf, narrowed: Narrowed, after: UUID | None, size: int
) -> Page[tuple[UUID, UUID]]:
    """The ids of exercises, and of their newest revisions."""
    start = shelf.place(after) if after else None
    if after and start is None:
        return Page((), None, is_first=False)
    places = tuple(islice(narrowed.answer.places(start), size + 1))
    shown = tuple((shelf.ids[place], shelf.revision_ids[place]) for place in places[:size])
    return Page(shown, shown[-1][0] if len(places) > size else None, is_first=after is None)
