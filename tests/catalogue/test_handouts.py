"""The handout: public, found by its code, edited by admins."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from app.audit.service import Operator
from app.catalogue import service
from app.catalogue.rules import HandoutText
from app.database import db
from tests.catalogue.conftest import Visit
from tests.catalogue.support import typed
from tests.factories import Cast
from tests.support import NOON
from tests.visitor import Visitor

EDIT = "/handouts/T680/edit"


@pytest.fixture
def stranger(visit: Visit) -> Visitor:
    return visit(None)


def handout(app: Flask) -> tuple[int, HandoutText]:
    """The number and the text of the newest revision of T680."""
    with app.app_context():
        found = service.find_handout("T680")
        assert found is not None
        return found.current_number, found.text


# Reading


def test_everybody_reads_the_handout(visit: Visit, cast: Cast) -> None:
    for member in (None, cast.pia, cast.theo, cast.ada):
        assert "Healthy upper back" in visit(member).open("/handouts/T680").title


def test_the_handout_says_everything_in_its_order(app: Flask, stranger: Visitor) -> None:
    stranger.open("/handouts/T680")
    text = handout(app)[1]
    with app.app_context():
        names = [e.text.title for e in service.list_exercises_by_slug(text.exercises)]
    said = [
        "Riverside Clinic", text.title, "T680", *text.introduction, *names,
        *text.follow_up, *text.learn_more, *text.owner, "CC BY 4.0",
    ]  # fmt: skip
    at = 0
    for words in said:
        assert words in stranger.text[at:], words
        at += stranger.text[at:].index(words)
    assert len(stranger.page.select("article")) == 6


def test_the_handout_gives_the_doses_in_words(stranger: Visitor) -> None:
    stranger.open("/handouts/T680")
    doses = [" ".join(dl.get_text(" ").split()) for dl in stranger.page.select(".dose-tiles")]
    assert doses == [
        "Hold each time 15 to 30 seconds Repeat 2 to 4 times",
        "Hold each time 15 to 30 seconds Repeat 2 to 4 times",
        "Repeat 2 to 4 times",
        "Repeat 8 to 12 times",
        "Repeat 8 to 12 times",
        "Repeat 8 to 12 times",
    ]


def test_the_handout_carries_its_warnings_and_the_safety_numbers(visit: Visit, cast: Cast) -> None:
    for member in (None, cast.ada):
        visitor = visit(member).open("/handouts/T680")
        assert "Do not do this stretch if you have knee pain." in visitor.text
        everything = visitor.page.get_text()
        for safety in ("If an exercise hurts too much, stop.", "555-0100", "911"):
            assert safety in everything


def test_the_handout_shows_the_newest_text_of_its_exercises(app: Flask, stranger: Visitor) -> None:
    with app.app_context():
        exercise = service.list_exercises_by_slug(["wall-push-up"])[0]
        text = replace(exercise.text, purpose="Makes you strong.")
        service.revise_exercise(exercise, text, based_on=1, by=Operator(), now=NOON)
        db.session.commit()
    assert "Makes you strong." in stranger.open("/handouts/T680").text


def test_paper_names_the_handout_on_every_page(stranger: Visitor) -> None:
    root = stranger.open("/handouts/T680").page.html
    assert root is not None
    assert root["data-foot"] == "Healthy upper back: exercises · T680"


def test_a_page_with_somebodys_token_is_kept_by_no_cache(stranger: Visitor) -> None:
    stranger.open("/handouts/T680")
    assert stranger.response is not None
    assert stranger.response.headers["Cache-Control"] == "no-store"


# Finding


@pytest.mark.parametrize("code", ["t680", "T-680", "t 680", "%20T680"])
def test_another_spelling_leads_to_the_one_address(stranger: Visitor, code: str) -> None:
    assert stranger.open(f"/handouts/{code}").path == "/handouts/T680"


@pytest.mark.parametrize("code", ["T680", "t-680", " t 6 8 0 "])
def test_typing_the_code_finds_the_handout(stranger: Visitor, code: str) -> None:
    stranger.open("/find").submit("Find", code=code)
    assert stranger.path == "/handouts/T680"


@pytest.mark.parametrize("query", ["", "?code=", "?code=%20-"])
def test_no_code_shows_the_box(stranger: Visitor, query: str) -> None:
    stranger.open(f"/find{query}")
    assert "Type it here." in stranger.text


@pytest.mark.parametrize("code", ["T68O", "zzz", "%00x", "x" * 3000, "%3Cb%3E", "T68O.pdf"])
def test_an_unknown_code_gets_a_page_that_helps(stranger: Visitor, code: str) -> None:
    for address in (f"/find?code={code}", f"/handouts/{code}"):
        stranger.open(address, expect=404)
        assert "We do not know this code" in stranger.text
        assert stranger.page.select_one("main input[name=code]")
        assert not stranger.page.select("main b")
    stranger.submit("Find", code="t680")
    assert stranger.path == "/handouts/T680"


def test_the_box_still_holds_what_was_typed(stranger: Visitor) -> None:
    stranger.open("/find?code=T68O", expect=404)
    box = stranger.page.select_one("input[name=code]")
    assert box is not None
    assert box["value"] == "T68O"


def test_staff_have_a_list_of_handouts(visit: Visit, cast: Cast, stranger: Visitor) -> None:
    theo = visit(cast.theo).open("/handouts")
    assert "T680" in theo.text
    assert "6 exercises" in theo.text
    assert "Edit" not in theo.text
    assert "Edit T680" in visit(cast.ada).open("/handouts").text
    visit(cast.pia).open("/handouts", expect=403)
    assert "Sign in" in stranger.open("/handouts").title


# Editing


def test_only_an_admin_edits(visit: Visit, cast: Cast, stranger: Visitor) -> None:
    for member in (cast.theo, cast.pia):
        visit(member).open(EDIT, expect=403)
        assert "Edit" not in visit(member).open("/handouts/T680").text
    assert "Sign in" in stranger.open(EDIT).title
    visit(cast.ada).open("/handouts/T999/edit", expect=404)


def test_an_edit_publishes_the_next_revision(app: Flask, ada: Visitor) -> None:
    ada.open(EDIT).submit("do=publish", introduction="Go slowly.\r\n\r\n Breathe. ")
    assert "Revision 2 is published." in ada.text
    assert "Breathe." in ada.text
    assert handout(app)[0] == 2
    assert handout(app)[1].introduction == ("Go slowly.", "Breathe.")


def test_the_same_wording_changes_nothing(app: Flask, ada: Visitor) -> None:
    ada.open(EDIT).submit("do=publish")
    assert "Nothing changed" in ada.text
    assert handout(app)[0] == 1


def test_exercises_are_moved_removed_and_added_again(app: Flask, ada: Visitor) -> None:
    ada.open(EDIT).submit("do=down:exercises-0", owner="We wrote this.")
    ada.submit("Remove Shoulder rolls")
    ada.submit("do=find", words="rolls")
    ada.submit("do=put:shoulder-rolls")
    assert typed(ada)["owner"] == "We wrote this."
    ada.submit("do=publish")
    text = handout(app)[1]
    assert text.exercises == (
        "midback-stretch", "lower-neck-and-upper-back-stretch", "wall-push-up",
        "resisted-shoulder-blade-squeeze", "resisted-rows", "shoulder-rolls",
    )  # fmt: skip
    assert text.owner == ("We wrote this.",)


def test_what_is_on_the_list_is_not_offered_again(ada: Visitor) -> None:
    ada.open(EDIT).submit("do=find", words="stretch")
    assert "No other exercise has all of these words." in ada.text


def test_a_stale_edit_meets_both_texts_and_can_still_be_saved(
    app: Flask, visit: Visit, cast: Cast
) -> None:
    first, second = visit(cast.ada).open(EDIT), visit(cast.ada).open(EDIT)
    first.submit("do=remove:exercises-0").submit("do=publish")
    second.submit("do=publish", expect=409, title="Strong upper back")
    assert "Ada published revision 2" in second.text
    names = [h.get_text() for h in second.page.select(".diff-name")]
    assert names == ["Title", "Exercises"]
    assert typed(second)["title"] == "Strong upper back"
    second.submit("do=publish")
    number, text = handout(app)
    assert (number, text.title, len(text.exercises)) == (3, "Strong upper back", 6)


@pytest.mark.parametrize(
    ("box", "value"),
    [
        ("title", ""),
        ("title", "x" * 121),
        ("running_title", "x" * 121),
        ("introduction", ""),
        ("introduction", "x" * 301),
        ("introduction", "x\n" * 13),
        ("follow_up", "a\0b"),
        ("learn_more", " "),
        ("owner", ""),
        ("exercises-0", "no-such-exercise"),
        ("exercises-0", "midback-stretch"),
        ("exercises-0", ""),
        ("exercises-0", "\0"),
        ("words", "x" * 121),
        ("based_on", "²"),
    ],
)
def test_what_is_wrong_is_said_and_kept(app: Flask, ada: Visitor, box: str, value: str) -> None:
    changes: dict[str, Any] = {"title": "Strong upper back", box: value}
    ada.open(EDIT).submit("do=publish", expect=409 if box == "based_on" else 422, **changes)
    assert len(ada.errors) == (box != "based_on")
    if box != "title":
        assert typed(ada)["title"] == "Strong upper back"
    assert handout(app)[0] == 1


def test_a_handout_without_exercises_is_refused(app: Flask, ada: Visitor) -> None:
    ada.open(EDIT)
    for _exercise in range(6):
        ada.submit("do=remove:exercises-0")
    ada.submit("do=publish", expect=422)
    assert ada.errors == ["Add at least one exercise."]
    ada.send(EDIT, {"csrf_token": ada.csrf_token, "do": "publish"}, expect=422)
    assert handout(app)[0] == 1
