"""What the access table cannot say: sessions that end, teams that change, ids inside forms."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import update

from app import access
from app.accounts.models import Account, SignIn
from app.clock import now
from app.database import db
from app.patients.models import Patient
from app.policy import Role
from tests.access_table import FORMS
from tests.access_world import Things, World, audit_rows, digest
from tests.factories import CastMember, put_on_team
from tests.support import TestClock
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]


def test_every_view_says_who_may_use_it(app: Flask) -> None:
    unmarked = [name for name, view in app.view_functions.items() if not hasattr(view, access.MARK)]
    assert not unmarked


def test_a_view_that_says_nothing_answers_403_and_is_recorded(own_app: Flask) -> None:
    own_app.add_url_rule("/unmarked", view_func=lambda: "everything", endpoint="unmarked")
    stranger = Visitor(own_app).open("/unmarked", expect=403)
    assert "everything" not in stranger.text
    row = audit_rows(own_app)[-1]
    assert (row.action, row.outcome, row.reason) == (
        "unmarked", "refused", "no rule for this view",
    )  # fmt: skip


@pytest.mark.parametrize("how", ["disabled", "ended", "idle"])
def test_whoever_lost_their_session_is_signed_out_at_once(
    how: str, world: World, clock: TestClock
) -> None:
    theo, its = world.browsers["theo"], world.things["pia"]
    token = theo.open(f"/patients/{its.patient_id}/edit").csrf_token
    with world.app.app_context():
        if how == "disabled":
            db.session.get_one(Account, world.cast.theo.id).disabled_at = now()
        elif how == "ended":
            mine = SignIn.account_id == world.cast.theo.id
            db.session.execute(update(SignIn).where(mine).values(ended_at=now()))
        db.session.commit()
    if how == "idle":
        clock.move(minutes=31)
    before = digest(world.app)
    theo.open(f"/patients/{its.patient_id}", expect=303)
    theo.send(
        f"/patients/{its.patient_id}/edit",
        {"csrf_token": token, "name": "Renamed", "based_on": "2"},
        expect=401,
    )
    assert its.canary not in theo.text
    assert digest(world.app) == before


def test_an_admin_opens_no_patient_even_if_somebody_put_them_on_the_team(world: World) -> None:
    its = world.things["pia"]
    with world.app.app_context():
        put_on_team(its.patient_id, world.cast.ada.id)
        db.session.commit()
    for path in (f"/patients/{its.patient_id}", f"/plans/{its.plan_id}"):
        world.browsers["ada"].open(path, expect=404)


def test_a_therapist_taken_off_the_team_gets_404_at_once(world: World) -> None:
    its, cast = world.things["pia"], world.cast
    theo, tess = world.browsers["theo"], world.browsers["tess"]
    team = f"/patients/{its.patient_id}/care-team"
    theo.open(team).submit("Add to the team", therapist=cast.tess.id)
    token = tess.open(f"/plans/{its.plan_id}/edit").csrf_token
    theo.open(team).submit("Remove: Tess")
    before = digest(world.app)
    for path in (f"/patients/{its.patient_id}", f"/plans/{its.plan_id}/edit"):
        tess.open(path, expect=404)
    approve = f"/plans/{its.plan_id}/approve"
    form = FORMS["/plans/<uuid:plan_id>/approve"](its) | {"csrf_token": token}
    tess.send(approve, {key: str(value) for key, value in form.items()}, expect=404)
    assert digest(world.app) == before


def test_a_therapist_who_is_also_a_patient_reads_their_own_plan_and_writes_it_not(
    world: World,
) -> None:
    """Tess is Theo's patient, too: her role opens her own plan no further than a patient's."""
    its, cast = world.things["pia"], world.cast
    with world.app.app_context():
        db.session.get_one(Account, cast.tess.id).roles = frozenset({Role.THERAPIST, Role.PATIENT})
        db.session.get_one(Patient, its.patient_id).person_id = cast.tess.id
        db.session.commit()
    tess = world.browsers["tess"]
    tess.open(f"/plans/{its.plan_id}").open("/today").open(f"/today/{its.prescription_id}")
    for path in ("edit", "preview", "revisions", "revisions/1", "discard", "end"):
        tess.open(f"/plans/{its.plan_id}/{path}", expect=404)
    tess.open(f"/patients/{its.patient_id}", expect=404)
    tess.open(f"/patients/{world.things['paul'].patient_id}")
    world.browsers["pia"].open(f"/plans/{its.plan_id}", expect=404)


ATTACKS: dict[str, tuple[str, Callable[[Things], dict[str, object]]]] = {
    "end another patient's condition": (
        "/patients/{own.patient_id}/conditions",
        lambda it: {"do": f"end:{it.noted_id}"},
    ),
    "release another plan's exercise": (
        "/plans/{own.plan_id}/release",
        lambda it: {"thread": it.withheld_thread},
    ),
    "approve another plan's draft": (
        "/plans/{own.plan_id}/approve",
        FORMS["/plans/<uuid:plan_id>/approve"],
    ),
    "remove another plan's exercise": (
        "/plans/{own.plan_id}/edit",
        lambda it: FORMS["/plans/<uuid:plan_id>/edit"](it) | {"do": f"remove:{it.prescription_id}"},
    ),
    "make a plan in the place of another": (
        "/patients/{own.patient_id}/plans/new",
        lambda it: {"title": "Mine", "new_id": it.plan_id},
    ),
    "make a patient in the place of another": (
        "/patients/new",
        lambda it: {"name": "Mine", "new_id": it.patient_id},
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_id_of_somebody_elses_thing_in_a_form_touches_it_not(attack: str, world: World) -> None:
    """Tess treats Paul; her forms name what is Pia's. Whatever she is told, it is not that."""
    where, form = ATTACKS[attack]
    own, victim = world.things["paul"], world.things["pia"]
    before = rows_about(world, victim)
    response = world.send("tess", "POST", where.format(own=own), form(victim))
    assert response.status_code in (303, 400, 404, 409, 422)
    assert victim.canary not in response.get_data(as_text=True)
    assert rows_about(world, victim) == before


def rows_about(world: World, its: Things) -> list[str]:
    """What the therapist and the patient see of it: every page of theirs, in words."""
    theo, plan = world.browsers["theo"], f"/plans/{its.plan_id}"
    pages = [f"/patients/{its.patient_id}", plan, f"{plan}/edit", f"{plan}/revisions/1"]
    return [theo.open(path).text for path in pages]


def test_reading_does_not_even_touch_the_clock_of_a_session_within_a_minute(
    world: World, clock: TestClock
) -> None:
    before = digest(world.app)
    clock.move(seconds=59)
    world.browsers["theo"].open("/patients")
    assert digest(world.app) == before
    clock.move(seconds=1)
    world.browsers["theo"].open("/patients")
    changed = digest(world.app)
    assert [name for name in before if before[name] != changed[name]] == ["sessions"]
