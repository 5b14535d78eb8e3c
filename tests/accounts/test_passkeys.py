"""Passkeys: added, used once for what was asked, never by somebody else, removed."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.accounts import passkeys
from app.accounts.ceremonies import Site
from app.accounts.models import Account, PasskeyChallenge
from app.accounts.rules import MOST_TRIES, Asked
from app.audit.models import AuditRow
from app.clock import now
from app.database import db
from tests.accounts.device import Device, encode
from tests.accounts.passkey_pages import add, asked, try_in, with_password
from tests.factories import PASSWORD, Cast, CastMember, app_code
from tests.support import NOON, TestClock
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]
InApp = Callable[[], AbstractContextManager[object]]
NOT_RIGHT = "This passkey was not accepted. Try again, or use another way."
HERE = Site("localhost", "http://localhost:5000", "Homestretch Riverside Clinic")


def refusals(in_app: InApp) -> list[str]:
    with in_app():
        wanted = select(AuditRow.reason).where(AuditRow.action == "second-factor")
        return list(db.session.scalars(wanted.order_by(AuditRow.seq)))


def test_a_passkey_is_added_used_in_the_place_of_a_code_and_removed(
    visit: Visit, cast: Cast, half: Visitor, device: Device, in_app: InApp, clock: TestClock
) -> None:
    question = asked(half, "/sign-in/passkey")
    assert [one["id"] for one in question["allowCredentials"]] == [encode(device.id)]
    assert (question["rpId"], question["userVerification"]) == ("localhost", "preferred")
    try_in(half, device.use(question))
    assert half.path == "/patients"
    page = visit(cast.theo).open("/account").follow("Passkeys")
    assert "Last used" in page.text
    again = device.make(asked(page, "/account/passkeys/new"))
    page.submit("Add a passkey", passkey=again, expect=422)
    assert page.errors == [NOT_RIGHT]
    page.submit("Remove: Phone")
    assert "You have no passkey yet." in page.text
    assert with_password(visit(None), cast.theo.email).heading == "Enter a code"
    with in_app():
        done = select(AuditRow.action).where(AuditRow.object_kind == "passkey")
        assert list(db.session.scalars(done)) == ["add-passkey", "remove-passkey"]


def test_an_answer_counts_once_and_only_on_the_browser_that_was_asked(
    visit: Visit, cast: Cast, half: Visitor, device: Device, in_app: InApp
) -> None:
    thief = with_password(visit(None), cast.theo.email)
    answer = device.use(asked(half, "/sign-in/passkey"))
    try_in(thief, answer, expect=422)
    assert thief.errors == [NOT_RIGHT]
    with half.client.session_transaction() as cookie:
        kept = dict(cookie)
    try_in(half, answer)
    with thief.client.session_transaction() as cookie:
        cookie.clear()
        cookie.update(kept)
    thief.open("/sign-in/code")
    try_in(thief, answer, expect=422)
    assert refusals(in_app) == ["passkey not accepted"] * 2


def test_another_persons_passkey_opens_nothing(
    visit: Visit, cast: Cast, half: Visitor, device: Device
) -> None:
    tess = Device()
    add(visit(cast.tess), tess)
    try_in(half, tess.use(asked(half, "/sign-in/passkey")), expect=422)
    forged = replace(device, key=tess.key)
    try_in(half, forged.use(asked(half, "/sign-in/passkey")), expect=422)
    other = with_password(visit(None), cast.tess.email)
    hers = asked(other, "/sign-in/passkey")
    hand_over_question(other, half)
    try_in(half, device.use(hers), expect=422)
    assert half.errors == [NOT_RIGHT]


def hand_over_question(giver: Visitor, taker: Visitor) -> None:
    """As if one browser had been asked what the other one was."""
    with giver.client.session_transaction() as theirs:
        question = theirs["passkey question"]
    with taker.client.session_transaction() as mine:
        mine["passkey question"] = question


@pytest.mark.parametrize(
    "origin",
    [
        "https://localhost:5000",
        "http://localhost:5001",
        "http://127.0.0.1:5000",
        "http://e.example",
    ],
)
def test_from_another_address_it_is_refused(half: Visitor, device: Device, origin: str) -> None:
    elsewhere = replace(device, origin=origin)
    try_in(half, elsewhere.use(asked(half, "/sign-in/passkey")), expect=422)
    try_in(half, device.use(asked(half, "/sign-in/passkey")))


def test_a_passkey_that_counts_back_is_a_copy(
    half: Visitor, device: Device, visit: Visit, cast: Cast, in_app: InApp
) -> None:
    copy = replace(device)
    try_in(half, device.use(asked(half, "/sign-in/passkey")))
    page = with_password(visit(None), cast.theo.email)
    try_in(page, copy.use(asked(page, "/sign-in/passkey")), expect=422)
    assert page.errors == [NOT_RIGHT]
    assert refusals(in_app) == ["passkey counted back"]
    silent = replace(device, count=None)
    try_in(page, silent.use(asked(page, "/sign-in/passkey")), expect=422)
    try_in(page, device.use(asked(page, "/sign-in/passkey")))


@pytest.mark.parametrize("same", ["question", "key"])
def test_of_parallel_answers_one_counts(app: Flask, cast: Cast, device: Device, same: str) -> None:
    def ask() -> tuple[UUID, str]:
        found = passkeys.ask_known(cast.theo.id, Asked.SIGN_IN, NOON, site=HERE, device=None)
        assert found
        id, question = found
        return id, replace(device).use(json.loads(question))

    with app.app_context():
        first = ask()
        asked = [first if same == "question" else ask() for _ in range(6)]

    def use(one: tuple[UUID, str]) -> bool:
        with app.app_context():
            return passkeys.check_passkey(
                cast.theo.id, *one, Asked.SIGN_IN, NOON, site=HERE, device=None
            )

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(use, asked)) == 1


def test_right_answers_are_not_counted_as_tries(app: Flask, cast: Cast, device: Device) -> None:
    with app.app_context():
        for _ in range(MOST_TRIES + 1):
            found = passkeys.ask_known(cast.theo.id, Asked.SIGN_IN, NOON, site=HERE, device="d")
            assert found
            id, question = found
            answer = device.use(json.loads(question))
            assert passkeys.check_passkey(
                cast.theo.id, id, answer, Asked.SIGN_IN, NOON, site=HERE, device="d"
            )


def test_a_question_is_good_for_five_minutes_and_for_what_it_was_asked(
    half: Visitor, device: Device, clock: TestClock, visit: Visit, cast: Cast, in_app: InApp
) -> None:
    answer = device.use(asked(half, "/sign-in/passkey"))
    clock.move(minutes=5)
    try_in(half, answer, expect=422)
    theo = visit(cast.theo)
    clock.move(minutes=10)
    theo.open("/account/passkeys")
    assert theo.heading == "Is it you?"
    theo.submit("do=passkey", password=PASSWORD, passkey=answer, expect=422)
    for_confirming = asked(theo, "/account/confirm/passkey")
    half = with_password(visit(None), cast.theo.email)
    hand_over_question(theo, half)
    try_in(half, device.use(for_confirming), expect=422)
    theo.submit("do=passkey", password=PASSWORD, expect=422)
    assert theo.errors == [
        "Your browser gave us no passkey. It has to run our script; or use another way."
    ]
    right = device.use(asked(theo, "/account/confirm/passkey"))
    theo.submit("do=passkey", password="a wrong one, as it were", passkey=right, expect=422)
    right = device.use(asked(theo, "/account/confirm/passkey"))
    theo.submit("do=passkey", password=PASSWORD, passkey=right)
    assert theo.path == "/account/passkeys"
    with in_app():
        assert len(db.session.scalars(select(PasskeyChallenge)).all()) == 1, "the wrong password's"


def test_tries_are_counted_together_with_codes(
    half: Visitor, device: Device, visit: Visit, cast: Cast, clock: TestClock
) -> None:
    for _ in range(5):
        half.submit("Sign in", code="123456", expect=422)
        try_in(half, device.make(asked_like_new(asked(half, "/sign-in/passkey"))), expect=422)
    answer = half.client.post("/sign-in/passkey", data={"csrf_token": half.csrf_token})
    assert (answer.status_code, answer.get_json()) == (
        429,
        {"trouble": "That was tried too often. Wait five minutes and try again."},
    )
    half.submit("Sign in", code=app_code(clock.instant), expect=429)
    clock.move(minutes=5)
    try_in(half, device.use(asked(half, "/sign-in/passkey")))


def asked_like_new(question: Any) -> Any:
    return question | {"rp": {"id": question["rpId"]}}


def test_somebody_disabled_is_half_way_no_more(
    half: Visitor, device: Device, cast: Cast, in_app: InApp
) -> None:
    answer = device.use(asked(half, "/sign-in/passkey"))
    with in_app():
        db.session.execute(
            update(Account).where(Account.id == cast.theo.id).values(disabled_at=now())
        )
        db.session.commit()
    try_in(half, answer)
    assert half.path == "/sign-in"


def test_a_device_that_nobody_touched_says_nothing(half: Visitor, device: Device) -> None:
    absent = device.use(asked(half, "/sign-in/passkey"), flags=0)
    try_in(half, absent, expect=422)
