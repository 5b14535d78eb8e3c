"""The builder's one form, and the small ones of a plan's life."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid4, uuid5

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import (
    Field,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectMultipleField,
)
from wtforms import Form as PlainForm
from wtforms.widgets import CheckboxInput, ListWidget

from app.forms import (
    Form,
    NewThing,
    RowList,
    area_field,
    choice,
    text_field,
)
from app.plans import rules
from app.plans.checks import Problem
from app.plans.review import Review
from app.plans.row_forms import FrequencyForm, RowForm, day_field
from app.plans.rules import (
    Defaults,
    StartState,
)
from app.plans.service import DraftValues
from app.wording import sentence_of

MAX_SEARCH = 100
UNSAID = {
    "times_per_day": _l("Say how many times a day, here for all exercises or in each row."),
    "days": _l("Say on which days, here for all exercises or in each row."),
    "start": _l("Choose a start date, here for all exercises or in each row."),
}


class PlanBoxes:
    """The boxes about the plan as a whole."""

    title = text_field(_l("Title"), rules.MAX_TITLE, required=_l("Give the plan a title."))
    often = FormField(FrequencyForm)
    start_on = day_field(_l("Start date"))
    review_on = day_field(_l("Look at it again on"))


class PlanForm(PlanBoxes, PlainForm):
    """These boxes alone."""


class SearchBox:
    q = text_field(_l("Search the catalogue"), MAX_SEARCH)


class SearchForm(SearchBox, PlainForm):
    """This box alone."""


class BuilderForm(PlanBoxes, SearchBox, Form):
    """The whole draft. Every button of the page sends all of it, so no click loses a word."""

    based_on = HiddenField()
    save_key = HiddenField()
    draft = HiddenField()
    rows = RowList(FormField(RowForm), max_entries=rules.MAX_ROWS)

    skipped = ""

    @property
    def typed(self) -> list[tuple[str, list[str]]]:
        """All that was sent, in one order."""
        return sorted((n, v) for n, v in request.form.lists() if n != "csrf_token")

    def bind(self, review: Review | None) -> None:
        """Tie each row of the form to its prescription (None: all are gone).

        See :meth:`RowForm.bind`.
        """
        by_id = {str(row.id): row for row in review.rows} if review else {}
        causes: dict[UUID, set[str]] = {row.id: set() for row in by_id.values()}
        for warning in review.warnings if review else ():
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
            review_on=self.review_on.data,
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

    def show_all(self, problems: Iterable[Problem]) -> list[Problem]:
        """Put each sentence beside its box; what has none is given back.

        What no row says is told once, beside the box that fills all of them.
        """
        often, rows = self.often.form, [entry.form for entry in self.rows]
        filling = {
            "times_per_day": (often.times_per_day, any(row.times_per_day.data for row in rows)),
            "days": (often.days, any(row.days.data for row in rows)),
            "start": (self.start_on, any(row.start.data != StartState.UNSET for row in rows)),
        }
        unsaid = set()
        for name, (box, is_said) in filling.items():
            if len(rows) > 1 and not is_said and not box.data:
                box.errors = [*box.errors, UNSAID[name]]
                unsaid.add(name)
        return [p for p in problems if p.field not in unsaid and not self.show(p)]

    def show(self, problem: Problem) -> bool:
        """Put a problem's sentence beside the box that it is about; False where there is none."""
        if problem.field == "review_on":
            self.review_on.errors = [*self.review_on.errors, sentence_of(problem)]
            return True
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
            is_gone = form.row is None or form.id.data == self.skipped
            if is_gone and form.errors:
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


class SaveTemplateForm(NewThing):
    """Which exercises of a plan become a template, and whose."""

    title = text_field(_l("Title"), rules.MAX_TITLE, required=_l("Give the template a title."))
    whose = RadioField(
        _l("For"),
        choices=[choice("mine", _l("Myself")), choice("clinic", _l("All therapists"))],
        default="mine",
    )
    threads = SelectMultipleField(
        _l("Exercises"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def offer(self, titles: Mapping[str, str]) -> None:
        """The plan's exercises: thread -> title."""
        self.threads.choices = [choice(thread, title) for thread, title in titles.items()]

    @property
    def chosen(self) -> frozenset[UUID]:
        return frozenset(UUID(thread) for thread in self.threads.data or ())


class AddTemplateForm(NewThing):
    """Which rows of a template come into a draft."""

    rows = SelectMultipleField(
        _l("Exercises"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def offer(self, titles: Mapping[int, str]) -> None:
        """Its exercises: number -> title."""
        self.rows.choices = [choice(str(number), title) for number, title in titles.items()]

    @property
    def chosen(self) -> frozenset[int]:
        return frozenset(map(int, self.rows.data or ()))


class LeaveForm(Form):
    """A reason why what is in force stays right; the cause's version is the one on the page."""

    version = HiddenField()
    reason = area_field(_l("Reason"), rules.MAX_REASON)


class EventForm(Form):
    """Why a plan ends, is stopped or goes on: the whole of it, or the exercise ``thread``."""

    thread = HiddenField()
    reason = area_field(
        _l("Reason"),
        rules.MAX_REASON,
        required=_l("Write a reason. The next clinician will read it."),
    )

    @property
    def thread_id(self) -> UUID | None:
        """The one exercise that it is about; None for the whole plan."""
        return _uuid(self.thread.data)


def _forget_errors(form: PlainForm) -> None:
    for field in form:
        field.errors = []
        for answer in field if isinstance(field, FieldList) else ():
            _forget_errors(answer.form)


def _number(typed: str | None) -> int:
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _uuid(typed: str | None) -> UUID | None:
    try:
        return UUID(typed or "")
    except ValueError:
        return None
