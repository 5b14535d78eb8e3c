"""Two states of a draft side by side, in words: for the page on which two clinicians met."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _

from app.catalogue.changes import Change, Part, find_changes
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


def list_changes(old: Sequence[Prescribed], new: Sequence[Prescribed]) -> tuple[Change, ...]:
    """What two approved revisions say differently, thread by thread and word by word."""
    before, after = _by_thread(old), _by_thread(new)
    names = _names({row.thread_id: row.text.title for row in (*old, *new)})
    return find_changes(
        [Part(names[thread], tuple(lines)) for thread, lines in before.items()],
        [Part(names[thread], tuple(lines)) for thread, lines in after.items()],
    )


def _names(titles: Mapping[UUID, str]) -> dict[UUID, str]:
    """A name for each thread; those of one title are numbered."""
    count = Counter(titles.values())
    number: Counter[str] = Counter()
    names = {}
    for thread, title in titles.items():
        number[title] += 1
        names[thread] = title if count[title] == 1 else f"{title} ({number[title]})"
    return names


def _by_thread(rows: Sequence[Prescribed]) -> dict[UUID, list[str]]:
    """Thread -> its place, exercise, steps and doses in words."""
    found: dict[UUID, list[str]] = {}
    for number, row in enumerate(rows, start=1):
        lines = found.setdefault(row.thread_id, [])
        lines += [_("Number %(number)s in the plan", number=number), row.text.title]
        lines += [step.text for step in row.text.variant(row.position).steps]
        lines += _row_words(RowValues.of(row), ()).split("\n")
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
