"""The sheet for the fridge, as Chromium prints it."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from unicodedata import normalize

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from tests.browser import prepare
from tests.browser.person import Person
from tests.browser.windows import Enter
from tests.factories import Cast
from tests.visitor import Visitor

pytestmark = pytest.mark.looks

Visit = Callable[..., Visitor]
ALL_TODAY = {"rows-5-start": "dated", "rows-5-start_on": "2026-03-02"}
PAPERS = {"a4": (595, 842), "letter": (612, 792)}
LONG_NOTE = "Stop when the band slips. " * 8


@dataclass(frozen=True)
class Paper:
    """A printed document: its width and height in points, and the words of each page."""

    size: tuple[int, int]
    pages: list[str]

    @property
    def words(self) -> str:
        return " ".join(self.pages)


def plain(text: str) -> str:
    """Spaces single, and no letters joined to one sign as fonts do."""
    return " ".join(normalize("NFKC", text).split())


def print_paper(person: Person, path: str) -> Paper:
    person.open(path)
    pages = PdfReader(io.BytesIO(person.page.pdf(prefer_css_page_size=True))).pages
    box = pages[0].mediabox
    return Paper(
        (round(float(box.width)), round(float(box.height))),
        [plain(page.extract_text()) for page in pages],
    )


def places_of_exercises(paper: Paper, page: BeautifulSoup) -> list[int]:
    """The number of the page on which each exercise stands whole."""
    places = []
    for item in page.select("article.sheet-item"):
        title, *parts = (plain(part.text) for part in item.select("h2, .step-text, .sheet-note"))
        # The chart names it again, on a later page.
        place = next(number for number, words in enumerate(paper.pages) if title in words)
        whole = paper.pages[place].replace(" ", "")  # a line may end after a dash
        split = [part for part in parts if part.replace(" ", "") not in whole]
        assert not split, f"{title}: not on its page: {split}"
        places.append(place + 1)
    return places


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("size", ["normal", "large"])
def test_six_exercises_on_few_pages_and_none_of_them_split(
    paper: str, size: str, cast: Cast, enter: Enter, visit: Visit
) -> None:
    plan = prepare.approved(visit(cast.theo), cast.pia, **ALL_TODAY)
    page = visit(cast.pia).open(f"{plan}/print").page
    printed = print_paper(enter(cast.pia), f"{plan}/print?size={paper}&print={size}")
    assert printed.size == PAPERS[paper]
    places = places_of_exercises(printed, page)
    assert places == sorted(places)
    assert len(places) == 6
    if size == "normal":
        assert len(printed.pages) <= 3
    else:
        assert len(set(places)) == 6, "one exercise a page"

    code = page.select_one(".code")
    assert code
    for number, words in enumerate(printed.pages, 1):
        assert f"Pia · plan {code.text} · revision 1 · printed March 2, 2026" in words
        assert f"Page {number} of {len(printed.pages)}" in words
        assert "Record copy" not in words


def test_paper_tells_of_a_withheld_exercise_only_its_name_and_of_a_later_one_its_date(
    cast: Cast, enter: Enter, visit: Visit
) -> None:
    later = {"rows-3-start": "dated", "rows-3-start_on": "2026-03-09"}
    plan = prepare.approved(visit(cast.theo), cast.pia, **later)
    printed = print_paper(enter(cast.pia), f"{plan}/print")
    assert "6. Resisted rows Not yet" in printed.words
    assert "bedpost" not in printed.words, "its steps and what it needs"
    assert "decides when: Resisted rows" in printed.words
    assert printed.words.count("Resisted rows") == 2, "no row in the chart"
    assert "From week 2: Monday, March 9, 2026: Wall push-up" in printed.words
    assert len(printed.pages) <= 3
    assert "555-0100" in printed.pages[0]
    assert "911" in printed.pages[0]


def test_every_page_of_an_old_revision_says_that_it_is_a_record(
    cast: Cast, enter: Enter, visit: Visit
) -> None:
    visitor = visit(cast.theo)
    plan = prepare.approved(visitor, cast.pia)
    visitor.open(plan).submit("Change the plan").submit("Approve the plan")
    theo = enter(cast.theo)
    for size in ("normal", "large"):
        old = print_paper(theo, f"{plan}/revisions/1/print?print={size}")
        assert all("Record copy, not for use" in words for words in old.pages)
        assert all("revision 1" in words for words in old.pages)
    new = print_paper(theo, f"{plan}/revisions/2/print")
    assert "Record copy" not in new.words


def test_exercises_with_long_notes_are_not_split_either(
    cast: Cast, enter: Enter, visit: Visit
) -> None:
    notes = {f"rows-{n}-note": LONG_NOTE for n in range(6)}
    plan = prepare.approved(visit(cast.theo), cast.pia, **ALL_TODAY, **notes)
    page = visit(cast.pia).open(f"{plan}/print").page
    printed = print_paper(enter(cast.pia), f"{plan}/print")
    assert len(places_of_exercises(printed, page)) == 6
    assert len(printed.pages) <= 5
