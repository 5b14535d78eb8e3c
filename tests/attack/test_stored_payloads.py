"""What somebody typed to do harm, in everything that is kept: wherever it comes out, it is text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.accounts.posted import posted
from tests.attack.agent import Agent, Answer
from tests.attack.clinic import Clinic
from tests.attack.crawl import Reached, crawl, rule_of
from tests.attack.remote import NOT_STORED, NUMBER
from tests.attack.storing import MARK, PAYLOADS, Written, write_everywhere
from tests.paper.reading import Pdf

HARM = re.compile(r"<(img src=//e|x-attack|svg/onload)|<script>|\b1337\b|root:.:0:", re.IGNORECASE)
"""Markup that is not escaped, sums that were done, a file that was read."""
MADE = """x-attack, img[src*='e.test'], svg[onload], [onerror], script:not([src]),
    a[href^='javascript'], [href*='e.test'], [src*='e.test'], [action*='e.test']"""
PDF = "application/pdf"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
IN_A_MAIL = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version",
             "Content-Type", "Content-Transfer-Encoding"}  # fmt: skip
LISTEN = """window.faults = [];
    addEventListener("securitypolicyviolation",
        (e) => faults.push(`${e.violatedDirective} ${e.blockedURI}`));
    addEventListener("error", (e) => faults.push(e.message));"""


@dataclass
class Round:
    """One payload: who wrote it, and what each of them and their patient reaches now."""

    written: Written
    agents: dict[str, Agent]
    reached: dict[str, Reached]

    def answers(self, kind: str) -> Iterator[tuple[str, str, Answer]]:
        """(who, path, answer) for everything of this kind."""
        for who, reached in self.reached.items():
            for path, answer in reached.pages.items():
                if answer.status == 200 and answer.kind == kind:
                    yield who, path, answer


@pytest.fixture(scope="module")
def rounds(clinic: Clinic) -> list[Round]:
    """Everything is written before anything is read."""
    every = [write_everywhere(clinic, n, payload) for n, payload in enumerate(PAYLOADS)]
    return [read(clinic, written) for written in every]


def read(clinic: Clinic, written: Written) -> Round:
    agents = {name: clinic.enter(member) for name, member in written.people.items()}
    reached = {
        name: crawl(clinic.app, agents[name], ["/start", *paths], each=1)
        for name, paths in written.paths.items()
    }
    return Round(written, agents, reached)


def test_every_box_that_keeps_text_was_written_into(rounds: list[Round]) -> None:
    boxes = {
        re.sub(r"[0-9]+", "N", name)
        for one in rounds
        for reached in one.reached.values()
        for sent in reached.forms.values()
        for name in sent.texts
    }
    for one in rounds:
        missing = boxes - one.written.filled - set(NOT_STORED)
        assert not [name for name in missing if not NUMBER.search(f"{name}=")]


def test_no_page_has_it_as_markup(rounds: list[Round], clinic: Clinic) -> None:
    for one in rounds:
        showing = set()
        for who, path, answer in one.answers("text/html"):
            found = HARM.search(answer.text)
            assert not found, f"{who} {path}: {answer.text[found.start() - 200 :][:300]}"
            if MARK.search(answer.text):
                showing.add(rule_of(clinic.app, path))
        assert len(showing) > 20, sorted(showing)


def test_no_browser_runs_or_fetches_it(
    rounds: list[Round], clinic: Clinic, browser: Browser
) -> None:
    """Of each rule the page with most of it, for each kind of person."""
    fullest: dict[tuple[str, str], tuple[int, str, Agent]] = {}
    for one in rounds:
        for who, path, answer in one.answers("text/html"):
            key, much = (who, rule_of(clinic.app, path)), len(MARK.findall(answer.text))
            if much > fullest.get(key, (0,))[0]:
                fullest[key] = much, path, one.agents[who]
    assert len(fullest) > 30
    for agent in {id(agent): agent for _much, _path, agent in fullest.values()}.values():
        context = browser.new_context(ignore_https_errors=True)
        watcher = Watcher(context, clinic.gate.origin)
        context.add_cookies(
            [{"name": n, "value": v, "url": clinic.gate.origin} for n, v in agent.cookies.items()]
        )
        for _much, path, owner in fullest.values():
            if owner is agent:
                watcher.look(path)
        context.close()
        assert not watcher.faults, "\n".join(watcher.faults)


class Watcher:
    """A browser window; ``faults`` is all that no page of ours ever does."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.faults: list[str] = []
        self._origin = origin
        self._page: Page = context.new_page()
        self._page.add_init_script(LISTEN)
        self._page.on("console", lambda said: self._note(f"console: {said.text}"))
        self._page.on("pageerror", lambda error: self._note(f"error: {error}"))
        self._page.on("dialog", lambda dialog: self._note(f"dialog: {dialog.message}"))
        self._page.on("request", lambda request: self._see(request.url))

    def look(self, path: str) -> None:
        answer = self._page.goto(self._origin + path)
        assert answer is not None
        assert answer.status == 200, path
        self.faults += [f"{path}: {fault}" for fault in self._page.evaluate("window.faults")]
        made = self._page.evaluate("s => document.querySelector(s)?.outerHTML", MADE)
        if made:
            self._note(f"made: {made}")
        self._page.evaluate("window.onbeforeunload = null")

    def _note(self, fault: str) -> None:
        self.faults.append(f"{self._page.url}: {fault}")

    def _see(self, url: str) -> None:
        if not url.startswith((f"{self._origin}/", "data:")):
            self._note(f"asked {url}")


