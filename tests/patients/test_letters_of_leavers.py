"""Who leaves a care team keeps no letter that opens the patient's account."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import select

from app.accounts.models import Link
from app.config import Settings
from app.database import db
from tests.access_world import audit_rows, last_audit_seq
from tests.factories import Cast, CastMember
from tests.paper.reading import Pdf
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]
InApp = Callable[[], AbstractContextManager[object]]


@pytest.fixture
def theo(visit: Visit, cast: Cast) -> Visitor:
    return visit(cast.theo)


@pytest.fixture
def letter(theo: Visitor, cast: Cast, settings: Settings) -> str:
    """The path that Theo's letter for Pia leads to."""
    return print_letter(theo, cast, settings)


def print_letter(page: Visitor, cast: Cast, settings: Settings) -> str:
    where = f"/patients/{cast.pia.patient_id}/invitation"
    page.open(where).submit("Make a letter")
    (address,) = Pdf(page.client.get(f"{where}.pdf").get_data()).qr_codes()
    return address.removeprefix(settings.base_url)


def leave(theo: Visitor, cast: Cast) -> None:
    theo.open(f"/patients/{cast.pia.patient_id}/care-team")
    theo.submit("Add to the team", therapist=cast.tess.id)
    theo.submit("Remove: Theo").submit("Yes, take me off the team")


def hand_over(theo: Visitor, cast: Cast) -> None:
    theo.open("/patients/hand-over").submit("Go on", taker=cast.tess.id, reason="On leave")
    theo.submit("Yes, hand over")


@pytest.mark.parametrize("go", [leave, hand_over])
def test_their_letter_opens_nothing_any_more(
    go: Callable[[Visitor, Cast], None], theo: Visitor, cast: Cast, visit: Visit, letter: str
) -> None:
    visit(None).open(letter)
    seen = last_audit_seq(theo.client.application)
    go(theo, cast)
    theo.open(f"/patients/{cast.pia.patient_id}", expect=404)
    visit(None).open(letter, expect=404)
    rows = audit_rows(theo.client.application, seen)
    withdrawn = [row for row in rows if row.action == "withdraw-invitation"]
    assert [(row.actor_id, row.object_id) for row in withdrawn] == [(cast.theo.id, cast.pia.id)]


def test_a_letter_of_another_therapist_that_they_printed_again_opens_nothing_either(
    theo: Visitor, cast: Cast, visit: Visit, settings: Settings
) -> None:
    theo.open(f"/patients/{cast.pia.patient_id}/care-team")
    theo.submit("Add to the team", therapist=cast.tess.id)
    letter = print_letter(visit(cast.tess), cast, settings)
    assert theo.client.get(f"/patients/{cast.pia.patient_id}/invitation.pdf").status_code == 200
    hand_over(theo, cast)
    visit(None).open(letter, expect=404)


def test_what_went_to_the_patients_by_mail_works_on(
    theo: Visitor, cast: Cast, in_app: InApp
) -> None:
    theo.open("/patients/new").submit("Add patient", name="Maria Ruiz")
    theo.follow("Invite the patient").submit("Send the invitation", email="maria@example.org")
    hand_over(theo, cast)
    with in_app():
        assert db.session.scalars(select(Link.withdrawn_at)).all() == [None]
