"""The editors' forms. They are shaped like the values that they make, so that a rule's
``variants-0-steps-0-text`` is also the id of a box."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    Field,
    FormField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
)
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.catalogue import rules
from app.catalogue.models import Picture
from app.catalogue.rowclicks import Blanks
from app.catalogue.rules import (
    Caution,
    DoseRange,
    ExerciseText,
    Goal,
    Grade,
    Kind,
    Level,
    Position,
    Span,
    to_data,
)
from app.catalogue.step_forms import (
    BLANK_STEP,
    BLANK_VARIANT,
    StepForm,
    VariantForm,
    options,
    read_variant,
    select_one,
    variant_fields,
)
from app.catalogue.words import GOALS, GRADES, KINDS, LEVELS
from app.errors import RuleBroken
from app.forms import Form, NewThing, RowList, area_field, choice, one_line, text_field
from app.wording import sentence_of

MAX_NUMBER = 2**31 - 1
ALL_LINES = rules.MAX_LINES * (rules.MAX_SENTENCE + 2)
_BLANK_CAUTION = {"condition": "", "level": "", "sentence": ""}
EXERCISE_ROWS: Blanks = {
    "variants": (BLANK_VARIANT, 1, len(Position)),
    "steps": (BLANK_STEP, 1, rules.MAX_STEPS),
    "cautions": (_BLANK_CAUTION, 0, rules.MAX_CAUTIONS),
}


def whole_number(typed: str | None, least: int = 0, most: int = MAX_NUMBER) -> int | None:
    """The number in ``typed``; None where it is none or out of bounds."""
    typed = (typed or "").strip()
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 12):
        return None
    number = int(typed)
    return number if least <= number <= most else None


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


class CautionForm(PlainForm):
    condition = select_one(_l("Condition"), {}, _l("Choose a condition."))
    level = select_one(_l("With this condition"), LEVELS, _l("Choose what the condition means."))
    sentence = text_field(
        _l("What the patient reads"), rules.MAX_SENTENCE, required=_l("Write the sentence.")
    )


class ExerciseForm(NewThing):
    """All of an ExerciseText. ``based_on`` is the revision that the edit began with."""

    based_on = HiddenField()
    grade = RadioField(
        _l("What is this change about?"),
        choices=options(GRADES),
        default=Grade.WORDING.value,
        validate_choice=False,
    )
    title = text_field(_l("Title"), rules.MAX_TITLE, required=_l("Write a title."))
    kind = RadioField(
        _l("Kind"), choices=options(KINDS), validators=[InputRequired(_l("Choose a kind."))]
    )
    goals = SelectMultipleField(
        _l("Goals"),
        choices=options(GOALS),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    purpose = text_field(
        _l("Purpose"), rules.MAX_SENTENCE, required=_l("Say what the exercise is good for.")
    )
    body_areas = area_field(_l("Body areas"), ALL_LINES, required=_l("Write a body area."))
    variants = RowList(FormField(VariantForm), min_entries=1, max_entries=len(Position))
    dose = FormField(DoseForm)
    equipment = area_field(_l("Equipment"), ALL_LINES)
    cautions = RowList(FormField(CautionForm), max_entries=rules.MAX_CAUTIONS)
    safety_notes = area_field(_l("Safety notes"), ALL_LINES)
    attribution = text_field(_l("Who made it"), rules.MAX_CREDIT)
    licence = text_field(_l("Licence"), rules.MAX_CREDIT)

    def __init__(
        self, conditions: Mapping[str, str], films: Mapping[str, str], **rest: Any
    ) -> None:
        """``conditions``: slug -> name of all that a caution may be about; ``films``: SHA-256 ->
        words of those to choose from, beside the one that a variant has already."""
        super().__init__(**rest)
        for variant in self.variants:
            film = variant.form.film
            now = (
                {film.data: _("The film as it is")} if film.data and film.data not in films else {}
            )
            film.choices = [choice("", _("No film")), *options({**now, **films})]
        for caution in self.cautions:
            condition = caution.form.condition
            condition.choices = [choice("", _("Choose")), *options(conditions)]

    def validate_grade(self, field: Field) -> None:
        """A new exercise is not asked; nothing said is wording."""
        field.data = field.data or Grade.WORDING.value
        if field.data not in list(Grade):
            raise ValidationError(_("Say what this change is about."))

    @property
    def steps(self) -> dict[str, StepForm]:
        """Every step's form by its place, like ``variants-0-steps-1``."""
        return {step.id: step.form for variant in self.variants for step in variant.form.steps}

    @property
    def pictures(self) -> frozenset[str]:
        """The SHA-256 of every picture and film that is chosen now."""
        films = (variant.form.film.data for variant in self.variants)
        return frozenset(filter(None, (*films, *(s.picture.data for s in self.steps.values()))))

    def exercise_text(self, pictures: Mapping[str, Picture]) -> ExerciseText:
        """The value, after ``validate``; ``pictures`` are those of the chosen that there are.

        Raises RuleBroken where a rule allows no such value.
        """
        return ExerciseText(
            title=one_line(self.title.data),
            kind=Kind(self.kind.data),
            purpose=one_line(self.purpose.data),
            body_areas=split_lines(self.body_areas),
            variants=tuple(read_variant(entry.form, entry.id, pictures) for entry in self.variants),
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
            goals=tuple(goal for goal in Goal if goal in (self.goals.data or ())),
        )


class AddConditionForm(NewThing):
    name = text_field(_l("Name"), rules.MAX_PHRASE, required=_l("Enter a name."))


def exercise_fields(text: ExerciseText, number: int) -> dict[str, Any]:
    """What the form's boxes hold at the start of an edit of revision ``number``."""
    data = to_data(text)
    for key in ("body_areas", "equipment", "safety_notes"):
        data[key] = "\n".join(data[key])
    return data | {"variants": variant_fields(text), "based_on": str(number)}


def put_back_at(form: Form, error: RuleBroken, default: str) -> None:
    """Show a rule's refusal at the very box that it names, rows of rows included."""
    name, *path = (error.field or default).split("-")
    field = form[name if name in form else default]
    for part in path:
        within: Any = field.form if isinstance(field, FormField) else field
        field = within[int(part) if part.isdigit() else part]
    field.errors = [*field.errors, sentence_of(error)]


def _dose(form: Any) -> DoseRange:
    repetitions = form.repetitions.form.span()
    return DoseRange(repetitions, form.sets.form.span(), form.hold.form.span())
