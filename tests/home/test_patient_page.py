"""The record of a patient, as the care team sees it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.database import db
from tests.factories import Cast, CastMember
from tests.plans.made import make_approved
from tests.statements import statements
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]


def test_the_record_shows_who_is_treated_by_whom_and_how_they_sign_in(
    visit: Visit, cast: Cast
) -> None:
    theo = visit(cast.theo).open(f"/patients/{cast.pia.patient_id}")
    assert theo.title.startswith("Pia")
    assert "Care team Theo" in theo.text
    assert "The patient signs in as pia@example.org" in theo.text


@pytest.mark.parametrize("who", ["ada", "tess", "pia", "paul"])
def test_nobody_but_the_care_team_sees_that_there_is_a_record(
    visit: Visit, cast: Cast, who: str
) -> None:
    page = visit(getattr(cast, who))
    for part in ("", "/edit", "/conditions", "/care-team"):
        page.open(f"/patients/{cast.pia.patient_id}{part}", expect=404)


@pytest.mark.parametrize("id_", ["x", "0", "9" * 400, "%00", "../pia"])
def test_an_id_that_is_none_is_not_found(visit: Visit, cast: Cast, id_: str) -> None:
    visit(cast.theo).open(f"/patients/{id_}", expect=404)


def test_the_page_takes_few_statements_however_much_is_known(
    app: Flask, visit: Visit, cast: Cast
) -> None:
    theo, address = visit(cast.theo), f"/patients/{cast.pia.patient_id}"
    for _ in range(4):
        theo.open(f"{address}/conditions")
        option = theo.page.select("option")[1]
        theo.submit("Add to the record", condition=option["value"])
    with app.app_context():
        for _ in range(3):
            make_approved(cast.theo, cast.pia).change()
        db.session.remove()
    theo.open(address)
    with app.app_context(), statements() as said:
        theo.open(address)
    assert len(theo.page.select("#plans .row-title")) == 3
    assert len(said) <= 5, said
