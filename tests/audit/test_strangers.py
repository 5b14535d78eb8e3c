"""Refusals of strangers: the first is written, the others are counted, nothing grows for ever."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.audit.models import StrangerRefusal
from app.audit.rules import MOST_KINDS, and_more, split_more
from app.audit.service import About, record_refusal
from app.clock import now
from app.database import db
from tests.access_world import audit_rows, last_audit_seq
from tests.factories import Cast, CastMember
from tests.statements import statements
from tests.support import TestClock
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]
InApp = Callable[[], AbstractContextManager[object]]


def ask(page: Visitor, path: str, times: int = 1, **environ: str) -> None:
    for _ in range(times):
        assert page.client.get(path, environ_overrides=environ).status_code == 303


def told(app: Flask, after: int) -> list[tuple[str, str, str]]:
    """(action, network address, reason) of what is new in the audit."""
    return [(row.action, row.ip, row.reason) for row in audit_rows(app, after)]


def test_the_same_refusal_is_written_once_in_a_quarter_of_an_hour_and_then_summed_up(
    app: Flask, visit: Visit, clock: TestClock, cast: Cast
) -> None:
    page, seen = visit(None), last_audit_seq(app)
    ask(page, "/patients", 40)
    ask(page, "/account", 2)
    ask(page, "/patients", 3, REMOTE_ADDR="2001:db8::1:2")
    ask(page, "/patients", 1, REMOTE_ADDR="2001:db8::7")
    first = [
        ("home.caseload", "127.0.0.1", "signed out"),
        ("accounts.account", "127.0.0.1", "signed out"),
        ("home.caseload", "2001:db8::1:2", "signed out"),
    ]
    assert told(app, seen) == first
    clock.move(minutes=15)
    seen = last_audit_seq(app)
    ask(page, "/patients")
    assert sorted(told(app, seen)) == [
        ("accounts.account", "127.0.0.1", "signed out (1 more)"),
        ("home.caseload", "127.0.0.1", "signed out"),
        ("home.caseload", "127.0.0.1", "signed out (39 more)"),
        ("home.caseload", "2001:db8::/64", "signed out (3 more)"),
    ]
    ada = visit(cast.ada).open("/audit")
    assert "not signed in; 39 more times" in ada.text
    assert "not signed in; 1 more time" in ada.text
    result = app.test_cli_runner().invoke(args=["verify-audit"])
    assert "all are as they were written" in result.output


def test_people_who_are_signed_in_are_never_counted_away(
    app: Flask, visit: Visit, cast: Cast
) -> None:
    theo, seen = visit(cast.theo), last_audit_seq(app)
    for _ in range(3):
        theo.open("/audit", expect=403)
    assert [row.actor_id for row in audit_rows(app, seen)] == [cast.theo.id] * 3


def test_tries_to_get_in_are_written_as_often_as_one_account_may_be_tried(
    app: Flask, cast: Cast, in_app: InApp, clock: TestClock
) -> None:
    def refuse(about: UUID | None, times: int) -> list[str]:
        seen = last_audit_seq(app)
        with in_app():
            for _ in range(times):
                about_it = About("account", about)
                record_refusal("sign-in", about_it, by=None, now=now(), reason="wrong")
        return [row.reason for row in audit_rows(app, seen)]

    assert len(refuse(cast.theo.id, 10)) == 10
    assert len(refuse(None, 10)) == 10
    assert len(refuse(None, 80)) == 50
    assert len(refuse(cast.tess.id, 80)) == 60, "what somebody does elsewhere hides nothing"
    clock.move(minutes=15)
    assert refuse(cast.tess.id, 1) == ["wrong (30 more)", "wrong (20 more)", "wrong"]


@pytest.mark.parametrize("before", [0, 1, 70])
def test_a_refusal_takes_the_same_statements_whether_there_is_such_an_account(
    app: Flask, cast: Cast, in_app: InApp, before: int
) -> None:
    def refuse(about: UUID | None, reason: str) -> list[str]:
        with in_app():
            for _ in range(before):
                about_it = About("account", about)
                record_refusal("sign-in", about_it, by=None, now=now(), reason=reason)
            with statements() as said:
                about_it = About("account", about)
                record_refusal("sign-in", about_it, by=None, now=now(), reason=reason)
        return said

    refuse(None, "the first of all begins a chain")
    assert refuse(None, "one") == refuse(cast.theo.id, "two")


def test_a_crowd_is_one_thing(app: Flask, in_app: InApp, clock: TestClock) -> None:
    seen = last_audit_seq(app)
    with in_app():
        db.session.add_all(
            StrangerRefusal(
                key=number.to_bytes(32), action="x", object_kind="", reason="", network="",
                since=now(), last_at=now(), times=1,
            )
            for number in range(1, MOST_KINDS + 1)
        )  # fmt: skip
        db.session.commit()
        for number in range(20):
            record_refusal("x", About(f"{number}"), by=None, now=now(), reason="signed out")
        assert db.session.scalar(select(func.count(StrangerRefusal.key))) == MOST_KINDS + 1
        db.session.rollback()
        assert len(audit_rows(app, seen)) == 1
        clock.move(minutes=15)
        record_refusal("x", About("y"), by=None, now=now(), reason="signed out")
        assert db.session.scalar(select(func.count(StrangerRefusal.key))) == 1
        db.session.rollback()
    assert ("strangers", "", "a crowd (19 more)") in told(app, seen)


def test_a_crowd_hides_no_try_at_an_account(app: Flask, cast: Cast, in_app: InApp) -> None:
    with in_app():
        db.session.add_all(
            StrangerRefusal(
                key=number.to_bytes(32), action="x", object_kind="", reason="", network="",
                since=now(), last_at=now(), times=1,
            )
            for number in range(1, MOST_KINDS + 2)
        )  # fmt: skip
        db.session.commit()
        seen = last_audit_seq(app)
        for _ in range(10):
            about = About("account", cast.theo.id)
            record_refusal("second-factor", about, by=None, now=now(), reason="wrong code")
    assert [row.object_id for row in audit_rows(app, seen)] == [cast.theo.id] * 10


def test_at_the_same_time_one_is_written_and_none_is_lost(app: Flask, in_app: InApp) -> None:
    seen = last_audit_seq(app)

    def refuse(_number: int) -> None:
        with app.app_context():
            record_refusal("x", About("page"), by=None, now=now(), reason="signed out")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(refuse, range(12)))
    assert len(audit_rows(app, seen)) == 1
    with in_app():
        assert db.session.scalars(select(StrangerRefusal.times)).all() == [12]


@pytest.mark.parametrize("reason", ["signed out", "wrong (e-mail)", "a\nb", ""])
def test_a_reason_comes_out_as_it_went_in(reason: str) -> None:
    assert split_more(reason) == (reason, 0)
    assert split_more(and_more(reason, 7)) == (reason, 7)
