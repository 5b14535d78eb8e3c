"""The editors' forms. They are shaped like the values that they make, so that a rule's
``variants-0-steps-0-text`` is also the id of a box."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    Field,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired

from app.catalogue import rules
from app.catalogue.checks import NO_STEP
from app.catalogue.rowclicks import Blanks
from app.catalogue.rules import (
    Caution,
    DoseRange,
    ExerciseText,
    Kind,
    Level,
    Position,
    Span,
    Step,
    Variant,
    to_data,
)
from app.catalogue.words import KINDS, LEVELS, POSITIONS
from app.errors import RuleBroken
from app.forms import Form, NewThing, area_field, choice, one_line, text_field
from app.wording import sentence_of

MAX_NUMBER = 2**31 - 1
ALL_LINES = rules.MAX_LINES * (rules.MAX_SENTENCE + 2)
_BLANK_STEP = {"text": "", "kept": ""}
_BLANK_VARIANT = {"position": "", "steps": [_BLANK_STEP]}
_BLANK_CAUTION = {"condition": "", "level": "", "sentence": ""}
EXERCISE_ROWS: Blanks = {
    "variants": (_BLANK_VARIANT, 1, len(Position)),
    "steps": (_BLANK_STEP, 1, rules.MAX_STEPS),
    "cautions": (_BLANK_CAUTION, 0, rules.MAX_CAUTIONS),
}


def whole_number(typed: str | None, least: int = 0, most: int = MAX_NUMBER) -> int | None:
    """The number in ``typed``; None where it is none or out of bounds."""
    typed = (typed or "").strip()
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 12):
        return None
    number = int(typed)
    return number if least <= number <= most else None


def _options(words: Mapping[Any, str]) -> list[Any]:
    return [choice(str(value), said) for value, said in words.items()]


def _select(label: str, words: Mapping[Any, str], missing: str) -> SelectField:
    choices = [choice("", _l("Choose")), *_options(words)]
    return SelectField(label, choices=choices, validators=[InputRequired(missing)])


def split_lines(field: Field) -> tuple[str, ...]:
    return tuple(filter(None, map(one_line, (field.data or "").split("\n"))))


class SpanForm(PlainForm):
    """Two boxes, "15 to 30"; both empty say nothing where ``required`` is false."""

    low = StringField()
    high = StringField()
    most = rules.MAX_REPETITIONS
    required = False

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        if not self.required and not (self.low.data or self.high.data):
            return True
        for box in (self.low, self.high):
            if not whole_number(box.data, 1, self.most):
                box.errors = [_("Enter whole numbers from 1 to %(max)s.", max=self.most)]
                return False
        try:
            self.span()
        except RuleBroken as error:
            self.low.errors = [sentence_of(error)]
            return False
        return True

    def span(self) -> Span | None:
        low, high = whole_number(self.low.data), whole_number(self.high.data)
        return None if low is None or high is None else Span(low, high)


class RepetitionsForm(SpanForm):
    required = True


class SetsForm(SpanForm):
    most = rules.MAX_SETS


class HoldForm(SpanForm):
    most = rules.MAX_HOLD


class DoseForm(PlainForm):
    repetitions = FormField(RepetitionsForm)
    hold = FormField(HoldForm)
    sets = FormField(SetsForm)


class StepForm(PlainForm):
    """``kept`` is the step's place in the revision it came from; its picture stays with it."""

    text = area_field(_l("Step"), rules.MAX_SENTENCE)
    kept = HiddenField()


class VariantForm(PlainForm):
    position = _select(_l("Start position"), POSITIONS, _l("Choose a start position."))
    steps = FieldList(FormField(StepForm), min_entries=1, max_entries=rules.MAX_STEPS)

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        valid = super().validate(extra_validators)
        if any(one_line(step.form.text.data) for step in self.steps):
            return valid
        self.steps.errors = self.steps[0].form.text.errors = [_(NO_STEP)]
        return False


class CautionForm(PlainForm):
    condition = _select(_l("Condition"), {}, _l("Choose a condition."))
    level = _select(_l("With this condition"), LEVELS, _l("Choose what the condition means."))
    sentence = text_field(
        _l("What the patient reads"), rules.MAX_SENTENCE, required=_l("Write the sentence.")
    )


