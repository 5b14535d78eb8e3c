"""What somebody typed to do harm, in everything that is kept: wherever it comes out, it is text."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pikepdf
import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from app.database import Base, db
from tests.accounts.posted import posted
from tests.attack.agent import Answer
from tests.attack.clinic import Clinic
from tests.attack.crawl import Reached, crawl, rule_of
from tests.attack.payloads import (
    ADDRESS,
    EVERY,
    PAYLOADS,
    Seen,
    area_of,
    marks_in,
    places_in,
    without_numbers,
)
from tests.attack.remote import NARROW, NOT_STORED
from tests.attack.storing import Written, write_everywhere
from tests.attack.watching import Watcher
from tests.paper.reading import Pdf

HARM = re.compile(r"<(img src=//e|x-attack|svg/onload)|<script>|312523901|root:.:0:", re.IGNORECASE)
"""Markup that is not escaped, sums that were done, a file that was read."""
PDF = "application/pdf"
SVG = "image/svg+xml"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
IN_A_MAIL = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version",
             "Content-Type", "Content-Transfer-Encoding"}  # fmt: skip
ASKED_BY_SCRIPTS = {
    "/sign-in/passkey",
    "/account/confirm/passkey",
    "/account/passkeys/new",
    "/catalogue/hints",
}
"""Rules that no form leads to: they answer a script, and keep nothing."""
NOT_KEPT = "notkept7351"
OTHERS = ("=?utf-8?q?a=0d=0abcc:e=40e.test?=@example.org", "a,b@example.org", "a<b@example.org>",
          "a(b)@example.org", '"a@example.org', "g:a@example.org;", "a@example.org,")  # fmt: skip
"""What looks like one address, and is several, or another one, in the head of a mail."""


@dataclass
class Stored:
    """Who wrote, and what each of them, their patient and a stranger reach now."""

    written: Written
    reached: dict[str, Reached]

    def answers(self, kind: str) -> Iterator[tuple[str, str, Answer]]:
        """(who, path, answer) for everything of this kind."""
        for who, reached in self.reached.items():
            for path, answer in reached.pages.items():
                if answer.status == 200 and answer.kind == kind:
                    yield who, path, answer

    def pages(self, clinic: Clinic) -> Iterator[Seen]:
        """Every page that somebody was shown, while they wrote and afterwards."""
        yield from self.written.pen.seen
        for who, path, answer in self.answers("text/html"):
            yield Seen(who, rule_of(clinic.app, path), path, answer)


@pytest.fixture(scope="module")
def stored(clinic: Clinic) -> Stored:
    """Everything is written before anything is read."""
    written = write_everywhere(clinic)
    reached = {
        name: crawl(clinic.app, written.agents[name], paths, follow=name != "bea", each=1)
        for name, paths in written.paths.items()
    }
    return Stored(written, reached)


def test_every_box_that_keeps_text_was_written_into(stored: Stored, clinic: Clinic) -> None:
    """With each of the payloads; and there is no form that nobody came to."""
    pen = stored.written.pen
    forms = [sent for reached in stored.reached.values() for sent in reached.forms.values()]
    boxes = pen.boxes | {
        (sent.rule, without_numbers(name)) for sent in forms for name in sent.texts
    }
    boxes -= NARROW
    assert not sorted(boxes - NOT_STORED - set(pen.kept)), "written into by nobody"
    assert not sorted(NOT_STORED - boxes), "no such box"
    areas = {area_of(box) for box in boxes - NOT_STORED}
    assert not sorted(area for area in areas if set(pen.kept_in(area)) != EVERY), "lack a payload"
    taken = {
        rule.rule for rule in clinic.app.url_map.iter_rules() if "POST" in (rule.methods or ())
    }
    led_to = {sent.rule for sent in forms} | pen.rules
    assert not sorted(taken - led_to - ASKED_BY_SCRIPTS), "forms that nobody came to"


def test_no_page_has_it_as_markup(stored: Stored, clinic: Clinic) -> None:
    showing = Counter[str]()
    for page in stored.pages(clinic):
        found = HARM.search(page.answer.text)
        assert not found, f"{page}: {page.answer.text[found.start() - 200 :][:300]}"
        showing.update({page.what: len(marks_in(page.answer.text))})
    assert sum(much > 0 for much in showing.values()) > 60, sorted(showing)


def test_no_browser_runs_or_fetches_it(stored: Stored, clinic: Clinic, browser: Browser) -> None:
    """Every payload in every place of every kind of page that shows it."""
    faults = list[str]()
    chosen = few_with_all(stored.pages(clinic))
    for who in sorted({page.who for page in chosen}):
        with Watcher(browser, stored.written.agents[who]) as watcher:
            for page in chosen:
                if page.who == who:
                    watcher.look(page.path, page.answer)
            faults += watcher.faults
    assert not faults, "\n".join(faults)


def few_with_all(pages: Iterable[Seen]) -> list[Seen]:
    """Few of them that together show all that any of them shows: (what, place, payload)."""
    shown = {page: {(page.what, *place) for place in places_in(page.answer.text)} for page in pages}
    wanted, chosen = set[tuple[str, str, int]]().union(*shown.values()), []
    assert len(wanted) > 700
    while wanted:
        page = max(shown, key=lambda page: len(shown[page] & wanted))
        chosen.append(page)
        wanted -= shown.pop(page)
    return chosen


def test_no_paper_runs_reads_or_leads_to_it(stored: Stored, clinic: Clinic) -> None:
    showing: dict[str, frozenset[int]] = {}
    for _who, path, answer in stored.answers(PDF):
        rule, paper = rule_of(clinic.app, path), Pdf(answer.body)
        for part in paper.file.objects:
            check_part(part, rule, clinic.gate.origin)
        assert not re.search(r"312523901|root:.:0:", paper.text), rule
        showing[rule] = showing.get(rule, frozenset()) | marks_in(re.sub(r"\s", "", paper.text))
    assert len(showing) > 4
    assert sum(found == EVERY for found in showing.values()) > 3, showing


def check_part(part: object, where: str, origin: str) -> None:
    """No script, no program, no file, and no address but ours."""
    if not isinstance(part, pikepdf.Dictionary):
        return
    for name in ("/JS", "/JavaScript", "/Launch", "/EmbeddedFile", "/GoToR", "/AA"):
        assert name not in part, f"{where}: {name}"
    assert part.get("/S") not in ("/JavaScript", "/Launch", "/GoToR"), where
    if "/URI" in part:
        assert str(part["/URI"]).startswith(f"{origin}/"), f"{where}: {part['/URI']}"


def test_no_cell_of_the_audits_file_is_a_formula(stored: Stored) -> None:
    answer = stored.written.agents["aud"].post("/audit.csv", {})
    assert answer.kind == "text/csv"
    cells = [cell for row in csv.reader(io.StringIO(answer.text)) for cell in row]
    found = Counter(n for cell in cells for n in marks_in(cell))
    assert min(found[n] for n in EVERY) > 10, found
    assert not [cell for cell in cells if cell.startswith(FORMULA)]


def test_no_mail_has_a_line_of_it_in_its_head(stored: Stored, clinic: Clinic) -> None:
    mails = posted(clinic.settings)
    assert sum(ADDRESS in str(mail["To"]) for mail in mails) > 4
    for mail in mails:
        assert set(mail.keys()) <= IN_A_MAIL
        assert len(mail.keys()) == len(set(mail.keys()))
        (to,) = mail["To"].addresses
        assert to.addr_spec == str(mail["To"])
        assert to.domain == "example.org"
        assert "e.test" not in str(mail["Subject"])
        assert mail.get_content_type() == "text/plain"


@pytest.mark.parametrize("email", OTHERS)
def test_an_address_that_mail_reads_as_another_is_refused(email: str, stored: Stored) -> None:
    sia = stored.written.agents["sia"]
    assert sia.post("/account/email", {"email": email}).status == 422


def test_no_drawing_runs_or_fetches_it(stored: Stored, browser: Browser) -> None:
    """The lettering of a picture that was drawn of what somebody sent, opened by itself."""
    aud = stored.written.agents["aud"]
    offered = {
        path
        for page in stored.written.pen.seen
        if page.what == "/catalogue/new POST 200"
        for path in re.findall(r'src="(/pictures/[0-9a-f]{64})"', page.answer.text)
    }
    drawings = {path: aud.get(path) for path in sorted(offered)}
    odd = {path: drawn for path, drawn in drawings.items() if marks_in(drawn.text)}
    assert odd
    with Watcher(browser, aud) as watcher:
        for path, drawn in odd.items():
            assert drawn.kind == SVG
            assert not HARM.search(drawn.text)
            watcher.look(path, drawn)
    assert not watcher.faults, "\n".join(watcher.faults)


def test_no_line_of_the_log_has_it(stored: Stored, clinic: Clinic) -> None:
    assert not marks_in(clinic.server.log.read_text(errors="replace"))


def test_a_box_that_is_said_to_keep_nothing_keeps_nothing(stored: Stored, clinic: Clinic) -> None:
    """Sent with a word of its own, which is in no table afterwards; codes refuse a payload."""
    sent = {
        (form.rule, without_numbers(name)): (stored.written.agents[who], form, name)
        for who, reached in stored.reached.items()
        for form in reached.forms.values()
        for name in form.texts
    }
    for box in sorted(NOT_STORED | NARROW):
        agent, form, name = sent[box]
        word = PAYLOADS[0] if box in NARROW else NOT_KEPT
        answer = agent.post(form.path, [(n, word if n == name else v) for n, v in form.fields])
        assert answer.status < 500, box
        assert box not in NARROW or answer.status == 422, box
    with clinic.app.app_context():
        for table in Base.metadata.sorted_tables:
            kept = repr(db.session.execute(select(table)).all())
            assert NOT_KEPT not in kept.lower(), table.name
        db.session.rollback()
