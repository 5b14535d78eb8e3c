"""The forms of drafts: their author's and their reviewer's."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from app.catalogue.forms import ExerciseForm, whole_number
from app.catalogue.rules import MAX_REASON
from app.forms import Form, text_field


class DraftForm(ExerciseForm):
    """``version`` is the one of the draft that the edit began with."""

    version = HiddenField()


class ReviewForm(Form):
    """``version`` is the one of the draft that was read."""

    version = HiddenField()
    remark = text_field(_l("What to change"), MAX_REASON)

    @property
    def read_version(self) -> int:
        return whole_number(self.version.data) or 0

    def show(self, sentence: str) -> None:
        """Say why it could not be published."""
        self.remark.errors = [*self.remark.errors, sentence]
