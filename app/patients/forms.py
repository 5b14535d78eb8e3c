"""A patient's record, what is true of them, and how somebody looks for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, RadioField, SelectField
from wtforms.validators import Optional, ValidationError

from app.accounts.rules import MAX_EMAIL
from app.catalogue.models import Condition
from app.clock import today
from app.errors import RuleBroken
from app.forms import DayField, Form, NewThing, choice, text_field
from app.patients.models import Patient, PatientCondition
from app.patients.rules import (
    MAX_NAME,
    MAX_RECORD_NUMBER,
    BodySide,
    ConditionFacts,
    check_birth_date,
    check_condition,
)
from app.patients.words import SIDES
from app.wording import sentence_of


class DetailsForm(Form):
    name = text_field(_l("Name"), MAX_NAME, required=_l("Enter the patient’s name."))
    birth_date = DayField(_l("Birth date"), validators=[Optional()])
    record_number = text_field(_l("Record number"), MAX_RECORD_NUMBER, optional=True)

    def validate_birth_date(self, field: DateField) -> None:
        try:
            check_birth_date(field.data, today())
        except RuleBroken as error:
            raise ValidationError(sentence_of(error)) from error

    @property
    def details(self) -> tuple[str, date | None, str]:
        """Name, birth date and record number, in the order that the service takes them."""
        return self.name.data or "", self.birth_date.data, self.record_number.data or ""


class AddPatientForm(DetailsForm, NewThing):
    sure = HiddenField()


class EditPatientForm(DetailsForm):
    based_on = HiddenField()

    @property
    def version(self) -> int:
        """The version that was on the screen; 0, which none has, where the field was altered."""
        typed = self.based_on.data or ""
        return int(typed) if typed.isdecimal() and len(typed) < 10 else 0

    def show_newest(self, patient: Patient) -> None:
        """Let the next save be based on what stands now, whatever this form was opened on."""
        self.based_on.data = str(patient.version)


class FactsForm(Form):
    """Where on the body a condition is, and since when."""

    side = RadioField(
        _l("Where"),
        choices=[choice(side.value, words) for side, words in SIDES.items()],
        default=BodySide.NONE.value,
    )
    since = DayField(_l("Since"), validators=[Optional()])

    @property
    def facts(self) -> ConditionFacts:
        until = self._fields.get("until")
        return ConditionFacts(
            BodySide(self.side.data), self.since.data, until.data if until else None
        )

    def check_facts(self) -> bool:
        """Hold the days against each other and against the clinic's today."""
        try:
            check_condition(self.facts, today())
        except RuleBroken as error:
            self.put_back(error, "since")
            return False
        return True


class NoteConditionForm(FactsForm):
    condition = SelectField(_l("Condition"), validate_choice=False)

    def offer(self, conditions: Iterable[Condition]) -> None:
        self.condition.choices = [
            ("", _("Choose a condition")),
            *((str(condition.id), condition.name) for condition in conditions),
        ]


class ChangeConditionForm(FactsForm):
    until = DayField(_l("Until"), validators=[Optional()])

    @classmethod
    def of(cls, noted: PatientCondition) -> ChangeConditionForm:
        return cls(side=noted.side, since=noted.since, until=noted.until)


class InvitePatientForm(NewThing):
    email = text_field(
        _l("The patient’s e-mail address"), MAX_EMAIL, required=_l("Enter an e-mail address.")
    )
