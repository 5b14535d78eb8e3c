"""One line of a plan's clinical record: pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class What(StrEnum):
    """What an entry of the record is about, in the order in which it may happen at once."""

    STARTED = "started"
    TAKEN_BACK = "taken-back"
    ANSWERED = "answered"
    APPROVED = "approved"
    ENDED = "ended"
    STOPPED = "stopped"
    REOPENED = "reopened"


@dataclass(frozen=True)
class Entry:
    """One line: when, who, what; ``exercise`` is empty for the whole plan."""

    at: datetime
    by: str
    what: What
    exercise: str = ""
    reason: str = ""
    number: int | None = None
