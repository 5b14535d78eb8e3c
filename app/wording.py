"""Sentences of the rules in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from flask_babel import gettext


class Sentence(Protocol):
    """A message id and the values that fill it: a RuleBroken, a Problem, a PlanWarning."""

    @property
    def sentence(self) -> str: ...
    @property
    def values(self) -> Mapping[str, Any]: ...


def sentence_of(said: Sentence) -> str:
    """What ``said`` says, translated first and filled in after."""
    translated: str = gettext(said.sentence)
    return translated % said.values if said.values else translated
