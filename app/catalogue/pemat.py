"""PEMAT-P: how well a printed text can be understood and acted on. Items and score: pure.

The instrument is AHRQ's (publication 14-0002-EF, 2013); items are numbered as there, those for
films (13, 14) left out, and named in our own words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.errors import N_, RuleBroken


class Mark(StrEnum):
    AGREE = "agree"
    DISAGREE = "disagree"
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True)
class Item:
    """One question; ``may_not_apply`` where the instrument lets it."""

    number: int
    words: str
    may_not_apply: bool = False


UNDERSTANDABILITY = (
    Item(1, N_("It is plain at once what the text is for.")),
    Item(2, N_("Nothing in it leads away from that.")),
    Item(3, N_("Its words are everyday words.")),
    Item(4, N_("Medical words are few, and explained.")),
    Item(5, N_("Sentences are active: they say who does what.")),
    Item(6, N_("Numbers are clear and easy."), may_not_apply=True),
    Item(7, N_("The reader need not calculate.")),
    Item(8, N_("It comes in short pieces."), may_not_apply=True),
    Item(9, N_("The pieces have headings that say what is in them."), may_not_apply=True),
    Item(10, N_("The order makes sense.")),
    Item(11, N_("It sums up."), may_not_apply=True),
    Item(12, N_("Boxes, bold words or marks show what matters most.")),
    Item(15, N_("There is a picture wherever one helps.")),
    Item(16, N_("Pictures support the words."), may_not_apply=True),
    Item(17, N_("Pictures have clear titles or captions."), may_not_apply=True),
    Item(18, N_("Pictures are clear and uncluttered."), may_not_apply=True),
    Item(19, N_("Tables are simple, with short headings."), may_not_apply=True),
)
ACTIONABILITY = (
    Item(20, N_("It names at least one thing to do.")),
    Item(21, N_("It speaks to the reader.")),
    Item(22, N_("What is to be done comes in clear steps.")),
    Item(23, N_("It gives something to work with, like a checklist, wherever that helps.")),
    Item(24, N_("Where one must calculate, it says how."), may_not_apply=True),
    Item(25, N_("It says how to use its charts and tables."), may_not_apply=True),
    Item(26, N_("Pictures are used wherever they make it easier to act.")),
)
ITEMS = (*UNDERSTANDABILITY, *ACTIONABILITY)
Marks = Mapping[int, Mark]


@dataclass(frozen=True)
class Score:
    """Per cent of what applies, rounded; None where nothing does."""

    understandability: int | None
    actionability: int | None


def check_marks(marks: Marks) -> None:
    """Refuse (RuleBroken) a list with a gap, or a "does not apply" where there is none."""
    for item in ITEMS:
        mark = marks.get(item.number)
        if mark is None:
            raise RuleBroken(N_("Answer this."), field=f"item-{item.number}")
        if mark is Mark.NOT_APPLICABLE and not item.may_not_apply:
            raise RuleBroken(N_("This always applies."), field=f"item-{item.number}")


def score_of(marks: Marks) -> Score:
    return Score(_per_cent(UNDERSTANDABILITY, marks), _per_cent(ACTIONABILITY, marks))


def _per_cent(items: tuple[Item, ...], marks: Marks) -> int | None:
    given = [marks[item.number] for item in items if marks[item.number] != Mark.NOT_APPLICABLE]
    return round(100 * given.count(Mark.AGREE) / len(given)) if given else None
