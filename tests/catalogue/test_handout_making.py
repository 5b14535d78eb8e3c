"""Handouts made in the browser: a new one, its code, its readers, its revisions."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from app.catalogue import handout_codes, service
from app.catalogue.models import Handout, HandoutCode
from app.catalogue.rules import CODE_ALPHABET
from app.database import db
from app.errors import Conflict, RuleBroken
from app.plans.reads import find_in_force
from tests.access_world import audit_rows, last_audit_seq
from tests.catalogue.conftest import Visit
from tests.catalogue.support import OPERATOR, audited, count, typed
from tests.catalogue.test_retirement import merge
from tests.catalogue.test_service import at_once
from tests.factories import Cast
from tests.guarded import refused
from tests.plans.made import make_approved
from tests.support import NOON
from tests.visitor import Visitor

NEW: dict[str, Any] = {
    "title": "Strong arms",
    "introduction": "Begin slowly.",
    "follow_up": "Keep every appointment.",
    "learn_more": "Type the code.",
    "owner": "We wrote this.",
}


@pytest.fixture
def stranger(visit: Visit) -> Visitor:
    return visit(None)


def write(ada: Visitor, **more: Any) -> None:
    """Write a handout with one exercise, up to the button."""
    ada.open("/handouts").follow("New handout").submit("do=find", **NEW | {"words": "rolls"})
    ada.submit("Add Shoulder rolls", **more)


def share(ada: Visitor, code: str, readers: str = "public", to: str = "") -> None:
    ada.open(f"/handouts/{code}/share").submit("do=save", code=to or code, readers=readers)


# A new one


def test_a_handout_gets_a_code_that_nobody_misreads(ada: Visitor, stranger: Visitor) -> None:
    write(ada)
    ada.submit("do=preview")
    assert "As everybody will read it" in ada.text
    assert "1. Shoulder rolls" in ada.text
    ada.submit("do=publish")
    code = ada.path.rsplit("/", 1)[1]
    assert re.fullmatch(f"[{CODE_ALPHABET}]{{5}}", code)
    assert f"Its code is {code}." in ada.text
    stranger.open("/find").submit("Find", code=code.lower())
    assert stranger.heading == "Strong arms"


def test_a_handout_may_have_a_code_of_ones_own(ada: Visitor, stranger: Visitor) -> None:
    write(ada)
    ada.submit("do=publish", code="arm-1", readers="staff")
    assert ada.path == "/handouts/ARM1"
    assert "Staff only" in ada.open("/handouts").text
    stranger.open("/handouts/ARM1", expect=404)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("T-680", "Choose another code. This one is taken."),
        ("--", "Use 3 to 12 letters and digits."),
        ("N" * 13, "Use 3 to 12 letters and digits."),
        ("new", "Choose another code. This one is an address of ours."),
        ("a\0b", "This has a character that we cannot store. Type it again."),
    ],
)
def test_a_code_that_cannot_be_is_refused_and_all_is_kept(
    app: Flask, ada: Visitor, code: str, said: str
) -> None:
    write(ada)
    ada.submit("do=publish", expect=422, code=code)
    assert ada.errors == [said]
    assert typed(ada).items() >= (NEW | {"exercises-0": "shoulder-rolls"}).items()
    assert count(app, Handout) == 1


def test_a_second_click_makes_no_second_handout(app: Flask, ada: Visitor) -> None:
    write(ada)
    sent = typed(ada) | {"do": "publish"}
    first, second = (ada.send("/handouts/new", sent).path for _click in range(2))
    assert first == second
    ada.send("/handouts/new", sent | {"title": "Another"})
    assert count(app, Handout) == 3


def test_a_new_handout_may_begin_with_the_text_of_another_one(app: Flask, ada: Visitor) -> None:
    ada.open("/handouts/T680").follow("Start a new one from it").submit("do=publish", code="N100")
    with app.app_context():
        old, new = service.find_handout("T680"), service.find_handout("N100")
        assert old is not None
        assert new is not None
        assert old.text == new.text


def test_at_one_time_a_code_goes_to_one_handout(app: Flask) -> None:
    def make(name: str) -> str:
        handout = service.find_handout("T680")
        assert handout is not None
        try:
            service.publish_handout("N100", handout.text, by=OPERATOR, now=NOON, id=uuid4())
            db.session.commit()
        except RuleBroken as error:
            db.session.rollback()
            return error.sentence
        return name

    answers = at_once(app, lambda: make("made"), lambda: make("made"))
    assert answers == ["Choose another code. This one is taken.", "made"]


# Codes


def test_every_code_that_a_handout_had_leads_to_it_for_ever(
    app: Flask, ada: Visitor, stranger: Visitor, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        plan = make_approved(cast.theo, cast.pia).path
        db.session.remove()
    pia = visit(cast.pia).open(plan)
    before = str(pia.tag("main"))
    share(ada, "T680", to="back-1")
    assert ada.path == "/handouts/BACK1"
    share(ada, "BACK1", to="BACK2")
    ada.open("/handouts/BACK2/share")
    assert {tag.get_text() for tag in ada.page.select("main .code")} == {"T680", "BACK1"}
    for code in ("T680", "t-680", "BACK1"):
        assert stranger.open(f"/handouts/{code}").path == "/handouts/BACK2"
        assert stranger.open(f"/handouts/{code}.pdf", expect=301).location == "/handouts/BACK2.pdf"
        assert stranger.open(f"/find?code={code}").path == "/handouts/BACK2"
    assert str(pia.open(plan).tag("main")) == before
    share(ada, "BACK2", to="T680")
    assert stranger.open("/handouts/BACK1").path == "/handouts/T680"
    with app.app_context():
        assert [row.changed for row in audited("share-handout")] == [["code"]] * 3


def test_no_handout_gets_a_code_that_another_one_had(app: Flask, ada: Visitor) -> None:
    share(ada, "T680", to="BACK1")
    write(ada)
    ada.submit("do=publish", expect=422, code="T680")
    ada.submit("do=publish", code="ARM1")
    ada.open("/handouts/ARM1/share").submit("do=save", expect=422, code="t680", readers="staff")
    assert ada.errors == ["Choose another code. This one is taken."]
    assert (ada.value_of("code"), ada.tag("#readers-1").has_attr("checked")) == ("t680", True)
    with app.app_context():
        refused("handout_codes", "DELETE FROM handout_codes")
        refused("handout_codes", "UPDATE handout_codes SET code = 'X'")
        if db.engine.dialect.name == "sqlite":
            row = "SELECT 'T680', handout_id, given_at, NULL FROM handout_codes WHERE code = 'ARM1'"
            refused("handout_codes", f"INSERT OR REPLACE INTO handout_codes {row}")


def test_a_code_can_be_made(ada: Visitor) -> None:
    ada.open("/handouts/T680/share").submit("Make a code")
    made = ada.value_of("code")
    ada.submit("do=save")
    assert ada.path == f"/handouts/{made}"


def test_two_who_share_a_handout_at_once_both_learn_of_it(visit: Visit, cast: Cast) -> None:
    first, second = (visit(cast.ada).open("/handouts/T680/share") for _admin in range(2))
    first.submit("do=save", code="BACK1")
    second.submit("do=save", expect=409, readers="staff")
    assert "Its code is BACK1 now." in second.text
    assert (second.value_of("code"), second.tag("#readers-1").has_attr("checked")) == ("T680", True)
    second.submit("do=save")
    assert (second.path, "Staff only" in second.text) == ("/handouts/T680", True)
    second.open("/handouts/T680/share").submit("do=save")
    assert "Nothing changed." in second.text


def test_a_stale_share_is_a_conflict_also_at_the_same_moment(app: Flask) -> None:
    def give(code: str) -> str:
        handout = service.find_handout("T680")
        assert handout is not None
        try:
            handout_codes.share_handout(
                handout, code, is_public=True, based_on=1, by=OPERATOR, now=NOON
            )
            db.session.commit()
        except Conflict:
            db.session.rollback()
            return "conflict"
        return "shared"

    assert at_once(app, lambda: give("ONE1"), lambda: give("TWO2")) == ["conflict", "shared"]
    assert count(app, HandoutCode) == 2


# Readers


def test_a_handout_for_staff_is_to_others_as_if_it_were_not_there(
    app: Flask, ada: Visitor, theo: Visitor, stranger: Visitor, visit: Visit, cast: Cast
) -> None:
    picture = str(stranger.open("/handouts/T680").tag("article img")["src"])
    assert stranger.client.get(picture).status_code == 200
    share(ada, "T680", readers="staff")
    for visitor in (stranger, visit(cast.pia)):
        for path in ("/handouts/{}", "/handouts/{}.pdf", "/find?code={}", "/handouts/t-{}"):
            unknown = visitor.open(path.format("Q680"), expect=404).page.get_text()
            seen = last_audit_seq(app)
            hidden = visitor.open(path.format("T680"), expect=404).page.get_text()
            assert hidden.replace("T680", "Q680") == unknown
            refusals = [row.reason for row in audit_rows(app, seen) if row.outcome == "refused"]
            assert refusals == ([] if "t-" in path else ["staff only"])
    assert stranger.client.get(picture).status_code == 404
    for member in (theo, ada):
        assert "Staff only" in member.open("/handouts/T680").text
        pdf = member.client.get("/handouts/T680.pdf")
        assert (pdf.status_code, pdf.headers["Cache-Control"]) == (200, "no-store")
    share(ada, "T680", readers="public")
    assert stranger.open("/handouts/T680").status == 200
    assert stranger.client.get(picture).status_code == 200


def test_a_plan_tells_no_patient_a_code_that_is_for_staff(
    app: Flask, ada: Visitor, cast: Cast
) -> None:
    share(ada, "T680", readers="staff")
    with app.app_context():
        made = make_approved(cast.theo, cast.pia)
        approved = find_in_force(made.id)
        assert approved is not None
        assert approved.told is not None
        assert approved.told["handout_code"] == ""


# Revisions


def test_the_revisions_of_a_handout_say_who_when_and_what(
    app: Flask, ada: Visitor, theo: Visitor
) -> None:
    ada.open("/handouts/T680/edit").submit("do=remove:exercises-0").submit(
        "do=publish", owner="We wrote this."
    )
    merge(ada, app, "midback-stretch", into="shoulder-rolls")
    newest, oldest = theo.open("/handouts/T680/revisions").page.select("main section")
    assert "by Ada" in newest.get_text()
    names = [dt.get_text() for dt in newest.select("dt")]
    assert names == ["Exercises", "Who answers for the text"]
    assert newest.select("dd")[0].get_text(" ", strip=True).startswith("Old: Lower neck")
    assert "Midback stretch" in newest.get_text()
    assert "The first text." in oldest.get_text()
    for before in ("1", "0", "x", "9" * 40):
        theo.open(f"/handouts/T680/revisions?before={before}")
