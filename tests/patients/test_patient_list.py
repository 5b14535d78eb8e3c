"""A therapist's list: by name, paged by key, searched without a name in any address."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import event

from app.clock import now
from app.database import db
from app.patients.reads import list_my_patients, search_my_patients
from app.patients.service import add_patient
from tests.factories import Cast, CastMember
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]
InApp = Callable[[], AbstractContextManager[object]]


@pytest.fixture
def theo(visit: Visit, cast: Cast) -> Visitor:
    return visit(cast.theo)


def add(in_app: InApp, by: CastMember, *names: str, number: str = "") -> None:
    with in_app():
        for name in names:
            add_patient(uuid4(), name, date(1960, 1, 31), number, by=by, now=now())
        db.session.commit()


def names(page: Visitor) -> list[str]:
    return [tag.get_text() for tag in page.page.select("a.row-title")]


def test_an_empty_list_is_one_fact_and_one_action(
    visit: Visit, cast: Cast, in_app: InApp, theo: Visitor
) -> None:
    theo.open(f"/patients/{cast.pia.patient_id}/care-team")
    theo.submit("Add to the team", therapist=cast.tess.id)
    theo.open(f"/patients/{cast.pia.patient_id}/care-team").submit("Remove: Theo")
    theo.submit("Yes, take me off the team")
    theo.open("/patients")
    assert "You have no patients yet." in theo.text
    assert [a.get_text() for a in theo.page.select("main a")] == ["Add a patient"]


def test_only_ones_own_patients_by_name_without_regard_to_case_and_accents(
    theo: Visitor, cast: Cast, in_app: InApp
) -> None:
    add(in_app, cast.theo, "Zoe", "élodie", "Edgar", "anna")
    theo.open("/patients")
    assert names(theo) == ["anna", "Edgar", "élodie", "Pia", "Zoe"]
    assert "born January 31, 1960" in theo.text


def test_every_patient_is_on_exactly_one_page_namesakes_too(
    theo: Visitor, cast: Cast, in_app: InApp
) -> None:
    add(in_app, cast.theo, *["Sam Lee"] * 30, *(f"Patient {n:02}" for n in range(25)))
    theo.open("/patients")
    pages = [names(theo)]
    while theo.page.select("a[rel=next]"):
        theo.follow("Next page")
        pages.append(names(theo))
    assert [len(page) for page in pages] == [25, 25, 6]
    listed = [name for page in pages for name in page]
    assert listed == sorted(listed)
    assert len(listed) == 56
    theo.follow("All patients")
    assert names(theo) == pages[0]


@pytest.mark.parametrize("after", ["", "nonsense", "9" * 999, "%00", str(uuid4())])
def test_a_page_that_is_none_is_a_list_all_the_same(theo: Visitor, after: str) -> None:
    theo.open(f"/patients?after={after}")


def test_the_key_of_another_therapists_patient_tells_nothing(theo: Visitor, cast: Cast) -> None:
    theo.open(f"/patients?after={cast.paul.patient_id}")
    assert "Paul" not in theo.text


@pytest.mark.parametrize(
    "words", ["maria", "MARÍA", "rui", "ruiz  maria", "R-7 1", "r-7 1", " mar "]
)
def test_a_patient_is_found_by_the_beginnings_of_their_names_or_their_number(
    theo: Visitor, cast: Cast, in_app: InApp, words: str
) -> None:
    add(in_app, cast.theo, "María Ruiz", number="R-7 1")
    theo.open("/patients").submit("Find", words=words)
    assert names(theo) == ["María Ruiz"]
    assert theo.path == "/patients"


@pytest.mark.parametrize("words", ["aria", "%", "_aria", "maria lee", "paul", "R-7", "\u0301x"])
def test_who_is_not_meant_or_not_ones_own_is_not_found(
    theo: Visitor, cast: Cast, in_app: InApp, words: str
) -> None:
    add(in_app, cast.theo, "María Ruiz", number="R-7 1")
    theo.open("/patients").submit("Find", words=words)
    assert names(theo) == []
    assert "None of your patients has this name or number." in theo.text
    assert theo.value_of("words") == " ".join(words.split())


def test_words_that_no_name_can_have_get_a_sentence(theo: Visitor) -> None:
    theo.open("/patients").submit("Find", words="a\0b", expect=422)
    theo.open("/patients").submit("Find", words="x" * 101, expect=422)
    assert theo.errors == ["Use at most 100 characters."]


def test_more_than_a_page_of_hits_says_so(theo: Visitor, cast: Cast, in_app: InApp) -> None:
    add(in_app, cast.theo, *(f"Patient {n:02}" for n in range(30)))
    theo.open("/patients").submit("Find", words="patient")
    assert len(names(theo)) == 25
    assert "There are more." in theo.text


def test_a_list_and_a_search_are_one_statement_each(cast: Cast, in_app: InApp) -> None:
    add(in_app, cast.theo, *(f"Patient {n:02}" for n in range(30)))
    said: list[str] = []
    with in_app():
        event.listen(db.engine, "before_cursor_execute", lambda *seen: said.append(seen[2]))
        first = list_my_patients(cast.theo.id)
        list_my_patients(cast.theo.id, first.next)
        search_my_patients(cast.theo.id, "pat")
    assert len(said) == 3, said
