"""Whose record somebody has to open in an emergency, and why."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from app.forms import NewThing, choice, text_field
from app.patients.models import Patient
from app.patients.rules import MAX_NAME, MAX_REASON


class EmergencyForm(NewThing):
    words = text_field(
        _l("The patient’s whole name, or the record number"),
        MAX_NAME,
        required=_l("Enter the whole name or the record number."),
    )
    patient = RadioField(_l("Whose record"), validate_choice=False)
    reason = text_field(_l("Why you need it now"), MAX_REASON)

    def offer(self, found: Iterable[Patient]) -> None:
        self.patient.choices = [choice(str(one.id), _named(one)) for one in found]

    def chosen(self, found: Iterable[Patient]) -> Patient | None:
        """The one that was ticked; None, and the form says so, where it is none of ``found``."""
        chosen = next((one for one in found if str(one.id) == self.patient.data), None)
        if chosen is None:
            self.patient.errors = [_("Choose whose record you need.")]
        return chosen


def _named(patient: Patient) -> str:
    born = patient.birth_date
    said = [patient.name, _("born %(day)s", day=format_date(born, "long")) if born else ""]
    return ", ".join(part for part in (*said, patient.record_number) if part)
