"""The catalogue's pages, as an admin, a therapist and everybody else find them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.audit.service import Operator
from app.catalogue import service
from app.catalogue.models import Condition, Exercise, ExerciseRevision
from app.catalogue.rules import ExerciseText, Step, Variant
from app.database import db
from tests.factories import Cast, CastMember
from tests.support import NOON
from tests.visitor import Visitor, form_fields

Visit = Callable[[CastMember | None], Visitor]
PICTURE = "ab" * 32


def id_of(app: Flask, slug: str) -> UUID:
    with app.app_context():
        return service.list_exercises_by_slug([slug])[0].id


@pytest.fixture
def midback(app: Flask) -> str:
    """The address of the midback stretch."""
    return f"/catalogue/{id_of(app, 'midback-stretch')}"


@pytest.fixture
def ada(visit: Visit, cast: Cast) -> Visitor:
    return visit(cast.ada)


@pytest.fixture
def theo(visit: Visit, cast: Cast) -> Visitor:
    return visit(cast.theo)


def text_of(app: Flask, address: str) -> tuple[int, ExerciseText]:
    """The number and the text of the newest revision."""
    with app.app_context():
        found = service.find_exercise(UUID(address.rsplit("/", 1)[-1]))
        assert found is not None
        return found.current_number, found.text


def count(app: Flask, model: type[object]) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def typed(visitor: Visitor) -> dict[str, str]:
    """What stands in the boxes of the editor."""
    form = visitor.page.select_one("main form[method=post]")
    assert form is not None
    return form_fields(form).to_dict()


NEW = {
    "title": "Chin tuck",
    "kind": "movement",
    "purpose": "Wakes up your neck.",
    "body_areas": "neck\r\nupper back",
    "variants-0-position": "sitting",
    "variants-0-steps-0-text": "Sit tall. Draw your chin back.",
    "dose-repetitions-low": "3",
    "dose-repetitions-high": "5",
}


# Reading


def test_the_list_shows_every_exercise_with_what_it_is(theo: Visitor) -> None:
    theo.open("/catalogue")
    rows = [" ".join(row.get_text(" ").split()) for row in theo.page.select(".row")]
    assert len(rows) == 6
    assert any("Midback stretch" in row and "Stretch" in row and "Kneeling" in row for row in rows)
    assert any("Resisted rows" in row and "elastic band" in row for row in rows)


def test_only_an_admin_is_offered_to_write(theo: Visitor, ada: Visitor, midback: str) -> None:
    assert "New exercise" in ada.open("/catalogue").text
    assert "New exercise" not in theo.open("/catalogue").text
    assert "Edit" in ada.open(midback).text
    assert "Edit" not in theo.open(midback).text


def test_a_search_shows_what_it_was_for_and_what_it_found(theo: Visitor) -> None:
    theo.open("/catalogue").submit("Search", q="kneeling")
    box = theo.page.select_one("input[name=q]")
    assert box is not None
    assert box["value"] == "kneeling"
    assert [a.get_text() for a in theo.page.select("a.row-title")] == ["Midback stretch"]


@pytest.mark.parametrize("query", ["q=zebra", "q=%00", "q=%25", "q=" + "x" * 5000])
def test_a_search_without_an_answer_offers_a_way_on(theo: Visitor, query: str) -> None:
    theo.open(f"/catalogue?{query}")
    if query != "q=%00":
        theo.follow("Show all exercises")
    assert len(theo.page.select(".row")) == 6


@pytest.mark.parametrize("after", ["x", "%00", str(uuid4()), "-1"])
def test_a_page_that_is_not_there_is_no_failure(theo: Visitor, after: str) -> None:
    theo.open(f"/catalogue?after={after}")


def test_a_long_list_goes_on_on_the_next_page(app: Flask, theo: Visitor) -> None:
    with app.app_context():
        text = service.list_exercises_by_slug(["midback-stretch"])[0].text
        for number in range(25):
            service.publish_exercise(
                None, replace(text, title=f"Bow {number}"), by=Operator(), now=NOON
            )
        db.session.commit()
    theo.open("/catalogue")
    seen = [a.get_text() for a in theo.page.select("a.row-title")]
    theo.follow("Next page")
    seen += [a.get_text() for a in theo.page.select("a.row-title")]
    assert len(set(seen)) == len(seen) == 31


def test_an_exercise_reads_as_its_patients_read_it(theo: Visitor, midback: str) -> None:
    theo.open(midback)
    for words in (
        "Kneeling", "Do not do this stretch if you have knee pain.", "15 to 30 seconds",
        "2 to 4 times", "Press your chest gently toward the floor.", "with knee pain",
        "CC BY 4.0", "Revision 1", "Reading grade",
    ):  # fmt: skip
        assert words in theo.text
    assert len(theo.page.select(".step")) == 3


def test_equal_starts_stand_side_by_side(app: Flask, theo: Visitor) -> None:
    theo.open(f"/catalogue/{id_of(app, 'shoulder-rolls')}")
    assert "Sitting or standing" in theo.text
    assert [h.get_text() for h in theo.page.select(".variants h3")] == ["Sitting", "Standing"]
    assert len(theo.page.select(".step")) == 8


@pytest.mark.parametrize("tail", ["", "/edit", "/revisions"])
def test_what_is_not_in_the_catalogue_is_not_found(ada: Visitor, tail: str) -> None:
    ada.open(f"/catalogue/{uuid4()}{tail}", expect=404)
    ada.open(f"/catalogue/1{tail}", expect=404)


@pytest.mark.parametrize("page", ["", "/new", "/conditions", "/midback", "/midback/edit"])
def test_patients_and_strangers_stay_outside(
    visit: Visit, cast: Cast, midback: str, page: str
) -> None:
    address = f"/catalogue{page}".replace("/catalogue/midback", midback)
    visit(cast.pia).open(address, expect=403)
    assert "Sign in" in visit(None).open(address).title


def test_a_therapist_may_not_write(theo: Visitor, midback: str) -> None:
    for address in ("/catalogue/new", f"{midback}/edit", "/catalogue/conditions"):
        theo.open(address, expect=403)
        theo.open("/catalogue")
        theo.send(address, {"csrf_token": theo.csrf_token}, expect=403)


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
    ada.submit("do=add:cautions", **{"variants-0-steps-1-text": "Let go."})
    ada.submit("do=up:variants-0-steps-1", **{"cautions-0-sentence": "Go slowly."})
    ada.submit("do=add:variants")
    boxes = typed(ada)
    assert boxes["variants-0-steps-0-text"] == "Let go."
    assert boxes["variants-0-steps-1-text"] == "Sit tall. Draw your chin back."
    assert boxes["variants-1-steps-0-text"] == ""
    assert boxes["cautions-0-sentence"] == "Go slowly."
    assert (boxes["title"], boxes["dose-sets-low"]) == ("Chin tuck", "many")
    ada.submit("do=remove:variants-0").submit("do=remove:cautions-0")
    boxes = typed(ada)
    assert "variants-1-position" not in boxes
    assert "cautions-0-sentence" not in boxes
    assert boxes["purpose"] == "Wakes up your neck."


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
        "do=publish", expect=409, based_on=based_on, pictures_from=based_on, purpose="Stretches."
    )
    assert text_of(app, midback)[0] == 1


# Pictures


@pytest.fixture
def pictured(app: Flask, midback: str) -> str:
    """The midback stretch with a picture at its second step."""
    with app.app_context():
        found = service.find_exercise(UUID(midback.rsplit("/", 1)[-1]))
        assert found is not None
        variant = found.text.variants[0]
        first, second, third = variant.steps
        steps = (first, replace(second, picture=PICTURE, picture_alt="Leaning forward"), third)
        text = replace(found.text, variants=(Variant(variant.position, steps),))
        service.revise_exercise(found, text, based_on=1, by=Operator(), now=NOON)
        db.session.commit()
    return midback


def pictures(app: Flask, address: str) -> list[str | None]:
    return [step.picture for step in text_of(app, address)[1].variants[0].steps]


def test_a_step_keeps_its_picture_when_it_is_reworded_and_moved(
    app: Flask, ada: Visitor, pictured: str
) -> None:
    ada.open(f"{pictured}/edit").submit("do=up:variants-0-steps-1")
    ada.submit("do=publish", **{"variants-0-steps-0-text": "Lean forward."})
    assert pictures(app, pictured) == [PICTURE, None, None]


def test_nobody_invents_a_picture(app: Flask, ada: Visitor, pictured: str) -> None:
    for kept in ("cd" * 32, "7.7", "-1.-1", "0", ".", "0.1.0", "x.y", "", "0.9999999999999999999"):
        ada.open(f"{pictured}/edit").submit("do=publish", **{"variants-0-steps-0-kept": kept})
        assert pictures(app, pictured)[0] is None
    form = typed(ada.open(f"{pictured}/edit")) | {
        "variants-0-steps-0-picture": "cd" * 32, "do": "publish"
    }  # fmt: skip
    ada.send(f"{pictured}/edit", form)
    assert pictures(app, pictured) == [None, PICTURE, None]


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
    if box != "kind" and not box.endswith("position"):
        assert typed(ada)[box].replace("\r", "") == (value if value.strip() else "").rstrip("\n")
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
    twice = {"variants-1-position": "sitting", "variants-1-steps-0-text": "Sit."}
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
    ada.submit("do=publish", expect=422, **dict(zip(names, caution, strict=True)))
    assert [str(a["href"]) for a in ada.page.select(".error-summary a")] == [f"#cautions-0-{box}"]


def test_fields_that_are_not_of_the_form_do_nothing(app: Flask, ada: Visitor) -> None:
    ada.open("/catalogue/new")
    many = {f"variants-{n}-steps-{n}-text": "x" for n in range(5, 900)}
    strange = {"slug": "mine", "current_number": "9", "variants-x-position": "sitting"}
    ada.send("/catalogue/new", typed(ada) | NEW | many | strange | {"do": "x"}, expect=422)
    assert count(app, Exercise) == 6


# Revisions and conditions


def test_revisions_say_who_when_and_what(ada: Visitor, theo: Visitor, midback: str) -> None:
    ada.open(f"{midback}/edit").submit("do=publish", title="Middle back stretch")
    theo.open(f"{midback}/revisions")
    newest, oldest = theo.page.select("main section")
    assert "March 2, 2026" in newest.get_text()
    assert "by Ada" in newest.get_text()
    assert [tag.get_text() for tag in newest.select("del, ins")] == [
        "Old: Midback",
        "New: Middle back",
    ]
    assert "The first text." in oldest.get_text()


@pytest.mark.parametrize("before", ["1", "0", "x", "-5", "9" * 40])
def test_revisions_before_any_number_are_a_page(theo: Visitor, midback: str, before: str) -> None:
    theo.open(f"{midback}/revisions?before={before}")


def test_an_admin_adds_a_condition(app: Flask, ada: Visitor) -> None:
    before = count(app, Condition)
    ada.open("/catalogue/conditions").submit("Add", name="stiff jaw")
    assert "stiff jaw is on the list now." in ada.text
    assert count(app, Condition) == before + 1


@pytest.mark.parametrize("name", ["", "x" * 81, "Knee pain", "a\0b"])
def test_a_condition_without_its_own_name_is_refused(ada: Visitor, name: str) -> None:
    ada.open("/catalogue/conditions").submit("Add", expect=422, name=name)
    assert len(ada.errors) == 1
    assert typed(ada)["name"] == name
