"""One prescription in the builder: its dose, its start, and reasons at its warnings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    Field,
    FormField,
    HiddenField,
    SelectField,
    SelectMultipleField,
)
from wtforms import Form as PlainForm
from wtforms.validators import NumberRange, Optional, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.catalogue.rules import Position, Span
from app.catalogue.words import POSITIONS
from app.forms import (
    DayField,
    RowList,
    WholeNumberField,
    area_field,
    choice,
    text_field,
)
from app.plans import rules
from app.plans.checks import Cause
from app.plans.rules import (
    Dose,
    Frequency,
    Prescribed,
    RowValues,
    Side,
    Start,
    StartState,
)
from app.plans.service import Reason
from app.plans.words import SIDES, WEEKDAYS

CHOSEN_DAYS = "chosen"
FIRST_YEAR, LAST_YEAR = 2000, 2100


def number_field(label: str, most: int, least: int = 1) -> WholeNumberField:
    sentence = _l("Enter a whole number from %(min)s to %(max)s.")
    return WholeNumberField(label, validators=[Optional(), NumberRange(least, most, sentence)])


def day_field(label: str, *first: Callable[[Any, Field], None]) -> DayField:
    return DayField(label, validators=[*first, Optional(), _in_these_years])


def _needed_for_a_dated_start(form: RowForm, field: Field) -> None:
    if form.start.data == StartState.DATED and not any(field.raw_data or ()):
        raise StopValidation(_("Enter the start date."))


def _in_these_years(form: PlainForm, field: Field) -> None:
    if field.data and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
        raise ValidationError(_("Check the year."))


TIMES = (
    choice("", _l("Choose")),
    choice("1", _l("Once a day")),
    *(choice(str(n), _l("%(n)s times a day", n=n)) for n in range(2, rules.MAX_TIMES_PER_DAY + 1)),
)
DAYS = (
    choice("", _l("Choose")),
    choice("7", _l("Every day")),
    *(choice(str(n), _l("Any %(n)s days a week", n=n)) for n in range(6, 1, -1)),
    choice("1", _l("Any 1 day a week")),
    choice(CHOSEN_DAYS, _l("These weekdays")),
)


class FrequencyForm(PlainForm):
    """Times a day and days, for the plan and for each row."""

    times_per_day = SelectField(_l("Times a day"), choices=TIMES)
    days = SelectField(_l("Days"), choices=DAYS)
    weekdays = SelectMultipleField(
        _l("Weekdays"),
        coerce=int,
        choices=[choice(str(n), day) for n, day in enumerate(WEEKDAYS)],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def validate_weekdays(self, field: Field) -> None:
        if self.days.data == CHOSEN_DAYS and not field.data:
            raise ValidationError(_("Choose at least one weekday."))

    @property
    def frequency(self) -> Frequency:
        days = self.days.data or ""
        return Frequency(
            times_per_day=int(self.times_per_day.data) if self.times_per_day.data else None,
            days_per_week=int(days) if days.isdigit() else None,
            weekdays=tuple(sorted(self.weekdays.data or ())) if days == CHOSEN_DAYS else (),
        )

    @staticmethod
    def data_of(frequency: Frequency) -> dict[str, object]:
        days = CHOSEN_DAYS if frequency.weekdays else str(frequency.days_per_week or "")
        return {
            "times_per_day": str(frequency.times_per_day or ""),
            "days": days,
            "weekdays": list(frequency.weekdays),
        }


class AnswerForm(PlainForm):
    """A written reason at one warning; the cause's version is the one that was on the page."""

    key = HiddenField()
    version = HiddenField()
    text = area_field(_l("Why it is right for this patient"), rules.MAX_REASON)