class ExerciseForm(NewThing):
    """All of an ExerciseText. ``based_on`` is the revision that the edit began with;
    ``pictures_from`` the one that the steps' ``kept`` places count in."""

    based_on = HiddenField()
    pictures_from = HiddenField()
    title = text_field(_l("Title"), rules.MAX_TITLE, required=_l("Write a title."))
    kind = RadioField(
        _l("Kind"), choices=_options(KINDS), validators=[InputRequired(_l("Choose a kind."))]
    )
    purpose = text_field(
        _l("Purpose"), rules.MAX_SENTENCE, required=_l("Say what the exercise is good for.")
    )
    body_areas = area_field(_l("Body areas"), ALL_LINES, required=_l("Write a body area."))
    variants = FieldList(FormField(VariantForm), min_entries=1, max_entries=len(Position))
    dose = FormField(DoseForm)
    equipment = area_field(_l("Equipment"), ALL_LINES)
    cautions = FieldList(FormField(CautionForm), max_entries=rules.MAX_CAUTIONS)
    safety_notes = area_field(_l("Safety notes"), ALL_LINES)
    attribution = text_field(_l("Who made it"), rules.MAX_CREDIT)
    licence = text_field(_l("Licence"), rules.MAX_CREDIT)

    def __init__(self, conditions: Mapping[str, str], **rest: Any) -> None:
        """``conditions``: slug -> name of all that a caution may be about."""
        super().__init__(**rest)
        for caution in self.cautions:
            condition = caution.form.condition
            condition.choices = [choice("", _("Choose")), *_options(conditions)]

    def exercise_text(self, pictures: ExerciseText | None) -> ExerciseText:
        """The value, after ``validate``. Pictures come from ``pictures`` and nowhere else.

        Raises RuleBroken where the kind of range allows no such value.
        """
        return ExerciseText(
            title=one_line(self.title.data),
            kind=Kind(self.kind.data),
            purpose=one_line(self.purpose.data),
            body_areas=split_lines(self.body_areas),
            variants=tuple(_variant(entry.form, pictures) for entry in self.variants),
            dose=_dose(self.dose.form),
            equipment=split_lines(self.equipment),
            cautions=tuple(
                Caution(
                    c.form.condition.data, Level(c.form.level.data), one_line(c.form.sentence.data)
                )
                for c in self.cautions
            ),
            safety_notes=split_lines(self.safety_notes),
            attribution=one_line(self.attribution.data),
            licence=one_line(self.licence.data),
        )


class AddConditionForm(NewThing):
    name = text_field(_l("Name"), rules.MAX_PHRASE, required=_l("Enter a name."))


def exercise_fields(text: ExerciseText, number: int) -> dict[str, Any]:
    """What the form's boxes hold at the start of an edit of revision ``number``."""
    data = to_data(text)
    for key in ("body_areas", "equipment", "safety_notes"):
        data[key] = "\n".join(data[key])
    data["variants"] = [
        {
            "position": variant.position,
            "steps": [
                {"text": step.text, "kept": f"{place}.{number}"}
                for number, step in enumerate(variant.steps)
            ],
        }
        for place, variant in enumerate(text.variants)
    ]
    return data | {"based_on": str(number), "pictures_from": str(number)}


def put_back_at(form: Form, error: RuleBroken, default: str) -> None:
    """Show a rule's refusal at the very box that it names, rows of rows included."""
    name, *path = (error.field or default).split("-")
    field = form[name if name in form else default]
    for part in path:
        within: Any = field.form if isinstance(field, FormField) else field
        field = within[int(part) if part.isdigit() else part]
    field.errors = [*field.errors, sentence_of(error)]


def _variant(form: Any, pictures: ExerciseText | None) -> Variant:
    steps = (_step(entry.form, pictures) for entry in form.steps)
    return Variant(Position(form.position.data), tuple(step for step in steps if step.text))


def _step(form: Any, pictures: ExerciseText | None) -> Step:
    text = one_line(form.text.data)
    variant, _dot, number = (form.kept.data or "").partition(".")
    try:
        old = pictures.variants[int(variant)].steps[int(number)] if pictures else None
    except (ValueError, IndexError):
        old = None
    return Step(text, old.picture, old.picture_alt) if old else Step(text)


def _dose(form: Any) -> DoseRange:
    repetitions = form.repetitions.form.span()
    return DoseRange(repetitions, form.sets.form.span(), form.hold.form.span())
