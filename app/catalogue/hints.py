"""What would make a text better while it is being written. Pure; it refuses nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.catalogue.reading import MAX_GRADE, MAX_WORDS, reading_grade, words_per_sentence
from app.catalogue.rules import Kind
from app.errors import N_


@dataclass(frozen=True)
class Hint:
    """One thing to look at, and the box that it is about."""

    sentence: str
    box: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Sketch:
    """An exercise as it is typed, whole or not: the values of the editor's boxes, by name."""

    boxes: Mapping[str, Any]

    def said(self, name: str) -> str:
        return str(self.boxes.get(name) or "").strip()

    def rows(self, name: str) -> Sequence[Mapping[str, Any]]:
        rows: Sequence[Mapping[str, Any]] = self.boxes.get(name) or ()
        return rows

    @property
    def steps(self) -> Iterator[tuple[str, Sketch]]:
        """Each step that has words, and its place."""
        for n, variant in enumerate(self.rows("variants")):
            for m, step in enumerate(Sketch(variant).rows("steps")):
                if (typed := Sketch(step)).said("text"):
                    yield f"variants-{n}-steps-{m}", typed

    @property
    def reading(self) -> str:
        """All that a patient reads of it, a sentence a line."""
        steps = (step.said("text") for _place, step in self.steps)
        cautions = (Sketch(caution).said("sentence") for caution in self.rows("cautions"))
        parts = (self.said("purpose"), *steps, *cautions, self.said("safety_notes"))
        return "\n".join(filter(None, parts))

    @property
    def grade(self) -> float | None:
        """None while there is nothing to read."""
        return reading_grade(self.reading) if self.reading else None


def find_hints(sketch: Sketch) -> list[Hint]:
    """What is missing, in the order of the boxes, and what is hard to read."""
    return [*_missing(sketch), *_hard_to_read(sketch)]


_BOXES = {
    "title": N_("Write a title."),
    "kind": N_("Choose a kind."),
    "goals": N_("Choose a goal: therapists search by it."),
    "purpose": N_("Say what the exercise is good for."),
    "body_areas": N_("Write a body area."),
}


def _missing(sketch: Sketch) -> Iterator[Hint]:
    for name, sentence in _BOXES.items():
        if not sketch.said(name):
            yield Hint(sentence, name)
    for n, variant in enumerate(map(Sketch, sketch.rows("variants"))):
        if not variant.said("position"):
            yield Hint(N_("Choose a start position."), f"variants-{n}-position")
        steps = [Sketch(step) for step in variant.rows("steps")]
        if not any(step.said("text") for step in steps):
            yield Hint(N_("Write at least one step."), f"variants-{n}-steps-0-text")
    for place, step in sketch.steps:
        if not step.said("picture"):
            yield Hint(N_("Choose a picture for “%(step)s”."), f"{place}-text",
                       {"step": _beginning(step.said("text"))})  # fmt: skip
    dose = Sketch(sketch.boxes.get("dose") or {})
    if not _is_filled(dose, "repetitions"):
        yield Hint(N_("Say how often to repeat it."), "dose-repetitions-low")
    if sketch.said("kind") == Kind.STRETCH and not _is_filled(dose, "hold"):
        yield Hint(N_("Say how long to hold this stretch."), "dose-hold-low")
    if not sketch.said("attribution"):
        yield Hint(N_("Say who made it."), "attribution")


def _hard_to_read(sketch: Sketch) -> Iterator[Hint]:
    if (sketch.grade or 0) > MAX_GRADE:
        yield Hint(
            N_("Use shorter words and sentences: aim at grade %(aim)s or less."),
            "purpose", {"aim": MAX_GRADE},
        )  # fmt: skip
    for place, step in sketch.steps:
        if words_per_sentence(step.said("text")) > MAX_WORDS:
            yield Hint(N_("Make two sentences of “%(step)s”."), f"{place}-text",
                       {"step": _beginning(step.said("text"))})  # fmt: skip


def _is_filled(dose: Sketch, name: str) -> bool:
    span = Sketch(dose.boxes.get(name) or {})
    return bool(span.said("low") and span.said("high"))


def _beginning(text: str) -> str:
    """Enough of a step to know it by."""
    words = text.split()
    return " ".join(words[:5]) + ("…" if len(words) > 5 else "")
