"""The builder's buttons: each keeps what was typed, and does its one thing once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.audit.models import AuditRow
from app.catalogue.service import list_exercises_by_slug, publish_exercise
from app.clock import now
from app.database import db
from app.plans.models import Plan, PlanRevision, Prescription
from tests.factories import Cast, CastMember
from tests.plans.desk import FIRST, FOURTH, STARTS, TYPED, ComeBack, Desk, at, button
from tests.plans.made import acting
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]


def extra_exercise(app: Flask, cast: Cast) -> str:
    """One more exercise in the catalogue; gives the button that adds it."""
    with app.app_context():
        (wall,) = list_exercises_by_slug(["wall-push-up"])
        text = replace(wall.text, title="Chair push-up")
        made = publish_exercise("extra", text, by=acting(cast.ada), now=now())
        db.session.commit()
        return f"add:{made.id}"


def assert_kept(desk: Desk, first: str, fourth: str) -> None:
    assert desk.boxes["title"] == "Shoulders"
    assert desk.row(first).items() >= FIRST.items()
    assert desk.row(fourth).items() >= FOURTH.items()
    days = desk.visitor.page.select(f"[name=rows-{desk.ids.index(first)}-weekdays][checked]")
    assert [day["value"] for day in days] == ["0", "3"]


@pytest.mark.parametrize(
    "do",
    ["save", "up:3", "down:0", "remove:4", "later:3", "duplicate:3", "preview", "add", "search"],
)
def test_no_button_loses_what_was_typed(desk: Desk, app: Flask, cast: Cast, do: str) -> None:
    extra = extra_exercise(app, cast)
    first, fourth = desk.open().ids[0], desk.ids[3]
    if do == "search":
        desk.press("Search", **TYPED, q="band")
        assert desk.boxes["q"] == "band"
    else:
        desk.press(f"do={extra}" if do == "add" else button(desk, do), **TYPED)
    assert_kept(desk.open(), first, fourth)


def test_a_button_of_what_is_gone_loses_nothing_and_says_so(desk: Desk) -> None:
    first, fourth = desk.ids[0], desk.ids[3]
    for about in (UUID(int=5), "no id", ""):
        for verb in ("add", "up", "to", "remove", "later", "duplicate", "take-over"):
            sent = {**desk.boxes, **TYPED, "do": f"{verb}:{about}"}
            desk.visitor.send(f"{desk.path}/edit", sent)
            assert "any more" in desk.visitor.page.get_text(), verb
    assert_kept(desk, first, fourth)


def test_approval_that_is_refused_loses_nothing(desk: Desk) -> None:
    first, fourth = desk.ids[0], desk.ids[3]
    desk.press("Approve the plan", 422, **TYPED)
    assert_kept(desk, first, fourth)
    assert_kept(desk.open(), first, fourth)


def test_an_exercise_that_is_removed_and_added_again_begins_a_new_thread(
    desk: Desk, app: Flask
) -> None:
    with app.app_context():
        row = db.session.get_one(Prescription, UUID(desk.ids[3]))
        old, exercise_id = row.thread_id, row.exercise_id
    desk.press(button(desk, "remove:3"))
    desk.press(f"do=add:{exercise_id}")
    with app.app_context():
        assert db.session.get_one(Prescription, UUID(desk.ids[5])).thread_id != old


def test_an_added_exercise_has_the_usual_dose_and_the_plans_frequency_and_start(
    desk: Desk, app: Flask, cast: Cast
) -> None:
    extra = extra_exercise(app, cast)
    desk.save(**STARTS)
    desk.press(f"do={extra}")
    row = desk.row(desk.ids[-1])
    assert desk.titles[-1] == "Chair push-up"
    assert (row["repetitions_low"], row["repetitions_high"]) == ("8", "12")
    assert (row["times_per_day"], row["days"]) == ("2", "7")
    assert (row["start"], row["start_on"]) == ("dated", "2026-03-02")


def test_search_offers_what_has_the_words_and_says_when_there_is_nothing(desk: Desk) -> None:
    seen = desk.press("Search", q="band")
    offered = {tag.get_text() for tag in seen.page.select(".found-title")}
    assert offered == {"Resisted shoulder blade squeeze", "Resisted rows"}
    seen = desk.press("Search", q="qqqq zzzz")
    assert not seen.page.select(".found-title")
    assert "No exercise" in seen.text


def test_the_plans_defaults_fill_every_row_and_followers_follow(desk: Desk) -> None:
    desk.save(**at(1, {"times_per_day": "4", "days": "3"}), **STARTS)
    rows = [desk.row(i) for i in desk.ids]
    assert {r["start_on"] for r in rows} == {"2026-03-02"}
    assert [r["times_per_day"] for r in rows] == ["2", "4", "2", "2", "2", "2"]
    desk.save(**{"often-times_per_day": "1", "start_on": "2026-03-09"})
    rows = [desk.row(i) for i in desk.ids]
    assert {r["start_on"] for r in rows} == {"2026-03-09"}
    assert [r["times_per_day"] for r in rows] == ["1", "4", "1", "1", "1", "1"]


def test_a_dose_from_a_later_day_waits_for_a_day_of_its_own(desk: Desk) -> None:
    desk.save(**STARTS)
    desk.press(button(desk, "later:2"))
    desk.save()
    row = desk.row(desk.ids[3])
    assert desk.titles[2] == desk.titles[3]
    assert (row["start"], row["start_on"]) == ("unset", "")


def test_starts_that_went_by_are_moved_to_today(desk: Desk, come_back: ComeBack) -> None:
    desk.save(**STARTS, **at(0, {"start": "dated", "start_on": "2026-03-20"}))
    assert not desk.visitor.has_button("Move these dates to today")
    desk = come_back(desk, 3)
    desk.press("Move these dates to today")
    starts = [desk.row(i)["start_on"] for i in desk.ids]
    assert starts == ["2026-03-20", *["2026-03-05"] * 5]
    assert desk.boxes["start_on"] == "2026-03-05"


def test_the_preview_is_the_patients_sheet_and_approves_nothing(desk: Desk, pia: Visitor) -> None:
    seen = desk.press("Preview as Pia sees it", **STARTS, **at(5, {"start": "withheld"}))
    assert "This is how Pia will see the plan once you approve it." in seen.text
    assert "Not yet. Your therapist will tell you when." in seen.text
    assert "2 times a day, every day" in seen.text
    assert "no start yet" not in seen.text
    pia.open(desk.path, expect=404)


def test_the_preview_says_which_starts_nobody_chose_yet(desk: Desk) -> None:
    seen = desk.press("Preview as Pia sees it", **at(5, {"start": "withheld"}))
    assert "5 exercises have no start yet, and so they stand here as “Not yet”." in seen.text


def test_a_draft_is_discarded_after_a_question(desk: Desk) -> None:
    seen = desk.visitor.follow("Discard this draft")
    assert "Discard the draft for Pia?" in seen.text
    seen.submit("Discard the draft")
    assert "The draft is gone." in seen.page.get_text()
    seen.open(f"{desk.path}/edit")
    assert "This plan is empty: its draft was discarded." in seen.text
    assert not seen.has_button("Change the plan")


def test_a_draft_that_was_saved_meanwhile_is_not_discarded_unseen(
    desk: Desk, visit: Visit, cast: Cast
) -> None:
    other = visit(cast.theo).open(f"{desk.path}/discard")
    desk.save(title="Shoulders")
    other.submit("Discard the draft")
    assert "Somebody saved this draft meanwhile." in other.page.get_text()
    assert desk.open().boxes["title"] == "Shoulders"


DOUBLE = ["save", "up:3", "duplicate:3", "remove:4", "later:3", "add", "preview", "approve"]


@pytest.mark.parametrize("do", DOUBLE)
def test_a_double_click_has_one_effect(desk: Desk, app: Flask, cast: Cast, do: str) -> None:
    extra = extra_exercise(app, cast)
    desk.open()
    pressed = f"do={extra}" if do == "add" else button(desk, do)
    desk.press(pressed, 303, **STARTS)
    once = contents(app)
    desk.press(pressed, 303, **STARTS)
    assert contents(app) == once


def test_a_double_click_on_today_move_has_one_effect(
    desk: Desk, app: Flask, come_back: ComeBack
) -> None:
    desk.save(**STARTS)
    desk = come_back(desk, 3)
    desk.press("Move these dates to today", 303)
    once = contents(app)
    desk.press("Move these dates to today", 303)
    assert contents(app) == once


def test_a_double_click_on_discard_is_answered_like_one(desk: Desk) -> None:
    page = desk.visitor.open(f"{desk.path}/discard")
    for _click in range(2):
        page.submit("Discard the draft", expect=303)
        assert page.response is not None
        assert "/patients/" in page.response.headers["Location"]


def test_the_same_form_with_other_words_is_no_double_click(desk: Desk) -> None:
    """Back in the browser, one more word, and the button again: it must not vanish."""
    desk.press("Save draft", 303, title="First")
    desk.press("Save draft", 409, title="Second")
    assert "Second" in desk.visitor.text
    desk.visitor.submit("Save mine over theirs")
    assert desk.boxes["title"] == "Second"


def contents(app: Flask) -> list[object]:
    """Every plan, revision and prescription, and how many audit rows there are."""
    with app.app_context():
        found: list[object] = [
            sorted(map(repr, db.session.execute(select(model.__table__))))
            for model in (Plan, PlanRevision, Prescription)
        ]
        found.append(db.session.scalar(select(func.count()).select_from(AuditRow)))
        return found
