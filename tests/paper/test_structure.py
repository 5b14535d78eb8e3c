"""The plan's PDF for people who listen to it: PDF/UA-1 as far as its tags can be read."""

from __future__ import annotations

import re
from itertools import pairwise

import pikepdf
import pytest

from tests.paper.reading import Pdf
from tests.paper.sheets import print_sheet, six


@pytest.fixture(scope="module", params=["normal", "large"])
def plan(request: pytest.FixtureRequest, words: None) -> Pdf:
    return print_sheet(six(), large=request.param == "large")


def test_it_says_that_it_is_tagged_and_in_which_language(plan: Pdf) -> None:
    root = plan.file.Root
    assert root.MarkInfo.Marked
    assert "/StructTreeRoot" in root
    assert str(root.Lang) == "en-US"


def test_readers_show_its_title_and_know_that_it_is_pdf_ua(plan: Pdf) -> None:
    assert plan.file.Root.ViewerPreferences.DisplayDocTitle
    assert str(plan.file.docinfo["/Title"]) == "Healthy upper back: exercises"
    with plan.file.open_metadata() as metadata:
        assert metadata["dc:title"] == "Healthy upper back: exercises"
        assert metadata["pdfuaid:part"] == "1"


def test_headings_begin_at_one_and_leave_none_out(plan: Pdf) -> None:
    levels = plan.headings()
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert len([level for level in levels if level == 2]) >= 6 + 4


def test_the_chart_is_two_tables_with_a_head_and_a_caption(plan: Pdf) -> None:
    tags = plan.tags()
    tables = [element for name, element in tags if name == "Table"]
    assert len(tables) == 2
    assert [name for name, _ in tags].count("THead") == 2
    heads = [element for name, element in tags if name == "TH"]
    assert len(heads) == 2 * 8
    assert {str(attribute.Scope) for head in heads for attribute in _table(head)} == {"/Column"}
    assert [name for name, _ in tags].count("Caption") == 2


def _table(head: pikepdf.Object) -> list[pikepdf.Object]:
    found = head.A if isinstance(head.A, pikepdf.Array) else [head.A]
    return [one for one in found if str(one.get("/O", "")) == "/Table"]


def test_every_figure_says_what_it_shows(plan: Pdf) -> None:
    alts = plan.alts()
    steps = [step for item in six().items for step in item.steps]
    assert len(steps) == 21
    assert alts[0] == "QR code of this plan"
    assert alts[1:22] == [step.picture_alt for step in steps]
    assert alts[22:] == ["2 times"] * 84


def test_nothing_is_painted_outside_of_tags_and_decoration(plan: Pdf) -> None:
    assert plan.untagged() == []


def test_steps_and_sentences_are_paragraphs(plan: Pdf) -> None:
    paragraphs = [element for name, element in plan.tags() if name == "P"]
    assert len(paragraphs) >= 21 + 6 * 2


def test_every_page_can_be_walked_by_its_tags(plan: Pdf) -> None:
    for page in plan.file.pages:
        assert "/StructParents" in page.obj
        assert str(page.obj.get("/Tabs", "/S")) == "/S"


def test_every_letter_can_be_copied_and_every_font_is_inside(plan: Pdf) -> None:
    fonts = [
        font
        for page in plan.file.pages
        for font in page.obj.Resources.get("/Font", pikepdf.Dictionary()).values()
    ]
    assert fonts
    for font in fonts:
        assert "/ToUnicode" in font
        described = font.DescendantFonts[0].FontDescriptor
        assert any(name in described for name in ("/FontFile2", "/FontFile3"))
        assert re.fullmatch(r"/[A-Z]{6}\+SourceSansPro-\w+", str(described.FontName)), "a subset"


def test_the_same_sheet_gives_the_same_bytes(words: None) -> None:
    assert print_sheet(six()).content == print_sheet(six()).content
