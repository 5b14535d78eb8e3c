"""The plan as PDF: who gets which, the same words as the print page, and nothing made twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import Tag
from flask import Flask

from app.config import Settings
from app.paper import answer
from app.paper.press import Press
from app.plans.rules import Start
from tests.factories import Cast, CastMember
from tests.paper.reading import Pdf
from tests.plans.examples import MONDAY
from tests.plans.made import Made, starting
from tests.support import TestClock
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]
Approve = Callable[..., Made]
RECORD = "Record copy, not for use"


def fetch(visitor: Visitor, path: str) -> Pdf:
    visitor.open(path)
    assert visitor.response is not None
    assert visitor.response.mimetype == "application/pdf"
    return Pdf(visitor.response.get_data())


def words_of(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))


def sheet_on(visitor: Visitor, path: str) -> Tag:
    sheet = visitor.open(path).page.select_one(".sheet")
    assert isinstance(sheet, Tag)
    for title in sheet.select("title"):  # the QR code's, which the PDF has as alt text
        title.extract()
    return sheet


@pytest.mark.parametrize("look", ["size=a4", "size=letter", "size=letter&print=large"])
def test_page_and_pdf_say_the_same_words(look: str, approved: Approve, pia: Visitor) -> None:
    later = Start.on(MONDAY + timedelta(days=14))
    made = approved(starting({"Wall push-up": later, "Resisted rows": Start.withheld()}))
    sheet = sheet_on(pia, f"{made.path}/print?{look}")
    page = words_of(sheet.get_text(" "))
    plan = fetch(pia, f"{made.path}.pdf?{look}")
    for text in (plan.text, " ".join(sheet.get_text(" ").split())):
        step_by_step = text.split("Your plan step by step ")[1]
        assert "From week 3: Monday, March 16, 2026: Wall push-up" in step_by_step
        assert "Not yet: Theo decides when: Resisted rows" in step_by_step
    chart = [alt for alt in plan.alts() if alt.endswith(("times", "not on this day"))]
    paper = words_of(" ".join([plan.text, *chart]))

    assert page - paper == Counter(), "the paper leaves something out"
    assert paper - page == added_by_style(sheet, plan), "the paper says something of its own"


def added_by_style(sheet: Tag, plan: Pdf) -> Counter[str]:
    """What the page has from its style sheet: feet, numbers of steps. And the head's clinic."""
    code = re.search(r"Plan (\w+-\w+), revision", plan.text)
    assert code is not None
    feet = [
        f"Pia plan {code[1]} revision 1 printed March 2 2026 Page {n} of {len(plan.pages)}"
        for n in range(1, len(plan.pages) + 1)
    ]
    steps = [str(n) for ol in sheet.select("ol.steps") for n in range(1, len(ol.select("li")) + 1)]
    return words_of(" ".join(["Riverside Clinic", *feet, *steps]))


def test_it_shows_the_pictures_of_the_store(approved: Approve, pia: Visitor) -> None:
    made = approved()
    shown = [str(image["alt"]) for image in sheet_on(pia, f"{made.path}/print").select("img")]
    assert len(shown) == 21
    plan = fetch(pia, f"{made.path}.pdf")
    assert [alt for alt in plan.alts() if alt in shown] == shown
    drawn = [page for page in plan.file.pages if len(page.Contents.read_bytes()) > 20_000]
    assert drawn, "pictures, not their words"


def test_a_phone_that_reads_the_code_comes_to_the_plan(
    approved: Approve, pia: Visitor, settings: Settings
) -> None:
    made = approved()
    (address,) = fetch(pia, f"{made.path}.pdf").qr_codes()
    assert address == settings.base_url + made.path
    pia.open(address.removeprefix(settings.base_url))
    assert "Healthy upper back" in pia.text


def test_the_plan_page_leads_to_its_pdf(approved: Approve, pia: Visitor, theo: Visitor) -> None:
    made = approved()
    for visitor in (pia, theo):
        links = [str(a["href"]) for a in visitor.open(made.path).page.select("a[href$='.pdf']")]
        assert f"{made.path}.pdf" in links
    assert theo.page.select(f"a[href='{made.path}/summary.pdf']")
    assert not pia.page.select("a[href$='summary.pdf']")


@pytest.mark.parametrize(
    ("asked", "wide", "body"),
    [("", 612, 12), ("?size=a4", 595, 12), ("?size=letter&print=large", 612, 18),
     ("?size=a5&print=huge", 612, 12), ("?size=%00&print[]=1", 612, 12)],
)  # fmt: skip
def test_size_and_letters_are_those_asked_for_or_the_usual_ones(
    asked: str, wide: int, body: int, approved: Approve, pia: Visitor
) -> None:
    plan = fetch(pia, f"{approved().path}.pdf{asked}")
    assert round(plan.rendered[0].get_width()) == wide
    assert plan.size_of("Hold both") == body


