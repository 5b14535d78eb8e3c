"""The invitation as a letter, for a patient without e-mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from flask_babel import Babel

from app.accounts.paper import invitation_document
from app.paper.press import make_pdf
from tests.paper.reading import Pdf

ADDRESS = "https://clinic.example/invitations/Zm9vYmFyYmF6cXV4LTEyMzQ1Njc4OTAtYWJjZGVm"


@pytest.fixture
def words() -> Iterator[None]:
    app = Flask("words")
    Babel(app, default_locale="en_US")
    with app.test_request_context():
        yield


def letter(name: str = "Pia Pfeffer", *, large: bool = False) -> Pdf:
    return Pdf(
        make_pdf(
            invitation_document(
                name=name,
                sign_in_name="pia-4821",
                clinic="Riverside Clinic",
                phone="555-0100",
                emergency="911",
                address=ADDRESS,
                last_day=date(2026, 3, 5),
                day=date(2026, 3, 2),
                paper="letter",
                large=large,
            )
        )
    )


@pytest.mark.parametrize("large", [False, True])
def test_a_phone_opens_the_invitation_and_the_address_can_be_typed(
    large: bool, words: None
) -> None:
    said = letter(large=large)
    assert said.qr_codes() == [ADDRESS]
    assert ADDRESS in said.text.replace(" ", "")
    assert len(said.pages) == 1


def test_it_says_until_when_how_often_and_whom_to_call(words: None) -> None:
    said = letter().text
    assert "For Pia Pfeffer." in said
    assert "sign in as pia-4821 with your password" in said
    assert "Do this by Thursday, March 5, 2026. The code works once." in said
    assert "Call Riverside Clinic: 555-0100." in said


def test_it_is_accessible(words: None) -> None:
    said = letter()
    with said.file.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
    assert said.alts() == ["QR code of your invitation"]
    assert said.headings() == [1]
    assert said.untagged() == []


def test_a_name_is_text_whatever_it_holds(words: None) -> None:
    assert '#read("/etc/passwd") <b>' in letter('#read("/etc/passwd") <b>').text
