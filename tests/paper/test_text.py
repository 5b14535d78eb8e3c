"""Words on their way to paper."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from app.paper.text import BREAK, LONGEST_WORD, printable, rich


def test_only_the_sentences_own_marks_are_bold() -> None:
    said = rich("For <strong>%(name)s</strong>, %(clinic)s.", name="<strong>x", clinic="%(name)s")
    assert said == [("For ", False), ("<strong>x", True), (", %(name)s.", False)]


def test_a_sentence_without_marks_is_one_piece() -> None:
    assert rich("Go slowly, 100%% of the time.") == [("Go slowly, 100% of the time.", False)]


def test_a_word_too_long_for_a_column_may_break_and_others_not() -> None:
    assert BREAK in str(printable("a" * (LONGEST_WORD + 1)))
    sentence = "Keep your elbows at your sides and bent to a right angle."
    assert printable(sentence) == sentence


def test_an_address_breaks_after_its_strokes_and_never_between_two() -> None:
    address = "https://clinic.example/invitations/mine"
    pieces = str(printable(address)).split(BREAK)
    assert pieces == ["https://", "clinic.example/", "invitations/", "mine"]


def test_a_letter_and_its_accent_are_never_parted() -> None:
    for word in ("é" * 40, "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 9):
        after = [piece[0] for piece in str(printable(word)).split(BREAK)[1:]]
        assert after
        assert not [mark for mark in after if unicodedata.category(mark)[0] == "M"]


def test_numbers_and_nothing_pass_as_they_are() -> None:
    assert printable({"a": [1, True, None, ("x",)]}) == {"a": [1, True, None, ["x"]]}


@given(st.text())
def test_what_is_left_is_what_was_there_without_what_no_paper_shows(words: str) -> None:
    fit = str(printable(words))
    assert not [m for m in fit if unicodedata.category(m) in ("Cc", "Cs", "Cn", "Co") and m != "\n"]
    shown = [m for m in words if unicodedata.category(m)[0] in "LNPSM"]
    assert [m for m in fit if unicodedata.category(m)[0] in "LNPSM"] == shown
    assert printable(fit) == fit
