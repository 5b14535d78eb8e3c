"""What somebody may mean who types into the box "Name, record number or birth date"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import SequenceMatcher

from app.text import search_key

NEAR_ENOUGH = 0.75
"""How alike two words are, of 1, to be taken for one that was misspelt."""

_NUMBERS = re.compile(r"(\d{1,4})[-./ ]+(\d{1,2})[-./ ]+(\d{1,4})\.?$")
_EIGHT_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)$")
_MONTH_FIRST = re.compile(r"([^\W\d]+)\.? +(\d{1,2})(?:st|nd|rd|th)?[ ,]+(\d{4})$")
_DAY_FIRST = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|\.)?[ -]+(?:de )?([^\W\d]+)\.?[ ,-]+(?:de )?(\d{4})$"
)


def days_meant(typed: str, months: Mapping[str, int], today: date) -> frozenset[date]:
    """The birth dates that ``typed`` may be; none where it is no date.

    ``months`` are the names of months as :func:`search_key` gives them, with their numbers.
    "3/4/1958" is both 3 April and March 4: whoever looks for somebody sees which one it is.
    """
    text = search_key(typed).strip(" .,")
    if found := _EIGHT_DIGITS.match(text):
        return _days([(found[1], found[2], found[3])], today)
    if found := _NUMBERS.match(text):
        one, two, three = found.groups()
        if len(one) > 2:
            return _days([(one, two, three)], today)
        return _days([(three, two, one), (three, one, two)], today)
    if found := _MONTH_FIRST.match(text):
        name, day, year = found.groups()
    elif found := _DAY_FIRST.match(text):
        day, name, year = found.groups()
    else:
        return frozenset()
    return _days([(year, str(number), day) for number in _months_meant(name, months)], today)


def _months_meant(name: str, months: Mapping[str, int]) -> set[int]:
    """By three letters or more: "apr" is April, "ju" may be two months and is none."""
    return {number for month, number in months.items() if len(name) > 2 and month.startswith(name)}


def _days(candidates: Iterable[tuple[str, str, str]], today: date) -> frozenset[date]:
    """Those (year, month, day) that are days; a short year is the last such one that was."""
    found = set()
    for year, month, day in candidates:
        try:
            if len(year) == 2:
                this_century = date(today.year // 100 * 100 + int(year), int(month), int(day))
                past = this_century <= today
                found.add(this_century if past else this_century.replace(this_century.year - 100))
            elif len(year) == 4:
                found.add(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return frozenset(found)


def sounds_like(words: str, name_key: str) -> float:
    """How near a name comes to misspelt ``words``, of 1; 0 where one of them has no likeness."""
    names = name_key.split()
    typed = search_key(words).split()
    return min(
        (max((_alike(word, name) for name in names), default=0.0) for word in typed), default=0.0
    )


def _alike(word: str, name: str) -> float:
    """Of 1; what is no likeness is 0. The beginning of a longer name may be misspelt, too."""
    if len(word) < 3:
        return float(name.startswith(word))
    if sorted(word) == sorted(name):  # letters that changed places
        return 1.0
    matcher = SequenceMatcher(b=word, autojunk=False)
    best = 0.0
    for other in {name, name[: len(word)]}:
        matcher.set_seq1(other)
        if matcher.real_quick_ratio() >= NEAR_ENOUGH and matcher.quick_ratio() >= NEAR_ENOUGH:
            best = max(best, matcher.ratio())
    return best if best >= NEAR_ENOUGH else 0.0
