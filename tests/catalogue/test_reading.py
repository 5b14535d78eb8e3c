"""The reading grade against syllables, words and sentences that were counted by hand."""

import pytest

from app.catalogue.reading import reading_grade, syllables, words_per_sentence

COUNTED_BY_HAND = {
    1: "arms band reach knees squeezed stretch stretched clasped hurt slowed pulled moves breathe "
    "I don’t we'll square guard",
    2: "body over open even any away again above ankles elbow shoulder backward gently seated "
    "something sometimes bedpost quiet being squeezes inches patient able measures degrees push-up",
    3: "elastic area idea medicine exercise example therapist appointments radio together however "
    "quietly clinician physical let-me-go",
    4: "comfortable usually situation information biology contributors January wider-apart",
}

# Passage: its sentences, words and syllables.
PASSAGES = {
    # The opening of the Gettysburg Address, 1863.
    "Four score and seven years ago our fathers brought forth on this continent, a new nation, "
    "conceived in Liberty, and dedicated to the proposition that all men are created equal.": (
        (1, 30, 48)
    ),
    "Before you begin, put a sturdy chair against the wall. Something solid behind you makes the "
    "exercise safer.": (2, 18, 28),
    "Sit on a chair. Is it comfortable? Then begin again, slowly and easily!": (3, 13, 21),
}


@pytest.mark.parametrize(
    ("word", "count"),
    [(word, count) for count, words in COUNTED_BY_HAND.items() for word in words.split()],
)
def test_syllables_are_counted_as_they_are_spoken(word: str, count: int) -> None:
    assert syllables(word) == count


@pytest.mark.parametrize("word", ["wall", "over", "therapist"])
def test_capitals_do_not_change_the_count(word: str) -> None:
    assert syllables(word.upper()) == syllables(word.title()) == syllables(word)


def test_a_number_counts_one_syllable_for_each_digit() -> None:
    assert syllables("12") == 2
    assert syllables("2.5") == 2


@pytest.mark.parametrize(("passage", "counts"), PASSAGES.items(), ids=["speech", "chair", "sit"])
def test_the_grade_is_that_of_the_hand_count(passage: str, counts: tuple[int, int, int]) -> None:
    sentences, words, spoken = counts
    by_hand = 0.39 * words / sentences + 11.8 * spoken / words - 15.59
    assert words_per_sentence(passage) == words / sentences
    assert reading_grade(passage) == pytest.approx(by_hand)


def test_longer_words_and_longer_sentences_raise_the_grade() -> None:
    plain = "Sit on a chair. Put your hands on your knees."
    assert reading_grade(plain) < reading_grade(plain.replace(". Put", " and put"))
    assert reading_grade(plain) < reading_grade(plain.replace("hands", "extremities"))


def test_a_line_break_ends_a_sentence() -> None:
    assert words_per_sentence("Shoulder rolls\nSit on a chair") == 3


def test_a_range_and_a_decimal_point_end_no_sentence() -> None:
    assert words_per_sentence("Stand 12–24 inches (0.5 m) away.") == 7


def test_a_quotation_mark_after_the_full_stop_belongs_to_its_sentence() -> None:
    assert words_per_sentence("She said “stop now.” He did.") == 3


@pytest.mark.parametrize("text", ["", "  \n ", "… — !"])
def test_a_text_without_words_has_grade_0(text: str) -> None:
    assert reading_grade(text) == 0
    assert words_per_sentence(text) == 0


def test_the_grade_is_never_below_0() -> None:
    assert reading_grade("Go up. Go on.") == 0
