"""Whatever is typed comes out as text: nothing is run, read or fetched."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.accounts.paper import invitation_document
from app.catalogue.rules import Caution, Level
from app.paper.press import make_pdf
from app.plans.paper import summary_document
from app.plans.rules import MAX_LOAD
from app.plans.sheet import PlanSheet
from tests.paper.reading import Pdf
from tests.paper.sheets import MONDAY, print_sheet, row, sheet_of, six_texts

PAYLOADS = [
    "<b>bold</b> <script>alert(1)</script>",
    "</strong> <strong>loud",
    '#read("/etc/passwd")',
    "#{panic()} #import \"@preview/x:1.0.0\": *",
    '#image("../../seed.png")',
    "*b* _i_ `raw` = Head <label> @cite $x^2$",
    "- list // no /* comment */ \\u{41} ~ ---",
    "\"), read(\"/etc/passwd",
    "../../../../etc/passwd",
    "file:///etc/passwd https://example.org/x.png",
    "%(patient)s %s {0} {{ 7*7 }} {% raw %}",
    "\\\\server\\share & ; | $(id)",
]  # fmt: skip


def everywhere(words: str) -> PlanSheet:
    """A sheet in which every field that somebody can type holds ``words``."""
    text = six_texts()[0]
    steps = tuple(replace(step, text=words, picture_alt=words) for step in text.variants[0].steps)
    typed = replace(
        text,
        title=words,
        variants=(replace(text.variants[0], steps=steps),),
        equipment=(words,),
        cautions=(Caution("x", Level.PRECAUTION, words),),
        safety_notes=(words,),
        attribution=words,
        licence=words,
    )
    one = replace(row(typed), note=words)
    one = replace(one, dose=replace(one.dose, load=words[:MAX_LOAD]))
    sheet = sheet_of(
        (one,),
        clinic_name=words,
        stop_rule=words,
        patient_name=words,
        therapist_name=words,
        introduction=(words,),
        follow_up=(words,),
        learn_more=(words,),
        owner=(words,),
    )
    safety = replace(sheet.safety, clinic_phone=words, emergency_number=words)
    return replace(sheet, title=words, safety=safety)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_in_every_field_comes_out_as_text(payload: str, words: None) -> None:
    plan = print_sheet(everywhere(payload))
    # Lines break within it and hide spaces: compared without them.
    said = plan.text.replace(" ", "")
    wanted = "".join(payload.split())
    assert said.count(wanted) >= 20
    assert "root:" not in plan.text
    assert str(plan.file.docinfo["/Title"]) == payload
    assert payload in plan.alts()
    assert plan.untagged() == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_in_the_letters_comes_out_as_text(payload: str, words: None) -> None:
    summary = summary_document(everywhere(payload), paper="a4", is_record=True)
    invitation = invitation_document(
        name=payload,
        sign_in_name=payload,
        clinic=payload,
        phone=payload,
        emergency=payload,
        address=f"https://clinic.example/{payload}",
        last_day=MONDAY,
        day=MONDAY,
        paper="a4",
    )
    for document, times in ((summary, 7), (invitation, 7)):
        letter = Pdf(make_pdf(document))
        assert letter.text.replace(" ", "").count("".join(payload.split())) >= times
        assert "root:" not in letter.text
        assert letter.untagged() == []


def test_control_characters_and_turning_marks_are_left_out(words: None) -> None:
    plan = print_sheet(everywhere("A\x00B\x07C\x1b[31m\u202eD\ud800E\ufffeF\u2066G"))
    assert "ABC[31mDEFG" in plan.text
    with plan.file.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"


def test_the_lines_of_a_note_stay_lines(words: None) -> None:
    one = replace(row(six_texts()[0]), note="First.\r\nSecond.\n\nThird.")
    plan = print_sheet(sheet_of((one,)))
    tops = {line.words: line.top for line in plan.lines if line.words.endswith(".")}
    assert tops["Second."] > tops["Third."]


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """A server's address, and what it was asked for."""
    paths: list[str] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Silence."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", paths
        server.shutdown()


def test_a_picture_neither_fetches_nor_reads_what_it_names(
    asked: tuple[str, list[str]], tmp_path: Path, words: None
) -> None:
    address, paths = asked
    secret = tmp_path / "secret.svg"
    secret.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>SECRET</text></svg>'
    )
    drawing = f"""<?xml version="1.0"?>
        <!DOCTYPE svg [<!ENTITY file SYSTEM "file://{secret}">]>
        <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
             width="300" height="320"><rect width="300" height="320" fill="#eee"/>
        <image href="{address}/a.png" width="9" height="9"/>
        <image xlink:href="file://{secret}" width="9" height="9"/>
        <image href="{secret}" width="9" height="9"/><use href="{address}/b.svg#x"/>
        <style>@import url({address}/c.css); text {{ fill: url({address}/d.svg#y) }}</style>
        <script href="{address}/e.js"/><text y="50">&file;</text></svg>"""
    text = six_texts()[0]
    plan = print_sheet(
        sheet_of((row(text),)), pictures=lambda sha: ("image/svg+xml", drawing.encode())
    )
    assert "Reach forward gently" in plan.text
    assert "SECRET" not in plan.text
    assert paths == []


def test_a_plan_of_payloads_keeps_its_places(words: None) -> None:
    plan: Pdf = print_sheet(everywhere(PAYLOADS[0]))
    assert len(plan.pages) <= 3
