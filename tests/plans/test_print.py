"""The sheet for the fridge."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import segno
from flask import Flask

from app.config import Settings
from app.plans.rules import Prescribed, RowValues, Start
from tests.factories import Cast
from tests.plans.conftest import Approve, Visit
from tests.plans.desk import Desk
from tests.plans.examples import MONDAY
from tests.plans.made import Made, all_starting, starting
from tests.support import TestClock
from tests.visitor import Visitor

MIXED = {
    "Wall push-up": Start.on(MONDAY + timedelta(days=2)),
    "Resisted rows": Start.withheld(),
}


def noted(row: Prescribed) -> RowValues:
    return replace(starting(MIXED)(row), note=f"Secret of {row.text.title}")


def article(pia: Visitor, title: str) -> str:
    """The words of one exercise on paper."""
    for tag in pia.page.select(".sheet-item"):
        if tag.h2 and tag.h2.get_text().endswith(title):
            return " ".join(tag.get_text(" ").split())
    raise AssertionError(f"no {title!r} on paper")


def chart_row(pia: Visitor, title: str) -> list[str]:
    """The cells of one exercise in the first week: its ticks, or "blocked"."""
    for row in pia.page.select(".chart")[0].select("tr"):
        if row.th and row.th.get_text().endswith(title):
            cells = row.select("td")
            return [str(len(c.select(".tick"))) if c.select(".tick") else "blocked" for c in cells]
    return []


def test_nothing_is_printed_before_approval(desk: Desk, pia: Visitor) -> None:
    for visitor in (pia, desk.visitor):
        visitor.open(f"{desk.path}/print", expect=404)
    pia.open(desk.path, expect=404)


def test_paper_names_clinic_patient_therapist_phone_dates_and_revision(
    approved: Approve, pia: Visitor, app: Flask
) -> None:
    made = approved(title="Shoulders")
    text = pia.open(f"{made.path}/print").text
    code = f"{made.plan.code[:4]}-{made.plan.code[4:]}"
    for words in (
        "Shoulders",
        "For Pia . From Theo , Riverside Clinic.",
        "Clinic phone: 555-0100 . In an emergency, call 911 .",
        "First start: March 2, 2026. Approved on March 2, 2026.",
        f"Plan {code}, revision 1. Printed on March 2, 2026.",
        "Follow-up care",
        "Where to learn more",
        "Who answers for this text",
        "For the whole plan you need:",
    ):
        assert words in text
    assert pia.page.html is not None
    foot = str(pia.page.html["data-foot"])
    assert foot == f"Pia · plan {code} · revision 1 · printed March 2, 2026"


def test_a_withheld_exercise_prints_its_name_and_not_yet_only(
    approved: Approve, pia: Visitor
) -> None:
    pia.open(f"{approved(noted).path}/print")
    said = article(pia, "Resisted rows")
    assert said == "6. Resisted rows Not yet. Your therapist will tell you when."
    assert chart_row(pia, "Resisted rows") == []
    assert "Secret of Resisted rows" not in pia.text
    assert "something solid" not in pia.text


def test_a_future_exercise_prints_its_date_large_and_has_its_earlier_cells_blocked(
    approved: Approve, pia: Visitor
) -> None:
    pia.open(f"{approved(noted).path}/print")
    said = article(pia, "Wall push-up")
    assert "Start: March 4, 2026" in said
    assert "Secret of Wall push-up" in said
    assert pia.page.select(".sheet-when-big")[0].get_text().startswith("Start: March 4, 2026")
    assert chart_row(pia, "Wall push-up") == ["blocked", "blocked", *["2"] * 5]
    assert chart_row(pia, "Midback stretch") == ["2"] * 7


def test_a_plan_that_is_all_withheld_has_no_chart(approved: Approve, pia: Visitor) -> None:
    pia.open(f"{approved(all_starting(Start.withheld())).path}/print")
    assert not pia.page.select(".chart")
    assert "My chart" not in pia.text


def test_the_chart_has_a_row_for_pain(approved: Approve, pia: Visitor) -> None:
    pia.open(f"{approved().path}/print")
    assert pia.text.count("My pain, 0 to 10") == 2


def test_the_qr_code_is_the_plans_own_address(
    approved: Approve, pia: Visitor, settings: Settings
) -> None:
    made = approved()
    pia.open(f"{made.path}/print")
    wanted = segno.make_qr(f"{settings.base_url}{made.path}", error="m")
    (drawn,) = pia.page.select(".qr svg path")
    assert f'd="{drawn["d"]}"' in wanted.svg_inline(border=0)
    assert settings.base_url.startswith("http")


def test_a_stranger_who_scans_the_code_comes_back_to_the_plan_after_signing_in(
    approved: Approve, visit: Visit
) -> None:
    made = approved()
    stranger = visit(None).open(made.path)
    assert stranger.path == f"/sign-in?next={made.path}"


def test_an_old_revision_prints_as_a_record_copy_and_the_one_in_force_does_not(
    approved: Approve, theo: Visitor
) -> None:
    made = approved()
    theo.open(made.path).submit("Change the plan")
    Desk(theo, made.path).open().press("Approve the plan", title="Newer")
    theo.open(f"{made.path}/revisions/1/print")
    assert "Record copy, not for use" in theo.text
    assert "revision 1." in theo.text
    assert theo.page.html is not None
    assert theo.page.html["data-record"] == "Record copy, not for use"
    for path in (f"{made.path}/revisions/2/print", f"{made.path}/print"):
        theo.open(path)
        assert "Newer" in theo.text
        assert "Record copy" not in str(theo.page)


def test_patients_print_what_is_in_force_only(
    approved: Approve, pia: Visitor, theo: Visitor
) -> None:
    made = approved()
    for path in ("revisions", "revisions/1", "revisions/1/print", "edit", "preview"):
        pia.open(f"{made.path}/{path}", expect=404)


def test_paper_and_letters_are_chosen_by_known_words_only(
    approved: Approve, pia: Visitor, settings: Settings
) -> None:
    path, usual = f"{approved().path}/print", settings.paper
    for query, paper, size in (
        ("", usual, "normal"),
        ("?size=letter&print=large", "letter", "large"),
        ("?size=a4", "a4", "normal"),
        ("?size=a3&print=%22%3E%00", usual, "normal"),
    ):
        pia.open(path + query)
        assert pia.page.body is not None
        assert {f"paper-{paper}", f"print-{size}"} <= set(pia.page.body["class"])


def test_a_print_of_another_day_says_that_day(
    approved: Approve, visit: Visit, cast: Cast, clock: TestClock
) -> None:
    made: Made = approved(starting(MIXED))
    clock.move(days=2)
    pia = visit(cast.pia).open(f"{made.path}/print")
    assert "Approved on March 2, 2026." in pia.text
    assert "Printed on March 4, 2026." in pia.text
    assert chart_row(pia, "Wall push-up") == ["2"] * 7
