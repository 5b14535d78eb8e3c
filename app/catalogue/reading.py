"""How hard an English text is to read.

Source of the formula: J. P. Kincaid, R. P. Fishburne, R. L. Rogers and B. S. Chissom,
*Derivation of New Readability Formulas for Navy Enlisted Personnel*, Research Branch Report
8-75, Chief of Naval Technical Training, 1975. How well syllables are counted, and why this way:
``docs/decisions/0002-reading-grade.md``.
"""

from __future__ import annotations

import re
from functools import cache

import pyphen

MAX_GRADE = 6
"""The US school year whose pupils should be able to read everything."""
MAX_WORDS = 15
"""Words of a sentence, on average."""

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:[.,]\d+)*")
_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?:\s|$)|\n")

_VOWELS = re.compile(r"[aeiouy]+")
_TWO_SOUNDS = re.compile(
    r"(?<![cstg])i(?=[aou])|(?<=[aeiou][a-z])ea$|(?<!g)ua(?=[lr])|(?<=[ey])ing$"
)
"""Neighbouring vowels spoken apart, as in radio, area, usual, being; not in patient, motion."""
_SILENT_E = re.compile(r"[^aeiouyl]es?$|[aeiou]les?$|[^aeiouytd]ed$")
_SPOKEN_ES = re.compile(r"(?:[sxz]|[cs]h|[cg])es$")


def reading_grade(text: str) -> float:
    """The Flesch-Kincaid grade: the US school year in which most pupils can read ``text``.

    0.39 * words per sentence + 11.8 * syllables per word - 15.59, and 0 where that is below 0
    or where ``text`` has no words. A line break ends a sentence, as after a heading.
    """
    words = _WORD.findall(text)
    if not words:
        return 0.0
    per_word = sum(syllables(word) for word in words) / len(words)
    return max(0.0, 0.39 * words_per_sentence(text) + 11.8 * per_word - 15.59)


def words_per_sentence(text: str) -> float:
    """The average length of a sentence in words; 0 where ``text`` has no words."""
    counts = [len(_WORD.findall(sentence)) for sentence in _SENTENCE_END.split(text)]
    filled = [count for count in counts if count]
    return sum(filled) / len(filled) if filled else 0.0


def syllables(word: str) -> int:
    """Spoken syllables. A number counts one for each digit, about as it is read aloud."""
    if word[0].isdigit():
        return sum(character.isdigit() for character in word)
    letters = re.sub(r"['’]", "", word.lower())
    return sum(_part_syllables(part) for piece in letters.split("-") for part in _parts(piece))


def _parts(word: str) -> list[str]:
    """``word`` at every place where it may be broken at a line's end, e.g. some-thing."""
    broken: str = _dictionary().inserted(word, "-")
    return broken.split("-")


def _part_syllables(part: str) -> int:
    """Syllables of one part: hyphenation leaves out breaks that look ugly, as in o-ver, bod-y."""
    letters = part.replace("qu", "q")
    count = len(_VOWELS.findall(letters)) + len(_TWO_SOUNDS.findall(letters))
    if count > 1 and _SILENT_E.search(letters) and not _SPOKEN_ES.search(letters):
        count -= 1
    return max(count, 1)


@cache
def _dictionary() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_US")
