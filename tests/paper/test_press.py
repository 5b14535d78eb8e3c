"""The press: few at once, nothing made twice, nothing loaded before it is needed."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Barrier, Thread

import pytest

from app.config import ROOT
from app.paper.document import Document, Pictures
from app.paper.press import Busy, Press
from app.plans.paper import plan_document
from app.plans.rules import MAX_ROWS
from tests.paper.sheets import ADDRESS, every_step, long_row, picture_of, sheet_of

DAY = date(2026, 3, 2)


@pytest.fixture
def make_document() -> Callable[..., Document]:
    """A letter; ``title`` makes it another one."""

    def make(title: str = "Plan") -> Document:
        pictures = Pictures()
        data = {
            "name": title, "title": title, "clinic": "Riverside Clinic", "foot": "Pia",
            "page": "Page", "of": "of", "paper": "a4", "large": False, "record": "",
            "lang": "en", "region": None,
            "lines": [], "introduction": [], "steps": [], "before": "Soon.", "notes": [],
            "questions": [["Call us.", True]],
            "code": {"drawing": pictures.add_qr(ADDRESS), "alt": "QR", "words": [["Scan", True]]},
        }  # fmt: skip
        return Document("accounts/invitation.typ", data, DAY, pictures)

    return make


Make = Callable[..., Document]


def test_an_unchanged_document_is_made_once(make_document: Make) -> None:
    press = Press()
    first = press.print(make_document())
    assert press.print(make_document()) is first
    assert press.print(make_document("Another")) is not first


def test_a_document_is_another_when_words_pictures_template_or_day_are(make_document: Make) -> None:
    plan = make_document()
    others = [
        make_document("Plans"),
        replace(plan, day=date(2026, 3, 3)),
        replace(plan, template="plans/summary.typ"),
        replace(plan, pictures=Pictures(picture_of, ADDRESS, {"a" * 64: "picture 1"})),
        replace(plan, pictures=Pictures(picture_of, ADDRESS + "x")),
    ]
    assert len({one.fingerprint for one in (plan, make_document(), *others)}) == 6


def test_the_shelf_holds_no_more_than_its_bytes(make_document: Make) -> None:
    one = Press().print(make_document("Plan 0"))
    press = Press(kept_bytes=int(len(one) * 2.5))
    made = [press.print(make_document(f"Plan {n}")) for n in range(4)]
    assert press.shelf.size <= len(one) * 2.5
    assert press.print(make_document("Plan 3")) is made[3]
    assert press.print(make_document("Plan 0")) is not made[0]


def test_a_document_larger_than_the_shelf_is_made_and_not_kept(make_document: Make) -> None:
    press = Press(kept_bytes=10)
    assert press.print(make_document()).startswith(b"%PDF")
    assert press.shelf.size == 0


def test_a_press_that_is_full_says_when_to_come_back(make_document: Make) -> None:
    press = Press(at_once=1, patience=0)
    assert press.places.acquire(blocking=False)
    with pytest.raises(Busy) as busy:
        press.print(make_document())
    assert busy.value.seconds > 0
    press.places.release()
    assert press.print(make_document()).startswith(b"%PDF")


def test_a_failure_gives_its_place_back(make_document: Make) -> None:
    press = Press(at_once=1, patience=0)
    broken = replace(make_document(), data={})
    for _try in range(2):
        with pytest.raises(RuntimeError):
            press.print(broken)
    assert press.print(make_document()).startswith(b"%PDF")


def test_threads_each_get_their_own_document(make_document: Make) -> None:
    press, barrier = Press(at_once=4, patience=60), Barrier(8)
    found: dict[int, bytes] = {}

    def go(number: int) -> None:
        document = make_document(f"Plan {number}")
        barrier.wait()
        found[number] = press.print(document)

    threads = [Thread(target=go, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    alone = {n: Press().print(make_document(f"Plan {n}")) for n in range(8)}
    assert found == alone


def test_the_application_loads_typst_only_when_somebody_prints() -> None:
    """A library of 80 MB, whose threads would not live through the server's fork."""
    asked = "import app, sys; app.create_app; sys.exit('typst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], cwd=ROOT, check=False).returncode == 0


def test_the_longest_plans_do_not_pile_up_in_memory(words: None) -> None:
    press, seen = Press(kept_bytes=0), []
    for number in range(6):
        press.print(longest(f"Pia {number}"))
        seen.append(resident_megabytes())
    assert seen[-1] - seen[1] < 40, f"Typst keeps some 30 of each: {seen}"


def longest(patient: str) -> Document:
    rows = (
        long_row(n, title=f"Exercise {n}", note="Go slowly. " * 27, steps=every_step(n, 120, 4))
        for n in range(MAX_ROWS)
    )
    return plan_document(
        sheet_of(tuple(rows), patient_name=patient),
        address=ADDRESS,
        paper="a4",
        large=False,
        is_record=False,
        picture_of=picture_of,
    )


def resident_megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20
