"""Inviting people, by mail and by letter, and what their links can and cannot do."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from app.accounts.links import find_link, make_link
from app.accounts.models import Account, Link
from app.accounts.rules import Purpose
from app.clock import now
from app.config import Settings
from app.database import db
from app.patients.models import Patient
from app.policy import Role
from tests.accounts.posted import link_of, posted, subjects
from tests.factories import PASSWORD, Cast, CastMember
from tests.paper.reading import Pdf
from tests.support import TestClock
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]
InApp = Callable[[], AbstractContextManager[object]]
NEW = "Old dogs, new tricks!"
GONE = "This link does not work any more"


def choose(page: Visitor, password: str = NEW, expect: int = 200) -> Visitor:
    return page.submit(
        "Keep this password and go on", password=password, again=password, expect=expect
    )


def test_a_colleague_is_invited_by_mail_and_gets_in_once(
    ada: Visitor, visit: Visit, settings: Settings
) -> None:
    ada.open("/people").follow("Invite a colleague")
    ada.submit("Send the invitation", name="Kim Lee", email="Kim@Example.org", roles="admin")
    assert "Invited, not there yet. The link works until" in ada.text
    assert subjects(settings) == [("kim@example.org", "Your account at Riverside Clinic")]
    path = link_of(posted(settings)[0], settings)
    for _ in range(3):  # mail programs look at links
        kim = visit(None).open(path)
    assert "You will sign in as kim@example.org" in kim.text
    choose(kim)
    assert kim.path == "/sign-in/set-up"
    assert visit(None).open(path, expect=404).heading == GONE
    ada.open(ada.path)
    assert "not there yet" not in ada.text


def test_nobody_signs_in_before_the_invitation_is_accepted(ada: Visitor, visit: Visit) -> None:
    ada.open("/people/new").submit(
        "Send the invitation", name="Kim", email="kim@example.org", roles="therapist"
    )
    for password in (NEW, "x", "-"):
        page = visit(None).open("/sign-in")
        page.submit("Sign in", email="kim@example.org", password=password, expect=422)


def test_a_wrong_invitation_form_says_what_is_wrong(ada: Visitor, settings: Settings) -> None:
    ada.open("/people/new").submit("Send the invitation", expect=422)
    assert ada.errors == ["Enter an e-mail address.", "Enter a name."]
    fields = {"name": "Kim", "email": "theo@example.org", "roles": "therapist"}
    ada.submit("Send the invitation", **fields, expect=422)
    assert ada.errors == ["Somebody already uses this e-mail address."]
    ada.submit("Send the invitation", **(fields | {"email": "kim"}), expect=422)
    assert ada.errors == ["Enter an e-mail address, like name@example.org."]
    ada.submit("Send the invitation", name="Kim", email="k@example.org", roles=None, expect=422)
    assert ada.errors == ["Choose at least one role."]
    assert not posted(settings)


@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [
        ("short", "short", "Use at least 15 characters. A few words in a row work well."),
        (NEW, NEW.lower(), "The two passwords are not the same."),
        ("kim@example.org", "kim@example.org", "This password is too easy to guess."),
    ],
)
def test_a_bad_password_uses_no_link_up(
    ada: Visitor, visit: Visit, settings: Settings, password: str, again: str, sentence: str
) -> None:
    ada.open("/people/new").submit(
        "Send the invitation", name="Kim", email="kim@example.org", roles="therapist"
    )
    kim = visit(None).open(link_of(posted(settings)[0], settings))
    kim.submit("Keep this password and go on", password=password, again=again, expect=422)
    assert kim.errors == [sentence]
    assert password not in str(kim.page.select("input[name]"))
    choose(kim)


def test_sent_again_the_first_link_works_no_more_and_a_double_click_sends_one(
    ada: Visitor, visit: Visit, settings: Settings, clock: TestClock
) -> None:
    ada.open("/people/new")
    fields = ada.fields_of("Send the invitation").to_dict()
    fields |= {"name": "Kim", "email": "kim@example.org", "roles": "therapist"}
    for _ in range(2):
        ada.send("/people/new", fields, expect=303)
    assert len(posted(settings)) == 1
    person = ada.location
    ada.open(person).submit("Send again", email="kim.lee@example.org")
    first, second = (link_of(mail, settings) for mail in posted(settings))
    assert posted(settings)[1]["To"] == "kim.lee@example.org"
    visit(None).open(first, expect=404)
    ada.open(person).submit("Withdraw")
    assert "The link works no more." in ada.text
    visit(None).open(second, expect=404)
    ada.submit("Send again")
    third = link_of(posted(settings)[2], settings)
    clock.move(hours=72)
    visit(None).open(third, expect=404)


def test_a_patient_with_an_address_gets_a_mail(
    theo: Visitor, visit: Visit, maria: str, settings: Settings
) -> None:
    theo.open(maria).follow("Invite the patient")
    theo.submit("Send the invitation", expect=422)
    assert theo.errors == ["Enter an e-mail address."]
    theo.submit("Send the invitation", email="maria@example.org")
    assert "The mail to maria@example.org waits in the server’s folder." in theo.text
    page = visit(None).open(link_of(posted(settings)[0], settings))
    assert choose(page).path == "/today"
    theo.open(maria)
    assert "The patient signs in as maria@example.org" in theo.text


def test_a_patient_without_an_address_gets_a_letter_with_a_name_to_sign_in_with(
    theo: Visitor, visit: Visit, maria: str, settings: Settings
) -> None:
    theo.open(f"{maria}/invitation").submit("Make a letter")
    assert not posted(settings)
    letters = []
    for _ in range(2):
        theo.client.get(f"{maria}/invitation.pdf")
        letters.append(theo.client.get(f"{maria}/invitation.pdf").get_data())
    letter = Pdf(letters[0])
    (address,) = letter.qr_codes()
    assert Pdf(letters[1]).qr_codes() == [address]
    assert address.startswith(f"{settings.base_url}/invitations/")
    page = visit(None).open(address.removeprefix(settings.base_url))
    name = page.tag("main strong").get_text()
    assert name.startswith("maria-")
    assert f"sign in as {name} with" in letter.text
    choose(page).submit("Sign out")
    page.open("/sign-in").submit("Sign in", email=name.upper(), password=NEW)
    assert page.path == "/today"
    assert theo.client.get(f"{maria}/invitation.pdf").status_code == 303


def test_a_letter_lets_a_patient_choose_another_password(
    theo: Visitor, visit: Visit, cast: Cast, settings: Settings
) -> None:
    pia = visit(cast.pia).open("/today")
    record = f"/patients/{cast.pia.patient_id}"
    theo.open(record).follow("Password forgotten?").submit("Make a letter")
    (address,) = Pdf(theo.client.get(f"{record}/invitation.pdf").get_data()).qr_codes()
    choose(visit(None).open(address.removeprefix(settings.base_url)))
    assert pia.open("/today").path.startswith("/sign-in")
    assert subjects(settings) == [("pia@example.org", "Your password was changed")]


def test_a_therapist_opens_no_colleagues_account_by_a_letter(
    theo: Visitor, cast: Cast, in_app: InApp
) -> None:
    """Tess is Theo's patient, too, and a link of hers is open."""
    where = f"/patients/{cast.pia.patient_id}/invitation"
    with in_app():
        tess = db.session.get_one(Account, cast.tess.id)
        tess.roles = frozenset({Role.THERAPIST, Role.PATIENT})
        db.session.get_one(Patient, cast.pia.patient_id).person_id = cast.tess.id
        make_link(tess, Purpose.INVITATION, "", id=uuid4(), by=None, now=now())
        db.session.commit()
    for button in ("letter", "mail", "withdraw"):
        fields = {"csrf_token": theo.open(where).csrf_token, "do": button, "email": "t@example.org"}
        theo.send(where, fields, expect=422)
        assert "This patient works here, too. An administrator can help." in theo.text
    assert theo.client.get(f"{where}.pdf").status_code == 303
    with in_app():
        assert db.session.scalars(select(Link.withdrawn_at)).all() == [None]


