"""What an exercise and a handout say, as frozen values, and the checks on them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from app.errors import N_, RuleBroken

MAX_TITLE = 120
MAX_STEPS = 12
MAX_SENTENCE = 300
MAX_PHRASE = 80
MAX_LINES = 12
MAX_CAUTIONS = 12
MAX_CREDIT = 200
MAX_SETS = 10
MAX_REPETITIONS = 100
MAX_HOLD = 300
MAX_EXERCISES = 40
MAX_REASON = 300
MAX_CODE = 32
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Letters and digits of the codes that we make: no 0/O, no 1/I/L."""


class Kind(StrEnum):
    """What an exercise trains; a stretch is held, so its dose has a hold."""

    STRETCH = "stretch"
    MOVEMENT = "movement"
    STRENGTH = "strength"


class Goal(StrEnum):
    """What an exercise is done for, in the terms of physical therapy; one may serve several."""

    STRENGTH = "strength"
    ENDURANCE = "endurance"
    FLEXIBILITY = "flexibility"
    MOBILITY = "mobility"
    BALANCE = "balance"
    COORDINATION = "coordination"
    POSTURE = "posture"
    RELAXATION = "relaxation"


class ExerciseState(StrEnum):
    """Whether an exercise can be chosen. Retired ones can come back, merged ones never."""

    OFFERED = "offered"
    RETIRED = "retired"
    MERGED = "merged"


class Position(StrEnum):
    """The start position."""

    STANDING = "standing"
    SITTING = "sitting"
    KNEELING = "kneeling"
    LYING = "lying"


class Level(StrEnum):
    """How much a condition speaks against an exercise."""

    CONTRAINDICATION = "contraindication"
    PRECAUTION = "precaution"


class Grade(StrEnum):
    """Why a text was changed, as the admin says: plans that hold the old one are told so."""

    WORDING = "wording"
    SAFETY = "safety"


@dataclass(frozen=True)
class Span:
    """A range of whole numbers with both ends in it, e.g. 15 to 30 seconds."""

    low: int
    high: int

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise RuleBroken(
                N_("%(low)s is more than %(high)s. Put the smaller number first."),
                low=self.low,
                high=self.high,
            )

    def holds(self, other: Span) -> bool:
        """Whether ``other`` lies wholly inside this range."""
        return self.low <= other.low and other.high <= self.high


@dataclass(frozen=True)
class DoseRange:
    """The usual dose that the catalogue gives; ``hold`` is in seconds.

    None says nothing: then any number is as good as another (the handout names no sets).
    """

    repetitions: Span
    sets: Span | None = None
    hold: Span | None = None


@dataclass(frozen=True)
class Step:
    """One numbered step: one or two sentences and the slot of its picture.

    ``picture`` is the SHA-256 of the picture's bytes in hex, or None while there is none.
    ``picture_width`` and ``picture_height`` are its pixels, so that a page can keep its place.
    """

    text: str
    picture: str | None = None
    picture_alt: str = ""
    picture_width: int = 0
    picture_height: int = 0


@dataclass(frozen=True)
class Variant:
    """One of the equal ways to start; steps and pictures belong to it.

    ``film`` is the SHA-256 of the picture that moves, or None while there is none.
    """

    position: Position
    steps: tuple[Step, ...]
    film: str | None = None
    film_alt: str = ""

    @property
    def telling_step(self) -> Step | None:
        """The step whose picture stands for the whole: the last but one of those that have one.

        A movement is furthest from its start there; the last step mostly goes back.
        """
        pictured = [step for step in self.steps if step.picture]
        return pictured[-2:][0] if pictured else None


@dataclass(frozen=True)
class Caution:
    """A condition (by its slug) that speaks against the exercise, with a patient's sentence."""

    condition: str
    level: Level
    sentence: str


@dataclass(frozen=True)
class ExerciseText:
    """All that one exercise revision says. Equal values are the same wording."""

    title: str
    kind: Kind
    purpose: str
    body_areas: tuple[str, ...]
    variants: tuple[Variant, ...]
    dose: DoseRange
    equipment: tuple[str, ...] = ()
    cautions: tuple[Caution, ...] = ()
    safety_notes: tuple[str, ...] = ()
    attribution: str = ""
    licence: str = ""
    goals: tuple[Goal, ...] = ()

    @property
    def credit(self) -> str:
        """Who made text and pictures, and under which licence."""
        return ", ".join(filter(None, (self.attribution, self.licence)))

    @property
    def pictures(self) -> frozenset[str]:
        """The SHA-256 of every picture and film."""
        steps = (step.picture for variant in self.variants for step in variant.steps)
        films = (variant.film for variant in self.variants)
        return frozenset(filter(None, (*steps, *films)))

    def variant(self, position: Position) -> Variant:
        """The variant for ``position``; the first where the exercise has no such variant."""
        return next((v for v in self.variants if v.position is position), self.variants[0])


@dataclass(frozen=True)
class HandoutText:
    """All that one handout revision says; ``exercises`` are slugs in their order."""

    title: str
    introduction: tuple[str, ...]
    exercises: tuple[str, ...]
    follow_up: tuple[str, ...]
    learn_more: tuple[str, ...]
    owner: tuple[str, ...]
    running_title: str = field(default="")


def to_data(text: ExerciseText | HandoutText) -> dict[str, Any]:
    """Plain lists, dicts and strings, ready for JSON."""
    return asdict(text)


def exercise_from_data(data: dict[str, Any]) -> ExerciseText:
    """The inverse of :func:`to_data`. Raises KeyError, TypeError or ValueError on wrong data."""
    dose = data["dose"]
    return ExerciseText(
        title=data["title"],
        kind=Kind(data["kind"]),
        purpose=data["purpose"],
        body_areas=tuple(data["body_areas"]),
        variants=tuple(
            Variant(
                Position(v["position"]),
                tuple(Step(**s) for s in v["steps"]),
                film=v.get("film"),
                film_alt=v.get("film_alt", ""),
            )
            for v in data["variants"]
        ),
        dose=DoseRange(
            repetitions=Span(**dose["repetitions"]),
            sets=Span(**dose["sets"]) if dose.get("sets") else None,
            hold=Span(**dose["hold"]) if dose.get("hold") else None,
        ),
        equipment=tuple(data.get("equipment", ())),
        cautions=tuple(
            Caution(c["condition"], Level(c["level"]), c["sentence"])
            for c in data.get("cautions", ())
        ),
        safety_notes=tuple(data.get("safety_notes", ())),
        attribution=data.get("attribution", ""),
        licence=data.get("licence", ""),
        goals=tuple(map(Goal, data.get("goals", ()))),
    )


def handout_from_data(data: dict[str, Any]) -> HandoutText:
    """The inverse of :func:`to_data` for handouts."""
    return HandoutText(
        title=data["title"],
        introduction=tuple(data["introduction"]),
        exercises=tuple(data["exercises"]),
        follow_up=tuple(data["follow_up"]),
        learn_more=tuple(data["learn_more"]),
        owner=tuple(data["owner"]),
        running_title=data.get("running_title", ""),
    )


def normal_code(typed: str) -> str:
    """A code as it is stored: upper case, without spaces, hyphens and other marks."""
    return re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", typed).upper())[:MAX_CODE]
