"""Reasons at warnings: they travel with their thread until the cause changes."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import db
from app.plans.models import ApprovalAnswer, WarningAnswer
from tests.factories import Cast
from tests.paper.reading import Pdf
from tests.plans.desk import ComeBack, Desk
from tests.plans.made import note_knee_pain
from tests.visitor import Visitor

REASON = "She kneels on a pillow."
KNEE = "rows-1-answers-0-text"
MANY = {"rows-3-repetitions_low": "20", "rows-3-repetitions_high": "20"}
PUSH_UP = "rows-3-answers-0-text"


@pytest.fixture
def warned(desk: Desk, app: Flask, cast: Cast) -> Desk:
    """Theo at a draft whose midback stretch must not be done with Pia's knee pain."""
    with app.app_context():
        note_knee_pain(cast.theo, cast.pia)
    return desk.open()


def answers(app: Flask) -> list[str]:
    with app.app_context():
        statement = select(WarningAnswer.reason).order_by(WarningAnswer.seq)
        return list(db.session.scalars(statement))


def relied_on(app: Flask) -> list[str]:
    """The reasons that approvals relied on."""
    with app.app_context():
        statement = select(WarningAnswer.reason).join(ApprovalAnswer)
        return list(db.session.scalars(statement))


def test_approval_records_the_reason_that_it_relied_on(warned: Desk, app: Flask) -> None:
    warned.approve(**{KNEE: REASON})
    assert relied_on(app) == [REASON]


def test_the_patient_goes_on_reading_the_warning_beside_the_clinicians_words_for_them(
    warned: Desk, pia: Visitor
) -> None:
    """Safety text is dropped from no page and no paper; the reason is for clinicians."""
    hint = "The patient goes on reading the warning, and not this reason."
    assert warned.visitor.text.count(hint) == 1
    note = "You may do it on a thick cushion, as we tried."
    warned.approve(**{KNEE: REASON, "rows-1-note": note})
    for path in (warned.path, f"{warned.path}/print"):
        text = pia.open(path).text
        assert "Do not do this stretch if you have knee pain." in text
        assert note in text
        assert REASON not in text
    answer = pia.client.get(f"{warned.path}.pdf")
    paper = Pdf(answer.data)
    page = paper.page_of("Do not do this stretch if you have knee pain.")
    assert paper.says(note, page)
    assert REASON not in paper.text


def test_a_reason_travels_to_the_next_revision_and_is_shown_there(warned: Desk, app: Flask) -> None:
    warned.approve(**{KNEE: REASON})
    warned.visitor.submit("Change the plan")
    assert warned.boxes[KNEE] == REASON
    assert "warning to look at" not in warned.visitor.text
    warned.press("Approve the plan")
    assert relied_on(app) == [REASON, REASON]
    assert answers(app) == [REASON]


def test_a_reason_taken_back_in_the_same_instant_stays_taken_back(warned: Desk) -> None:
    for number in range(6):
        warned.save(**{KNEE: f"Reason {number}"})
        warned.save(**{KNEE: ""})
        assert warned.boxes[KNEE] == ""
    warned.approve(422)


def test_a_reason_does_not_travel_to_a_new_thread(warned: Desk) -> None:
    warned.save(**{KNEE: REASON})
    warned.press(f"do=remove:{warned.ids[1]}")
    warned.press("Add Midback stretch")
    assert warned.boxes["rows-5-answers-0-text"] == ""
    warned.approve(422)


def test_an_answer_holds_only_until_its_cause_changes(warned: Desk, come_back: ComeBack) -> None:
    warned.save(**MANY)
    warned.save(**{KNEE: REASON, PUSH_UP: "She is an athlete."})
    desk = come_back(warned, 0.1)
    desk.press(
        "Approve the plan",
        422,
        **{"rows-3-repetitions_high": "90"},
        **{"often-times_per_day": "2", "often-days": "7", "start_on": "2026-03-02"},
    )
    assert desk.visitor.errors == [
        "Wall push-up: remove it, or write why it is right for this patient."
    ]
    assert desk.boxes[PUSH_UP] == ""
    assert desk.boxes[KNEE] == REASON


def test_a_reason_that_was_typed_beside_the_new_dose_is_not_lost(warned: Desk) -> None:
    warned.save(**MANY)
    warned.save(**{"rows-3-repetitions_high": "25", PUSH_UP: "She is an athlete."})
    assert "20–25" in warned.visitor.text
    assert warned.boxes[PUSH_UP] == "She is an athlete."


def test_a_dose_back_in_the_range_needs_no_reason(warned: Desk) -> None:
    warned.save(**MANY)
    assert "Repetitions 20: the catalogue says 8–12." in warned.visitor.text
    warned.save(**{"rows-3-repetitions_low": "8", "rows-3-repetitions_high": "12"})
    assert "the catalogue says" not in warned.visitor.text


def test_an_emptied_reason_is_taken_back_and_stays_in_the_record(
    warned: Desk, app: Flask, come_back: ComeBack
) -> None:
    warned.save(**{KNEE: REASON})
    desk = come_back(warned, 0.1)
    desk.save(**{KNEE: ""})
    desk.approve(422)
    assert answers(app) == [REASON, ""]


def test_a_reason_is_written_once_however_often_it_is_saved(warned: Desk, app: Flask) -> None:
    warned.save(**{KNEE: REASON})
    warned.save()
    warned.save(title="Other")
    assert answers(app) == [REASON]
