"""Exercises that leave: retired, brought back, merged; and what stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import update

from app.catalogue import service
from app.catalogue.models import Exercise, ExerciseEvent
from app.catalogue.retirement import merge_exercise
from app.catalogue.search import list_exercises
from app.clock import now
from app.database import db
from app.errors import RuleBroken
from app.plans import reads
from app.plans.reads import Moment
from app.plans.review import review_draft
from app.plans.sheet import PlanSheet, Safety
from tests.catalogue.conftest import Visit
from tests.catalogue.support import OPERATOR, audited, boxes, count, id_of, typed
from tests.catalogue.test_service import at_once
from tests.factories import Cast
from tests.guarded import refused
from tests.plans.made import Made, make_approved, make_plan
from tests.support import NOON
from tests.visitor import Visitor

REASON = "Too hard on the knees."
Plan = Callable[[], tuple[PlanSheet, str, str]]


@pytest.fixture
def plan(app: Flask, visit: Visit, cast: Cast, settings: Any) -> Plan:
    """Of Pia's approved plan of the six exercises: its sheet, its page and its print."""
    with app.app_context():
        made = make_approved(cast.theo, cast.pia)
        db.session.remove()
    pia = visit(cast.pia)

    def look() -> tuple[PlanSheet, str, str]:
        with app.app_context():
            safety = Safety(settings.clinic_phone, settings.emergency_number)
            sheet = reads.read_sheet(made.id, Moment(now(), settings.time_zone, safety))
        assert sheet is not None
        page, paper = (pia.open(f"{made.path}{tail}").tag("main") for tail in ("", "/print"))
        return sheet, str(page), str(paper)

    return look


def address(app: Flask, slug: str) -> str:
    return f"/catalogue/{id_of(app, slug)}"


def retire(ada: Visitor, address: str, instead: str = "", words: str = "") -> None:
    ada.open(f"{address}/retire")
    if words:
        ada.submit("do=find", words=words, reason=REASON)
    ada.submit("do=retire", reason=REASON, **boxes({"other": instead} if instead else {}))


def merge(ada: Visitor, app: Flask, slug: str, into: str) -> None:
    with app.app_context():
        title = service.list_exercises_by_slug([into])[0].text.title
    ada.open(f"{address(app, slug)}/merge").submit("do=find", words=title)
    ada.submit("do=merge", other=str(id_of(app, into)), reason="One and the same.")


def found(words: str) -> list[str]:
    return [exercise.slug for exercise in list_exercises(words).items]


# Retiring


def test_a_retired_exercise_says_so_and_names_what_to_take(
    app: Flask, ada: Visitor, theo: Visitor, midback: str
) -> None:
    rolls = str(id_of(app, "shoulder-rolls"))
    retire(ada, midback, instead=rolls, words="shoulder rolls")
    assert ada.path == midback
    assert "Midback stretch is retired." in ada.text
    theo.open(midback)
    for words in ("This exercise is retired.", "Ada retired it", f"Reason: {REASON}"):
        assert words in theo.text
    assert theo.tag(f".notice a[href='/catalogue/{rolls}']").get_text() == "Shoulder rolls"
    with app.app_context():
        (row,) = audited("retire-exercise")
        assert (str(row.object_id), row.reason) == (midback.rsplit("/", 1)[1], REASON)


def test_it_is_offered_nowhere_until_it_is_brought_back(
    app: Flask, ada: Visitor, theo: Visitor, cast: Cast, midback: str
) -> None:
    with app.app_context():
        draft = make_plan(cast.theo, cast.pia).path
        db.session.remove()
    theo.open(f"{draft}/edit").submit("Remove Midback stretch")
    stale = theo.fields_of("do=save")
    ada.open("/handouts/T680/edit").submit("Remove Midback stretch").submit("do=publish")
    retire(ada, midback)
    with app.app_context():
        assert "midback-stretch" not in found("midback") + found("")
    theo.open("/catalogue?q=midback+stretch")
    assert not theo.page.select(f"a[href='{midback}']")
    theo.open(f"{draft}/edit?q=midback")
    assert not [tag for tag in theo.page.select(".found-title") if "Midback" in tag.get_text()]
    theo.send(f"{draft}/edit", stale | {"do": f"add:{midback.rsplit('/', 1)[1]}"})
    assert "This exercise is not in the catalogue any more." in theo.text
    ada.open("/handouts/T680/edit").submit("do=find", words="midback")
    assert not ada.has_button("Add Midback stretch")
    sly = typed(ada) | {"exercises-5": "midback-stretch", "do": "publish"}
    ada.send("/handouts/T680/edit", sly, expect=422)
    assert ada.errors == ["Midback stretch is retired. Choose another exercise."]

    ada.open(midback).follow("Bring it back").submit("Bring back")
    assert "is offered again" in ada.text
    assert "This exercise is retired." not in ada.open(midback).text
    with app.app_context():
        assert found("midback stretch")[0] == "midback-stretch"
        assert len(audited("bring-back-exercise")) == 1


