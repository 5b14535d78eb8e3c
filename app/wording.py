"""Sentences of the rules in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from app.language import day_in_words, translated


class Sentence(Protocol):
    """A message id and the values that fill it: a RuleBroken, a Problem, a PlanWarning."""

    @property
    def sentence(self) -> str: ...
    @property
    def values(self) -> Mapping[str, Any]: ...


def sentence_of(said: Sentence) -> str:
    """What ``said`` says, translated first and filled in after."""
    words = translated(said.sentence)
    return words % _words_of(said.values) if said.values else words


def _words_of(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Days as the reader writes them."""
    return {
        name: day_in_words(value, "long") if isinstance(value, date) else value
        for name, value in values.items()
    }
