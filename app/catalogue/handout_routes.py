"""Handouts as they are read: one by its code, and the staff's list."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import policy
from app.access import allow, public
from app.catalogue import service, words
from app.catalogue.code_box import find_readable, unknown_code

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
