"""Where things stand on the pages of the plan of six exercises."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from app.plans.phases import find_phases
from app.plans.rules import Prescribed, Start
from app.plans.words import phase_line
from tests.paper.reading import Pdf
from tests.paper.sheets import ADDRESS, MONDAY, print_sheet, six, unchanged

NOTE = " ".join(["Stop when the band slips, and breathe out when you pull."] * 5)
FOOT = "Pia Pfeffer · plan K7Q4-MX · revision 2 · printed March 2, 2026"
WAYS = list(product(("a4", "letter"), (False, True)))
MILLIMETRE = 72 / 25.4
PAPERS = {"a4": (210, 297), "letter": (215.9, 279.4)}


@pytest.fixture(scope="module", params=WAYS, ids=lambda way: f"{way[0]}-{'large' * way[1]}")
def way(request: pytest.FixtureRequest) -> tuple[str, bool]:
    chosen: tuple[str, bool] = request.param
    return chosen


@pytest.fixture(scope="module")
def plan(way: tuple[str, bool], words: None) -> Pdf:
    return print_sheet(six(), way[0], large=way[1])


def test_the_paper_has_the_size_that_was_asked_for(plan: Pdf, way: tuple[str, bool]) -> None:
    wide, high = PAPERS[way[0]]
    for page in plan.rendered:
        assert page.get_size() == pytest.approx((wide * MILLIMETRE, high * MILLIMETRE), abs=0.5)


def test_six_exercises_with_the_chart_take_three_pages_or_one_each(
    plan: Pdf, way: tuple[str, bool]
) -> None:
    if not way[1]:
        assert len(plan.pages) <= 3
    else:
        pages = [plan.page_of(f"{item.title} {dose(plan, item.title)}") for item in six().items]
        assert len(set(pages)) == 6, pages


def dose(plan: Pdf, title: str) -> str:
    """How the exercise's head goes on behind its title."""
    return next(
        pill
        for page in plan.pages
        for pill in ("Hold 15 to 30 seconds", "Repeat")
        if f"{title} {pill}" in page
    )


def test_no_exercise_is_split(plan: Pdf) -> None:
    for item in six().items:
        head = plan.page_of(f"{item.title} {dose(plan, item.title)}")
        said = [*(step.text for step in item.steps), *item.cautions]
        assert not [words for words in said if not plan.says(words, head)], item.title


def test_words_are_twelve_or_eighteen_points(plan: Pdf, way: tuple[str, bool]) -> None:
    body = 18 if way[1] else 12
    for words in ("These are", "Begin each", "Hold both", "Loop the", "Your care", "Questions?"):
        assert plan.size_of(words) == body, words
    drawn = 1  # lettering inside drawings counts in the units of the drawing
    assert min(size for size in plan.sizes() if size > drawn) >= 9
    most, _count = Counter(plan.sizes()).most_common(1)[0]
    assert most == body


def test_every_page_says_whose_it_is_and_which_page_of_how_many(plan: Pdf) -> None:
    pages = plan.pages
    for number, page in enumerate(pages, start=1):
        assert page.count(FOOT) == 1
        assert page.count(f"Page {number} of {len(pages)}") == 1


def test_the_charts_weeks_are_named_as_the_reader_writes_days(plan: Pdf) -> None:
    assert "Week 1: March 2 to March 8 Exercise Mon 2" in plan.text
    assert "Week 2: March 9 to March 15" in plan.text


def test_code_and_revision_stand_in_the_body_too(plan: Pdf) -> None:
    assert "Plan K7Q4-MX, revision 2. Printed on March 2, 2026." in plan.pages[0]


def test_a_phone_reads_the_plans_address(plan: Pdf) -> None:
    assert plan.qr_codes() == [ADDRESS]


def test_nothing_overlaps_and_nothing_leaves_the_page(plan: Pdf) -> None:
    check_places(plan)


def check_places(plan: Pdf) -> None:
    """Nothing covers anything else or comes nearer than 10 mm to the paper's edge."""
    for number, page in enumerate(plan.rendered, start=1):
        wide, high = page.get_size()
        figures = [figure for figure in plan.figures if figure.page == number]
        lines = [line for line in plan.lines if line.page == number]
        assert lines
        # What is written inside of a drawing belongs to it.
        words = [line for line in lines if not any(figure.holds(line) for figure in figures)]
        placed = [*words, *figures]
        for n, one in enumerate(placed):
            assert one.left >= 10 * MILLIMETRE, one
            assert one.right <= wide - 10 * MILLIMETRE, one
            assert one.bottom >= 8 * MILLIMETRE, one
            assert one.top <= high - 9 * MILLIMETRE, one
            assert not [other for other in placed[n + 1 :] if one.covers(other)], one