def test_a_letter_that_lies_about_opens_nobody_who_became_a_colleague(
    ada: Visitor, theo: Visitor, visit: Visit, cast: Cast, settings: Settings
) -> None:
    record = f"/patients/{cast.pia.patient_id}/invitation"
    theo.open(record).submit("Make a letter")
    (address,) = Pdf(theo.client.get(f"{record}.pdf").get_data()).qr_codes()
    ada.open(f"/people/{cast.pia.id}")
    ada.submit("Change the roles", roles=["patient", "therapist"], reason="Works here now")
    visit(None).open(address.removeprefix(settings.base_url), expect=404)


def test_nobody_is_given_another_address_than_their_own(
    theo: Visitor, cast: Cast, settings: Settings
) -> None:
    where = f"/patients/{cast.pia.patient_id}/invitation"
    fields = theo.open(where).fields_of("Make a letter").to_dict()
    fields |= {"do": "mail", "email": "thief@example.org"}
    theo.send(where, fields, expect=422)
    assert "They can change the address themselves." in theo.text
    assert not posted(settings)


def test_an_address_that_was_used_at_once_by_two_browsers_lets_one_in(
    app: Flask, ada: Visitor, settings: Settings
) -> None:
    ada.open("/people/new").submit(
        "Send the invitation", name="Kim", email="kim@example.org", roles="therapist"
    )
    path = link_of(posted(settings)[0], settings)
    pages = [Visitor(app).open(path) for _ in range(4)]

    def accept(page: Visitor) -> int:
        data = {"password": NEW, "again": NEW, "csrf_token": page.csrf_token}
        return page.client.post(path, data=data).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(accept, pages)) == [303, 404, 404, 404]


