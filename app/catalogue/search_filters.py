"""What is asked for, and what each filter would leave of the answer. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, or_
from typing import Any
from uuid import UUID

from app.catalogue.search_ranking import Answer, narrow
from app.catalogue.search_shelf import Shelf, tag_key
from app.catalogue.search_words import Facet

MAX_CHIPS = 12
"""Values of one facet that are offered, those of most exercises; more can be typed."""
FACETS = (Facet.AREA, Facet.GOAL, Facet.KIND, Facet.POSITION, Facet.EQUIPMENT)
SAFE = "safe"


Question = tuple[str, frozenset[tuple[Facet, frozenset[str]]], bool, frozenset[str]]
"""What is asked, whatever page of the answer is wanted."""


@dataclass(frozen=True)
class Wanted:
    """What is asked for. ``chosen`` are keys of tags: of one facet any, of several facets all.

    ``ruled_out_by`` are the patient's conditions, by slug; ``safe`` keeps clear of what must not
    be done with one of them.
    """

    words: str = ""
    chosen: Mapping[Facet, frozenset[str]] = field(default_factory=dict)
    safe: bool = False
    ruled_out_by: Collection[str] = ()
    after: UUID | None = None

    @property
    def question(self) -> Question:
        chosen = frozenset((facet, keys) for facet, keys in self.chosen.items() if keys)
        return self.words, chosen, self.safe, frozenset(self.ruled_out_by)

    @property
    def parameters(self) -> dict[str, Any]:
        """For an address that asks for the same."""
        values: dict[str, Any] = {"q": self.words, SAFE: "1" if self.safe else None}
        values |= {str(facet): sorted(keys) for facet, keys in self.chosen.items()}
        return {name: value for name, value in values.items() if value}


@dataclass(frozen=True)
class Chip:
    """A filter, and how many exercises there are with it."""

    key: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Narrowed:
    """The answer within the filters. ``suitable`` is how many nothing on the record rules out."""

    answer: Answer
    total: int
    unfiltered: int
    suitable: int
    chips: Mapping[Facet, tuple[Chip, ...]]


def apply_filters(shelf: Shelf, tiers: Sequence[int], wanted: Wanted) -> Narrowed:
    """What the filters leave of the ranked sets, and what each further one would leave."""
    every = _union(tiers)
    tagged = {facet: shelf.tagged(facet) for facet in FACETS}
    chosen = {
        facet: wanted.chosen.get(facet, frozenset()) & tagged[facet].keys() for facet in FACETS
    }
    allowed = {
        facet: _union(tagged[facet][key] for key in keys) if keys else shelf.everything
        for facet, keys in chosen.items()
    }
    ruling = shelf.tagged(Facet.RULED_OUT_BY)
    fit = shelf.everything & ~_union(ruling.get(tag_key(slug), 0) for slug in wanted.ruled_out_by)
    safe = fit if wanted.safe else shelf.everything
    chips = {}
    for facet in FACETS:
        others = reduce(and_, (allowed[other] for other in FACETS if other != facet), every & safe)
        chips[facet] = _chips(shelf, facet, tagged[facet], chosen[facet], others)
    by_tags = reduce(and_, allowed.values(), shelf.everything)
    answer = narrow(tiers, by_tags & safe)
    return Narrowed(
        answer,
        answer.everything.bit_count(),
        every.bit_count(),
        (every & by_tags & fit).bit_count(),
        chips,
    )


def _chips(
    shelf: Shelf, facet: Facet, tagged: Mapping[str, int], chosen: Collection[str], others: int
) -> tuple[Chip, ...]:
    """Of the values that would leave something, the commonest in the catalogue; none where the
    only one would leave all."""
    counts = {key: (found & others).bit_count() for key, found in tagged.items()}
    useful = [key for key in tagged if key in chosen or counts[key]]
    if not chosen and len(useful) == 1 and counts[useful[0]] == others.bit_count():
        return ()
    useful.sort(key=lambda key: (key not in chosen, -tagged[key].bit_count(), key))
    shown = [
        Chip(key, shelf.labels[facet, key], counts[key], key in chosen)
        for key in useful[: max(MAX_CHIPS, len(chosen))]
    ]
    # Chosen ones are never left out, but they stay where they were.
    return tuple(sorted(shown, key=lambda chip: (-tagged[chip.key].bit_count(), chip.key)))


def _union(sets: Iterable[int]) -> int:
    return reduce(or_, sets, 0)
