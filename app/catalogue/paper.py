"""A handout as paper: the words of its page (templates/catalogue/handout.html) as data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask_babel import format_date
from flask_babel import gettext as _

from app.catalogue import words
from app.catalogue.models import Exercise, Handout
from app.catalogue.rules import ExerciseText
from app.config import Settings
from app.paper import parts
from app.paper.document import Document, PictureOf, Pictures
from app.paper.parts import Part


def handout_document(
    handout: Handout,
    exercises: Sequence[Exercise],
    *,
    clinic: Settings,
    address: str,
    day: date,
    paper: str,
    large: bool,
    picture_of: PictureOf,
) -> Document:
    """The handout as it is on ``day``. ``address`` is what its QR code leads to."""
    text = handout.text
    pictures = Pictures(picture_of)
    foot = (
        text.running_title or text.title,
        handout.code,
        _("revision %(number)s", number=handout.current_number),
        _("printed %(day)s", day=format_date(day, "long")),
    )
    data = {
        **parts.frame(
            title=text.title, clinic=clinic.clinic_name, foot=foot, paper=paper, large=large
        ),
        "lines": [[(_("Code") + " ", False), (handout.code, True)]],
        "code": parts.qr_code(
            pictures.add_qr(address),
            _("QR code of this page"),
            [(_("Scan it to open this page:") + " ", False), (handout.code, True)],
        ),
        "introduction": text.introduction,
        "stop": _("If an exercise hurts too much, stop."),
        "exercises": [
            _exercise(number, exercise.text, pictures)
            for number, exercise in enumerate(exercises, start=1)
        ],
        "follow-up": parts.section(_("Follow-up care"), text.follow_up),
        "learn-more": parts.section(_("Where to learn more"), text.learn_more),
        "questions": parts.questions(
            clinic.clinic_name, clinic.clinic_phone, clinic.emergency_number
        ),
        "owner": parts.section(_("Who answers for this text"), text.owner),
        "credits": parts.section(
            _("Who made the exercises and their pictures"), words.credits_of(exercises)
        ),
    }
    return Document("catalogue/handout.typ", data, day, pictures)


def _exercise(number: int, text: ExerciseText, pictures: Pictures) -> Part:
    several = len(text.variants) > 1
    return parts.exercise(
        number,
        text.title,
        dose=" · ".join(f"{label} {value}" for label, value in words.dose_words(text.dose)),
        position=words.start_words(text),
        purpose=text.purpose,
        needs=parts.needs(text.equipment),
        warnings=[parts.warning(sentence) for sentence in words.warning_sentences(text)],
        variants=[
            parts.variant(
                str(words.POSITIONS[one.position]) if several else "", one.steps, pictures.add
            )
            for one in text.variants
        ],
    )
