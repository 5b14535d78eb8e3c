"""What somebody looks for in the audit. Sent by POST, so that no name stands in an address."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField
from wtforms.validators import Optional

from app.accounts.rules import MAX_EMAIL
from app.accounts.service import search_people
from app.audit.reads import Wanted
from app.forms import DayField, Form, choice, text_field
from app.home.audit_words import ACTIONS, OUTCOMES
from app.patients.reads import search_teams
from app.patients.rules import MAX_NAME

YEARS = range(1900, 9999)
"""Of these every day begins and ends within the calendar, in every time zone."""


class FilterAuditForm(Form):
    person = text_field(_l("Person"), MAX_EMAIL)
    patient = text_field(_l("Patient"), MAX_NAME)
    action = SelectField(_l("What was done"), validate_choice=False, default="")
    outcome = SelectField(_l("How it went"), validate_choice=False, default="")
    since = DayField(_l("From"), validators=[Optional()])
    until = DayField(_l("To"), validators=[Optional()])

    def offer(self) -> None:
        """The choices, in the reader's language and its order."""
        said = sorted(((str(label), key) for key, label in ACTIONS.items()), key=lambda one: one[0])
        self.action.choices = [choice("", _("Everything")), *(choice(k, w) for w, k in said)]
        self.outcome.choices = [
            choice("", _("Any")),
            *(choice(key, label) for key, label in OUTCOMES.items()),
        ]

    def wanted(self, zone: ZoneInfo) -> Wanted | None:
        """Which rows are meant; None where a name is nobody's, or too many people's: the form
        says so. Days are the clinic's."""
        since, until = self.since.data, self.until.data
        if since and until and until < since:
            self.until.errors = [_("The last day is before the first one.")]
        for box in (self.since, self.until):
            if box.data and box.data.year not in YEARS:
                box.errors = [_("Enter a date: year, month and day, like 2026-03-31.")]
        people = _ids(self.person, *_people(self.person.data)) if self.person.data else None
        patients = _ids(self.patient, *_patients(self.patient.data)) if self.patient.data else None
        if self.errors:
            return None
        return Wanted(
            actors=people,
            patients=patients,
            action=self.action.data if self.action.data in ACTIONS else "",
            outcome=self.outcome.data if self.outcome.data in OUTCOMES else "",
            since=_midnight(since, zone) if since else None,
            until=_midnight(until + timedelta(days=1), zone) if until else None,
        )


def _people(typed: str) -> tuple[set[UUID], bool]:
    page = search_people(typed)
    return {person.id for person in page.items}, page.next is not None


def _patients(typed: str) -> tuple[set[UUID], bool]:
    found, more = search_teams(typed)
    archived, still_more = search_teams(typed, archived=True)
    return {patient.id for patient in (*found, *archived)}, more or still_more


def _ids(field: Field, found: set[UUID], more: bool) -> frozenset[UUID]:
    if more:
        field.errors = [_("Many people have this name. Type more of it.")]
    elif not found:
        field.errors = [_("Nobody here has this name.")]
    return frozenset(found)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """When the clinic's day begins."""
    return datetime.combine(day, time(), zone)
