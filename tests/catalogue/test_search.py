"""Finding exercises: the order of the answers, spelling, filters and pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.catalogue import search
from app.catalogue.models import Exercise
from app.catalogue.rules import Caution, Kind, Level
from app.catalogue.search_filters import Wanted
from app.catalogue.search_words import Facet
from app.database import db
from tests.catalogue.searching import find, named, titles


@pytest.fixture(autouse=True)
def in_context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def counts(found: search.Found, facet: Facet) -> dict[str, int]:
    return {chip.key: chip.count for chip in found.narrowed.chips[facet]}


# Order


def test_exact_stands_before_beginnings_and_those_before_misspelt() -> None:
    for title in (
        "Lunge", "Lunges to the side", "A lunge", "Zorro", "Lungeing slowly", "One luunge",
    ):  # fmt: skip
        named(title, purpose="Bend, then lunge." if title == "Zorro" else "Helps.")
    assert titles("lunge") == [
        "Lunge",  # the title
        "Lungeing slowly",  # its beginning
        "Lunges to the side",
        "A lunge",  # a word of it
        "Zorro",  # a word of the text
        "One luunge",  # a word like it
    ]


def test_all_words_in_the_title_stand_before_words_elsewhere() -> None:
    named("Ankle and hip", purpose="Helps.")
    named("Ankle", purpose="For the hip.")
    named("Big ankles, hips", purpose="Helps.")
    assert titles("hip ankle") == ["Ankle and hip", "Ankle", "Big ankles, hips"]


def test_equal_answers_are_in_the_order_of_their_titles() -> None:
    for title in ("Lunge c", "Lunge á", "lunge B"):
        named(title)
    assert titles("lunge") == ["Lunge á", "lunge B", "Lunge c"]


# Words as people type them


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("sholder", "Shoulder rolls"),
        ("sholder rolls", "Shoulder rolls"),
        ("sholder rols", "Shoulder rolls"),
        ("mid back", "Midback stretch"),
        ("mid bak stretch", "Midback stretch"),
        ("midback", "Midback stretch"),
        ("pushup", "Wall push-up"),
        ("push up", "Wall push-up"),
        ("PUSH-UP", "Wall push-up"),
        ("wall pushup", "Wall push-up"),
        ("pusup", "Wall push-up"),
        ("Shoülder Rölls", "Shoulder rolls"),
        ("shoul rol", "Shoulder rolls"),
        ("knelling", "Midback stretch"),
        ("rezisted rows", "Resisted rows"),
    ],
)
def test_a_search_forgives(typed: str, first: str) -> None:
    assert titles(typed)[0] == first


def test_what_was_understood_is_told() -> None:
    found = find("sholder blaed")
    assert found.reading.words == ("shoulder", "blade")
    assert found.page.items[0].text.title == "Resisted shoulder blade squeeze"


def test_one_letter_finds_titles_that_have_a_word_so_begun() -> None:
    assert titles("w") == ["Wall push-up"]
    assert titles("r") == ["Resisted rows", "Resisted shoulder blade squeeze", "Shoulder rolls"]


@pytest.mark.parametrize(
    "typed", ["x" * 200, "sh " * 66, "ab" * 100, "ß" * 200, "\U0010ffff" * 200]
)
def test_two_hundred_letters_are_a_query_like_another(typed: str) -> None:
    assert titles(typed) in ([], titles("sh"))


@pytest.mark.parametrize(
    "typed",
    ["'", '"', "%", "_", "*", "\\", "';--", "\0", "\ud800", "[a-z]", "()", "?", ":word",
     "' OR 1=1 --", "x'); DROP TABLE exercises;--", "%' UNION SELECT 1 --"],
)  # fmt: skip
def test_signs_mean_nothing_to_the_database(typed: str) -> None:
    assert titles(typed) == []
    assert db.session.scalar(select(func.count()).select_from(Exercise)) == 6


def test_a_word_that_nobody_knows_finds_nothing_and_is_named() -> None:
    found = find("zebra rows")
    assert not found.page.items
    assert found.reading.unknown == ("zebra",)
    assert found.known_words == "rows"


# Filters


def test_filters_of_one_kind_add_and_of_several_narrow() -> None:
    both = Wanted(chosen={Facet.AREA: frozenset({"neck", "middle back"})})
    assert [e.text.title for e in search.search_exercises(both).page.items] == [
        "Lower neck and upper back stretch",
        "Midback stretch",
    ]
    assert titles(kind="strength", equipment="none") == ["Wall push-up"]
    assert titles("stretch", position="kneeling") == ["Midback stretch"]


def test_each_chip_says_how_many_it_would_leave() -> None:
    found = find("stretch")
    assert counts(found, Facet.POSITION)["kneeling"] == 1
    found = find(kind="strength")
    assert found.narrowed.total == 3
    assert counts(found, Facet.KIND) == {"strength": 3, "stretch": 2, "movement": 1}
    for facet in (Facet.AREA, Facet.POSITION, Facet.EQUIPMENT):
        for key, count in counts(found, facet).items():
            assert count == len(titles("", False, **{"kind": "strength", str(facet): key})), (
                facet,
                key,
            )


def test_a_filter_that_would_leave_nothing_is_not_offered() -> None:
    assert "kneeling" not in counts(find(kind="strength"), Facet.POSITION)


def test_a_chosen_filter_stays_even_where_it_leaves_nothing() -> None:
    found = find("rows", position="kneeling")
    assert counts(found, Facet.POSITION)["kneeling"] == 0
    assert found.narrowed.unfiltered == 1


def test_a_tag_is_one_however_it_is_written() -> None:
    named("Jaw", body_areas=("NECK",))
    assert counts(find(), Facet.AREA)["neck"] == 2
    assert "Jaw" in titles(area="neck")


def test_a_filter_that_there_is_not_is_none() -> None:
    assert len(titles(area="no such area")) == 6


def test_what_the_record_rules_out_is_left_out() -> None:
    assert "Midback stretch" in titles("stretch")
    assert "Midback stretch" not in titles("stretch", safe=True)
    assert find("stretch").narrowed.suitable == len(titles("stretch", safe=True))


def test_what_only_needs_care_is_kept() -> None:
    named("Jaw", cautions=(Caution("knee-pain", Level.PRECAUTION, "With care."),))
    assert titles("jaw", safe=True)[0] == "Jaw"


# Pages


def test_pages_follow_each_other_through_all_answers_in_their_order() -> None:
    for number in range(30):
        named(f"Lunge {number:02}", kind=Kind.MOVEMENT)
    for number in range(30):
        named(f"Deep lunge {number:02}")
    seen: list[str] = []
    after = None
    for _page in range(3):
        page = search.search_exercises(Wanted("lunge", after=after)).page
        seen += [exercise.text.title for exercise in page.items]
        after = page.next
    assert after is None
    assert seen == [
        *(f"Lunge {number:02}" for number in range(30)),
        *(f"Deep lunge {number:02}" for number in range(30)),
    ]
