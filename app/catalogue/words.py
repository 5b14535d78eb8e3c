"""Exercises and handouts in the reader's language: kinds, positions, doses, labelled parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from flask_babel import format_date, format_decimal, format_time, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.catalogue.changes import Change, Part, find_changes
from app.catalogue.models import Exercise
from app.catalogue.pemat import Mark
from app.catalogue.reading import MAX_GRADE, reading_grade
from app.catalogue.rules import (
    Caution,
    DoseRange,
    ExerciseText,
    Goal,
    Grade,
    HandoutText,
    Kind,
    Level,
    Position,
    Span,
    Variant,
)
from app.wording import sentence_of as sentence_of

KINDS = {
    Kind.STRETCH: _l("Stretch"),
    Kind.MOVEMENT: _l("Movement"),
    Kind.STRENGTH: _l("Strength"),
}
GOALS = {
    Goal.STRENGTH: _l("Strength"),
    Goal.ENDURANCE: _l("Endurance"),
    Goal.FLEXIBILITY: _l("Flexibility"),
    Goal.MOBILITY: _l("Mobility"),
    Goal.BALANCE: _l("Balance"),
    Goal.COORDINATION: _l("Coordination"),
    Goal.POSTURE: _l("Posture"),
    Goal.RELAXATION: _l("Relaxation"),
}
POSITIONS = {
    Position.STANDING: _l("Standing"),
    Position.SITTING: _l("Sitting"),
    Position.KNEELING: _l("Kneeling"),
    Position.LYING: _l("Lying"),
}
GRADES = {
    Grade.WORDING: _l("Wording: the exercise is the same"),
    Grade.SAFETY: _l("Safety: nobody should go on with the old text unseen"),
}
MARKS = {
    Mark.AGREE: _l("Yes"),
    Mark.DISAGREE: _l("No"),
    Mark.NOT_APPLICABLE: _l("Does not apply"),
}
LEVELS = {
    Level.CONTRAINDICATION: _l("Must not be done"),
    Level.PRECAUTION: _l("Needs care"),
}


def dose_words(dose: DoseRange) -> list[tuple[str, str]]:
    """The usual dose as (label, value): ("Repeat", "2 to 4 times")."""
    words = [(_("Repeat"), times_words(dose.repetitions))]
    if dose.hold:
        words.insert(0, (_("Hold each time"), seconds_words(dose.hold)))
    if dose.sets:
        words.append((_("Sets"), span_words(dose.sets)))
    return words


def times_words(span: Span) -> str:
    """Repetitions: "2 to 4 times"."""
    said: str = ngettext("%(range)s time", "%(range)s times", span.high, range=span_words(span))
    return said


def seconds_words(span: Span) -> str:
    """A hold: "15 to 30 seconds"."""
    said: str = ngettext("%(range)s second", "%(range)s seconds", span.high, range=span_words(span))
    return said


def span_words(span: Span) -> str:
    if span.low == span.high:
        return str(span.low)
    return str(_("%(low)s to %(high)s", low=span.low, high=span.high))


def start_words(text: ExerciseText) -> str:
    """The ways to start: "Sitting or standing"."""
    first, *others = (str(POSITIONS[variant.position]) for variant in text.variants)
    return str(_(" or ")).join((first, *(other.lower() for other in others)))


def warning_sentences(text: ExerciseText) -> tuple[str, ...]:
    """What stands in a box above the steps."""
    return (*(caution.sentence for caution in text.cautions), *text.safety_notes)


def moment_words(instant: datetime) -> str:
    """In the clinic's zone: "March 2, 2026, 12:00 PM"."""
    return f"{format_date(instant, 'long')}, {format_time(instant, 'short')}"


def credits_of(exercises: Iterable[Exercise]) -> list[str]:
    """Who made which of the exercises, a line for each maker and licence."""
    made: dict[str, list[str]] = {}
    for text in (exercise.text for exercise in exercises):
        if text.credit:
            made.setdefault(text.credit, []).append(text.title)
    return [f"{maker}: {', '.join(titles)}" for maker, titles in made.items()]


