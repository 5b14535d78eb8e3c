"""The list's filters: how it stands with each patient's plans, and who is archived."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from app.clock import now, today
from app.database import db
from app.patients.service import add_patient
from app.plans import service
from app.plans.rules import Start
from tests.factories import Cast, CastMember
from tests.plans.made import all_starting, make_approved, make_plan, note_knee_pain
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]
InApp = Callable[[], AbstractContextManager[object]]

STANDS = {
    "Draft": ["draft", "nothing-approved"],
    "Approved": ["in-force"],
    "Both": ["draft", "in-force"],
    "Withheld": ["in-force", "withheld"],
    "Knee": ["in-force", "to-look-at"],
    "Stopped": ["stopped"],
    "Ended": [],
    "Ended withheld": [],
    "Discarded": ["no-plan"],
    "Pia": ["no-plan"],
}
"""Name of a patient -> the filters that show them, besides "All"."""


@pytest.fixture
def theo(visit: Visit, cast: Cast, in_app: InApp) -> Visitor:
    with in_app():
        people = {name: patient(cast, name) for name in STANDS if name != "Pia"}
        starts_today, withheld = all_starting(Start.on(today())), all_starting(Start.withheld())
        make_plan(cast.theo, people["Draft"])
        make_approved(cast.theo, people["Approved"], starts_today)
        make_approved(cast.theo, people["Both"], starts_today).change()
        make_approved(cast.theo, people["Withheld"], withheld)
        make_approved(cast.theo, people["Knee"], starts_today)
        note_knee_pain(cast.theo, people["Knee"])
        make_approved(cast.theo, people["Stopped"], starts_today).stop()
        make_approved(cast.theo, people["Ended"], starts_today).end()
        make_approved(cast.theo, people["Ended withheld"], withheld).end()
        thrown = make_plan(cast.theo, people["Discarded"])
        service.discard_draft(thrown.plan, by=thrown.by, now=now())
        db.session.commit()
    return visit(cast.theo)


def patient(cast: Cast, name: str) -> CastMember:
    made = add_patient(uuid4(), name, date(1960, 1, 31), "", by=cast.theo, now=now())
    db.session.commit()
    return replace(cast.pia, patient_id=made.id, name=name)


def names(page: Visitor) -> list[str]:
    return [tag.get_text() for tag in page.page.select("a.row-title")]


def chips(page: Visitor) -> Iterator[tuple[str, bool]]:
    for tag in page.page.select(".filter-chips button"):
        yield str(tag["value"]), tag["aria-pressed"] == "true"


def test_each_filter_shows_those_who_stand_so(theo: Visitor) -> None:
    theo.open("/patients")
    assert names(theo) == sorted(STANDS)
    shown = {}
    for key, _pressed in list(chips(theo)):
        if key not in ("", "archived"):
            theo.submit(f"to={key}")
            assert theo.path == f"/patients?show={key}"
            assert [k for k, pressed in chips(theo) if pressed] == [key]
            shown[key] = names(theo)
    wanted = {key: sorted(n for n, keys in STANDS.items() if key in keys) for key in shown}
    assert shown == wanted
    assert len(shown) == 8


def test_a_row_says_how_it_stands(theo: Visitor) -> None:
    theo.open("/patients")
    said = {
        row.select("a")[0].get_text(): [b.get_text() for b in row.select(".badge")]
        for row in theo.page.select("li.row")
    }
    assert said == {
        "Approved": ["Plan in force"],
        "Both": ["Plan in force", "Draft to finish"],
        "Discarded": ["No plan"],
        "Draft": ["Draft to finish"],
        "Ended": ["Plan ended"],
        "Ended withheld": ["Plan ended"],
        "Knee": ["To look at", "Plan in force"],
        "Pia": ["No plan"],
        "Stopped": ["Plan stopped"],
        "Withheld": ["Plan in force", "6 withheld starts"],
    }


def test_words_and_filter_hold_together(theo: Visitor) -> None:
    theo.open("/patients?show=draft").submit("Find", words="b")
    assert names(theo) == ["Both"]
    assert [key for key, pressed in chips(theo) if pressed] == ["draft"]
    theo.submit("to=withheld")
    assert names(theo) == []
    theo.submit("to=in-force", words="withh")
    assert names(theo) == ["Withheld"]


def test_a_filter_is_kept_from_page_to_page(theo: Visitor, cast: Cast, in_app: InApp) -> None:
    with in_app():
        for number in range(30):
            patient(cast, f"Sam {number:02}")
    theo.open("/patients?show=no-plan")
    first = names(theo)
    theo.follow("Next page")
    assert len(first) == 25
    assert first + names(theo) == ["Discarded", "Pia", *(f"Sam {n:02}" for n in range(30))]


def test_a_filter_that_is_none_shows_everybody(theo: Visitor) -> None:
    for show in ("nonsense", "'; --", "%00", "9" * 500):
        theo.open(f"/patients?show={show}")
        assert names(theo) == sorted(STANDS), show


def test_a_filter_with_nobody_says_so_and_leads_back(visit: Visit, cast: Cast) -> None:
    tess = visit(cast.tess).open("/patients?show=draft")
    assert "None of your patients is here." in tess.text
    tess.follow("All patients")
    assert names(tess) == ["Paul"]
