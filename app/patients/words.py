"""Conditions in the reader's language: where on the body one is."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.patients.rules import BodySide

SIDES = {
    BodySide.NONE: _l("No side"),
    BodySide.LEFT: _l("Left side"),
    BodySide.RIGHT: _l("Right side"),
    BodySide.BOTH: _l("Both sides"),
}


def condition_words(name: str, side: BodySide) -> str:
    """The condition with its side, where it has one: "knee pain (left side)"."""
    match side:
        case BodySide.LEFT:
            return str(_("%(condition)s (left side)", condition=name))
        case BodySide.RIGHT:
            return str(_("%(condition)s (right side)", condition=name))
        case BodySide.BOTH:
            return str(_("%(condition)s (both sides)", condition=name))
        case BodySide.NONE:
            return name
