"""An admin says who treats whom, with a reason, and reads no record."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import event, select

from app.audit.models import AuditRow
from app.clock import now
from app.database import db
from app.patients.service import add_patient, edit_patient, find_patient
from tests.factories import Cast, CastMember
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]
InApp = Callable[[], AbstractContextManager[object]]
TEAMS = "/people/care-teams"


@pytest.fixture
def ada(visit: Visit, cast: Cast) -> Visitor:
    return visit(cast.ada)


def add(in_app: InApp, by: CastMember, *names: str) -> None:
    with in_app():
        for name in names:
            add_patient(uuid4(), name, date(1960, 1, 31), "R-7 1", by=by, now=now())
        db.session.commit()


def names(page: Visitor) -> list[str]:
    return [tag.get_text() for tag in page.page.select("a.row-title")]


def test_an_admin_changes_a_team_with_a_reason_that_the_audit_keeps(
    ada: Visitor, visit: Visit, cast: Cast, in_app: InApp
) -> None:
    ada.open(TEAMS).follow("Pia")
    ada.submit("Add to the team", therapist=cast.tess.id, reason="Theo is on leave")
    ada.submit("Remove: Theo", reason="Theo is on leave")
    visit(cast.tess).open(f"/patients/{cast.pia.patient_id}")
    visit(cast.theo).open(f"/patients/{cast.pia.patient_id}", expect=404)
    with in_app():
        rows = db.session.execute(
            select(AuditRow.action, AuditRow.reason, AuditRow.patient_id)
            .where(AuditRow.actor_id == cast.ada.id, AuditRow.outcome == "done")
            .order_by(AuditRow.seq)
        ).all()
    assert rows == [
        ("add-to-team", "Theo is on leave", cast.pia.patient_id),
        ("remove-from-team", "Theo is on leave", cast.pia.patient_id),
    ]


def test_without_a_reason_nothing_changes(ada: Visitor, cast: Cast) -> None:
    ada.open(f"{TEAMS}/{cast.pia.patient_id}")
    ada.submit("Add to the team", therapist=cast.tess.id, expect=422)
    assert ada.errors == ["Write a short reason. It is kept with the change."]
    assert not ada.has_button("Remove: Tess")


def test_the_last_therapist_stays(ada: Visitor, cast: Cast) -> None:
    ada.open(f"{TEAMS}/{cast.pia.patient_id}")
    assert not ada.has_button("Remove: Theo")
    sent = {"csrf_token": ada.csrf_token, "do": f"remove:{cast.theo.id}", "reason": "Gone"}
    ada.send(ada.path, sent, expect=422)
    assert ada.errors == ["A patient needs at least one therapist. Add another one first."]


def test_the_pages_say_names_and_nothing_else_of_a_patient(
    ada: Visitor, cast: Cast, in_app: InApp
) -> None:
    add(in_app, cast.theo, "Maria Ruiz")
    for path in (TEAMS, f"{TEAMS}?of={cast.theo.id}"):
        ada.open(path)
        assert "Maria Ruiz" in ada.text
        assert "1960" not in ada.text
        assert "R-7" not in ada.text
    ada.follow("Maria Ruiz")
    assert "1960" not in ada.text
    ada.open(f"/patients/{cast.pia.patient_id}", expect=404)


@pytest.mark.parametrize("words", ["mar", "RUIZ", "ruí mar", "m", "maria ruiz santos"])
def test_a_patient_is_found_by_any_word_of_the_name(
    ada: Visitor, cast: Cast, in_app: InApp, words: str
) -> None:
    add(in_app, cast.theo, "María Ruiz Santos", "Marla")
    ada.open(TEAMS).submit("Find", words=words)
    assert "María Ruiz Santos" in names(ada)
    assert ada.path == TEAMS


@pytest.mark.parametrize(
    "words",
    ["aria", "%", "_", "R-7", "1960-01-31", "' OR 1=1 --", "\U0010ffff", "maria lee", "\u0301"],
)
def test_what_begins_no_word_of_a_name_finds_nobody(
    ada: Visitor, cast: Cast, in_app: InApp, words: str
) -> None:
    add(in_app, cast.theo, "María Ruiz")
    ada.open(TEAMS).submit("Find", words=words)
    assert names(ada) == []
    assert "Nobody here has this name." in ada.text


@pytest.mark.parametrize("words", ["x" * 200, "a\0b"])
def test_words_that_no_name_can_have_get_a_sentence(ada: Visitor, words: str) -> None:
    ada.open(TEAMS).submit("Find", words=words, expect=422)


def test_somebody_whose_name_begins_twice_so_is_one_hit(
    ada: Visitor, cast: Cast, in_app: InApp
) -> None:
    add(in_app, cast.theo, "Mar Maria Martinez", "Mara")
    ada.open(TEAMS).submit("Find", words="mar")
    assert names(ada) == ["Mar Maria Martinez", "Mara"]


def test_after_a_new_name_the_old_one_finds_nobody(ada: Visitor, cast: Cast, in_app: InApp) -> None:
    with in_app():
        pia = find_patient(cast.pia.patient_id or uuid4())
        assert pia is not None
        edit_patient(pia, "Nina Ruiz", None, "", based_on=pia.version, by=cast.theo, now=now())
        db.session.commit()
    ada.open(TEAMS).submit("Find", words="pia")
    assert names(ada) == []
    ada.submit("Find", words="ruiz")
    assert names(ada) == ["Nina Ruiz"]


def test_the_list_is_paged_by_key_and_a_search_says_that_there_are_more(
    ada: Visitor, cast: Cast, in_app: InApp
) -> None:
    add(in_app, cast.theo, *(f"Sam {n:02}" for n in range(28)))
    ada.open(TEAMS)
    listed = names(ada)
    ada.follow("Next page")
    listed += names(ada)
    assert listed == ["Paul", "Pia", *(f"Sam {n:02}" for n in range(28))]
    ada.open(TEAMS).submit("Find", words="sam")
    assert len(names(ada)) == 25
    assert "There are more." in ada.text


@pytest.mark.parametrize("words", ["", "sam"])
def test_the_page_takes_three_statements_however_many_patients_there_are(
    ada: Visitor, cast: Cast, in_app: InApp, words: str
) -> None:
    add(in_app, cast.theo, *(f"Sam {n:02}" for n in range(40)))
    ada.open(TEAMS)
    said: list[str] = []
    with in_app():
        event.listen(db.engine, "before_cursor_execute", lambda *seen: said.append(seen[2]))
    if words:
        ada.submit("Find", words=words)
    else:
        ada.open(TEAMS)
    assert len(said) <= 3, said
