"""The builder's one form, and the small ones of a plan's life."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any
from uuid import UUID, uuid4, uuid5

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    Field,
    FieldList,
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
    Form,
    NewThing,
    RowList,
    WholeNumberField,
    area_field,
    choice,
    text_field,
)
from app.plans import rules
from app.plans.checks import Cause, Problem
from app.plans.review import Review
from app.plans.rules import (
    Defaults,
    Dose,
    Frequency,
    Prescribed,
    RowValues,
    Side,
    Start,
    StartState,
)
from app.plans.service import DraftValues, Reason
from app.plans.words import SIDES, WEEKDAYS
from app.wording import sentence_of

CHOSEN_DAYS = "chosen"
MAX_SEARCH = 100
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


def times_choices() -> list[Any]:
    most = rules.MAX_TIMES_PER_DAY
    return [
        choice("", _("Choose")),
        choice("1", _("Once a day")),
        *(choice(str(n), _("%(n)s times a day", n=n)) for n in range(2, most + 1)),
    ]


def days_choices() -> list[Any]:
    return [
        choice("", _("Choose")),
        choice("7", _("Every day")),
        *(choice(str(n), _("Any %(n)s days a week", n=n)) for n in range(6, 1, -1)),
        choice("1", _("Any 1 day a week")),
        choice(CHOSEN_DAYS, _("These weekdays")),
    ]


class FrequencyForm(PlainForm):
    """Times a day and days, for the plan and for each row."""

    times_per_day = SelectField(_l("Times a day"), validate_choice=True)
    days = SelectField(_l("Days"), validate_choice=True)
    weekdays = SelectMultipleField(
        _l("Weekdays"),
        coerce=int,
        choices=[choice(str(n), day) for n, day in enumerate(WEEKDAYS)],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.times_per_day.choices = times_choices()
        self.days.choices = days_choices()

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
    def data_of_row(row: Prescribed, review: Review) -> dict[str, object]:
        dose = row.dose
        answers = review.answers
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
                {
                    "key": warning.cause.key,
                    "version": warning.cause.version,
                    "text": answer.reason if answer else "",
                }
                for warning in review.warnings
                for answer in [answers.get((row.thread_id, warning.cause))]
                if warning.prescription_id == row.id
            ],
        }


class BuilderForm(Form):
    """The whole draft. Every button of the page sends all of it, so no click loses a word."""

    based_on = HiddenField()
    save_key = HiddenField()
    draft = HiddenField()
    title = text_field(_l("Title"), rules.MAX_TITLE, required=_l("Give the plan a title."))
    often = FormField(FrequencyForm)
    start_on = day_field(_l("Start date"))
    rows = RowList(FormField(RowForm), max_entries=rules.MAX_ROWS)
    q = text_field(_l("Search the catalogue"), MAX_SEARCH)

    skipped = ""

    @property
    def typed(self) -> list[tuple[str, list[str]]]:
        """All that was sent, in one order."""
        return sorted((n, v) for n, v in request.form.lists() if n != "csrf_token")

    def bind(self, review: Review) -> None:
        """Tie each row of the form to its prescription; see :meth:`RowForm.bind`."""
        by_id = {str(row.id): row for row in review.rows}
        causes: dict[UUID, set[str]] = {row.id: set() for row in review.rows}
        for warning in review.warnings:
            causes[warning.prescription_id].add(warning.cause.key)
        for form in (entry.form for entry in self.rows):
            row = by_id.get(form.id.data or "")
            form.bind(row, causes[row.id] if row else ())

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Like :attr:`Form.problems`; a row's sentences begin with the exercise they are about."""
        named = []
        for field_id, sentence in super().problems:
            parts = field_id.split("-")
            row = self.rows[int(parts[1])].form.row if parts[0] == "rows" else None
            title = row.text.title if row else ""
            told = title and not sentence.startswith(title)
            named.append((field_id, f"{title}: {sentence}" if told else sentence))
        return named

    @property
    def values(self) -> DraftValues:
        """Only of a form that was validated. Rows that are gone from the draft are in it too."""
        forms = [entry.form for entry in self.rows]
        rows = [form for form in forms if form.is_kept and _uuid(form.id.data)]
        return DraftValues(
            title=self.title.data or "",
            defaults=Defaults(self.often.form.frequency, self.start_on.data),
            rows=tuple(row.values for row in rows),
            reasons=tuple(reason for row in rows for reason in row.reasons),
            based_on=_number(self.based_on.data),
            save_key=self.key,
            draft_id=self.draft_id,
        )

    @property
    def draft_id(self) -> UUID:
        """The draft that the form was opened on; one that there is not, where it was altered."""
        return _uuid(self.draft.data) or uuid4()

    @property
    def key(self) -> UUID | None:
        """Names this form, what was typed and the button: the same twice is a double click."""
        page = _uuid(self.save_key.data)
        return uuid5(page, repr(self.typed)) if page else None

    def show(self, problem: Problem) -> bool:
        """Put a problem's sentence beside the box that it is about; False where there is none."""
        for entry in self.rows:
            if entry.form.row and entry.form.row.id == problem.prescription_id:
                field = _box_of(entry.form, problem.field)
                if field is not None:
                    field.errors = [*field.errors, sentence_of(problem)]
                    return True
        return False

    def skip(self, row_id: str) -> None:
        """Leave a row out that is about to be removed: what is wrong in it matters no more."""
        self.skipped = row_id

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        for form in (entry.form for entry in self.rows):
            is_gone = form.row is None and form.errors
            if is_gone or form.id.data == self.skipped:
                form.is_kept = False
                _forget_errors(form)
        return not self.problems


def _box_of(row: RowForm, name: str) -> Field | None:
    """The box of a row that a problem's field name means."""
    if name.startswith("reason-"):
        answers = (answer.form for answer in row.answers)
        return next((a.text for a in answers if name == f"reason-{a.key.data}"), None)
    if name == "start" and row.start.data == StartState.DATED:
        return row.start_on
    fields: dict[str, Field] = row._fields
    return fields.get(name) or fields.get(f"{name}_low")


class StartPlanForm(NewThing):
    title = text_field(_l("Title"), rules.MAX_TITLE, required=_l("Give the plan a title."))


class EndPlanForm(Form):
    reason = area_field(
        _l("Reason"),
        rules.MAX_REASON,
        required=_l("Write a reason. The next clinician will read it."),
    )


def _forget_errors(form: PlainForm) -> None:
    for field in form:
        field.errors = []
        for answer in field if isinstance(field, FieldList) else ():
            _forget_errors(answer.form)


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


def _number(typed: str | None) -> int:
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _uuid(typed: str | None) -> UUID | None:
    try:
        return UUID(typed or "")
    except ValueError:
        return None
