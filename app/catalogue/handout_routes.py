"""Handouts as they are read: one by its code, the code box, the staff's list."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import policy
from app.access import allow, public, signed_in, signed_in_person
from app.audit.service import About, record_refusal
from app.catalogue import service, words
from app.catalogue.models import Handout
from app.clock import now

MAX_SHOWN_CODE = 60

pages = Blueprint("catalogue", __name__)


@pages.context_processor
def words_of_the_catalogue() -> dict[str, object]:
    """What every page of the catalogue asks: who may do what, and how things are called."""
    return {"policy": policy, "wording": words}


@pages.get("/handouts")
@allow(policy.can_read_catalogue)
def handouts() -> ResponseReturnValue:
    return render_template("catalogue/handouts.html", handouts=service.list_handouts())


@pages.get("/handouts/<code>")
@public
def handout(code: str) -> ResponseReturnValue:
    """Not cacheable: the page holds the visitor's own token for the form of text sizes."""
    found = find_readable(code)
    if found is None:
        return unknown_code(code)
    if code != found.code:
        return redirect(url_for(".handout", code=found.code), 301)
    text = found.text
    return render_template(
        "catalogue/handout.html",
        handout=found,
        text=text,
        exercises=service.list_exercises_by_slug(text.exercises),
    )


def find_readable(code: str) -> Handout | None:
    """The handout, where there is one and this person may read it.

    One that is hidden from them is answered like one that is not there, and recorded.
    """
    found = service.find_handout(code)
    person = signed_in_person() if signed_in() else None
    if found is None or policy.can_read_handout(person, found):
        return found
    about = About("handout", found.id)
    record_refusal(request.endpoint or "", about, by=person, now=now(), reason="staff only")
    return None


def unknown_code(typed: str) -> ResponseReturnValue:
    """The code box again, with what may help to read the paper."""
    shown = typed[:MAX_SHOWN_CODE].strip()
    return render_template("catalogue/find.html", typed=shown, unknown=True), 404