def test_plans_and_handouts_that_have_it_keep_it(
    ada: Visitor, visit: Visit, midback: str, plan: Plan
) -> None:
    before, stranger = plan(), visit(None)
    handout = str(stranger.open("/handouts/T680").tag("main"))
    retire(ada, midback)
    assert plan() == before
    assert str(stranger.open("/handouts/T680").tag("main")) == handout
    # The handout can still be edited around it.
    ada.open("/handouts/T680/edit").submit("do=publish", title="Strong upper back")
    assert "Revision 2 is published." in ada.text


def test_a_new_plan_of_the_handout_leaves_it_out_and_a_draft_asks_why_it_is_in(
    app: Flask, ada: Visitor, cast: Cast, midback: str
) -> None:
    with app.app_context():
        older = make_plan(cast.theo, cast.pia)
        db.session.remove()
    retire(ada, midback)
    with app.app_context():
        newer = make_plan(cast.theo, cast.pia)
        assert [row.text.title for row in newer.draft_rows if row.is_retired] == []
        assert len(newer.draft_rows) == 5
        older.save()
        assert warned(older) == [("Midback stretch", "retired")]
        older.save(reason="She knows it well.")
        older.approve()
        older.change()
        assert len(older.draft_rows) == 6


def warned(made: Made) -> list[tuple[str, str]]:
    review = review_draft(made.plan, made.draft)
    titles = {row.id: row.text.title for row in review.rows}
    return [(titles[w.prescription_id], w.cause.key) for w in review.open_warnings]


def test_it_can_be_corrected_without_being_found(app: Flask, ada: Visitor, midback: str) -> None:
    retire(ada, midback)
    ada.open(f"{midback}/edit").submit("do=publish", purpose="Loosens your middle back.")
    with app.app_context():
        assert "midback-stretch" not in found("loosens middle")
    ada.open(f"{midback}/retire").submit("Bring back")
    with app.app_context():
        assert "midback-stretch" in found("loosens middle")


def test_a_second_click_changes_nothing(app: Flask, ada: Visitor, midback: str) -> None:
    ada.open(f"{midback}/retire")
    sent = typed(ada) | {"reason": REASON, "do": "retire"}
    for _click in range(2):
        ada.send(f"{midback}/retire", sent)
    assert count(app, ExerciseEvent) == 1
    ada.open(f"{midback}/retire")
    back = typed(ada) | {"do": "bring-back"}
    for _click in range(2):
        ada.send(f"{midback}/retire", back)
    assert count(app, ExerciseEvent) == 2


@pytest.mark.parametrize("other", ["x", str(uuid4()), "\0", "9" * 200])
def test_what_is_wrong_is_said_and_kept(app: Flask, ada: Visitor, midback: str, other: str) -> None:
    ada.open(f"{midback}/retire").submit("do=retire", expect=422, words="rolls", reason=" ")
    assert ada.errors == ["Write a reason of at most 300 characters."]
    assert (ada.value_of("words"), len(ada.page.select("[name=other]"))) == ("rolls", 2)
    sly = typed(ada) | {"reason": REASON, "other": other, "do": "retire"}
    ada.send(f"{midback}/retire", sly, expect=422)
    assert ada.errors == ["Choose an exercise that is in the catalogue."]
    assert ada.value_of("reason") == REASON
    ada.open(f"{midback}/retire").submit("do=retire", expect=422, reason="x" * 301)
    assert count(app, ExerciseEvent) == 0


# Merging


