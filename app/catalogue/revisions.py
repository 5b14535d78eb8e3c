"""Entries and their frozen revisions: what exercises and handouts have in common.

An entry (Exercise, Handout) names the number of its newest revision; a revision holds the text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm.attributes import set_committed_value

from app.accounts.models import Account
from app.audit.service import About, Actor, record
from app.catalogue.models import (
    Exercise,
    ExerciseRevision,
    Handout,
    HandoutRevision,
)
from app.catalogue.rules import (
    ExerciseText,
    HandoutText,
    exercise_from_data,
    handout_from_data,
    to_data,
)
from app.database import Base, db
from app.errors import Conflict

HISTORY_PAGE = 25

Entry = TypeVar("Entry", bound=Exercise | Handout)
Revision = TypeVar("Revision", bound=ExerciseRevision | HandoutRevision)
Text = TypeVar("Text", bound=ExerciseText | HandoutText)


@dataclass(frozen=True)
class Published(Generic[Text]):
    """One revision as the list of revisions shows it; ``before`` is the text it replaced."""

    number: int
    text: Text
    before: Text | None
    at: datetime
    by: str


@dataclass(frozen=True)
class Shelf(Generic[Entry, Revision, Text]):
    """Where one kind of entry keeps its revisions."""

    kind: str
    revision: type[Revision]
    entry_id: InstrumentedAttribute[UUID]
    read: Callable[[dict[str, Any]], Text]

    def publish_first(self, entry: Entry, text: Text, *, by: Actor, now: datetime) -> bool:
        """Insert ``entry`` with revision 1; False, and nothing done, where a key is taken."""
        entry.current_number = 1
        entry.created_at = now
        if not insert_unique(entry):
            return False
        self._insert(entry, text, by=by, now=now)
        record(f"publish-{self.kind}", About(self.kind, entry.id), by=by, now=now)
        return True

    def revise(
        self, entry: Entry, text: Text, *, based_on: int, by: Actor, now: datetime, **more: str
    ) -> Revision:
        """Publish the next revision. The row is locked first, so that of two at once one waits.

        The wording that stands there already is returned as it is, also to a stale edit: the
        second click of a double click has succeeded. Any other stale edit is a Conflict.
        ``more``: what else the row says.
        """
        db.session.refresh(entry, ["current_number"], with_for_update=True)
        current = self.find(entry, entry.current_number)
        if current is None:
            raise LookupError(f"{self.kind} {entry.id} has no revision {entry.current_number}")
        standing = self.read(current.data)
        if standing == text:
            return current
        if current.number != based_on:
            raise Conflict(current)
        entry.current_number += 1
        revision = self._insert(entry, text, by=by, now=now, **more)
        changed = [
            part.name
            for part in fields(text)
            if getattr(text, part.name) != getattr(standing, part.name)
        ]
        record(f"revise-{self.kind}", About(self.kind, entry.id), by=by, now=now, changed=changed)
        return revision

    def find(self, entry: Entry, number: int) -> Revision | None:
        return db.session.scalar(
            select(self.revision).where(self.entry_id == entry.id, self.revision.number == number)
        )

    def list_published(self, entry: Entry, before: int | None = None) -> list[Published[Text]]:
        """Revisions under the number ``before`` (or all), newest first, a page of them."""
        statement = (
            select(self.revision, Account.name)
            .outerjoin(Account, Account.id == self.revision.published_by)
            .where(self.entry_id == entry.id)
            .order_by(self.revision.number.desc())
            .limit(HISTORY_PAGE + 1)
        )
        if before is not None:
            statement = statement.where(self.revision.number < before)
        found = db.session.execute(statement).all()
        texts = [self.read(revision.data) for revision, _name in found]
        older = (*texts[1:], None)
        return [
            Published(revision.number, texts[n], older[n], revision.published_at, name or "")
            for n, (revision, name) in enumerate(found[:HISTORY_PAGE])
        ]

    def _insert(
        self, entry: Entry, text: Text, *, by: Actor, now: datetime, **more: str
    ) -> Revision:
        revision = self.revision(
            id=uuid4(),
            **{self.entry_id.key: entry.id},
            number=entry.current_number,
            data=to_data(text),
            published_at=now,
            published_by=by.id,
            **more,
        )
        db.session.add(revision)
        db.session.flush()
        set_committed_value(entry, "current", revision)
        return revision


EXERCISES: Shelf[Exercise, ExerciseRevision, ExerciseText] = Shelf(
    "exercise", ExerciseRevision, ExerciseRevision.exercise_id, exercise_from_data
)
HANDOUTS: Shelf[Handout, HandoutRevision, HandoutText] = Shelf(
    "handout", HandoutRevision, HandoutRevision.handout_id, handout_from_data
)


def insert_unique(row: Base) -> bool:
    """Insert ``row``; False, and nothing done, where one of its keys is taken."""
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return False
    return True
