"""The search on the catalogue page, without JavaScript."""

from __future__ import annotations

import pytest
from flask import Flask

from app.database import db
from tests.statements import statements
from tests.visitor import Visitor


def titles(visitor: Visitor) -> list[str]:
    return [a.get_text() for a in visitor.page.select("a.row-title")]


def said(visitor: Visitor) -> str:
    return " ".join(visitor.tag("#found-words").get_text().split())


def test_a_misspelt_word_shows_what_was_understood(theo: Visitor) -> None:
    theo.open("/catalogue").submit("Search", q="sholder roll")
    assert titles(theo) == ["Shoulder rolls"]
    assert said(theo) == "1 exercise. Showing results for “shoulder roll”."
    assert theo.value_of("q") == "sholder roll"


def test_chips_narrow_the_list_and_stay_chosen(theo: Visitor) -> None:
    theo.open("/catalogue").submit("Search", q="shoulder", kind="strength", equipment="none")
    assert titles(theo) == ["Wall push-up"]
    assert theo.tag("#kind-strength").has_attr("checked")
    assert theo.tag("details.filters").has_attr("open")
    assert "2 chosen" in theo.text
    theo.submit("Search", kind=None)
    assert len(titles(theo)) > 1


def test_a_chip_says_how_many_there_are(theo: Visitor) -> None:
    theo.open("/catalogue")
    assert theo.tag("label[for=kind-strength]").get_text(" ").split() == ["Strength", "3"]
    assert theo.tag("label[for=equipment-none]").get_text(" ").split()[:2] == ["Nothing", "needed"]


def test_filters_that_leave_nothing_lead_back_to_the_words(theo: Visitor) -> None:
    theo.open("/catalogue?q=rows&position=kneeling")
    assert "No exercise fits these filters." in theo.text
    theo.follow("Leave out the filters")
    assert titles(theo) == ["Resisted rows"]


def test_an_unknown_word_leads_to_the_other_words(theo: Visitor) -> None:
    theo.open("/catalogue?q=zebra+rows")
    assert "No exercise has a word like “zebra”." in theo.text
    theo.follow("Search for “rows” only")
    assert titles(theo) == ["Resisted rows"]


def test_words_that_no_exercise_has_together_lead_to_all(theo: Visitor) -> None:
    theo.open("/catalogue?q=kneeling+bedpost")
    assert "No exercise has all of these words." in theo.text
    theo.follow("Show all exercises")
    assert len(titles(theo)) == 6


@pytest.mark.parametrize(
    "query",
    ["area=&kind=&safe=1", "kind=no&kind=%00", "area=" + "x" * 3000, "&".join(["area=neck"] * 500),
     "q=%27%3B--&kind=%27", "q=" + "%C3%9F" * 200, "position[]=kneeling", "after=1&q=s"],
)  # fmt: skip
def test_no_address_breaks_the_page(theo: Visitor, query: str) -> None:
    theo.open(f"/catalogue?{query}")


def test_what_was_typed_is_shown_as_text(theo: Visitor) -> None:
    theo.open('/catalogue?q="><script>alert(1)</script>')
    assert not theo.page.select("main script")
    assert theo.value_of("q") == '"><script>alert(1)</script>'


@pytest.mark.parametrize("query", ["", "q=stretch", "q=sholder&kind=strength", "q=zebra"])
def test_the_page_takes_four_statements_at_the_most_and_two_when_asked_again(
    app: Flask, theo: Visitor, query: str
) -> None:
    theo.open("/catalogue?q=neck")
    for most in (4, 2):
        with app.app_context(), statements() as seen:
            theo.open(f"/catalogue?{query}")
            db.session.remove()
        assert len([one for one in seen if one.lstrip().startswith(("SELECT", "("))]) <= most
