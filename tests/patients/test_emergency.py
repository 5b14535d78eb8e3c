"""Emergency access: asked for with a reason, an hour at most, marked, and told to who must know."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import copy

import pytest
from sqlalchemy import func, select

from app.accounts.emergencies import EmergencyAccess
from app.accounts.models import Account
from app.clock import now
from app.database import db
from app.policy import Role
from tests.access_world import COUNTED, World, audit_rows, digest, last_audit_seq
from tests.factories import CastMember
from tests.support import TestClock
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]
ASK = "/patients/emergency"
REASON = "Strong pain, her therapist is on leave"


@pytest.fixture
def tess(world: World) -> Visitor:
    """Pia is Theo's patient, not hers."""
    return world.browsers["tess"]


def open_record(tess: Visitor, world: World, reason: str = REASON) -> Visitor:
    """Tess opens Pia's record in an emergency."""
    its = world.things["pia"]
    tess.open("/patients").follow("Emergency: open the record of another therapist’s patient")
    tess.submit("Find", words=f"Pia {its.canary}")
    return tess.submit("Open the record for 60 minutes", patient=its.patient_id, reason=reason)


def pages_of(world: World) -> list[str]:
    its = world.things["pia"]
    plan = f"/plans/{its.plan_id}"
    tails = ("", "/edit", "/preview", "/print", "/revisions", "/revisions/1", "/end")
    return [f"/patients/{its.patient_id}", *(f"{plan}{tail}" for tail in tails)]


def test_with_a_reason_the_record_opens_and_every_page_says_so(tess: Visitor, world: World) -> None:
    for path in pages_of(world):
        tess.open(path, expect=404)
    open_record(tess, world)
    assert tess.heading == f"Pia {world.things['pia'].canary}"
    for path in pages_of(world):
        words = tess.open(path).text
        assert "Emergency access until 1:00 PM." in " ".join(words.split()), path
    for path in ("/patients", "/catalogue", f"/patients/{world.things['paul'].patient_id}"):
        assert "Emergency access until" not in tess.open(path).text


def test_it_ends_after_an_hour_by_itself(tess: Visitor, world: World, clock: TestClock) -> None:
    open_record(tess, world)
    path = pages_of(world)[0]
    for _ in range(2):
        clock.move(minutes=29, seconds=59)
        tess.open(path)
    clock.move(seconds=2)
    tess.open(path, expect=404)
    tess.open("/patients")


def test_it_ends_by_its_button(tess: Visitor, world: World, clock: TestClock) -> None:
    open_record(tess, world)
    clock.move(minutes=5)
    tess.open(pages_of(world)[0]).submit("End the emergency access")
    assert "The emergency access has ended." in tess.text
    tess.open(pages_of(world)[0], expect=404)
    notice = world.browsers["theo"].open("/patients").text
    assert "From Mar 2, 2026, 12:00 PM to 12:05 PM." in " ".join(notice.split())


@pytest.mark.parametrize("how", ["by itself", "by its button"])
def test_what_was_typed_when_it_ended_is_kept_and_sent_after_another_one(
    tess: Visitor, world: World, clock: TestClock, how: str
) -> None:
    open_record(tess, world)
    tess.open(pages_of(world)[2])
    path, another_tab = tess.path, copy(tess)
    if how == "by itself":
        for _ in range(2):
            clock.move(minutes=29)
            another_tab.open("/help")
        clock.move(minutes=2)
    else:
        another_tab.submit("End the emergency access")
    kept = COUNTED | {"sessions"}
    before = digest(world.app, without=kept)
    tess.submit("Save draft", title="Lying down only", expect=403)
    assert tess.heading == "Your emergency access has ended"
    assert digest(world.app, without=kept) == before
    assert tess.tag("main a[target=_blank]")["href"] == ASK
    copy(tess).submit("Send it again", expect=403)
    open_record(copy(tess), world)
    tess.submit("Send it again")
    assert tess.open(path).value_of("title") == "Lying down only"


def test_whoever_had_none_is_told_of_none(tess: Visitor, world: World) -> None:
    its = world.things["pia"]
    open_record(tess, world).submit("End the emergency access")
    theo, form = world.browsers["theo"].open("/help"), {"name": "Renamed", "based_on": "2"}
    paul = f"/patients/{world.things['paul'].patient_id}/edit"
    theo.send(paul, form | {"csrf_token": theo.csrf_token}, expect=404)
    nobody = tess.open("/help").send(
        f"/patients/{its.plan_id}/edit", form | {"csrf_token": tess.csrf_token}, expect=404
    )
    assert "emergency" not in nobody.heading