def test_a_link_has_one_purpose_and_is_kept_as_a_hash(
    ada: Visitor, visit: Visit, settings: Settings, in_app: InApp
) -> None:
    ada.open("/people/new").submit(
        "Send the invitation", name="Kim", email="kim@example.org", roles="therapist"
    )
    token = link_of(posted(settings)[0], settings).rpartition("/")[2]
    assert len(token) == 43, "256 bits"
    for other in ("reset", "new-address"):
        visit(None).open(f"/{other}/{token}", expect=404)
    with in_app():
        link = db.session.scalars(select(Link)).one()
        assert token.encode() not in link.token_hash
        assert find_link(token, Purpose.INVITATION, now()) is link


OTHER_VALUES: dict[str, Callable[[Cast], object]] = {
    "used_at": lambda cast: now(),
    "token_hash": lambda cast: b"0" * 32,
    "expires_at": lambda cast: now(),
    "account_id": lambda cast: cast.ada.id,
}


@pytest.mark.parametrize("what", [*OTHER_VALUES, "delete"])
def test_a_link_that_is_over_stays_as_it_is(
    ada: Visitor, in_app: InApp, cast: Cast, what: str
) -> None:
    ada.open("/people/new").submit(
        "Send the invitation", name="Kim", email="kim@example.org", roles="therapist"
    )
    if what == "used_at":
        ada.submit("Withdraw")
    with in_app():
        change = (
            delete(Link)
            if what == "delete"
            else update(Link).values({what: OTHER_VALUES[what](cast)})
        )
        with pytest.raises(DBAPIError, match="never changes"):
            db.session.execute(change)
        db.session.rollback()


def test_the_account_page_of_somebody_gone_leads_nowhere(ada: Visitor, cast: Cast) -> None:
    ada.open(f"/people/{cast.pia.patient_id}", expect=404)
    token = ada.open("/people").csrf_token
    ada.send(f"/people/{cast.pia.id}", {"csrf_token": token, "do": "nonsense"}, expect=400)
    assert PASSWORD not in ada.text
