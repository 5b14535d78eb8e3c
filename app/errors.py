"""What the rules may say: a refusal with a sentence, and a conflict of two edits."""

from __future__ import annotations

NOT_READY = (
    "The database does not answer, or its tables are missing. "
    "Make them first: .venv/bin/flask --app app db upgrade"
)
"""What a command says where the database refuses it."""


def N_(sentence: str) -> str:
    """Mark a sentence for translation where no request, and so no language, is known yet."""
    return sentence


class RuleBroken(ValueError):
    """A refusal with a sentence that a user may read.

    ``sentence`` is an English message id marked with :func:`N_`; ``values`` fill its
    ``%(name)s`` places after translation. ``field`` names the form field it belongs to.
    """

    def __init__(self, sentence: str, *, field: str | None = None, **values: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.values = values

    def __str__(self) -> str:
        return self.sentence % self.values


class Conflict(Exception):
    """Somebody else saved the same thing first; ``theirs`` is what stands there now."""

    def __init__(self, theirs: object) -> None:
        super().__init__("saved by somebody else meanwhile")
        self.theirs = theirs