@pytest.mark.parametrize("paper", PAPERS)
def test_in_large_print_a_note_and_a_later_start_make_pictures_smaller_and_split_nothing(
    paper: str, words: None
) -> None:
    def says_more(row: Prescribed) -> Prescribed:
        return replace(row, start=Start.on(date(2026, 3, 6)), note=NOTE)

    free, full = (six(change) for change in (unchanged, says_more))
    plan, fuller = (print_sheet(sheet, paper, large=True) for sheet in (free, full))
    assert len(plan.pages) == len(fuller.pages)
    for item in full.items:
        page = fuller.page_of(f"{item.title} {dose(fuller, item.title)}")
        said = [*(step.text for step in item.steps), *item.cautions, NOTE]
        assert not [one for one in said if not fuller.says(one, page)], item.title
    pairs = list(zip(plan.figures, fuller.figures, strict=False))[1:22]
    heights = [(one.top - one.bottom, other.top - other.bottom) for one, other in pairs]
    assert all(28 * MILLIMETRE <= other <= one for one, other in heights), heights
    assert sum(other < one for one, other in heights) >= 12
    check_places(fuller)


@pytest.mark.parametrize(
    ("exercises", "pages", "millimetres"), [(3, 2, 30), (4, 2, 21), (6, 3, 21)]
)
def test_few_exercises_have_larger_pictures_and_no_more_pages(
    exercises: int, pages: int, millimetres: int, words: None
) -> None:
    sheet = six()
    for paper in PAPERS:
        plan = print_sheet(replace(sheet, items=sheet.items[:exercises]), paper)
        assert len(plan.pages) == pages
        pictures = [one for one in plan.figures if not one.words.endswith("times")][1:]
        heights = {round((one.top - one.bottom) / MILLIMETRE) for one in pictures}
        assert max(heights) == millimetres
        check_places(plan)


def test_without_pictures_the_words_have_the_whole_width(words: None) -> None:
    def bare(row: Prescribed) -> Prescribed:
        variant = row.text.variants[0]
        steps = tuple(replace(step, picture=None, picture_alt="") for step in variant.steps)
        return replace(row, text=replace(row.text, variants=(replace(variant, steps=steps),)))

    plan = print_sheet(six(bare), large=True)
    (line,) = [line for line in plan.lines if line.words.startswith("Hold both arms out")]
    assert line.left < 30 * MILLIMETRE


def test_a_withheld_exercise_shows_its_name_and_not_yet_alone(words: None) -> None:
    def last_withheld(row: Prescribed) -> Prescribed:
        is_rows = row.text.title == "Resisted rows"
        return replace(row, start=Start.withheld()) if is_rows else row

    plan = print_sheet(six(last_withheld))
    assert "6 Resisted rows Not yet. Your therapist will tell you when." in plan.text
    assert "Not yet: Theo Thaler decides when: Resisted rows" in plan.text
    assert plan.text.count("Resisted rows") == 2, "no row in the chart"
    assert "Loop the band" not in plan.text
    assert not [alt for alt in plan.alts() if "bedpost" in alt]


def test_a_start_to_come_is_large_and_its_days_before_are_blocked(words: None) -> None:
    def starts_on_friday(row: Prescribed) -> Prescribed:
        is_rows = row.text.title == "Resisted rows"
        return replace(row, start=Start.on(date(2026, 3, 6))) if is_rows else row

    plan = print_sheet(six(starts_on_friday))
    page = plan.pages[plan.page_of("Start: March 6, 2026") - 1]
    assert "Start: March 6, 2026 · Standing" in page
    assert plan.size_of("Start: March 6") > 15
    assert plan.size_of("Start: March 2") == 12
    days = (date(2026, 3, 6) - MONDAY) // timedelta(days=1)
    assert plan.alts().count("not on this day") == days
    assert plan.alts().count("2 times") == 6 * 14 - days


@pytest.mark.parametrize(
    ("later", "phases"),
    [({5: date(2026, 3, 16)}, 2),
     ({3: date(2026, 3, 16), 4: date(2026, 3, 30), 5: date(2026, 3, 30)}, 3),
     ({1: date(2026, 3, 9), 2: date(2026, 3, 16), 3: date(2026, 3, 23), 4: None}, 5)],
)  # fmt: skip
@pytest.mark.parametrize("paper", PAPERS)
def test_several_starts_stand_above_the_chart_in_the_order_of_time_and_cost_no_page(
    paper: str, later: dict[int, date | None], phases: int, words: None
) -> None:
    titles = [item.title for item in six().items]

    def in_phases(row: Prescribed) -> Prescribed:
        number = titles.index(row.text.title)
        day = later.get(number, MONDAY)
        return replace(row, start=Start.on(day) if day else Start.withheld())

    sheet = replace(six(in_phases), review_on=date(2026, 3, 30))
    plan = print_sheet(sheet, paper)
    assert len(plan.pages) <= 3
    said = [phase_line(phase, sheet) for phase in find_phases(sheet)]
    assert len(said) == phases
    told = " ".join(f"{when} {names}" for when, names in said)
    step_by_step = plan.page_of(f"Your plan step by step {told}")
    assert step_by_step <= plan.page_of("My chart")
    check_places(plan)


def test_a_record_copy_says_so_on_every_page_and_in_its_text(words: None) -> None:
    plan = print_sheet(six(), is_record=True)
    for page in plan.pages:
        assert page.count("Record copy, not for use") >= 2
    tagged = print_sheet(six())
    assert "Record copy" not in tagged.text
    check_untilted(plan)


def check_untilted(plan: Pdf) -> None:
    """Everything but the pale words across the page keeps its place."""
    assert plan.qr_codes() == [ADDRESS]
    assert plan.untagged() == []
