"""The part of the exercise editor for steps: their words and their pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form as PlainForm
from wtforms import FormField, HiddenField, SelectField
from wtforms.validators import InputRequired

from app.catalogue import rules
from app.catalogue.checks import NO_STEP
from app.catalogue.drawings import shown_at, shown_moving
from app.catalogue.models import Picture
from app.catalogue.rules import ExerciseText, Position, Step, Variant
from app.catalogue.words import POSITIONS
from app.errors import N_, RuleBroken
from app.forms import RowList, area_field, choice, one_line, text_field

BLANK_STEP = {"text": "", "picture": "", "picture_alt": "", "shown": "", "shown_alt": ""}
BLANK_VARIANT = {"position": "", "steps": [BLANK_STEP], "film": ""}


def options(words: Mapping[Any, str]) -> list[Any]:
    return [choice(str(value), said) for value, said in words.items()]


def select_one(label: str, words: Mapping[Any, str], missing: str) -> SelectField:
    choices = [choice("", _l("Choose")), *options(words)]
    return SelectField(label, choices=choices, validators=[InputRequired(missing)])


class StepForm(PlainForm):
    """``picture`` is a SHA-256, chosen by radio buttons or kept in a hidden field. ``shown`` and
    ``shown_alt`` are the picture and its words as they stood when the form was drawn."""

    text = area_field(_l("Step"), rules.MAX_SENTENCE)
    picture = HiddenField()
    picture_alt = text_field(_l("What the picture shows"), rules.MAX_SENTENCE)
    shown = HiddenField()
    shown_alt = HiddenField()

    def settle(self, uploaded: Picture | None = None) -> None:
        """Take over what was chosen. Words that were said of another picture go with it."""
        if uploaded:
            self.picture.data = uploaded.sha256
        if self.picture.data != self.shown.data:
            if one_line(self.picture_alt.data) == one_line(self.shown_alt.data):
                self.picture_alt.data = ""
            self.shown.data, self.shown_alt.data = self.picture.data, self.picture_alt.data


class VariantForm(PlainForm):
    position = select_one(_l("Start position"), POSITIONS, _l("Choose a start position."))
    steps = RowList(FormField(StepForm), min_entries=1, max_entries=rules.MAX_STEPS)
    film = SelectField(_l("Film of the movement"), validate_choice=False)
    """Its choices come with the form; what is none of ours counts as no film."""

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        valid = super().validate(extra_validators)
        if any(one_line(step.form.text.data) for step in self.steps):
            return valid
        self.steps.errors = self.steps[0].form.text.errors = [_(NO_STEP)]
        return False


def variant_fields(text: ExerciseText) -> list[dict[str, Any]]:
    """What the boxes of the variants hold at the start of an edit."""
    return [
        {
            "position": variant.position,
            "film": variant.film or "",
            "steps": [
                {
                    "text": step.text,
                    "picture": step.picture or "",
                    "picture_alt": step.picture_alt,
                    "shown": step.picture or "",
                    "shown_alt": step.picture_alt,
                }
                for step in variant.steps
            ],
        }
        for variant in text.variants
    ]


def read_variant(form: Any, place: str, pictures: Mapping[str, Picture]) -> Variant:
    """The value. ``place`` names the form's boxes; ``pictures`` are those that there are.

    Steps without words are left out. Raises RuleBroken for a picture that is none of ours.
    """
    steps = (
        _step(entry.form, f"{place}-steps-{number}", pictures)
        for number, entry in enumerate(form.steps)
    )
    variant = Variant(Position(form.position.data), tuple(step for step in steps if step.text))
    return shown_moving(variant, pictures.get(form.film.data or ""))


def _step(form: Any, place: str, pictures: Mapping[str, Picture]) -> Step:
    step = Step(one_line(form.text.data))
    if not form.picture.data or not step.text:
        return step
    if form.picture.data not in pictures:
        raise RuleBroken(N_("Choose a picture from the list."), field=f"{place}-picture")
    return shown_at(step, pictures[form.picture.data], one_line(form.picture_alt.data))
