"""Handouts: the public page of one, the code box, the staff's list and the editor."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import policy
from app.access import allow, public, signed_in_person
from app.catalogue import service, words
from app.catalogue.changes import find_changes
from app.catalogue.checks import check_handout
from app.catalogue.editing import Round, play_round
from app.catalogue.forms import whole_number
from app.catalogue.handout_forms import HANDOUT_ROWS, HandoutForm, handout_fields
from app.catalogue.revisions import HANDOUTS
from app.catalogue.rowclicks import click
from app.catalogue.rules import MAX_EXERCISES, HandoutText, normal_code
from app.catalogue.search import list_exercises
from app.catalogue.words import handout_parts
from app.clock import now
from app.database import db

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
    found = service.find_handout(code)
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


@pages.get("/find")
@public
def find() -> ResponseReturnValue:
    typed = request.args.get("code", "")
    if not normal_code(typed):
        return render_template("catalogue/find.html", typed=typed[:MAX_SHOWN_CODE])
    found = service.find_handout(typed)
    if found is None:
        return unknown_code(typed)
    return redirect(url_for(".handout", code=found.code), 303)


@pages.route("/handouts/<code>/edit", methods=["GET", "POST"])
@allow(policy.can_edit_catalogue)
def edit_handout(code: str) -> ResponseReturnValue:
    found = service.find_handout(code) or abort(404)

    def publish(form: HandoutForm, text: HandoutText) -> ResponseReturnValue:
        based_on = whole_number(form.based_on.data) or 0
        revision = service.revise_handout(
            found, text, based_on=based_on, by=signed_in_person(), now=now()
        )
        db.session.commit()
        if revision.number == based_on:
            flash(_("Nothing changed: the wording is the same as before."), "info")
        else:
            flash(_("Revision %(number)s is published.", number=revision.number), "success")
        return redirect(url_for(".handout", code=found.code), 303)

    played = play_round(
        HandoutForm, handout_fields(found.text, found.current_number), _press, _read, publish
    )
    if not isinstance(played, Round):
        return played
    form = played.form
    theirs = HANDOUTS.list_published(found)[0] if played.is_stale else None
    slugs = [entry.data or "" for entry in form.exercises]
    titles = _titles(slugs if theirs is None else [*slugs, *theirs.text.exercises])
    changes = (
        find_changes(handout_parts(theirs.text, titles), handout_parts(played.text, titles))
        if theirs and played.text
        else ()
    )
    offered = list_exercises(form.words.data or "").items
    page = render_template(
        "catalogue/edit_handout.html",
        handout=found,
        form=form,
        form_errors=form.problems,
        focus=played.focus,
        text=played.text,
        titles=titles,
        offered=[one for one in offered if one.slug not in slugs],
        theirs=theirs,
        changes=changes,
    )
    return page, played.status


def unknown_code(typed: str) -> ResponseReturnValue:
    """The code box again, with what may help to read the paper."""
    shown = typed[:MAX_SHOWN_CODE].strip()
    return render_template("catalogue/find.html", typed=shown, unknown=True), 404


def _press(values: dict[str, Any], button: str) -> str | None:
    """Search, put a found exercise at the end of the list, or move a row."""
    verb, _colon, slug = button.partition(":")
    slugs = values["exercises"]
    if verb == "find":
        return "words"
    if verb == "put" and slug:
        if slug not in slugs and len(slugs) < MAX_EXERCISES:
            slugs.append(slug)
        return f"exercises-{len(slugs) - 1}"
    return click(values, button, HANDOUT_ROWS)


def _read(form: HandoutForm) -> HandoutText:
    text = form.handout_text()
    check_handout(text)
    return text


def _titles(slugs: list[str]) -> dict[str, str]:
    return {one.slug: one.text.title for one in service.list_exercises_by_slug(slugs)}
