"""The handout as PDF, for whoever types its code."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from app.catalogue import service
from app.config import Settings
from app.database import db
from tests.catalogue.support import OPERATOR
from tests.factories import CastMember
from tests.paper.reading import Pdf
from tests.support import NOON
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]


@pytest.fixture
def stranger(visit: Visit) -> Visitor:
    return visit(None)


def fetch(visitor: Visitor, path: str) -> Pdf:
    visitor.open(path)
    assert visitor.response is not None
    assert visitor.response.mimetype == "application/pdf"
    return Pdf(visitor.response.get_data())


def test_a_stranger_gets_every_word_of_the_handout(stranger: Visitor) -> None:
    page = stranger.open("/handouts/T680").page.select_one("main")
    assert page is not None
    for extra in page.select(".actions, .movement, [aria-hidden]"):
        extra.extract()
    said = Counter(re.findall(r"\w+", page.get_text(" ")))
    handout = fetch(stranger, "/handouts/T680.pdf?size=a4")
    assert said - Counter(re.findall(r"\w+", handout.text)) == Counter()


def test_it_says_when_to_stop_and_whom_to_call(stranger: Visitor) -> None:
    handout = fetch(stranger, "/handouts/T680.pdf")
    assert "If an exercise hurts too much, stop." in handout.text
    assert "Call Riverside Clinic: 555-0100. In an emergency, call 911." in handout.text


@pytest.mark.parametrize("look", ["size=a4", "size=letter", "size=a4&print=large"])
def test_it_is_accessible_and_every_page_says_what_it_is(look: str, stranger: Visitor) -> None:
    handout = fetch(stranger, f"/handouts/T680.pdf?{look}")
    number = len(handout.pages)
    foot = "Healthy upper back: exercises · T680 · revision"
    for n, page in enumerate(handout.pages, start=1):
        assert foot in page
        assert f"Page {n} of {number}" in page
    with handout.file.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
    assert handout.untagged() == []
    assert handout.headings()[0] == 1
    assert 3 in handout.headings(), "sitting and standing, where both are the same"
    assert "" not in handout.alts()


def test_in_large_print_each_way_to_do_it_has_a_page(app: Flask, stranger: Visitor) -> None:
    handout = fetch(stranger, "/handouts/T680.pdf?print=large")
    with app.app_context():
        (exercise,) = service.list_exercises_by_slug(["shoulder-rolls"])
    sitting, standing = exercise.text.variants
    first = handout.page_of("Shoulder rolls Repeat 2 to 4 times")
    assert handout.page_of("Shoulder rolls: Standing") == first + 1
    for page, way in ((first, sitting), (first + 1, standing)):
        assert all(handout.says(step.text, page) for step in way.steps)
        alts = [figure.words for figure in handout.figures if figure.page == page]
        assert alts == [step.picture_alt for step in way.steps]


def test_a_phone_that_reads_the_code_comes_to_the_handout(
    stranger: Visitor, settings: Settings
) -> None:
    handout = fetch(stranger, "/handouts/T680.pdf")
    assert handout.qr_codes() == [f"{settings.base_url}/handouts/T680"]


def test_whoever_kept_it_only_asks_whether_it_changed(stranger: Visitor) -> None:
    first = stranger.client.get("/handouts/T680.pdf")
    assert first.headers["Cache-Control"] == "no-cache"
    again = stranger.client.get(
        "/handouts/T680.pdf", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert (again.status_code, again.get_data()) == (304, b"")
    large = stranger.client.get(
        "/handouts/T680.pdf?print=large", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert large.status_code == 200


def test_a_code_is_found_however_it_was_typed_and_an_unknown_one_is_not(stranger: Visitor) -> None:
    answer = stranger.client.get("/handouts/t-680.pdf?print=large")
    assert answer.status_code == 301
    assert answer.headers["Location"].endswith("/handouts/T680.pdf?print=large")
    stranger.open("/handouts/Q999.pdf", expect=404)


def test_the_handout_page_leads_to_its_pdf(stranger: Visitor) -> None:
    assert stranger.open("/handouts/T680").page.select("a[href='/handouts/T680.pdf']")


@pytest.mark.parametrize("payload", ['#read("/etc/passwd") $x$', "<b>*b*</b> ../../etc/passwd"])
def test_a_payload_in_every_field_comes_out_as_text(
    payload: str, app: Flask, stranger: Visitor
) -> None:
    with app.app_context():
        publish_everywhere(payload)
    handout = fetch(stranger, "/handouts/T680.pdf")
    assert handout.text.replace(" ", "").count(payload.replace(" ", "")) >= 16
    assert "root:" not in handout.text
    assert str(handout.file.docinfo["/Title"]) == payload
    with handout.file.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"


def publish_everywhere(words: str) -> None:
    """T680 has one exercise, and all that can be typed into either is ``words``."""
    (exercise,) = service.list_exercises_by_slug(["wall-push-up"])
    variant = exercise.text.variants[0]
    steps = tuple(replace(step, text=words) for step in variant.steps)
    typed = replace(
        exercise.text,
        title=words,
        purpose=words,
        variants=(replace(variant, steps=steps),),
        equipment=(words,),
        safety_notes=(words,),
        attribution=words,
        licence=words,
    )
    service.revise_exercise(exercise, typed, based_on=1, by=OPERATOR, now=NOON)
    handout = service.find_handout("T680")
    assert handout is not None
    text = replace(
        handout.text,
        title=words,
        running_title=words,
        exercises=("wall-push-up",),
        introduction=(words,),
        follow_up=(words,),
        learn_more=(words,),
        owner=(words,),
    )
    service.revise_handout(handout, text, based_on=1, by=OPERATOR, now=NOON)
    db.session.commit()
