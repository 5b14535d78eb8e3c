"""What a search of the catalogue finds, and exercises to be found."""

from __future__ import annotations

from dataclasses import replace

from app.catalogue import search
from app.catalogue.models import Exercise
from app.catalogue.search_filters import Wanted
from app.catalogue.search_words import Facet
from tests.catalogue.test_rules import TEXT
from tests.catalogue.test_service import publish


def find(words: str = "", safe: bool = False, **chosen: str) -> search.Found:
    facets = {Facet(name): frozenset({value}) for name, value in chosen.items()}
    return search.search_exercises(Wanted(words, facets, safe, ("knee-pain",)))


def titles(words: str = "", safe: bool = False, **chosen: str) -> list[str]:
    return [exercise.text.title for exercise in find(words, safe, **chosen).page.items]


def named(title: str, **changes: object) -> Exercise:
    quiet: dict[str, object] = {"purpose": "Helps.", "body_areas": ("jaw",), "equipment": ()}
    return publish(replace(TEXT, title=title, **(quiet | changes)))  # type: ignore[arg-type]  # fields of a text, by name
