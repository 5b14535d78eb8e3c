"""Handouts as they are written: a new one, the editor, its revisions, its code and readers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import policy
from app.access import allow, signed_in_person
from app.catalogue import handout_codes, service
from app.catalogue.changes import find_changes
from app.catalogue.checks import check_handout
from app.catalogue.editing import Round, play_round
from app.catalogue.forms import whole_number
from app.catalogue.handout_forms import (
    HANDOUT_ROWS,
    HandoutForm,
    NewHandoutForm,
    ShareForm,
    handout_fields,
    sharing_fields,
)
from app.catalogue.handout_routes import pages
from app.catalogue.models import Handout
from app.catalogue.revisions import HANDOUTS
from app.catalogue.rowclicks import click
from app.catalogue.rules import MAX_EXERCISES, HandoutText
from app.catalogue.search import list_exercises
from app.catalogue.words import handout_parts
from app.clock import now
from app.database import db
from app.errors import Conflict, RuleBroken


@pages.route("/handouts/new", methods=["GET", "POST"])
@allow(policy.can_edit_catalogue)
def new_handout() -> ResponseReturnValue:
    """Write a handout, or begin with a copy of another one's text."""
    copied = service.find_handout(request.args.get("copy_of", ""))

    def publish(form: NewHandoutForm, text: HandoutText) -> ResponseReturnValue:
        made = service.publish_handout(
            form.code.data or handout_codes.make_code(),
            text,
            is_public=form.is_public,
            id=form.row_id,
            by=signed_in_person(),
            now=now(),
        )
        db.session.commit()
        flash(_("The handout is published. Its code is %(code)s.", code=made.code), "success")
        return redirect(url_for(".handout", code=made.code), 303)

    start = handout_fields(_settled(copied), 0) if copied else {}
    played = play_round(NewHandoutForm, start, _press, _read, publish)
    if not isinstance(played, Round):
        return played
    return _editor("catalogue/new_handout.html", played)


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

    start = handout_fields(_settled(found), found.current_number)
    played = play_round(HandoutForm, start, _press, _read, publish)
    if not isinstance(played, Round):
        return played
    return _editor("catalogue/edit_handout.html", played, found)


@pages.get("/handouts/<code>/revisions")
@allow(policy.can_read_catalogue)
def handout_revisions(code: str) -> ResponseReturnValue:
    found = service.find_handout(code) or abort(404)
    published = HANDOUTS.list_published(found, whole_number(request.args.get("before")))
    titles = _titles({slug for one in published for slug in one.text.exercises})
    parts = partial(handout_parts, titles=titles)
    return render_template(
        "catalogue/handout_revisions.html",
        handout=found,
        published=[
            (one, find_changes(parts(one.before), parts(one.text)) if one.before else ())
            for one in published
        ],
    )


@pages.route("/handouts/<code>/share", methods=["GET", "POST"])
@allow(policy.can_edit_catalogue)
def share_handout(code: str) -> ResponseReturnValue:
    """Change a handout's code and who may read it."""
    found = service.find_handout(code) or abort(404)
    form, theirs = ShareForm(data=sharing_fields(found)), None
    if form.validate_on_submit():
        if request.form.get("do") == "make":
            form.code.data = handout_codes.make_code()
        else:
            try:
                return _share(found, form)
            except RuleBroken as error:
                form.put_back(error, "code")
            except Conflict:
                theirs = found
                form.based_on.data = str(found.version)
    page = render_template(
        "catalogue/share_handout.html",
        handout=found,
        form=form,
        form_errors=form.problems,
        theirs=theirs,
        codes=handout_codes.list_former_codes(found),
    )
    return page, 409 if theirs else 422 if form.problems else 200


def _share(handout: Handout, form: ShareForm) -> ResponseReturnValue:
    changed = handout_codes.share_handout(
        handout,
        form.code.data or "",
        is_public=form.is_public,
        based_on=whole_number(form.based_on.data) or 0,
        by=signed_in_person(),
        now=now(),
    )
    db.session.commit()
    if changed:
        flash(_("Saved."), "success")
    else:
        flash(_("Nothing changed."), "info")
    return redirect(url_for(".handout", code=handout.code), 303)


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


def _settled(handout: Handout) -> HandoutText:
    """Its text with what merged exercises are now."""
    exercises = service.list_exercises_by_slug(handout.text.exercises)
    return replace(handout.text, exercises=tuple(one.slug for one in exercises))


def _titles(slugs: set[str]) -> dict[str, str]:
    found = service.find_exercises_by_slug(slugs)
    return {slug: exercise.text.title for slug, exercise in found.items()}


def _editor(
    template: str, played: Round[Any, HandoutText], handout: Handout | None = None
) -> ResponseReturnValue:
    form, text = played.form, played.text
    theirs = HANDOUTS.list_published(handout)[0] if handout and played.is_stale else None
    slugs = [entry.data or "" for entry in form.exercises]
    known = service.find_exercises_by_slug([*slugs, *(theirs.text.exercises if theirs else ())])
    parts: Callable[[HandoutText], Any] = partial(
        handout_parts, titles={slug: exercise.text.title for slug, exercise in known.items()}
    )
    offered = list_exercises(form.words.data or "").items
    page = render_template(
        template,
        handout=handout,
        form=form,
        form_errors=form.problems,
        focus=played.focus,
        text=text,
        exercises=service.list_exercises_by_slug(text.exercises) if text else (),
        known=known,
        offered=[one for one in offered if one.slug not in slugs],
        theirs=theirs,
        changes=find_changes(parts(theirs.text), parts(text)) if theirs and text else (),
    )
    return page, played.status