def test_no_paper_runs_reads_or_leads_to_it(rounds: list[Round], clinic: Clinic) -> None:
    for one in rounds:
        papers = {rule_of(clinic.app, path): answer for _who, path, answer in one.answers(PDF)}
        assert len(papers) > 4
        showing = 0
        for rule, answer in papers.items():
            paper = Pdf(answer.body)
            for part in paper.file.objects:
                check_part(part, rule, clinic.gate.origin)
            assert not re.search(r"\b1337\b|root:.:0:", paper.text), rule
            showing += "alert(1)" in re.sub(r"\s", "", paper.text)
        assert showing > 3


def check_part(part: object, where: str, origin: str) -> None:
    """No script, no program, no file, and no address but ours."""
    if not isinstance(part, pikepdf.Dictionary):
        return
    for name in ("/JS", "/JavaScript", "/Launch", "/EmbeddedFile", "/GoToR", "/AA"):
        assert name not in part, f"{where}: {name}"
    assert part.get("/S") not in ("/JavaScript", "/Launch", "/GoToR"), where
    if "/URI" in part:
        assert str(part["/URI"]).startswith(f"{origin}/"), f"{where}: {part['/URI']}"


def test_no_cell_of_the_audits_file_is_a_formula(rounds: list[Round]) -> None:
    admin = rounds[-1].agents["aud"]
    answer = admin.post("/audit.csv", {})
    assert answer.kind == "text/csv"
    cells = [cell for row in csv.reader(io.StringIO(answer.text)) for cell in row]
    assert sum("alert(1)" in cell for cell in cells) > 20
    assert not [cell for cell in cells if cell.startswith(FORMULA)]


def test_no_mail_has_a_line_of_it_in_its_head(rounds: list[Round], clinic: Clinic) -> None:
    mails = posted(clinic.settings)
    assert len(mails) >= len(rounds)
    for mail in mails:
        assert set(mail.keys()) <= IN_A_MAIL
        assert len(mail.keys()) == len(set(mail.keys()))
        assert re.fullmatch(r"[^\s@,<>]+@example\.org", str(mail["To"]))
        assert "e.test" not in str(mail["Subject"])
        assert mail.get_content_type() == "text/plain"