def test_it_belongs_to_one_session(tess: Visitor, world: World, visit: Visit) -> None:
    elsewhere = visit(world.cast.tess)
    open_record(tess, world)
    elsewhere.open(pages_of(world)[0], expect=404)
    tess.open(pages_of(world)[0]).submit("Sign out")
    tess.open(pages_of(world)[0], expect=303)


def test_reads_and_writes_in_it_are_marked_in_the_audit(tess: Visitor, world: World) -> None:
    its, seen = world.things["pia"], last_audit_seq(world.app)
    open_record(tess, world)
    begun = audit_rows(world.app, seen)
    assert [(row.action, row.outcome, row.patient_id) for row in begun] == [
        ("look", "seen", None),
        ("find-for-emergency", "done", its.patient_id),
        ("begin-emergency", "done", its.patient_id),
        ("look", "seen", its.patient_id),
    ]
    assert begun[2].reason == REASON
    emergency_id = begun[2].object_id
    assert [row.emergency_id for row in begun] == [None, None, None, emergency_id]
    seen = begun[-1].seq
    tess.open(f"/patients/{its.patient_id}/conditions")
    option = tess.page.select("option")[1]
    tess.submit("Add to the record", condition=option["value"])
    tess.open(f"/plans/{its.plan_id}/edit").submit("Save draft", title="Lying down only")
    tess.open(f"/patients/{world.things['paul'].patient_id}")
    marked = {(row.action, row.emergency_id == emergency_id) for row in audit_rows(world.app, seen)}
    assert marked == {("note-condition", True), ("save-draft", True), ("look", False)}


def test_no_letter_makes_it_last_longer_than_its_hour(tess: Visitor, world: World) -> None:
    """Whoever holds the link of an invitation signs in as the patient, for days."""
    open_record(tess, world)
    where = f"/patients/{world.things['pia'].patient_id}/invitation"
    assert not tess.page.select("main a[href$=invitation]")
    form = {"csrf_token": tess.csrf_token}
    before = digest(world.app)
    for do in ("letter", "mail", "withdraw"):
        tess.send(where, form | {"do": do, "email": "tess@example.org"}, expect=404)
    for path in (where, f"{where}.pdf"):
        tess.open(path, expect=404)
    assert digest(world.app) == before


@pytest.mark.parametrize("tail", ["care-team", "archive"])
def test_the_team_and_the_end_of_treatment_are_not_for_it(
    tess: Visitor, world: World, tail: str
) -> None:
    open_record(tess, world)
    its = world.things["pia"]
    token = tess.csrf_token
    assert not tess.page.select(f"main a[href$='{tail}']")
    tess.open(f"/patients/{its.patient_id}/{tail}", expect=404)
    form = {"csrf_token": token, "do": "add", "therapist": str(world.cast.tess.id)}
    before = digest(world.app)
    tess.send(f"/patients/{its.patient_id}/{tail}", form, expect=404)
    assert digest(world.app) == before


def test_the_care_team_and_the_admins_are_told_until_they_have_seen_it(
    tess: Visitor, world: World, visit: Visit, clock: TestClock
) -> None:
    for name, home in (("theo", "/patients"), ("ada", "/catalogue")):
        world.browsers[name].open(home).submit(form_at="seen")
        while world.browsers[name].page.select("form[action$=seen]"):
            world.browsers[name].submit(form_at="seen")
    clock.move(minutes=1)
    open_record(tess, world)
    for name, home in (("theo", "/patients"), ("ada", "/catalogue")):
        reader = world.browsers[name].open(home)
        assert "Tess opened the record of Pia" in reader.text
        assert f"Reason: {REASON}" in reader.text
        reader.submit(form_at="seen")
        assert reader.path == home
        assert REASON not in reader.text
    assert REASON not in tess.open("/patients").text
    seen = [row for row in audit_rows(world.app) if row.action == "acknowledge-emergency"]
    assert {row.actor_id for row in seen} == {world.cast.theo.id, world.cast.ada.id}
    with world.app.app_context():
        db.session.get_one(Account, world.cast.theo.id).roles = frozenset(
            {Role.THERAPIST, Role.ADMIN}
        )
        db.session.commit()
    clock.move(minutes=20)
    assert REASON not in world.browsers["theo"].open("/patients").text


