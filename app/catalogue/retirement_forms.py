"""The forms with which an exercise leaves the catalogue: why, and what is taken instead."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from app.catalogue.models import Exercise
from app.catalogue.rules import MAX_REASON, MAX_TITLE
from app.forms import Form, choice, text_field


class LeaveForm(Form):
    """``other`` is the id of an exercise, from those that ``words`` find."""

    words = text_field(_l("Find an exercise"), MAX_TITLE)
    other = RadioField(_l("Exercise to take instead"), choices=(), validate_choice=False)
    reason = text_field(_l("Reason"), MAX_REASON)

    @property
    def other_id(self) -> UUID | None:
        """What was chosen; None where nothing was, or nothing that could be an id."""
        try:
            return UUID(self.other.data or "")
        except ValueError:
            return None

    def offer(self, exercises: Iterable[Exercise], none: str = "") -> None:
        """Let ``exercises`` be chosen, or nothing where ``none`` says how that is called."""
        empty = [choice("", none)] if none else []
        self.other.choices = empty + [choice(str(e.id), e.text.title) for e in exercises]
        if none and not self.other_id:
            self.other.data = ""
