"""The database notes by itself in which plans something may have to be looked at."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, select, text

from app import migrating
from app.catalogue.service import list_conditions, list_exercises_by_slug, revise_exercise
from app.clock import now, today
from app.database import db
from app.patients.conditions import end_condition
from app.patients.service import find_patient, note_condition
from app.plans.checks import NotApprovable
from app.plans.models import WatchedPlan
from tests.databases import Databases
from tests.factories import Cast
from tests.plans.made import (
    Made,
    acting,
    make_approved,
    make_plan,
    note_knee_pain,
    revise_wall_push_up,
)
from tests.plans.watching import Flags, flags_of

InApp = Callable[[], AbstractContextManager[object]]
SOMEBODY_WAITS = text("""
    SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE NOT granted AND datname = current_database()
""")


@pytest.fixture(autouse=True)
def in_one_app(in_app: InApp) -> Iterator[None]:
    with in_app():
        yield


def flags(cast: Cast) -> Flags:
    return flags_of(cast.theo.id, today())


def watched() -> int:
    return db.session.scalars(select(func.count()).select_from(WatchedPlan)).one()


def causes(cast: Cast) -> list[tuple[str, str]]:
    return sorted((flag[4], flag[6]) for flag in flags(cast))


def test_a_clean_plan_is_not_watched(cast: Cast) -> None:
    make_approved(cast.theo, cast.pia)
    assert not flags(cast)
    assert watched() == 0


def test_a_new_text_has_every_plan_watched_that_holds_the_old_one(cast: Cast) -> None:
    make_approved(cast.theo, cast.pia)
    make_approved(cast.tess, cast.paul)
    revise_wall_push_up(cast.ada)
    assert causes(cast) == [("Wall push-up", "")]
    assert watched() == 2


def test_a_condition_has_the_patient_s_plans_watched(cast: Cast) -> None:
    make_approved(cast.theo, cast.pia)
    note_knee_pain(cast.theo, cast.pia)
    assert causes(cast) == [("Midback stretch", "knee pain")]


def test_what_was_known_before_is_watched_from_the_approval_on(cast: Cast) -> None:
    note_knee_pain(cast.theo, cast.pia)
    made = make_plan(cast.theo, cast.pia)
    revise_wall_push_up(cast.ada)
    assert not flags(cast)
    made.save(reason="She is careful.")
    made.approve()
    flags(cast)
    assert watched() == 1


def test_an_approval_forgets_a_plan_that_is_clean_again(cast: Cast) -> None:
    made = make_approved(cast.theo, cast.pia)
    note_knee_pain(cast.theo, cast.pia)
    assert watched() == 1
    assert cast.pia.patient_id
    record = find_patient(cast.pia.patient_id)
    assert record is not None
    end_condition(record, record.conditions[0], by=acting(cast.theo), now=now())
    db.session.commit()
    assert not flags(cast)
    assert watched() == 1  # only an approval forgets
    made.change()
    made.save()
    made.approve()
    assert not flags(cast)
    assert watched() == 0


def test_an_upgrade_finds_what_is_flagged_already(cast: Cast, app: Flask) -> None:
    make_approved(cast.theo, cast.pia)
    make_approved(cast.tess, cast.paul)
    note_knee_pain(cast.theo, cast.pia)
    before = flags(cast)
    db.session.remove()
    migrating.enable(app)
    downgrade(revision="0014")
    upgrade()
    assert flags(cast) == before != []
    assert watched() == 1


def publish(cast: Cast) -> None:
    (exercise,) = list_exercises_by_slug(["wall-push-up"])
    words = replace(exercise.text, purpose="It makes your arms strong again.")
    revise_exercise(exercise, words, based_on=1, by=acting(cast.ada), now=now())


def note(cast: Cast) -> None:
    assert cast.pia.patient_id
    record = find_patient(cast.pia.patient_id)
    knee = next(c for c in list_conditions() if c.slug == "knee-pain")
    assert record is not None
    note_condition(record, knee, by=acting(cast.theo), now=now())
    db.session.flush()


def approve_while(happens: Callable[[Cast], None], made: Made, cast: Cast, app: Flask) -> bool:
    """Whether the approval went through that waited until ``happens`` was committed."""
    done: list[bool] = []

    def approve() -> None:
        with app.app_context():
            try:
                made.approve()
            except NotApprovable:
                done.append(False)
            else:
                done.append(True)

    thread = threading.Thread(target=approve)
    happens(cast)
    thread.start()
    while not db.session.scalar(SOMEBODY_WAITS):
        assert thread.is_alive()
    db.session.commit()
    thread.join()
    return done.pop()


@pytest.fixture
def two_writers(databases: Databases) -> None:
    if databases.kind == "sqlite":
        pytest.skip("SQLite has one writer at a time")


@pytest.mark.usefixtures("two_writers")
def test_no_plan_is_missed_that_is_approved_while_a_text_is_published(
    cast: Cast, app: Flask
) -> None:
    """Neither sees what the other has not committed, so the second waits for the first."""
    made = make_plan(cast.theo, cast.pia)
    made.save()
    assert approve_while(publish, made, cast, app)
    assert len(flags(cast)) == 1


@pytest.mark.usefixtures("two_writers")
def test_an_approval_knows_of_a_condition_that_is_noted_meanwhile(cast: Cast, app: Flask) -> None:
    """Also where the plan was watched before, so that nothing new is written for it."""
    made = make_approved(cast.theo, cast.pia)
    note_knee_pain(cast.theo, cast.pia)
    assert cast.pia.patient_id
    record = find_patient(cast.pia.patient_id)
    assert record is not None
    end_condition(record, record.conditions[0], by=acting(cast.theo), now=now())
    db.session.commit()
    made.change()
    made.save()
    assert not approve_while(note, made, cast, app)
    assert len(flags(cast)) == 1