class RowForm(FrequencyForm):
    """One prescription of the draft."""

    id = HiddenField()
    repetitions_low = number_field(_l("Repeat from"), rules.MAX_REPETITIONS)
    repetitions_high = number_field(_l("Repeat to"), rules.MAX_REPETITIONS)
    hold_low = number_field(_l("Hold from"), rules.MAX_HOLD)
    hold_high = number_field(_l("Hold to"), rules.MAX_HOLD)
    sets = number_field(_l("Sets"), rules.MAX_SETS)
    rest = number_field(_l("Rest between, seconds"), rules.MAX_REST, 0)
    side = SelectField(_l("Side"), choices=[choice(s.value, words) for s, words in SIDES.items()])
    load = text_field(_l("Load or band colour"), rules.MAX_LOAD)
    position = SelectField(_l("Start position"))
    start = SelectField(
        _l("Start"),
        choices=[
            choice(StartState.UNSET.value, _l("Choose")),
            choice(StartState.DATED.value, _l("On a date")),
            choice(StartState.WITHHELD.value, _l("Not yet: withheld")),
        ],
    )
    start_on = day_field(_l("Start date"), _needed_for_a_dated_start)
    last_day = day_field(_l("Last day"))
    note = area_field(_l("Note for the patient"), rules.MAX_NOTE)
    answers = RowList(FormField(AnswerForm))

    row: Prescribed | None = None
    is_kept = True

    def bind(self, row: Prescribed | None, causes: Collection[str]) -> None:
        """Tie the form to the prescription that its hidden id names (None: it is gone).

        ``causes``: keys of its warnings; what is typed about others has no box on the page.
        """
        self.row = row
        self.answers.entries = [a for a in self.answers if a.form.key.data in causes]
        positions = [v.position for v in row.text.variants] if row else list(Position)
        self.position.choices = [choice(p.value, POSITIONS[p]) for p in positions]

    def validate_repetitions_high(self, field: Field) -> None:
        _check_order(self.repetitions_low, field)

    def validate_hold_high(self, field: Field) -> None:
        _check_order(self.hold_low, field)

    @property
    def values(self) -> RowValues:
        return RowValues(
            id=UUID(self.id.data),
            position=Position(self.position.data),
            dose=Dose(
                repetitions=_span(self.repetitions_low, self.repetitions_high),
                hold=_span(self.hold_low, self.hold_high),
                sets=self.sets.data or 1,
                rest=self.rest.data,
                frequency=self.frequency,
                side=Side(self.side.data),
                load=self.load.data or "",
            ),
            start=self.chosen_start,
            last_day=self.last_day.data,
            note=self.note.data or "",
        )

    @property
    def chosen_start(self) -> Start:
        """A date that was entered counts also where nobody chose "on a date" above it."""
        day = self.start_on.data
        if day and self.start.data != StartState.WITHHELD:
            return Start.on(day)
        return Start(StartState(self.start.data))

    @property
    def reasons(self) -> Iterable[Reason]:
        for answer in self.answers:
            cause = Cause(answer.form.key.data or "", answer.form.version.data or "")
            yield Reason(UUID(self.id.data), cause, answer.form.text.data or "")

    @staticmethod
    def data_of_row(row: Prescribed, answers: Iterable[tuple[str, str, str]]) -> dict[str, object]:
        """``answers``: key and version of the cause of each warning, and the reason at it."""
        dose = row.dose
        return FrequencyForm.data_of(dose.frequency) | {
            "id": str(row.id),
            "repetitions_low": dose.repetitions.low if dose.repetitions else None,
            "repetitions_high": dose.repetitions.high if dose.repetitions else None,
            "hold_low": dose.hold.low if dose.hold else None,
            "hold_high": dose.hold.high if dose.hold else None,
            "sets": dose.sets,
            "rest": dose.rest,
            "side": dose.side.value,
            "load": dose.load,
            "position": row.position.value,
            "start": row.start.state.value,
            "start_on": row.start.day,
            "last_day": row.last_day,
            "note": row.note,
            "answers": [
                {"key": key, "version": version, "text": reason} for key, version, reason in answers
            ],
        }


def _check_order(low: Field, high: Field) -> None:
    if low.data is not None and high.data is not None and low.data > high.data:
        raise ValidationError(
            _(
                "%(low)s is more than %(high)s. Put the smaller number first.",
                low=low.data,
                high=high.data,
            )
        )


def _span(low: Field, high: Field) -> Span | None:
    """Both ends; one alone stands for both."""
    ends = [end for end in (low.data, high.data) if end is not None]
    return Span(min(ends), max(ends)) if ends else None
