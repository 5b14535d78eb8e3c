"""What stands on the pages of a plan, searched rather than parsed: thousands of them are read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

STATES = (
    ("Not yet. Your therapist will tell you when.", "withheld"),
    ("Starts on", "later"),
    ("In this new dose from", "later"),
    ("Do not do it any more.", "stopped"),
)
UNTOLD = ("withheld", "stopped")
"""Of these the patient is told the title, and nothing to do."""


def shown_items(page: str) -> list[tuple[str, str]]:
    """(title, state) of each exercise on a plan's page, in order."""
    return [_item(part) for part in page.split("<article")[1:]]


def _item(part: str) -> tuple[str, str]:
    title = re.search(r"</span>([^<]+)</h\d>", part)
    assert title, part
    words = unescape(part)
    state = next((state for said, state in STATES if said in words), "doable")
    assert ('class="steps' in part) == (state not in UNTOLD), words
    return unescape(title[1]), state


def printed_items(page: str) -> Iterator[tuple[str, bool]]:
    """(title, whether its steps are there) of each exercise on the printed sheet."""
    for part in page.split('class="sheet-item"')[1:]:
        title = re.search(r"<h2[^>]*>\d+\. ([^<]+)</h2>", part)
        assert title, part
        yield unescape(title[1]), 'class="steps' in part.partition("</article>")[0]


def charted_days(page: str) -> dict[str, list[bool]]:
    """Exercise -> for each of the fourteen days of the printed chart, whether it has boxes."""
    rows: dict[str, list[bool]] = {}
    for title, cells in re.findall(r'<th scope="row">\d+\. ([^<]+)</th>(.*?)</tr>', page, re.S):
        boxes = ['class="tick"' in cell for cell in cells.split("<td>")[1:]]
        rows.setdefault(unescape(title), []).extend(boxes)
    return rows