@pytest.mark.parametrize("words", ["Pia", "Zyzz", "Theo", "Paul Zyzzyvapaul", "nobody", "x" * 101])
def test_only_whole_names_of_other_therapists_patients_are_found(
    tess: Visitor, world: World, words: str
) -> None:
    tess.open(ASK).submit("Find", words=words, expect=422)
    assert tess.value_of("words") == words
    assert world.things["pia"].canary not in tess.text


def test_a_record_number_finds_its_patient(tess: Visitor, world: World) -> None:
    its = world.things["pia"]
    tess.open(ASK).submit("Find", words=its.canary.upper())
    assert f"Pia {its.canary}" in tess.text


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_it_needs_a_reason(tess: Visitor, world: World, reason: str) -> None:
    its = world.things["pia"]
    tess.open(ASK).submit("Find", words=f"Pia {its.canary}")
    tess.submit("Open the record for 60 minutes", patient=its.patient_id, reason=reason, expect=422)
    assert len(tess.errors) == 1
    tess.open(pages_of(world)[0], expect=404)


def test_an_id_that_was_not_found_opens_nothing(tess: Visitor, world: World) -> None:
    """The words say whom somebody looks for; the button may name nobody else."""
    pia, ada = world.things["pia"], world.cast.ada
    tess.open(ASK).submit("Find", words=f"Pia {pia.canary}")
    for other in (world.things["paul"].patient_id, ada.id, "x"):
        tess.submit("Open the record for 60 minutes", patient=other, reason=REASON, expect=422)
        assert tess.errors == ["Choose whose record you need."]


def test_a_double_click_begins_once_and_a_second_record_closes_the_first(
    tess: Visitor, world: World, visit: Visit
) -> None:
    its = world.things["pia"]
    tess.open(ASK).submit("Find", words=f"Pia {its.canary}")
    form = tess.fields_of("Open the record for 60 minutes").to_dict() | {
        "do": "open",
        "patient": str(its.patient_id),
        "reason": REASON,
    }
    before = count(world)
    for _ in range(2):
        tess.send(ASK, form, headers={"Origin": "http://localhost"}, expect=200)
    assert count(world) == before + 1
    open_record(tess, world, "Again")
    assert count(world) == before + 2
    with world.app.app_context():
        mine = select(EmergencyAccess).where(
            EmergencyAccess.reason.in_((REASON, "Again")), EmergencyAccess.ended_at.is_(None)
        )
        (lasting,) = db.session.scalars(mine)
        assert lasting.reason == "Again"
        assert lasting.until > now()


def count(world: World) -> int:
    with world.app.app_context():
        found = db.session.scalar(select(func.count()).select_from(EmergencyAccess)) or 0
        db.session.rollback()
        return found


def test_parallel_clicks_begin_once_and_are_seen_once(world: World) -> None:
    its, cast = world.things["pia"], world.cast
    tess, theo = world.browsers["tess"], world.browsers["theo"]
    tess.open(ASK).submit("Find", words=f"Pia {its.canary}")
    ask = tess.fields_of("Open the record for 60 minutes").to_dict()
    ask |= {"do": "open", "patient": str(its.patient_id), "reason": REASON}
    seen = {"csrf_token": theo.open("/patients").csrf_token}
    before, last = count(world), last_audit_seq(world.app)
    assert send_at_once(tess, ASK, ask) == [303] * 6
    assert count(world) == before + 1
    assert send_at_once(theo, f"/patients/emergencies/{its.emergency_id}/seen", seen) == [303] * 6
    rows = [row.action for row in audit_rows(world.app, last) if row.actor_id != cast.ada.id]
    assert rows.count("begin-emergency") == rows.count("acknowledge-emergency") == 1


def send_at_once(browser: Visitor, path: str, form: dict[str, str]) -> list[int]:
    """Six copies of one form; their answers' statuses."""
    cookie = browser.client.get_cookie("homestretch")
    assert cookie is not None

    def send(_number: int) -> int:
        client = browser.client.application.test_client()
        client.set_cookie("homestretch", cookie.value)
        origin = {"Origin": "http://localhost"}
        return client.post(path, data=form, headers=origin).status_code

    with ThreadPoolExecutor(6) as threads:
        return list(threads.map(send, range(6)))
