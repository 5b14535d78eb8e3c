"""Two states of a draft side by side, in words: for the page on which two clinicians met."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from app.catalogue.words import POSITIONS
from app.plans.models import PlanRevision
from app.plans.rules import Prescribed, RowValues, StartState
from app.plans.service import DraftValues
from app.plans.words import dose_tiles, short_day


@dataclass(frozen=True)
class Difference:
    """One thing that differs; an empty ``theirs`` or ``mine`` says that it is not there."""

    about: str
    theirs: str
    mine: str


def list_differences(
    draft: PlanRevision, theirs: Iterable[Prescribed], mine: DraftValues
) -> list[Difference]:
    """What the saved draft and the typed values say differently, in the order of the plan."""
    found = [Difference(_("Title"), draft.title, mine.title)]
    typed = {row.id: row for row in mine.rows}
    for row in theirs:
        new = typed.pop(row.id, None)
        mine_words = _row_words(new) if new else ""
        found.append(Difference(row.text.title, _row_words(RowValues.of(row)), mine_words))
    gone = _("An exercise that was removed meanwhile")
    found += [Difference(gone, "", _row_words(row)) for row in typed.values()]
    return [d for d in found if d.theirs != d.mine]


def _row_words(row: RowValues) -> str:
    words = [f"{label}: {value}" for label, value in dose_tiles(row.dose)]
    words.append(str(POSITIONS[row.position]))
    if row.start.state is StartState.WITHHELD:
        words.append(_("Not yet: withheld"))
    elif row.start.day:
        words.append(_("Starts on %(day)s", day=short_day(row.start.day)))
    if row.last_day:
        words.append(_("Last day: %(day)s", day=short_day(row.last_day)))
    if row.note:
        words.append(_("Note: %(note)s", note=row.note))
    return "\n".join(words)
