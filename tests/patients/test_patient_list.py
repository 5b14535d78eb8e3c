"""A therapist's list: by name, paged by key, searched without a name in any address."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import event, update
from sqlalchemy.exc import IntegrityError

from app.clock import now, today
from app.database import db
from app.home.caseload_routes import FILTERS
from app.patients import reads
from app.patients.models import CareTeamMember
from app.patients.service import add_patient
from app.plans.caseload import list_caseload
from tests.factories import Cast, CastMember
from tests.plans.made import make_approved, revise_wall_push_up
from tests.statements import statements
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
    assert [a.get_text() for a in theo.page.select(".empty a")] == ["Add a patient"]
    theo.follow("Archived")
    assert "None of your patients is here." in theo.text


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
    "words",
    ["maria", "MARÍA", "rui", "ruiz  maria", "m", "R-7 1", "r-7 1", "r71", "R7", " mar "],
)
def test_a_patient_is_found_by_the_beginnings_of_their_names_or_their_number(
    theo: Visitor, cast: Cast, in_app: InApp, words: str
) -> None:
    add(in_app, cast.theo, "María Ruiz", number="R-7 1")
    theo.open("/patients").submit("Find", words=words)
    assert names(theo) == ["María Ruiz"]
    assert theo.path == "/patients"


@pytest.mark.parametrize(
    "words",
    ["1960-01-31", "31.1.1960", "31/01/60", "1/31/1960", "31 Jan 1960", "January 31, 1960"],
)
def test_a_patient_is_found_by_the_birth_date_as_people_type_it(
    theo: Visitor, cast: Cast, in_app: InApp, words: str
) -> None:
    add(in_app, cast.theo, "María Ruiz")
    theo.open("/patients").submit("Find", words=words)
    assert names(theo) == ["María Ruiz"]


@pytest.mark.parametrize(
    "words",
    [
        "zzz",
        "%",
        "%ar",
        "maria lee",
        "paul",
        "R-72",
        "\u0301x",
        "1960-02-01",
        "' OR 1=1 --",
        '"; DROP TABLE patients; --',
        "\\",
        "${7*7}{{7*7}}",
    ],
)
def test_who_is_not_meant_or_not_ones_own_is_not_found(
    theo: Visitor, cast: Cast, in_app: InApp, words: str
) -> None:
    add(in_app, cast.theo, "María Ruiz", number="X-7 1")
    theo.open("/patients").submit("Find", words=words)
    assert names(theo) == []
    assert "None of your patients here has this name, number or birth date." in theo.text
    assert theo.value_of("words") == " ".join(words.split())


@pytest.mark.parametrize("words", ["Marie Ruis", "mria", "ruzi", "Mariia R"])
def test_a_misspelt_name_is_suggested_where_nobody_has_it(
    theo: Visitor, cast: Cast, in_app: InApp, words: str
) -> None:
    add(in_app, cast.theo, "María Ruiz", "Sam Lee")
    add(in_app, cast.tess, "Maria Ruiz")
    theo.open("/patients").submit("Find", words=words)
    assert "Do you mean:" in theo.text
    assert names(theo) == ["María Ruiz"]


def test_words_that_no_name_can_have_get_a_sentence(theo: Visitor) -> None:
    theo.open("/patients").submit("Find", words="a\0b", expect=422)
    theo.open("/patients").submit("Find", words="x" * 200, expect=422)
    assert theo.errors == ["Use at most 100 characters."]


def test_a_search_is_paged_and_its_words_stay_out_of_the_address(
    theo: Visitor, cast: Cast, in_app: InApp
) -> None:
    add(in_app, cast.theo, *(f"Sam {n:02}" for n in range(30)), "Zoe")
    theo.open("/patients").submit("Find", words="sam")
    first = names(theo)
    theo.submit("Next page")
    assert theo.path == "/patients"
    assert first + names(theo) == [f"Sam {n:02}" for n in range(30)]
    assert not theo.has_button("Next page")
    assert theo.value_of("words") == "sam"


def test_a_search_for_nothing_is_the_list(theo: Visitor) -> None:
    theo.open("/patients").submit("Find", words="  ")
    assert names(theo) == ["Pia"]


def test_each_read_is_one_statement(cast: Cast, in_app: InApp) -> None:
    add(in_app, cast.theo, *(f"Patient {n:02}" for n in range(30)))
    said: list[str] = []
    with in_app():
        event.listen(db.engine, "before_cursor_execute", lambda *seen: said.append(seen[2]))
        first = list_caseload(cast.theo.id, today=today())
        list_caseload(cast.theo.id, today=today(), after=first.next)
        list_caseload(cast.theo.id, reads.Wanted("pat"), today=today())
        reads.suggest_patients(cast.theo.id, "patint")
        reads.list_to_choose(cast.theo.id)
    assert len(said) == 5, said


def test_a_new_name_has_its_place_in_the_list(theo: Visitor, cast: Cast, in_app: InApp) -> None:
    add(in_app, cast.theo, "Abe", "Zoe")
    theo.open("/patients").follow("Abe").follow("Edit details").submit("Save", name="Zz Abe")
    theo.open("/patients")
    assert names(theo) == ["Pia", "Zoe", "Zz Abe"]


def test_the_database_keeps_the_names_of_a_team_right(in_app: InApp, cast: Cast) -> None:
    with in_app(), pytest.raises(IntegrityError):
        db.session.execute(update(CareTeamMember).values(name_key="another"))


def test_a_row_shows_what_is_so_now(theo: Visitor, cast: Cast, in_app: InApp) -> None:
    """Rows are kept by all that they show."""

    def row() -> str:
        (found,) = theo.open("/patients").page.select("li.row")
        return found.get_text(" ", strip=True)

    before = row()
    assert row() == before
    theo.follow("Pia").follow("Edit details").submit("Save", record_number="N-7")
    assert "N-7" in row()
    assert "Plan in force" not in row()
    with in_app():
        make_approved(cast.theo, cast.pia)
        db.session.remove()
    assert "Plan in force" in row()
    assert "To look at" not in row()
    with in_app():
        revise_wall_push_up(cast.ada)
        db.session.remove()
    assert "To look at" in row()


@pytest.mark.parametrize("patients", [1, 60])
def test_the_page_takes_five_statements_at_most_however_many_patients_there_are(
    theo: Visitor, cast: Cast, in_app: InApp, patients: int
) -> None:
    add(in_app, cast.theo, *(f"Patient {n:02}" for n in range(patients)))
    theo.open("/patients")  # the look is recorded
    for show in FILTERS:
        with in_app(), statements() as said:
            theo.open(f"/patients?show={show}")
        assert len(said) <= 5, (show, said)


@pytest.mark.parametrize("plans", [1, 4])
def test_plans_to_look_at_take_no_statement_more(
    theo: Visitor, cast: Cast, in_app: InApp, plans: int
) -> None:
    with in_app():
        for _ in range(plans):
            make_approved(cast.theo, cast.pia)
        revise_wall_push_up(cast.ada)
        db.session.remove()
    theo.open("/patients")
    with in_app(), statements() as said:
        theo.open("/patients")
    assert "to look at" in theo.text
    assert len(said) == 4, said


def test_the_id_of_somebody_elses_patient_says_nothing_of_them(theo: Visitor, cast: Cast) -> None:
    absent = theo.open(f"/patients?after={uuid4()}").text
    assert theo.open(f"/patients?after={cast.paul.patient_id}").text == absent
