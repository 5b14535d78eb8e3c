"""Where the link of an invitation goes: who may say so, and what becomes of a wrong address."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import select

from app.accounts.models import Link
from app.config import Settings
from app.database import db
from tests.accounts.posted import link_of, posted
from tests.accounts.test_invitations import choose
from tests.factories import Cast, CastMember
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]
InApp = Callable[[], AbstractContextManager[object]]


def test_an_administrator_sends_no_patients_link_to_another_address(
    ada: Visitor, theo: Visitor, maria: str, settings: Settings
) -> None:
    """Whoever reads that mail is let in as the patient; and an administrator reads no record."""
    theo.open(f"{maria}/invitation").submit("Send the invitation", email="maria@example.org")
    ada.open("/people").follow("Maria Ruiz")
    ada.submit("Send again", email="ada.private@example.org", expect=422)
    assert ada.errors == ["The therapist of this patient can change the address."]
    assert [str(mail["To"]) for mail in posted(settings)] == ["maria@example.org"]
    ada.open(ada.path).submit("Send again")
    assert [str(mail["To"]) for mail in posted(settings)] == ["maria@example.org"] * 2


def test_an_administrator_gives_no_address_to_a_patient_who_has_a_letter(
    ada: Visitor, theo: Visitor, maria: str, settings: Settings
) -> None:
    theo.open(f"{maria}/invitation").submit("Make a letter")
    ada.open("/people").follow("Maria Ruiz")
    form = {"csrf_token": ada.csrf_token, "do": "invite", "email": "ada.private@example.org"}
    ada.send(ada.path, form, expect=422)
    assert not posted(settings)


def test_a_mistyped_address_is_put_right_with_the_very_form_that_sent_it(
    theo: Visitor, visit: Visit, maria: str, settings: Settings
) -> None:
    """Back, another address, Send: the mail to the wrong one opens nothing any more."""
    where = f"{maria}/invitation"
    form = theo.open(where).fields_of("Send the invitation").to_dict() | {"do": "mail"}
    for to in ("mario@example.org", "maria@example.org", "maria@example.org"):
        theo.send(where, form | {"email": to}, expect=303)
    wrong, right = posted(settings)
    assert (wrong["To"], right["To"]) == ("mario@example.org", "maria@example.org")
    visit(None).open(link_of(wrong, settings), expect=404)
    assert choose(visit(None).open(link_of(right, settings))).path == "/today"


def test_the_id_of_anothers_invitation_in_a_form_makes_one_of_its_own(
    theo: Visitor, maria: str, cast: Cast, in_app: InApp
) -> None:
    form = theo.open(f"{maria}/invitation").fields_of("Make a letter").to_dict() | {"do": "letter"}
    for where in (f"{maria}/invitation", f"/patients/{cast.pia.patient_id}/invitation"):
        theo.send(where, form, expect=303)
    with in_app():
        links = db.session.scalars(select(Link)).all()
        assert len({link.account_id for link in links}) == 2
        assert not [link for link in links if link.withdrawn_at]
