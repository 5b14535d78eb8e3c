"""Two clinicians at one plan: both texts, and nothing that was typed is lost."""

from __future__ import annotations

from copy import copy
from uuid import uuid4

import pytest
from flask import Flask

from app.accounts.models import Account
from app.clock import now, today
from app.database import db
from app.errors import Conflict
from app.patients.service import add_to_team, find_patient
from app.plans import service
from app.plans.rules import Defaults, Start
from app.plans.service import DraftValues
from tests.factories import Cast
from tests.plans.conftest import Visit
from tests.plans.desk import STARTS, Desk, at
from tests.plans.made import acting, all_starting, make_approved, note_knee_pain
from tests.visitor import Visitor


@pytest.fixture
def tess(app: Flask, cast: Cast, visit: Visit, desk: Desk) -> Desk:
    """Tess, on the care team too, at the same draft as Theo."""
    with app.app_context():
        assert cast.pia.patient_id is not None
        patient = find_patient(cast.pia.patient_id)
        account = db.session.get(Account, cast.tess.id)
        assert patient is not None
        assert account is not None
        add_to_team(patient, account, by=acting(cast.theo), now=now())
        db.session.commit()
    return Desk(visit(cast.tess), desk.path).open()


MINE = {"title": "Mine", "rows-0-note": "My note", "rows-3-repetitions_high": "11"}


def test_a_stale_save_shows_both_texts_and_saves_nothing(desk: Desk, tess: Desk) -> None:
    desk.save(**{"title": "Theirs", "rows-0-note": "Their note"})
    seen = tess.press("Save draft", 409, **MINE)
    for words in ("Theirs", "Mine", "Note: Their note", "Note: My note", "8 to 11 times"):
        assert words in seen.text
    boxes = desk.open().boxes
    assert (boxes["title"], boxes["rows-0-note"]) == ("Theirs", "Their note")


def test_save_mine_over_theirs_saves_all_that_was_typed(desk: Desk, tess: Desk) -> None:
    desk.save(title="Theirs", **{"rows-1-note": "Their note"})
    tess.press("Save draft", 409, **MINE, **{"rows-0-weekdays": ["1"], "rows-0-days": "chosen"})
    tess.visitor.submit("Save mine over theirs")
    boxes = desk.open().boxes
    assert {name: boxes[name] for name in MINE} == MINE
    assert boxes["rows-0-weekdays"] == "1"


@pytest.mark.parametrize("button", ["Approve the plan", "Preview as Pia sees it", "do=add"])
def test_every_button_of_a_stale_page_meets_the_conflict(
    desk: Desk, tess: Desk, button: str, pia: Visitor
) -> None:
    desk.press(f"do=remove:{desk.ids[5]}")
    if button == "do=add":
        button = f"do=up:{tess.ids[1]}"
    seen = tess.press(button, 409, **STARTS, title="Mine")
    assert "Mine" in seen.text
    pia.open(desk.path, expect=404)


@pytest.mark.parametrize(
    "typed",
    [
        {"often-times_per_day": "3", "often-days": "7"},
        {"start_on": "2026-03-09"},
        at(2, {"last_day": "2026-04-01"}),
        at(2, {"load": "Red band"}),
        at(2, {"rest": "45"}),
        at(2, {"position": "standing"}),
        at(2, {"start": "withheld"}),
    ],
)
def test_whatever_differs_is_told(desk: Desk, tess: Desk, typed: dict[str, str]) -> None:
    desk.save()
    seen = tess.press("Save draft", 409, **typed)
    assert "say the same" not in seen.text
    assert len(seen.page.select(".diff-row")) >= 1


def test_a_reason_that_was_typed_is_told(desk: Desk, tess: Desk, app: Flask, cast: Cast) -> None:
    with app.app_context():
        note_knee_pain(cast.theo, cast.pia)
    desk.open()
    tess.open()
    desk.save()
    seen = tess.press("Save draft", 409, **{"rows-1-answers-0-text": "She kneels on a pillow."})
    assert "Reason: She kneels on a pillow." in seen.text