def grade_words(grade: float) -> str:
    """A reading grade beside the aim."""
    said = format_decimal(grade, "0.0")
    if grade <= MAX_GRADE:
        return str(_("%(grade)s, easy to read", grade=said))
    return str(_("%(grade)s, aim at %(aim)s or less", grade=said, aim=MAX_GRADE))


def grade_of(text: ExerciseText) -> float:
    """The reading grade of all that a patient reads of the exercise."""
    steps = (step.text for variant in text.variants for step in variant.steps)
    warnings = (caution.sentence for caution in text.cautions)
    return reading_grade("\n".join((text.purpose, *steps, *warnings, *text.safety_notes)))


def grade_of_handout(text: HandoutText) -> float:
    """The reading grade of the handout's own text."""
    return reading_grade(
        "\n".join((*text.introduction, *text.follow_up, *text.learn_more, *text.owner))
    )


def exercise_parts(text: ExerciseText, conditions: Mapping[str, str]) -> list[Part]:
    """All that the text says as labelled parts. ``conditions``: slug -> name."""
    return [
        Part(_("Title"), (text.title,)),
        Part(_("Kind"), (str(KINDS[text.kind]),)),
        Part(_("Goals"), tuple(str(GOALS[goal]) for goal in text.goals)),
        Part(_("Purpose"), (text.purpose,)),
        Part(_("Body areas"), text.body_areas),
        Part(_("Start positions"), tuple(str(POSITIONS[v.position]) for v in text.variants)),
        *(part for variant in text.variants for part in _variant_parts(variant)),
        Part(_("Usual dose"), tuple(f"{label}: {value}" for label, value in dose_words(text.dose))),
        Part(_("Equipment"), text.equipment),
        Part(_("Warnings"), tuple(_caution(c, conditions) for c in text.cautions)),
        Part(_("Safety notes"), text.safety_notes),
        Part(_("Who made it"), (text.attribution,)),
        Part(_("Licence"), (text.licence,)),
    ]


def exercise_changes(
    old: ExerciseText | None, new: ExerciseText, conditions: Mapping[str, str]
) -> tuple[Change, ...]:
    """What the new text says differently; nothing where there is no old one."""
    if old is None:
        return ()
    return find_changes(exercise_parts(old, conditions), exercise_parts(new, conditions))


def handout_parts(text: HandoutText, titles: Mapping[str, str]) -> list[Part]:
    """All that the handout says as labelled parts. ``titles``: slug -> title of an exercise."""
    return [
        Part(_("Title"), (text.title,)),
        Part(_("Running title"), (text.running_title,)),
        Part(_("Introduction"), text.introduction),
        Part(_("Exercises"), tuple(titles.get(slug, slug) for slug in text.exercises)),
        Part(_("Follow-up care"), text.follow_up),
        Part(_("Where to learn more"), text.learn_more),
        Part(_("Who answers for the text"), text.owner),
    ]


def _variant_parts(variant: Variant) -> Iterator[Part]:
    position = str(POSITIONS[variant.position]).lower()
    yield Part(
        _("Steps, %(position)s", position=position), tuple(step.text for step in variant.steps)
    )
    pictures = [(step.picture, step.picture_alt) for step in variant.steps]
    if any(sha256 for sha256, _alt in pictures):
        words = tuple(f"{n}. {_pictured(*one)}" for n, one in enumerate(pictures, 1))
        yield Part(_("Pictures, %(position)s", position=position), words)
    if variant.film:
        film = _pictured(variant.film, variant.film_alt)
        yield Part(_("Film, %(position)s", position=position), (film,))


def _pictured(sha256: str | None, alt: str) -> str:
    # Two pictures may have the same words: the fingerprint tells them apart.
    return f"{alt} ({sha256[:8]})" if sha256 else "–"


def _caution(caution: Caution, conditions: Mapping[str, str]) -> str:
    name = conditions.get(caution.condition, caution.condition)
    return f"{LEVELS[caution.level]}, {name}: {caution.sentence}"