def test_a_merged_exercise_leads_to_the_one_that_stays_over_any_number_of_steps(
    app: Flask, ada: Visitor, theo: Visitor, midback: str
) -> None:
    rolls, wall = address(app, "shoulder-rolls"), address(app, "wall-push-up")
    merge(ada, app, "midback-stretch", into="shoulder-rolls")
    assert "Midback stretch is merged into Shoulder rolls." in ada.text
    merge(ada, app, "shoulder-rolls", into="wall-push-up")
    for path in (midback, rolls):
        assert theo.open(path).path == wall
        assert theo.open(path, expect=301).location == wall
        assert ada.open(f"{path}/edit").path == wall
        assert ada.open(f"{path}/retire").path == wall
    theo.open(f"{midback}/revisions")
    assert "The first text." in theo.text
    theo.follow("Wall push-up")
    with app.app_context():
        assert found("midback") == found("rolls") == []
        assert [row.reason for row in audited("merge-exercise")] == ["One and the same."] * 2


def test_a_merger_changes_no_plan_and_no_link_of_a_handout(
    app: Flask, ada: Visitor, visit: Visit, plan: Plan
) -> None:
    before, stranger = plan(), visit(None)
    merge(ada, app, "midback-stretch", into="shoulder-rolls")
    assert plan() == before
    stranger.open("/handouts/T680")
    titles = [h.get_text() for h in stranger.page.select("article h2")]
    assert titles == [
        "1. Lower neck and upper back stretch", "2. Shoulder rolls", "3. Wall push-up",
        "4. Resisted shoulder blade squeeze", "5. Resisted rows",
    ]  # fmt: skip
    pictures = [str(tag["src"]) for tag in stranger.page.select("article img")]
    assert {stranger.client.get(src).status_code for src in pictures} == {200}
    # An edit that was begun before the merger is not refused for it.
    ada.open("/handouts/T680/edit").submit("do=publish", owner="We wrote this.")
    assert "Revision 2 is published." in ada.text


def test_nothing_is_merged_into_itself_by_any_way_round(
    app: Flask, ada: Visitor, midback: str
) -> None:
    wall = address(app, "wall-push-up")
    merge(ada, app, "midback-stretch", into="shoulder-rolls")
    merge(ada, app, "shoulder-rolls", into="wall-push-up")
    ada.open(f"{wall}/merge")
    for path, other in ((wall, midback), (wall, wall), (midback, wall), (midback, midback)):
        sent = {"other": other.rsplit("/", 1)[1], "reason": "x", "do": "merge"}
        ada.send(f"{path}/merge", typed(ada) | sent, expect=422)
        assert len(ada.errors) == 1
    assert count(app, ExerciseEvent) == 2


def test_two_mergers_at_once_close_no_ring(app: Flask) -> None:
    def into(slug: str, other: str) -> str:
        one, stays = (service.find_exercises_by_slug([slug, other])[s] for s in (slug, other))
        try:
            merge_exercise(one, stays, "The same.", by=OPERATOR, now=NOON)
            db.session.commit()
        except RuleBroken:
            db.session.rollback()
            return "refused"
        return "merged"

    slugs = ("midback-stretch", "wall-push-up")
    assert at_once(app, lambda: into(*slugs), lambda: into(*slugs[::-1])) == ["merged", "refused"]
    with app.app_context():
        assert len(set(service.list_exercises_by_slug(slugs))) == 1


def test_an_edit_that_comes_after_the_merger_is_kept_on_the_page(
    app: Flask, visit: Visit, cast: Cast, midback: str
) -> None:
    first, second = visit(cast.ada), visit(cast.ada)
    second.open(f"{midback}/edit")
    merge(first, app, "midback-stretch", into="shoulder-rolls")
    second.submit("do=publish", expect=422, purpose="Loosens your middle back.")
    assert second.errors == ["This exercise was merged into another one. Change that one instead."]
    assert typed(second)["purpose"] == "Loosens your middle back."


def test_what_is_merged_cannot_be_parted_even_in_the_database(app: Flask) -> None:
    with app.app_context():
        one, other = service.list_exercises_by_slug(["midback-stretch", "wall-push-up"])
        merge_exercise(one, other, "The same.", by=OPERATOR, now=NOON)
        db.session.commit()
        mine = update(Exercise).where(Exercise.id == one.id)
        refused("exercises", mine.values(state="offered", successor_id=None))
        refused("exercises", mine.values(current_number=2))
        refused("exercise_events", update(ExerciseEvent).values(reason="Another."))
        refused("exercise_events", "DELETE FROM exercise_events")
