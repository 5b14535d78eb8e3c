"""What an exercise or a handout must say before it may be published.

Every refusal names its place in the value as forms name their boxes: ``variants-0-steps-0-text``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.catalogue import rules
from app.catalogue.rules import DoseRange, ExerciseText, HandoutText, Kind, Span, Step, Variant
from app.errors import N_, RuleBroken

NO_STEP = N_("Write at least one step.")
RESERVED_CODES = ("NEW",)
"""Addresses beside those of the handouts: /handouts/new."""


def check_exercise(text: ExerciseText) -> None:
    """Refuse (RuleBroken) what is missing, too long, out of range or said twice."""
    _check_words("title", text.title, rules.MAX_TITLE, required=True)
    _check_words("purpose", text.purpose, rules.MAX_SENTENCE, required=True)
    _check_lines("body_areas", text.body_areas, rules.MAX_PHRASE, required=True)
    _check_variants(text.variants)
    _check_dose(text.kind, text.dose)
    _check_lines("equipment", text.equipment, rules.MAX_PHRASE)
    _check_cautions(text)
    _check_lines("safety_notes", text.safety_notes, rules.MAX_SENTENCE)
    _check_words("attribution", text.attribution, rules.MAX_CREDIT)
    _check_words("licence", text.licence, rules.MAX_CREDIT)


def check_handout(text: HandoutText) -> None:
    """Refuse (RuleBroken) a handout that lacks a part, is too long or lists something twice."""
    _check_words("title", text.title, rules.MAX_TITLE, required=True)
    _check_words("running_title", text.running_title, rules.MAX_TITLE)
    for part in ("introduction", "follow_up", "learn_more", "owner"):
        _check_lines(part, getattr(text, part), rules.MAX_SENTENCE, required=True)
    if not text.exercises:
        raise RuleBroken(N_("Add at least one exercise."), field="words")
    if len(text.exercises) > rules.MAX_EXERCISES:
        raise RuleBroken(
            N_("Use at most %(max)s exercises."), field="words", max=rules.MAX_EXERCISES
        )
    if len(set(text.exercises)) < len(text.exercises):
        raise RuleBroken(N_("An exercise is on the list twice. Remove one."), field="words")


def check_code(code: str) -> None:
    """Refuse (RuleBroken) a handout's code, as normal_code gives it, that no paper can have."""
    least, most = 3, 12
    if not least <= len(code) <= most:
        raise RuleBroken(
            N_("Use %(least)s to %(most)s letters and digits."), field="code",
            least=least, most=most,
        )  # fmt: skip
    if code in RESERVED_CODES:
        raise RuleBroken(N_("Choose another code. This one is an address of ours."), field="code")


def _check_variants(variants: Sequence[Variant]) -> None:
    if not variants:
        raise RuleBroken(N_("Add a start position."), field="variants-0-position")
    _check_once(
        "variants", "position", (v.position for v in variants),
        N_("This start position is there twice. Choose another one, or remove it."),
    )  # fmt: skip
    for place, variant in enumerate(variants):
        steps = f"variants-{place}-steps"
        if not any(step.text for step in variant.steps):
            raise RuleBroken(NO_STEP, field=f"{steps}-0-text")
        if len(variant.steps) > rules.MAX_STEPS:
            raise RuleBroken(
                N_("Use at most %(max)s steps."), field=f"{steps}-0-text", max=rules.MAX_STEPS
            )
        for number, step in enumerate(variant.steps):
            _check_words(f"{steps}-{number}-text", step.text, rules.MAX_SENTENCE, required=True)
            _check_picture(f"{steps}-{number}-picture_alt", step)


def _check_picture(field: str, step: Step) -> None:
    if step.picture and not step.picture_alt:
        raise RuleBroken(
            N_("Say what the picture shows, for people who cannot see it."), field=field
        )
    _check_words(field, step.picture_alt, rules.MAX_SENTENCE)


def _check_dose(kind: Kind, dose: DoseRange) -> None:
    _check_span("repetitions", dose.repetitions, rules.MAX_REPETITIONS)
    _check_span("sets", dose.sets, rules.MAX_SETS)
    _check_span("hold", dose.hold, rules.MAX_HOLD)
    if dose.hold is None and kind is Kind.STRETCH:
        raise RuleBroken(N_("Say how long to hold this stretch."), field="dose-hold-low")


def _check_span(name: str, span: Span | None, most: int) -> None:
    if span and (span.low < 1 or span.high > most):
        raise RuleBroken(
            N_("Enter whole numbers from 1 to %(max)s."), field=f"dose-{name}-low", max=most
        )


def _check_cautions(text: ExerciseText) -> None:
    if len(text.cautions) > rules.MAX_CAUTIONS:
        raise RuleBroken(
            N_("Use at most %(max)s warnings."),
            field="cautions-0-condition",
            max=rules.MAX_CAUTIONS,
        )
    _check_once(
        "cautions", "condition", (c.condition for c in text.cautions),
        N_("This condition is there twice. Choose another one, or remove it."),
    )  # fmt: skip
    for place, caution in enumerate(text.cautions):
        _check_words(
            f"cautions-{place}-sentence", caution.sentence, rules.MAX_SENTENCE, required=True
        )


def _check_once(rows: str, box: str, values: Iterable[str], sentence: str) -> None:
    seen: set[str] = set()
    for place, value in enumerate(values):
        if value in seen:
            raise RuleBroken(sentence, field=f"{rows}-{place}-{box}")
        seen.add(value)


def _check_lines(field: str, lines: Sequence[str], most: int, *, required: bool = False) -> None:
    if required and not lines:
        raise RuleBroken(N_("Write at least one line."), field=field)
    if len(lines) > rules.MAX_LINES:
        raise RuleBroken(N_("Use at most %(max)s lines."), field=field, max=rules.MAX_LINES)
    for number, line in enumerate(lines, start=1):
        if len(line) > most:
            raise RuleBroken(
                N_("Line %(line)s is too long. Use at most %(max)s characters."),
                field=field,
                line=number,
                max=most,
            )


def _check_words(field: str, words: str, most: int, *, required: bool = False) -> None:
    if required and not words:
        raise RuleBroken(N_("Write something here."), field=field)
    if len(words) > most:
        raise RuleBroken(N_("Use at most %(max)s characters."), field=field, max=most)
