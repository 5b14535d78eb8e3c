"""Pictures of steps: drawn ones, uploaded ones, and those that cannot be had."""

from __future__ import annotations

import logging
from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from app.paper import document
from app.paper.document import Pictures, as_svg
from tests.paper.sheets import picture_of, print_sheet, row, sheet_of, six_texts

SHEET_STEPS = six_texts()[0].variants[0].steps


def png(size: tuple[int, int] = (60, 40), mode: str = "RGB") -> bytes:
    written = BytesIO()
    Image.new(mode, size, "#aa3311" if mode == "RGB" else 0).save(written, "PNG")
    return written.getvalue()


def test_an_uploaded_png_is_printed_with_its_words(words: None) -> None:
    plan = print_sheet(sheet_of((row(six_texts()[0]),)), pictures=lambda sha: ("image/png", png()))
    assert plan.alts()[1:4] == [step.picture_alt for step in SHEET_STEPS]
    images = [
        obj for obj in plan.file.objects
        if isinstance(obj, pikepdf.Stream) and obj.get("/Subtype") == "/Image"
    ]  # fmt: skip
    sizes = [(int(image.Width), int(image.Height)) for image in images]
    assert sizes == [(60, 40)], "once, as it is"
    assert plan.untagged() == []


@pytest.mark.parametrize("found", [None, ("image/gif", b"GIF89a"), ("image/png", b"no picture")])
def test_words_stand_where_a_picture_cannot_be_had(
    found: tuple[str, bytes] | None, words: None
) -> None:
    plan = print_sheet(sheet_of((row(six_texts()[0]),)), pictures=lambda sha: found)
    for step in SHEET_STEPS:
        assert step.text in plan.text
        assert step.picture_alt in plan.text
    with plan.file.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"


def test_a_broken_drawing_costs_the_pictures_and_a_log_line_but_no_paper(
    words: None, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "homestretch.paper"):
        plan = print_sheet(
            sheet_of((row(six_texts()[0]),)), pictures=lambda sha: ("image/svg+xml", b"<svg")
        )
    assert SHEET_STEPS[0].picture_alt in plan.text
    assert plan.qr_codes(), "our own drawing stays"
    assert ["made without pictures" in record.getMessage() for record in caplog.records] == [True]


def test_a_broken_drawing_and_an_emoji_together_still_make_a_plan(words: None) -> None:
    sheet = sheet_of((row(six_texts()[0]),), patient_name="Pia \U0001f33b")
    plan = print_sheet(sheet, pictures=lambda sha: ("image/svg+xml", b"<svg"))
    assert "Reach forward gently" in plan.text


def test_pictures_beyond_the_bound_give_way_to_their_words(
    words: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = picture_of(SHEET_STEPS[0].picture or "")
    assert first is not None
    monkeypatch.setattr(document, "MAX_PICTURES", len(first[1]) + 10)
    plan = print_sheet(sheet_of((row(six_texts()[0]),)))
    assert SHEET_STEPS[0].picture_alt in plan.alts()
    assert SHEET_STEPS[2].picture_alt not in plan.alts()
    assert SHEET_STEPS[2].picture_alt in plan.text


def test_no_picture_is_asked_for_before_the_paper_is_made() -> None:
    asked: list[str] = []

    def note(sha: str) -> tuple[str, bytes] | None:
        asked.append(sha)
        return picture_of(sha)

    pictures = Pictures(note)
    sha = SHEET_STEPS[0].picture
    assert pictures.add(sha) == pictures.add(sha) == "picture 1"
    assert pictures.add(None) == ""
    assert asked == []
    pictures.draw()
    assert asked == [sha]


def test_a_drawing_that_is_no_text_is_no_drawing() -> None:
    assert as_svg("image/svg+xml", b"\xff\xfe") is None
