"""Two states of a draft side by side, in words: for the page on which two clinicians met."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _

from app.catalogue.words import POSITIONS
from app.plans.review import Review
from app.plans.rules import Defaults, Prescribed, RowValues, StartState
from app.plans.service import DraftValues
from app.plans.words import dose_tiles, frequency_words, short_day


@dataclass(frozen=True)
class Difference:
    """One thing that differs; an empty ``theirs`` or ``mine`` says that it is not there."""

    about: str
    theirs: str
    mine: str


def list_differences(theirs: Review, mine: DraftValues) -> list[Difference]:
    """What the saved revision and the typed values say differently, in the order of the plan."""
    draft = theirs.draft
    defaults = Defaults(draft.frequency, draft.start_on)
    found = [
        Difference(_("Title"), draft.title, mine.title),
        Difference(
            _("For every exercise"), _defaults_words(defaults), _defaults_words(mine.defaults)
        ),
    ]
    typed = {row.id: _row_words(row, _reasons_of(mine, row.id)) for row in mine.rows}
    for row in theirs.rows:
        said = _row_words(RowValues.of(row), theirs.reasons_at(row.id))
        found.append(Difference(row.text.title, said, typed.pop(row.id, "")))
    gone = _("An exercise that was removed meanwhile")
    found += [Difference(gone, "", words) for words in typed.values()]
    return [d for d in found if d.theirs != d.mine]


def list_changes(old: Sequence[Prescribed], new: Sequence[Prescribed]) -> list[Difference]:
    """What two approved revisions say differently, thread by thread; ``mine`` is the newer."""
    before, after = _by_thread(old), _by_thread(new)
    titles = {row.thread_id: row.text.title for row in (*old, *new)}
    found = [
        Difference(title, before.get(thread, ""), after.get(thread, ""))
        for thread, title in titles.items()
    ]
    return [d for d in found if d.theirs != d.mine]


def _by_thread(rows: Sequence[Prescribed]) -> dict[UUID, str]:
    """Thread -> its doses in words, one below the other, with the exercise and its text's place."""
    found: dict[UUID, str] = {}
    for number, row in enumerate(rows, start=1):
        said = [_("Number %(number)s in the plan", number=number), row.text.title]
        said += [step.text for step in row.text.variant(row.position).steps]
        words = "\n".join([*said, _row_words(RowValues.of(row), ())])
        found[row.thread_id] = "\n".join(filter(None, (found.get(row.thread_id), words)))
    return found


def list_typed(mine: DraftValues) -> list[Difference]:
    """What was typed into a draft that is not there any more."""
    rows = [_row_words(row, _reasons_of(mine, row.id)) for row in mine.rows]
    return [
        Difference(_("Title"), "", mine.title),
        Difference(_("For every exercise"), "", _defaults_words(mine.defaults)),
        *(Difference(_("Exercise %(n)s", n=n), "", words) for n, words in enumerate(rows, 1)),
    ]


def _reasons_of(values: DraftValues, row_id: UUID) -> list[str]:
    return [reason.text for reason in values.reasons if reason.prescription_id == row_id]


def _defaults_words(defaults: Defaults) -> str:
    often, start = defaults.frequency, defaults.start
    words = [frequency_words(often)] if often.complete else []
    if start:
        words.append(_("Starts on %(day)s", day=short_day(start)))
    return "\n".join(words) or _("Nothing is set")


def _row_words(row: RowValues, reasons: Iterable[str]) -> str:
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
    words += [_("Reason: %(reason)s", reason=reason) for reason in reasons if reason]
    return "\n".join(words)
