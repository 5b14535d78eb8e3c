"""Paper: the plan of six exercises as PDF, beside WeasyPrint on the same words and pictures."""

from __future__ import annotations

import multiprocessing
import resource
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from flask import Flask

from app import create_app
from app.catalogue.picture_store import picture_of
from app.paper import answer
from app.paper.document import Document
from app.paper.press import Press
from app.plans import reads
from app.plans.blueprint import moment
from app.plans.paper import plan_document
from benchmarks import weasy
from benchmarks.borrowed import borrowed
from benchmarks.clinic import Clinic
from benchmarks.measure import Page, served

ROUNDS = 9
AT_ONCE = 20
PEAK_OF = 8
EARLY, MANY = 400, 2000
GOAL = 15
GROWTH = 1.05
"""Resident memory after MANY documents, by that after EARLY ones: what counts as flat."""
Row = dict[str, object]
Given = TypeVar("Given")
Found = TypeVar("Found")


@dataclass(frozen=True)
class Kept:
    """Pictures by SHA-256, in memory; goes to another process."""

    found: dict[str, tuple[str, bytes] | None]

    def __call__(self, sha: str) -> tuple[str, bytes] | None:
        return self.found.get(sha)


def measure_paper(app: Flask, clinic: Clinic) -> list[Row]:
    """One row a figure, beside its goal."""
    with app.test_request_context():
        document, html = _six_exercises(clinic), weasy.as_html(app, clinic)
    with borrowed("weasyprint", weasy.VERSION) as there:
        beside = [*_speed(document, html), *_peaks(document, html)] if there else []
    return [*beside, *_many(document), *_in_parallel(clinic), *_unchanged(clinic)]


def _six_exercises(clinic: Clinic) -> Document:
    """The demonstration's plan, its pictures in memory."""
    sheet = reads.read_sheet(UUID(clinic.plan_path.rsplit("/", 1)[1]), moment())
    if sheet is None:
        raise LookupError("the demonstration's plan is not there")
    made = plan_document(
        sheet, address="https://clinic.example/plans/1", paper="letter", large=False,
        is_record=False, picture_of=picture_of,
    )  # fmt: skip
    kept = Kept({sha: picture_of(sha) for sha in made.pictures.names})
    return replace(made, pictures=replace(made.pictures, picture_of=kept))


def _for(document: Document, patient: str) -> Document:
    """The same plan of somebody else, so that nothing is made already."""
    return replace(document, data={**document.data, "foot": f"{patient} · {document.data['foot']}"})


def _speed(document: Document, html: str) -> list[Row]:
    """In turn, so that a noisy machine is noisy for both; processor time beside it."""
    press = Press(kept_bytes=0)
    wall: dict[str, list[float]] = {"ours": [], "theirs": []}
    busy: dict[str, list[float]] = {"ours": [], "theirs": []}
    for number in range(ROUNDS + 2):
        ours, theirs = _for(document, f"Pia {number}"), f"Pia {number}"
        makers: dict[str, Callable[[], bytes]] = {
            "ours": lambda one=ours: press.print(one),  # type: ignore[misc]  # bound now
            "theirs": lambda one=theirs: weasy.make_pdf(html, one),  # type: ignore[misc]
        }
        for name, make in makers.items():
            began, worked = time.perf_counter(), time.process_time()
            make()
            if number > 1:  # the first two load and warm what stays
                wall[name].append((time.perf_counter() - began) * 1000)
                busy[name].append((time.process_time() - worked) * 1000)
    rows: list[Row] = []
    for what, times in (("ms", wall), ("processor ms", busy)):
        ours_ms, theirs_ms = statistics.median(times["ours"]), statistics.median(times["theirs"])
        rows += [
            _row(f"PDF of six exercises, {what}", f"{ours_ms:.1f}", ""),
            _row(f"  WeasyPrint, {what}", f"{theirs_ms:.1f}", ""),
            _row("  times as fast", f"{theirs_ms / ours_ms:.1f}×", f"≥ {GOAL}×"),
        ]
    return rows


def _peaks(document: Document, html: str) -> list[Row]:
    """Each in a process of its own."""
    ours = _elsewhere(_peak_of_ours, document)
    theirs = _elsewhere(_peak_of_weasyprint, html)
    return [
        _row(f"Peak MB of {PEAK_OF} documents", f"{ours:.0f}", f"≤ {theirs:.0f}"),
        _row("  WeasyPrint", f"{theirs:.0f}", ""),
    ]


def _many(document: Document) -> list[Row]:
    early, late = _elsewhere(_resident_after, document)
    return [
        _row(f"Resident MB after {EARLY} documents, after {MANY}", f"{early:.0f}, {late:.0f}", ""),
        _row("  grown", f"{late / early:.3f}×", f"≤ {GROWTH}×"),
    ]


def _elsewhere(work: Callable[[Given], Found], given: Given) -> Found:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, (given,))


def _peak_of_ours(document: Document) -> float:
    press = Press()
    for number in range(PEAK_OF):
        press.print(_for(document, f"Pia {number}"))
    return _peak()


def _peak_of_weasyprint(html: str) -> float:
    for number in range(PEAK_OF):
        weasy.make_pdf(html, f"Pia {number}")
    return _peak()


def _peak() -> float:
    """In MB. Not getrusage: it counts the process that this one was started from, too."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def _resident_after(document: Document) -> tuple[float, float]:
    """The mean of the ten documents up to each: between two tidyings memory swings by some MB."""
    press, seen = Press(), []
    for number in range(1, MANY + 1):
        press.print(_for(document, f"Pia {number}"))
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        seen.append(pages * resource.getpagesize() / 2**20)
    return statistics.mean(seen[EARLY - 10 : EARLY]), statistics.mean(seen[-10:])


def create_unshelved() -> Flask:
    """The application, which makes every PDF anew."""
    answer.PRESS = Press(kept_bytes=0)
    return create_app()


def _in_parallel(clinic: Clinic) -> list[Row]:
    """Twenty people ask at the same moment, each for a PDF that nobody made yet."""
    with served("benchmarks.paper:create_unshelved()", clinic.environ, "/health") as port:
        asked = [
            Page(port, f"{clinic.plan_path}.pdf", clinic.patient_cookie) for _ in range(AT_ONCE)
        ]
        with ThreadPoolExecutor(AT_ONCE) as crowd:
            for _round in range(5):
                list(crowd.map(Page.ask, asked))
    times = [took for page in asked for took in page.times[1:]]
    p95 = statistics.quantiles(times, n=20)[18]
    return [_row(f"{AT_ONCE} at once, one worker: p95 ms", f"{p95:.0f}", "")]


def _unchanged(clinic: Clinic) -> list[Row]:
    with served("app:create_app()", clinic.environ, "/health") as port:
        page = Page(port, f"{clinic.plan_path}.pdf", clinic.patient_cookie)
        for _ in range(50):
            page.ask()
    return [_row("Asked again, from memory: p50 ms", f"{page.p50:.1f}", "")]


def _row(figure: str, value: str, goal: str) -> Row:
    return {"paper": figure, "measured": value, "goal": goal}
