"""The handout's editor, and its code and readers."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired

from app.catalogue import rules
from app.catalogue.forms import ALL_LINES, split_lines
from app.catalogue.models import Handout
from app.catalogue.rowclicks import Blanks
from app.catalogue.rules import HandoutText, to_data
from app.catalogue.step_forms import options
from app.forms import Form, NewThing, RowList, area_field, one_line, text_field

PUBLIC, STAFF = "public", "staff"
READERS = {PUBLIC: _l("Everybody who has the code"), STAFF: _l("Staff only")}
HANDOUT_ROWS: Blanks = {"exercises": ("", 0, rules.MAX_EXERCISES)}


class HandoutForm(Form):
    """The handout's text and, in their order, the slugs of its exercises."""

    based_on = HiddenField()
    title = text_field(_l("Title"), rules.MAX_TITLE, required=_l("Write a title."))
    running_title = text_field(_l("Running title"), rules.MAX_TITLE)
    introduction = area_field(_l("Introduction"), ALL_LINES, required=_l("Write an introduction."))
    exercises = RowList(HiddenField(), max_entries=rules.MAX_EXERCISES)
    words = text_field(_l("Find an exercise to add"), rules.MAX_TITLE)
    follow_up = area_field(
        _l("Follow-up care"), ALL_LINES, required=_l("Write about follow-up care.")
    )
    learn_more = area_field(
        _l("Where to learn more"), ALL_LINES, required=_l("Say where to learn more.")
    )
    owner = area_field(
        _l("Who answers for the text"), ALL_LINES, required=_l("Say who answers for the text.")
    )

    def handout_text(self) -> HandoutText:
        """The value, after ``validate``."""
        return HandoutText(
            title=one_line(self.title.data),
            running_title=one_line(self.running_title.data),
            introduction=split_lines(self.introduction),
            exercises=tuple(entry.data or "" for entry in self.exercises),
            follow_up=split_lines(self.follow_up),
            learn_more=split_lines(self.learn_more),
            owner=split_lines(self.owner),
        )


class ReadersForm(Form):
    """Who may read a handout."""

    readers = RadioField(
        _l("Who may read it"),
        choices=options(READERS),
        default=PUBLIC,
        validators=[InputRequired(_l("Say who may read it."))],
    )

    @property
    def is_public(self) -> bool:
        return bool(self.readers.data == PUBLIC)


class NewHandoutForm(NewThing, HandoutForm, ReadersForm):
    """A handout that is not there yet. Without a code, one is made."""

    code = text_field(_l("Code"), rules.MAX_CODE)


class ShareForm(ReadersForm):
    """``based_on`` is the version of the handout that the page showed."""

    based_on = HiddenField()
    code = text_field(_l("Code"), rules.MAX_CODE, required=_l("Write a code."))


def sharing_fields(handout: Handout) -> dict[str, Any]:
    readers = PUBLIC if handout.is_public else STAFF
    return {"code": handout.code, "readers": readers, "based_on": str(handout.version)}


def handout_fields(text: HandoutText, number: int) -> dict[str, Any]:
    data = to_data(text)
    for key in ("introduction", "follow_up", "learn_more", "owner"):
        data[key] = "\n".join(data[key])
    return data | {"based_on": str(number), "exercises": list(text.exercises)}
