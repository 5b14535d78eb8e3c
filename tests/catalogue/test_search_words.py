"""The words of an exercise, near words, and how a query is understood."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.catalogue.rules import Caution, Level
from app.catalogue.search_ranking import read_query
from app.catalogue.search_words import (
    MAX_WORD,
    MAX_WORDS,
    Place,
    Vocabulary,
    split_words,
    tags_of,
    title_of,
    words_of,
)
from tests.catalogue.test_rules import TEXT

WORDS = Vocabulary(
    {
        "shoulder": 40, "shoulders": 9, "should": 1, "stretch": 30, "roll": 8, "rolls": 5,
        "midback": 2, "pushup": 3, "push": 3, "up": 9, "neck": 12, "deck": 1, "wall": 7, "ball": 2,
    }
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Wall push-up", ["wall", "push", "up"]),
        ("RÖWS, for José", ["rows", "for", "jose"]),
        ("  don’t_stop 90° ", ["don", "t", "stop", "90"]),
        ("Straße", ["strasse"]),
        ("%_'\"; --\0", []),
        ("ストレッチ", ["ストレッチ"]),
        ("x" * 200, ["x" * MAX_WORD]),
    ],
)
def test_words_have_no_case_accents_or_marks(text: str, words: list[str]) -> None:
    assert split_words(text) == words


def test_a_word_counts_where_it_tells_most() -> None:
    text = replace(
        TEXT, title="Neck nod", body_areas=("neck", "upper back"), purpose="For a back and neck."
    )
    words = words_of(text)
    assert words["neck"] is Place.TITLE
    assert words["back"] is Place.TAG
    assert words["for"] is Place.TEXT


def test_neighbours_are_found_as_one_word_too() -> None:
    words = words_of(replace(TEXT, title="Wall push-up", purpose="A half-way push-up for arms."))
    assert {"wall", "push", "up", "wallpush", "pushup", "halfway"} <= words.keys()
    assert "forarms" not in words


def test_an_exercise_that_needs_nothing_says_so() -> None:
    assert ["equipment", "none"] in tags_of(replace(TEXT, equipment=()))
    assert ["equipment", "none"] not in tags_of(replace(TEXT, equipment=("mat",)))


def test_only_what_must_not_be_done_rules_an_exercise_out() -> None:
    cautions = (
        Caution("knee-pain", Level.CONTRAINDICATION, "Not with knee pain."),
        Caution("dizziness", Level.PRECAUTION, "Hold on to a chair."),
    )
    tags = tags_of(replace(TEXT, cautions=cautions))
    assert [value for facet, value in tags if facet == "ruled-out-by"] == ["knee-pain"]


def test_titles_are_ordered_by_their_words() -> None:
    assert title_of(replace(TEXT, title="Écho – “Push-up”")) == "echo push up"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("sholder", "shoulder"),
        ("shuolder", "shoulder"),
        ("strech", "stretch"),
        ("nek", "neck"),
        ("midbak", "midback"),
        ("pusup", "pushup"),
        ("shouldres", "shoulders"),
    ],
)
def test_a_misspelt_word_is_put_right(typed: str, meant: str) -> None:
    reading = read_query(typed, WORDS)
    assert reading.words == (meant,)
    assert reading.is_corrected


@pytest.mark.parametrize("typed", ["shoulder", "shou", "s", "roll", "mid back", "push up", ""])
def test_what_is_known_is_left_as_it_is(typed: str) -> None:
    reading = read_query(typed, WORDS)
    assert reading.words == tuple(typed.split())
    assert not reading.is_corrected
    assert not reading.unknown


def test_of_words_equally_near_the_one_that_begins_alike_is_meant() -> None:
    assert WORDS.near("nack") == ["neck"]
    assert WORDS.near("weck") == ["neck", "deck"]


def test_a_short_word_has_no_like_and_a_long_one_only_with_its_first_letter() -> None:
    assert WORDS.like("wall") == []
    assert WORDS.like("rolls") == ["roll"]
    assert WORDS.like("shoulder") == ["shoulders"]


def test_a_word_that_is_near_to_nothing_is_told() -> None:
    assert read_query("zebra shoulder xx", WORDS).unknown == ("zebra", "xx")


def test_only_so_many_words_count() -> None:
    assert len(read_query(" ".join(WORDS.counts), WORDS).words) == MAX_WORDS
    assert read_query("neck " * 200, WORDS).words == ("neck",)
