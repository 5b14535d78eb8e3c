"""Staff reading about patients: one audit row for a session, a patient and a quarter of an hour."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, current_app

from app.audit.rules import LOOK_AGAIN_AFTER
from app.audit.service import About, Actor, record_look

MOST_REMEMBERED = 20_000


class RecentLooks:
    """What this process knows to be recorded, so that a page need not ask the database again.

    The database is the judge: what is not known here is looked up there, under the chain's lock.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], datetime] = {}

    def note(self, about: About, *, by: Actor, now: datetime) -> None:
        """Record the look, unless one like it was within the last quarter of an hour."""
        seen = about.patient_id or (about.kind, about.id)
        key = (by.session_id, seen, by.emergency)
        last = self._known.get(key)
        if last is not None and now - last < LOOK_AGAIN_AFTER:
            return
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[key] = record_look(about, by=by, now=now)


def init_app(app: Flask) -> None:
    app.extensions["homestretch_looks"] = RecentLooks()


def note_look(about: About, *, by: Actor, now: datetime) -> None:
    """Record, in a transaction of its own, that ``by`` reads about a patient or a list of them."""
    recent: RecentLooks = current_app.extensions["homestretch_looks"]
    recent.note(about, by=by, now=now)
