"""The form that tags many exercises at once."""

from __future__ import annotations

from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField
from wtforms.validators import InputRequired

from app.catalogue import rules
from app.catalogue.search_words import Facet
from app.catalogue.step_forms import options
from app.catalogue.tagging import Tag
from app.catalogue.words import GOALS
from app.forms import Form, text_field
from app.text import search_key

KINDS_OF_TAGS = {
    Facet.AREA: _l("Body area"),
    Facet.EQUIPMENT: _l("Equipment"),
    Facet.GOAL: _l("Goal"),
}


class TagForm(Form):
    """``exercises`` are the ids of those that are ticked."""

    exercises = SelectMultipleField(_l("Exercises"), validate_choice=False)
    facet = RadioField(
        _l("Kind of tag"),
        choices=options(KINDS_OF_TAGS),
        default=Facet.AREA,
        validators=[InputRequired(_l("Choose the kind of tag."))],
    )
    value = text_field(_l("Tag"), rules.MAX_PHRASE, required=_l("Write the tag."))

    def leave_to_review(self) -> None:
        """Without equipment: patients read it, and somebody else publishes what they read."""
        kinds = {kind: name for kind, name in KINDS_OF_TAGS.items() if kind is not Facet.EQUIPMENT}
        self.facet.choices = options(kinds)

    @property
    def ids(self) -> set[UUID]:
        """Those that are ids; what is none of ours is found nowhere."""
        found = set()
        for typed in self.exercises.data or ():
            try:
                found.add(UUID(typed))
            except ValueError:
                continue
        return found

    @property
    def tag(self) -> Tag:
        """What was typed; a goal may be called as the reader's language calls it."""
        facet, value = Facet(self.facet.data), self.value.data or ""
        called = {search_key(str(name)): goal for goal, name in GOALS.items()}
        if facet is Facet.GOAL:
            value = called.get(search_key(value), value)
        return Tag(facet, value)