def test_two_who_typed_the_same_are_told_so(desk: Desk, tess: Desk) -> None:
    desk.save(title="Same")
    assert "say the same" in tess.press("Save draft", 409, title="Same").text


def test_what_was_typed_at_a_row_that_is_gone_is_told(desk: Desk, tess: Desk) -> None:
    desk.press(f"do=remove:{desk.ids[0]}")
    seen = tess.press("Save draft", 409, **MINE)
    assert "An exercise that was removed meanwhile" in seen.text
    assert "My note" in seen.text
    seen.submit("Save mine over theirs")
    assert len(desk.open().ids) == 5


def test_a_wrong_number_at_a_row_that_is_gone_hinders_nobody(desk: Desk, tess: Desk) -> None:
    desk.press(f"do=remove:{desk.ids[0]}")
    tess.press("Save draft", 409, **{"rows-0-sets": "many", "title": "Mine"})
    tess.visitor.submit("Save mine over theirs")
    assert desk.open().boxes["title"] == "Mine"


def test_a_row_that_was_added_meanwhile_stays(desk: Desk, tess: Desk) -> None:
    desk.press(f"do=later:{desk.ids[0]}")
    tess.press("Save draft", 409, title="Mine")
    tess.visitor.submit("Save mine over theirs")
    assert len(desk.open().ids) == 7


def test_a_draft_that_was_approved_meanwhile_keeps_what_was_approved(
    desk: Desk, tess: Desk, pia: Visitor
) -> None:
    desk.approve(title="Theirs")
    builder = copy(tess.visitor)
    for button in ("Save draft", "Approve the plan", "Preview as Pia sees it"):
        tess.visitor = copy(builder)
        seen = tess.press(button, 409, **STARTS, **MINE)
        assert "Meanwhile it was approved as revision 1." in seen.text
        assert "My note" in seen.text
    assert "Theirs" in pia.open(desk.path).text
    assert "My note" not in pia.text


def test_a_draft_that_was_discarded_meanwhile_cannot_be_saved(desk: Desk, tess: Desk) -> None:
    desk.visitor.open(f"{desk.path}/discard").submit("Discard the draft")
    seen = tess.press("Save draft", 409, **MINE)
    assert "was discarded" in seen.heading
    assert all(str(words) in seen.text for words in MINE.values())


def test_a_stale_page_never_approves_the_next_draft(desk: Desk, tess: Desk, pia: Visitor) -> None:
    """The next draft counts its saves from one again: its number alone would fit."""
    desk.approve(title="First")
    desk.visitor.open(desk.path).submit("Change the plan")
    seen = tess.press("Approve the plan", 409, **STARTS, title="Mine")
    assert "Mine" in seen.text
    assert "revision 1" in pia.open(desk.path).text
    assert desk.open().boxes["title"] == "First"


def test_a_release_makes_every_older_form_stale(app: Flask, cast: Cast) -> None:
    """Sent again it is no double click any more: its clinician has not seen the release."""
    with app.app_context():
        made = make_approved(cast.theo, cast.pia, all_starting(Start.withheld()))
        theo, instant = acting(cast.theo), now()
        draft = service.open_draft(made.plan, by=theo, now=instant)
        form = DraftValues("Mine", Defaults(), (), (), draft.version, uuid4(), draft.id)
        service.save_draft(made.plan, form, by=theo, now=instant)
        with pytest.raises(service.AlreadySaved):
            service.save_draft(made.plan, form, by=theo, now=instant)
        thread = made.rows[0].thread_id
        service.release(made.plan, thread, today(), by=theo, now=instant)
        with pytest.raises(Conflict):
            service.save_draft(made.plan, form, by=theo, now=instant)
        db.session.rollback()
