"""The forms of drafts: their author's and their reviewer's."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField

from app.catalogue.forms import ExerciseForm, whole_number
from app.catalogue.rules import MAX_REASON, Grade
from app.catalogue.step_forms import options
from app.catalogue.words import GRADES
from app.forms import Form, text_field


class DraftForm(ExerciseForm):
    """``version`` is the one of the draft that the edit began with."""

    version = HiddenField()


class ReviewForm(Form):
    """``version`` is the one of the draft that was read."""

    version = HiddenField()
    grade = RadioField(
        _l("What is this change about?"),
        choices=options(GRADES),
        validate_choice=False,  # a new exercise is not asked
    )
    remark = text_field(_l("What to change"), MAX_REASON)

    @property
    def chosen_grade(self) -> Grade | None:
        """None where nothing known was chosen: then the author's stays."""
        return next((grade for grade in Grade if grade == self.grade.data), None)

    @property
    def read_version(self) -> int:
        return whole_number(self.version.data) or 0

    def show(self, sentence: str) -> None:
        """Say why it could not be published."""
        self.remark.errors = [*self.remark.errors, sentence]
