"""The form of the PEMAT-P checklist."""

from __future__ import annotations

from typing import Self

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired

from app.catalogue.pemat import ITEMS, Item, Mark, Marks
from app.catalogue.step_forms import options
from app.catalogue.words import MARKS
from app.forms import Form


class PematForm(Form):
    """A group of radio buttons ``item-<number>`` for every item; nothing is marked beforehand."""

    based_on = HiddenField()

    @classmethod
    def of(cls, marks: Marks, number: int) -> Self:
        """As revision ``number`` was marked last."""
        told = {f"item-{n}": mark.value for n, mark in marks.items()}
        return cls(data={**told, "based_on": str(number)})

    @property
    def marks(self) -> Marks:
        """Of a form that was validated."""
        return {item.number: Mark(self[f"item-{item.number}"].data) for item in ITEMS}


def _buttons(item: Item) -> RadioField:
    possible = {
        mark: words
        for mark, words in MARKS.items()
        if item.may_not_apply or mark is not Mark.NOT_APPLICABLE
    }
    return RadioField(
        _l(item.words),
        choices=options(possible),
        validators=[InputRequired(_l("Answer this."))],
    )


for _item in ITEMS:
    setattr(PematForm, f"item-{_item.number}", _buttons(_item))
