"""Texts that one admin writes and another one publishes: the verbs and reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4, uuid5

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.audit.service import About, Actor, record
from app.catalogue.draft_tables import DraftState, ExerciseDraft
from app.catalogue.models import Exercise
from app.catalogue.rules import MAX_REASON, ExerciseText, Grade, to_data
from app.catalogue.service import (
    MERGED,
    check_publishable,
    find_exercise,
    publish_exercise,
    revise_exercise,
)
from app.database import db
from app.errors import N_, Conflict, RuleBroken

MAX_LISTED = 50
_OPEN = (DraftState.WAITING, DraftState.RETURNED)


def submit_draft(
    id: UUID,
    text: ExerciseText,
    exercise: Exercise | None = None,
    *,
    based_on: int = 0,
    grade: Grade = Grade.WORDING,
    by: Actor,
    now: datetime,
) -> ExerciseDraft:
    """Let ``text`` wait for another admin, as a new exercise or as the next revision of one.

    The same ``id`` and text again (a second click) give the draft that is there. Raises Conflict,
    as publishing would, for an edit of an older revision than the newest.
    """
    check_publishable(text)
    for one in (id, uuid5(id, f"{by.id} {text!r}")):  # the same form with another text
        id, there = one, find_draft(one)
        if there is None:
            break
        if (there.author_id, there.text) == (by.id, text):
            return there
    else:
        id = uuid4()
    if exercise:
        _check_newest(exercise, based_on)
    draft = ExerciseDraft(
        id=id,
        exercise_id=exercise.id if exercise else None,
        based_on=based_on,
        data=to_data(text),
        grade=grade,
        version=1,
        author_id=_person(by),
        saved_at=now,
        state=DraftState.WAITING,
        remark="",
    )
    db.session.add(draft)
    _note("submit-draft", draft, by, now)
    return draft


def change_draft(
    draft: ExerciseDraft,
    text: ExerciseText,
    *,
    based_on: int,
    version: int,
    grade: Grade = Grade.WORDING,
    by: Actor,
    now: datetime,
) -> None:
    """Its author's new wording or grade; it waits again. The same again changes nothing.

    ``version`` is the one that the author began with, ``based_on`` the exercise's revision.
    """
    check_publishable(text)
    _lock(draft)
    exercise = _exercise_of(draft)
    if exercise and draft.is_open:
        _check_newest(exercise, based_on)
    said = (text, grade, based_on)
    if draft.state == DraftState.WAITING and said == (draft.text, draft.grade, draft.based_on):
        return
    _check_open(draft, version)
    draft.data, draft.grade, draft.based_on, draft.saved_at = to_data(text), grade, based_on, now
    draft.version, draft.state, draft.remark = draft.version + 1, DraftState.WAITING, ""
    draft.reviewer_id = None
    _note("change-draft", draft, by, now)


def publish_draft(
    draft: ExerciseDraft,
    *,
    version: int,
    by: Actor,
    now: datetime,
    grade: Grade | None = None,
) -> Exercise:
    """What the draft says becomes the exercise's text. A second click publishes nothing more.

    ``grade``: the publisher's own; None leaves the author's.

    Raises RuleBroken where the draft is not the one that was read, and Conflict where the
    exercise was revised after it was written.
    """
    _lock(draft)
    if draft.state == DraftState.PUBLISHED and draft.reviewer_id == by.id:
        return _published(draft)
    _check_open(draft, version)
    exercise = _exercise_of(draft)
    if exercise:
        based_on = draft.based_on
        weight = grade or Grade(draft.grade)
        revise_exercise(exercise, draft.text, based_on=based_on, by=by, now=now, grade=weight)
    else:
        exercise = publish_exercise(None, draft.text, by=by, now=now, id=draft.id)
        draft.exercise_id = exercise.id
    draft.state, draft.reviewer_id = DraftState.PUBLISHED, by.id
    _note("publish-draft", draft, by, now)
    return exercise


def return_draft(
    draft: ExerciseDraft, remark: str, *, version: int, by: Actor, now: datetime
) -> None:
    """Send it back to its author with words. Sent back already, it stays so."""
    _lock(draft)
    if draft.state == DraftState.RETURNED and draft.remark == remark:
        return
    _check_open(draft, version)
    if not 0 < len(remark) <= MAX_REASON:
        raise RuleBroken(
            N_("Write what to change, in at most %(max)s characters."), field="remark",
            max=MAX_REASON,
        )  # fmt: skip
    draft.state, draft.reviewer_id, draft.remark = DraftState.RETURNED, by.id, remark
    _note("return-draft", draft, by, now, reason=remark)


def drop_draft(draft: ExerciseDraft, *, by: Actor, now: datetime) -> None:
    """Its author wants it no more. Dropped already, it stays so."""
    _lock(draft)
    if draft.state == DraftState.DROPPED:
        return
    _check_open(draft, draft.version)
    draft.state = DraftState.DROPPED
    _note("drop-draft", draft, by, now)


def find_draft(draft_id: UUID) -> ExerciseDraft | None:
    return db.session.scalar(_WITH_PEOPLE.where(ExerciseDraft.id == draft_id))


def list_open_drafts() -> Sequence[ExerciseDraft]:
    """Drafts that wait or were sent back, those that have waited longest first."""
    statement = (
        _WITH_PEOPLE.where(ExerciseDraft.state.in_(_OPEN))
        .order_by(ExerciseDraft.saved_at, ExerciseDraft.id)
        .limit(MAX_LISTED)
    )
    return db.session.scalars(statement).all()


_WITH_PEOPLE = select(ExerciseDraft).options(
    joinedload(ExerciseDraft.author), joinedload(ExerciseDraft.reviewer)
)


def _lock(draft: ExerciseDraft) -> None:
    parts = [
        "state",
        "version",
        "data",
        "grade",
        "based_on",
        "reviewer_id",
        "remark",
        "exercise_id",
    ]
    db.session.refresh(draft, parts, with_for_update=True)


def _check_open(draft: ExerciseDraft, version: int) -> None:
    if not draft.is_open:
        raise RuleBroken(N_("This draft was published or dropped meanwhile."))
    if draft.version != version:
        raise RuleBroken(N_("This draft was changed meanwhile. Look at it again."))


def _check_newest(exercise: Exercise, based_on: int) -> None:
    if exercise.is_merged:
        raise RuleBroken(MERGED)
    if exercise.current_number != based_on:
        raise Conflict(exercise.current)


def _exercise_of(draft: ExerciseDraft) -> Exercise | None:
    return find_exercise(draft.exercise_id) if draft.exercise_id else None


def _published(draft: ExerciseDraft) -> Exercise:
    exercise = _exercise_of(draft)
    if exercise is None:
        raise LookupError(f"draft {draft.id} was published, and its exercise is not there")
    return exercise


def _person(by: Actor) -> UUID:
    if by.id is None:
        raise LookupError("a draft is written by a person")
    return by.id


def _note(action: str, draft: ExerciseDraft, by: Actor, now: datetime, reason: str = "") -> None:
    db.session.flush()
    record(action, About("exercisedraft", draft.id), by=by, now=now, reason=reason)
