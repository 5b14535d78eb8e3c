"""A patient's record, what is true of them, and their care team."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectField
from wtforms.validators import Optional, ValidationError

from app.accounts.models import Account
from app.catalogue.models import Condition
from app.clock import today
from app.errors import RuleBroken
from app.forms import DayField, Form, NewThing, text_field
from app.patients.models import Patient
from app.patients.rules import MAX_NAME, MAX_RECORD_NUMBER, check_birth_date
from app.wording import sentence_of


class DetailsForm(Form):
    name = text_field(_l("Name"), MAX_NAME, required=_l("Enter the patient's name."))
    birth_date = DayField(_l("Birth date"), validators=[Optional()])
    record_number = text_field(_l("Record number"), MAX_RECORD_NUMBER)

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


class NoteConditionForm(Form):
    condition = SelectField(_l("Condition"), validate_choice=False)

    def offer(self, conditions: Iterable[Condition]) -> None:
        self.condition.choices = [
            ("", _("Choose a condition")),
            *((str(condition.id), condition.name) for condition in conditions),
        ]


class ChangeTeamForm(Form):
    therapist = SelectField(_l("Therapist"), validate_choice=False)

    def offer(self, therapists: Iterable[Account]) -> None:
        self.therapist.choices = [
            ("", _("Choose a therapist")),
            *((str(therapist.id), therapist.name) for therapist in therapists),
        ]


class FindPatientForm(Form):
    words = text_field(_l("Name or record number"), MAX_NAME)