def test_no_patient_is_in_its_name_and_nobody_may_keep_it(approved: Approve, pia: Visitor) -> None:
    pia.open(f"{approved().path}.pdf")
    assert pia.response is not None
    headers = pia.response.headers
    assert headers["Cache-Control"] == "no-store"
    assert re.fullmatch(
        r'attachment; filename="plan-\w{4}-\w{2,4}-1\.pdf"', headers["Content-Disposition"]
    )


def test_an_unchanged_plan_answers_304_and_is_not_made_again(
    approved: Approve, visit: Visit, cast: Cast, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"{approved().path}.pdf"
    pia, theo = visit(cast.pia).client, visit(cast.theo).client
    first = pia.get(path)
    monkeypatch.setattr("app.paper.press.make_pdf", None)  # whoever makes one now, fails
    again = theo.get(path)
    assert again.headers["ETag"] == first.headers["ETag"], "whoever asks"
    assert again.get_data() == first.get_data()
    monkeypatch.setattr(answer, "PRESS", Press(kept_bytes=0))
    unchanged = pia.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (unchanged.status_code, unchanged.get_data()) == (304, b"")
    assert unchanged.headers["Cache-Control"] == "no-store"
    monkeypatch.undo()
    clock.move(days=1)
    tomorrow = visit(cast.pia).client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert tomorrow.status_code == 200, "it says when it was printed"


def test_a_busy_press_says_when_to_come_back(
    approved: Approve, pia: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    press = Press(at_once=1, patience=0)
    monkeypatch.setattr(answer, "PRESS", press)
    made = approved()
    with press.places:
        pia.open(f"{made.path}.pdf", expect=503)
        assert "Many people are printing right now" in pia.text
        assert pia.response is not None
        assert int(pia.response.headers["Retry-After"]) > 0
        pia.open(made.path)
    fetch(pia, f"{made.path}.pdf")


def test_an_ended_plan_is_a_record_for_staff_and_none_for_the_patient(
    approved: Approve, app: Flask, pia: Visitor, theo: Visitor
) -> None:
    made = approved()
    with app.app_context():
        made.end()
    pia.open(f"{made.path}.pdf")
    assert "This plan ended on Monday, March 2, 2026." in pia.text
    for path in (f"{made.path}.pdf", f"{made.path}/revisions/1.pdf", f"{made.path}/summary.pdf"):
        plan = fetch(theo, path)
        assert all(page.count(RECORD) >= 2 for page in plan.pages), path


def test_an_older_revision_is_a_record_and_the_one_in_force_is_not(
    approved: Approve, app: Flask, theo: Visitor
) -> None:
    made = approved()
    assert RECORD not in fetch(theo, f"{made.path}/revisions/1.pdf").text
    with app.app_context():
        made.change()
        made.approve()
    old = fetch(theo, f"{made.path}/revisions/1.pdf")
    assert all(RECORD in page for page in old.pages)
    assert "revision 1. Printed" in old.text
    new = fetch(theo, f"{made.path}/revisions/2.pdf")
    assert RECORD not in new.text
    assert "revision 2. Printed" in new.text


def test_a_draft_has_no_pdf(desk: object, app: Flask, pia: Visitor, theo: Visitor) -> None:
    path = str(getattr(desk, "path", "")).removesuffix("/edit")
    for visitor in (pia, theo):
        visitor.open(f"{path}.pdf", expect=404)
        visitor.open(f"{path}/revisions/1.pdf", expect=404)
    theo.open(f"{path}/summary.pdf", expect=404)


def test_the_summary_tells_the_doctor_what_was_prescribed_and_since_when(
    approved: Approve, theo: Visitor
) -> None:
    made = approved(starting({"Resisted rows": Start.withheld()}))
    summary = fetch(theo, f"{made.path}/summary.pdf")
    assert len(summary.pages) == 1
    assert "Home exercises of Pia" in summary.text
    assert (
        "1. Lower neck and upper back stretch Hold 15 to 30 seconds · Repeat 2 to 4 times "
        "2 times a day, every day March 2, 2026"
    ) in summary.text
    assert "6. Resisted rows Not yet" in summary.text
    assert "adherence" not in summary.text.lower()
    assert [name for name, _ in summary.tags()].count("TH") == 4
    assert summary.untagged() == []
    with summary.file.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
