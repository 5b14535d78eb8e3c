"""Care teams: who is added, who hands over, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from app.accounts.models import Account
from app.errors import RuleBroken
from app.forms import Form, choice, text_field
from app.patients.models import Patient
from app.patients.rules import MAX_NAME, MAX_REASON, check_reason


class ChangeTeamForm(Form):
    therapist = SelectField(_l("Therapist"), validate_choice=False)

    def offer(self, therapists: Iterable[Account]) -> None:
        self.therapist.choices = _therapist_choices(therapists)


class AssignTeamForm(ChangeTeamForm):
    reason = text_field(_l("Reason"), MAX_REASON)

    def checked_reason(self) -> str | None:
        """None where there is none; the form says so."""
        return _checked_reason(self)


class FindTeamForm(Form):
    words = text_field(_l("Name"), MAX_NAME)


class HandOverForm(Form):
    """Whom to, which patients, and why. ``count`` is the number that the confirm page showed."""

    taker = SelectField(_l("Hand over to"), validate_choice=False)
    which = RadioField(_l("Which patients"), default="all")
    patients = SelectMultipleField(
        _l("Patients"),
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    reason = text_field(_l("Reason"), MAX_REASON)

    def offer(self, takers: Iterable[Account], patients: Sequence[Patient], total: int) -> None:
        self._offered = {str(one.id): one.id for one in patients}
        self.taker.choices = _therapist_choices(takers)
        self.patients.choices = [choice(str(one.id), one.name) for one in patients]
        self.which.choices = [
            choice("all", _("All of them (%(number)s)", number=total)),
            choice("chosen", _("Only those that I tick")),
        ]

    def chosen(self) -> frozenset[UUID] | None:
        """The ids that were ticked; None for everybody."""
        if self.which.data != "chosen":
            return None
        ticked = self.patients.data or ()
        return frozenset(self._offered[one] for one in ticked if one in self._offered)

    def checked_reason(self) -> str | None:
        """None where there is none; the form says so."""
        return _checked_reason(self)


def _checked_reason(form: AssignTeamForm | HandOverForm) -> str | None:
    try:
        return check_reason(form.reason.data or "")
    except RuleBroken as error:
        form.put_back(error, "reason")
        return None


def _therapist_choices(therapists: Iterable[Account]) -> list[tuple[str, str]]:
    return [
        ("", _("Choose a therapist")),
        *((str(therapist.id), therapist.name) for therapist in therapists),
    ]
