"""The worst that the rules let through: everything is still there, whole and in its place."""

from __future__ import annotations

import logging
from dataclasses import replace
from itertools import cycle, islice

import pytest

from app.catalogue.rules import MAX_SENTENCE, MAX_STEPS, Step
from app.patients.rules import MAX_NAME
from app.plans.rules import MAX_NOTE, MAX_ROWS
from tests.paper.reading import Pdf
from tests.paper.sheets import (
    every_step,
    long_row,
    picture_of,
    print_sheet,
    row,
    sheet_of,
    six_texts,
)
from tests.paper.test_layout import check_places

NAMES = {
    "Cyrillic": "Людмила Щербакова-Жуковская",
    "Greek": "Ευαγγελία Παπαδοπούλου",
    "Vietnamese": "Nguyễn Thị Hằng Ưởng",
    "Polish": "Łucja Źdźbło-Świętosławska",
    "Hebrew": "שרה כהן",
    "Arabic": "ليلى",
}


def fill(number: int, length: int) -> str:
    words = f"Note {number}: go slowly, breathe out when you pull and in when you let go. " * 9
    return words[: length - 1].strip() + "."


def some_with_pictures(number: int) -> tuple[Step, ...]:
    """Two to five steps, those of every other exercise with pictures."""
    steps = every_step(number, 120, 2 + number % 4)
    shown = islice(cycle(pictures()), number, None)
    if number % 2:
        return steps
    return tuple(
        replace(step, picture=picture, picture_alt=f"A person in exercise {number}.")
        for step, picture in zip(steps, shown, strict=False)
    )


@pytest.fixture(scope="module", params=[False, True], ids=["normal", "large"])
def forty(request: pytest.FixtureRequest, words: None) -> Pdf:
    names = list(NAMES.values())[:4]
    rows = tuple(
        long_row(n, title=f"{names[n % 4]} {n}", note=fill(n, 300), steps=some_with_pictures(n))
        for n in range(1, MAX_ROWS + 1)
    )
    return print_sheet(sheet_of(rows, patient_name=names[0]), large=request.param)


def test_forty_exercises_with_long_notes_are_all_there(forty: Pdf) -> None:
    for n in range(1, MAX_ROWS + 1):
        page = forty.page_of(f"Take care with number {n}.")
        assert forty.says(fill(n, 300), page)
        for step in every_step(n, 120, 2 + n % 4):
            assert forty.says(step.text, page), "an exercise is split or cut"
        shown = [one for one in forty.figures if one.words.endswith(f"exercise {n}.")]
        assert [one.page for one in shown] == [page] * (0 if n % 2 else 2 + n % 4)


def test_forty_exercises_do_not_overlap_and_stay_on_the_paper(forty: Pdf) -> None:
    check_places(forty)
    assert len([alt for alt in forty.alts() if alt == "2 times"]) == 40 * 14


def test_the_chart_of_forty_rows_repeats_its_head(forty: Pdf) -> None:
    with_chart = [page for page in forty.pages if "Week 1" in page or "Week 2" in page]
    assert with_chart
    assert forty.text.count("Exercise Mon 2 Tue 3 Wed 4") >= 2


@pytest.mark.parametrize("script", NAMES)
def test_names_in_many_scripts_are_written_and_can_be_copied(script: str, words: None) -> None:
    name = NAMES[script]
    plan = print_sheet(sheet_of((row(six_texts()[0]),), patient_name=name))
    with plan.file.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
    letters = set(name) - {" "}
    assert letters <= set(plan.text) or script in ("Hebrew", "Arabic"), "shapes of letters"


def test_an_emoji_costs_the_ua_mark_and_a_log_line_but_no_paper(
    words: None, caplog: pytest.LogCaptureFixture
) -> None:
    note, name = "Well done \U0001f4aa, Людмила!", "Sunny \U0001f4aa Ann"
    one = row(replace(six_texts()[0], title=name))
    with caplog.at_level(logging.WARNING, "homestretch.paper"):
        plan = print_sheet(sheet_of((replace(one, note=note),), patient_name=name))
    assert "Well done" in plan.text
    assert plan.text.count("Sunny") >= 5, "head, title, two weeks of the chart, feet"
    check_places(plan)
    assert ", Людмила!" in plan.text
    with plan.file.open_metadata() as metadata:
        assert "pdfuaid:part" not in metadata
    assert plan.file.Root.MarkInfo.Marked, "it is tagged all the same"
    assert [record.getMessage() for record in caplog.records] == [
        "plans/plan.typ: made without PDF/UA: no font has U+1F4AA"
    ]


def test_an_exercise_longer_than_a_page_goes_on_on_the_next(words: None) -> None:
    steps = every_step(1, MAX_SENTENCE, MAX_STEPS)
    rows = (
        long_row(1, title="Everything", note=fill(1, MAX_NOTE), steps=steps),
        long_row(2, title="Short", note="", steps=every_step(2, 60, 2)),
    )
    for large in (False, True):
        plan = print_sheet(sheet_of(rows), large=large)
        for step in steps:
            assert step.text[:40] in plan.text
        for said in ("Note 1:", "breathe"):
            assert plan.text.count(said) == fill(1, MAX_NOTE).count(said)
        check_places(plan)


def test_words_without_end_are_broken_and_not_cut(words: None) -> None:
    endless = "Donaudampfschifffahrtsgesellschaft" * 3
    steps = tuple(
        replace(step, text=endless, picture=picture, picture_alt="A person.")
        for step, picture in zip(every_step(1, 40, 4), pictures(), strict=False)
    )
    rows = (long_row(1, title=endless, note=endless, steps=steps),)
    for large in (False, True):
        plan = print_sheet(sheet_of(rows, patient_name=endless[:MAX_NAME]), large=large)
        check_places(plan)
        assert plan.text.replace(" ", "").count(endless) >= 6


def pictures() -> list[str]:
    found = [step.picture for text in six_texts() for step in text.variants[0].steps]
    shas = [sha for sha in found if sha]
    assert picture_of(shas[0])
    return shas
