"""The pose editor's form. Without a script it is all there is: a box for every number.

It carries the scene as it was last drawn, so that nothing is kept on the server before it is saved.
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FloatField, FormField, HiddenField, RadioField, SelectField
from wtforms import Form as PlainForm
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, NumberRange, Optional, StopValidation

from app.catalogue import rules, scene_words
from app.catalogue.forms import whole_number
from app.catalogue.posing import Desk, fields_of
from app.catalogue.step_forms import options
from app.figures import scene_from_text, scene_to_text
from app.figures.adding import NEW_THINGS
from app.forms import NewThing, RowList, choice, text_field

FARTHEST = 1000
NO_NUMBER = _l("Enter a number, like 12.5.")
OUT_OF_RANGE = _l("Enter a number from %(min)s to %(max)s.")


class NumberField(FloatField):
    """Like FloatField: a comma will do, and words of ours say what is no number."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([typed.replace(",", ".") for typed in valuelist if typed])
        except ValueError:
            raise ValueError(NO_NUMBER) from None

    def pre_validate(self, form: BaseForm) -> None:
        if self.process_errors:  # of what is no number, no range need be told
            raise StopValidation

    def _value(self) -> str:
        return f"{self.data:g}" if self.data is not None else "".join(self.raw_data or [])


def _number(label: str, *, required: bool = True) -> NumberField:
    within = NumberRange(-FARTHEST, FARTHEST, OUT_OF_RANGE)
    return NumberField(
        label, validators=[InputRequired(NO_NUMBER) if required else Optional(), within]
    )


class HeadForm(PlainForm):
    x = _number(_l("Forward"))
    y = _number(_l("Up"))


class PlaceForm(HeadForm):
    z = _number(_l("To the right"))


class MarkForm(PlainForm):
    """A sign; which of the numbers are asked for depends on its kind."""

    kind = HiddenField()
    tail_x = _number(_l("Start, across"), required=False)
    tail_y = _number(_l("Start, down"), required=False)
    tip_x = _number(_l("Tip, across"), required=False)
    tip_y = _number(_l("Tip, down"), required=False)
    middle_x = _number(_l("Middle, across"), required=False)
    middle_y = _number(_l("Middle, down"), required=False)
    radius = _number(_l("Size"), required=False)


class PropForm(PlainForm):
    """A thing, likewise."""

    kind = HiddenField()
    x = _number(_l("Forward"), required=False)
    start = _number(_l("From"), required=False)
    end = _number(_l("To"), required=False)
    seat = _number(_l("Height of the seat"), required=False)
    height = _number(_l("Height"), required=False)
    slack = _number(_l("Length, unpulled"), required=False)


class SceneForm(NewThing):
    """``scene`` is the scene as JSON, ``before`` what it was before the last change, ``picture``
    the number of the one that is shown, ``drag`` what :func:`posing_views.read_drags` reads."""

    based_on = HiddenField()
    scene = HiddenField()
    before = HiddenField()
    picture = HiddenField()
    drag = HiddenField()
    side = RadioField(_l("Seen from"), choices=options(scene_words.SIDES))
    alike = BooleanField(_l("Move both sides alike"))
    standing = BooleanField(_l("The feet carry the body and stay on the floor"))
    pelvis = FormField(PlaceForm, scene_words.HANDLES["pelvis"])
    head = FormField(HeadForm, scene_words.HANDLES["head"])
    hand_r = FormField(PlaceForm, scene_words.HANDLES["hand_r"])
    hand_l = FormField(PlaceForm, scene_words.HANDLES["hand_l"])
    foot_r = FormField(PlaceForm, scene_words.HANDLES["foot_r"])
    foot_l = FormField(PlaceForm, scene_words.HANDLES["foot_l"])
    marks = RowList(FormField(MarkForm))
    props = RowList(FormField(PropForm))
    thing = SelectField(
        _l("Another thing"),
        choices=[
            choice("", _l("Choose")),
            *options({k: scene_words.THINGS[k] for k in NEW_THINGS}),
        ],
        validate_choice=False,
    )
    alt = text_field(
        _l("What the picture shows"),
        rules.MAX_SENTENCE,
        required=_l("Say what the picture shows, for people who cannot see it."),
    )

    def desk(self) -> Desk:
        """The scene as it was sent, before what was typed. Raises RuleBroken for what is none."""
        scene = scene_from_text(self.scene.data or "")
        number = whole_number(self.picture.data, 1, len(scene.frames)) or 1
        side = "l" if self.side.data == "l" else "r"
        return Desk(scene, number, side, bool(self.alike.data))


def desk_fields(desk: Desk, before: str, based_on: int) -> dict[str, Any]:
    """What the form holds for this desk; undoing leads to the scene ``before``, as text."""
    return fields_of(desk) | {
        "based_on": str(based_on),
        "scene": scene_to_text(desk.scene),
        "before": before,
        "picture": str(desk.number),
        "drag": "",
        "thing": "",
    }
