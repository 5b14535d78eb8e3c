"""The editor: row buttons, preview, publishing, conflicts, pictures, and what is wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from app.catalogue.models import Exercise, ExerciseRevision
from app.catalogue.rules import Step
from tests.catalogue.conftest import Visit
from tests.catalogue.support import NEW, boxes, count, text_of, typed
from tests.factories import Cast
from tests.visitor import Visitor

# Writing


def test_an_admin_publishes_an_exercise(app: Flask, ada: Visitor) -> None:
    ada.open("/catalogue/new").submit("do=publish", **NEW)
    assert "Chin tuck is in the catalogue now." in ada.text
    number, text = text_of(app, ada.path)
    assert (number, text.title, text.body_areas) == (1, "Chin tuck", ("neck", "upper back"))
    assert text.variants[0].steps == (Step("Sit tall. Draw your chin back."),)
    assert text.dose.hold is None


def test_a_double_click_makes_one_exercise(app: Flask, ada: Visitor) -> None:
    ada.open("/catalogue/new")
    form = typed(ada) | NEW | {"do": "publish"}
    for _click in range(2):
        ada.send("/catalogue/new", form)
        assert ada.page.select_one("h1") is not None
    assert count(app, Exercise) == 7


def test_a_preview_shows_the_exercise_and_publishes_nothing(app: Flask, ada: Visitor) -> None:
    ada.open("/catalogue/new").submit("do=preview", **NEW)
    assert "As patients will read it" in ada.text
    assert "3 to 5 times" in ada.text
    assert typed(ada)["title"] == "Chin tuck"
    assert count(app, Exercise) == 6
    ada.submit("do=publish")
    assert count(app, Exercise) == 7


def test_rows_are_added_moved_and_removed_and_nothing_typed_is_lost(ada: Visitor) -> None:
    ada.open("/catalogue/new")
    ada.submit("do=add:variants-0-steps", **NEW | {"dose-sets-low": "many"})
    ada.submit("do=add:cautions", **boxes({"variants-0-steps-1-text": "Let go."}))
    ada.submit("do=up:variants-0-steps-1", **boxes({"cautions-0-sentence": "Go slowly."}))
    ada.submit("do=add:variants")
    seen = typed(ada)
    assert seen["variants-0-steps-0-text"] == "Let go."
    assert seen["variants-0-steps-1-text"] == "Sit tall. Draw your chin back."
    assert seen["variants-1-steps-0-text"] == ""
    assert seen["cautions-0-sentence"] == "Go slowly."
    assert (seen["title"], seen["dose-sets-low"]) == ("Chin tuck", "many")
    ada.submit("do=remove:variants-0").submit("do=remove:cautions-0")
    seen = typed(ada)
    assert "variants-1-position" not in seen
    assert "cautions-0-sentence" not in seen
    assert seen["purpose"] == "Wakes up your neck."


def test_the_row_that_a_button_made_has_the_focus(ada: Visitor) -> None:
    ada.open("/catalogue/new").submit("do=add:variants-0-steps")
    assert [tag["id"] for tag in ada.page.select("[autofocus]")] == ["variants-0-steps-1-text"]


def test_an_edit_publishes_the_next_revision(app: Flask, ada: Visitor, midback: str) -> None:
    ada.open(f"{midback}/edit").submit("do=publish", purpose="Loosens your middle back.")
    assert "Revision 2 is published." in ada.text
    number, text = text_of(app, midback)
    assert (number, text.purpose) == (2, "Loosens your middle back.")
    assert text.cautions[0].condition == "knee-pain"


def test_the_same_wording_changes_nothing(app: Flask, ada: Visitor, midback: str) -> None:
    before = text_of(app, midback)
    ada.open(f"{midback}/edit").submit("do=publish")
    assert "Nothing changed" in ada.text
    assert text_of(app, midback) == before
    assert count(app, ExerciseRevision) == 6


def test_a_stale_edit_meets_both_texts_and_can_still_be_saved(
    app: Flask, visit: Visit, cast: Cast, midback: str
) -> None:
    first, second = visit(cast.ada), visit(cast.ada)
    first.open(f"{midback}/edit")
    second.open(f"{midback}/edit")
    first.submit("do=publish", purpose="Stretches your back.")
    second.submit("do=publish", expect=409, purpose="Loosens your back.")
    assert "Ada published revision 2" in second.text
    marks = [mark.get_text() for mark in second.page.select("main del, main ins")]
    assert marks == ["Old: Stretches", "New: Loosens"]
    assert typed(second)["purpose"] == "Loosens your back."
    assert text_of(app, midback)[1].purpose == "Stretches your back."
    second.submit("do=publish")
    assert text_of(app, midback) == (
        3, replace(text_of(app, midback)[1], purpose="Loosens your back.")
    )  # fmt: skip


@pytest.mark.parametrize("based_on", ["", "0", "-1", "x", "9" * 30, "²"])
def test_an_edit_of_no_known_revision_is_stale(
    app: Flask, ada: Visitor, midback: str, based_on: str
) -> None:
    ada.open(f"{midback}/edit").submit(
        "do=publish", expect=409, based_on=based_on, purpose="Stretches."
    )
    assert text_of(app, midback)[0] == 1


# Pictures


def pictures(app: Flask, address: str) -> list[str | None]:
    return [step.picture for step in text_of(app, address)[1].variants[0].steps]


def test_a_step_keeps_its_picture_when_it_is_reworded_and_moved(
    app: Flask, ada: Visitor, midback: str
) -> None:
    before = text_of(app, midback)[1].variants[0]
    ada.open(f"{midback}/edit").submit("do=up:variants-0-steps-1")
    ada.submit("do=publish", **boxes({"variants-0-steps-0-text": "Lean forward."}))
    number, after = text_of(app, midback)
    first, second, third = before.steps
    assert number == 2
    assert after.variants[0].steps == (replace(second, text="Lean forward."), first, third)
    assert after.variants[0].film == before.film


@pytest.mark.parametrize("invented", ["cd" * 32, "0.1", "x", "../../etc/passwd", "<svg>"])
def test_nobody_invents_a_picture(invented: str, app: Flask, ada: Visitor, midback: str) -> None:
    before = pictures(app, midback)
    ada.open(f"{midback}/edit").submit(
        "do=publish", expect=422, **boxes({"variants-0-steps-0-picture": invented})
    )
    assert ada.errors == ["Choose a picture from the list."]
    assert pictures(app, midback) == before


# What is wrong


@pytest.mark.parametrize(
    ("box", "value"),
    [
        ("title", ""),
        ("title", "x" * 121),
        ("title", "a\0b"),
        ("kind", "juggling"),
        ("purpose", " "),
        ("purpose", "x" * 301),
        ("body_areas", ""),
        ("body_areas", "neck\n" * 13),
        ("body_areas", "x" * 81),
        ("variants-0-position", ""),
        ("variants-0-position", "flying"),
        ("variants-0-steps-0-text", ""),
        ("variants-0-steps-0-text", "x" * 301),
        ("variants-0-steps-0-text", "a\x07b"),
        ("dose-repetitions-low", ""),
        ("dose-repetitions-low", "0"),
        ("dose-repetitions-low", "-3"),
        ("dose-repetitions-low", "three"),
        ("dose-repetitions-low", "6"),
        ("dose-repetitions-high", "101"),
        ("dose-repetitions-high", "9" * 400),
        ("dose-repetitions-high", "5.5"),
        ("dose-hold-low", "15"),
        ("dose-hold-high", "\0"),
        ("dose-sets-low", "1"),
        ("equipment", "x" * 81),
        ("safety_notes", "x" * 301),
        ("attribution", "x" * 201),
        ("licence", "a\0b"),
    ],
)
def test_what_is_wrong_is_said_at_its_box_and_kept(
    app: Flask, ada: Visitor, box: str, value: str
) -> None:
    ada.open("/catalogue/new").submit("do=publish", expect=422, **NEW | {box: value})
    assert len(ada.errors) == 1
    assert ada.page.select(".field-error")
    link = ada.page.select_one(".error-summary a")
    assert link is not None
    assert str(link["href"]).removeprefix("#").rsplit("-", 1)[0] in (box, box.rsplit("-", 1)[0])
    # A browser shows NUL as the sign for what it cannot show.
    read_back = value.strip().replace("\0", "\ufffd") if value.strip(" ") else ""
    if box != "kind" and not box.endswith("position"):
        assert typed(ada)[box].replace("\r", "") == read_back
    kept = {name: words for name, words in NEW.items() if name != box}
    assert {n: w.replace("\r", "") for n, w in kept.items()}.items() <= typed(ada).items()
    assert count(app, Exercise) == 6


def test_everything_missing_is_said_at_once(ada: Visitor) -> None:
    ada.open("/catalogue/new").submit("do=publish", expect=422)
    assert len(ada.errors) == 7
    ada.send("/catalogue/new", {"csrf_token": ada.csrf_token, "do": "publish"}, expect=422)
    assert len(ada.errors) == 7


def test_a_stretch_needs_a_hold(ada: Visitor) -> None:
    ada.open("/catalogue/new").submit("do=publish", expect=422, **NEW | {"kind": "stretch"})
    assert ada.errors == ["Say how long to hold this stretch."]


def test_a_start_position_is_there_once(ada: Visitor) -> None:
    ada.open("/catalogue/new").submit("do=add:variants", **NEW)
    twice: dict[str, Any] = {"variants-1-position": "sitting", "variants-1-steps-0-text": "Sit."}
    ada.submit("do=publish", expect=422, **twice)
    assert len(ada.errors) == 1
    link = ada.page.select_one(".error-summary a")
    assert link is not None
    assert link["href"] == "#variants-1-position"


@pytest.mark.parametrize(
    ("caution", "box"),
    [
        (("", "precaution", "Go slowly."), "condition"),
        (("no-such", "precaution", "Go slowly."), "condition"),
        (("knee-pain", "", "Go slowly."), "level"),
        (("knee-pain", "banned", "Go slowly."), "level"),
        (("knee-pain", "precaution", ""), "sentence"),
        (("knee-pain", "precaution", "x" * 301), "sentence"),
    ],
)
def test_a_half_warning_is_refused_at_its_box(
    ada: Visitor, caution: tuple[str, str, str], box: str
) -> None:
    ada.open("/catalogue/new").submit("do=add:cautions", **NEW)
    names = ("cautions-0-condition", "cautions-0-level", "cautions-0-sentence")
    ada.submit("do=publish", expect=422, **boxes(dict(zip(names, caution, strict=True))))
    assert [str(a["href"]) for a in ada.page.select(".error-summary a")] == [f"#cautions-0-{box}"]


def test_fields_that_are_not_of_the_form_do_nothing(app: Flask, ada: Visitor) -> None:
    ada.open("/catalogue/new")
    many = {f"variants-{n}-steps-{n}-text": "x" for n in range(5, 900)}
    strange = {"slug": "mine", "current_number": "9", "variants-x-position": "sitting"}
    ada.send("/catalogue/new", typed(ada) | NEW | many | strange | {"do": "x"}, expect=422)
    assert count(app, Exercise) == 6
