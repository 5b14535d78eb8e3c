"""Exercises as they are written: a new one, the editor, and hints while somebody types."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import policy
from app.access import allow, signed_in_person
from app.catalogue import service
from app.catalogue.changes import Change
from app.catalogue.draft_routes import is_reviewed, send_for_review
from app.catalogue.editing import Round
from app.catalogue.editor_desk import EditorDesk
from app.catalogue.forms import ExerciseForm, exercise_fields, whole_number
from app.catalogue.handout_routes import pages
from app.catalogue.hints import Sketch, find_hints
from app.catalogue.revisions import EXERCISES
from app.catalogue.rules import MAX_TITLE, ExerciseText, Grade
from app.catalogue.words import exercise_changes
from app.clock import now
from app.database import db


@pages.route("/catalogue/new", methods=["GET", "POST"])
@allow(policy.can_edit_catalogue)
def new() -> ResponseReturnValue:
    """Write an exercise, or begin with a copy of another one."""
    desk = EditorDesk()

    def publish(form: ExerciseForm, text: ExerciseText) -> ResponseReturnValue:
        if is_reviewed():
            return send_for_review(form, text)
        made = service.publish_exercise(
            None, text, by=signed_in_person(), now=now(), id=form.row_id
        )
        db.session.commit()
        flash(_("%(title)s is in the catalogue now.", title=text.title), "success")
        return redirect(url_for(".exercise", exercise_id=made.id), 303)

    played = desk.play(_copied(request.args.get("copy_of", "")), publish)
    if not isinstance(played, Round):
        return played
    return desk.show("catalogue/new.html", played)


@pages.route("/catalogue/<uuid:exercise_id>/edit", methods=["GET", "POST"])
@allow(policy.can_edit_catalogue)
def edit(exercise_id: UUID) -> ResponseReturnValue:
    desk = EditorDesk()
    found = service.find_exercise(exercise_id) or abort(404)
    if found.is_merged and request.method == "GET":
        return redirect(url_for(".exercise", exercise_id=found.id), 303)

    def publish(form: ExerciseForm, text: ExerciseText) -> ResponseReturnValue:
        if is_reviewed():
            return send_for_review(form, text, found)
        based_on = whole_number(form.based_on.data) or 0
        revision = service.revise_exercise(
            found, text, based_on=based_on, by=signed_in_person(), now=now(),
            grade=Grade(form.grade.data),
        )  # fmt: skip
        db.session.commit()
        if revision.number == based_on:
            flash(_("Nothing changed: the wording is the same as before."), "info")
        else:
            flash(_("Revision %(number)s is published.", number=revision.number), "success")
        return redirect(url_for(".exercise", exercise_id=found.id), 303)

    played = desk.play(exercise_fields(found.text, found.current_number), publish)
    if not isinstance(played, Round):
        return played
    theirs = None
    changes: tuple[Change, ...] = ()
    if played.is_stale and played.text:
        theirs = EXERCISES.list_published(found)[0]
        changes = exercise_changes(theirs.text, played.text, desk.conditions)
    return desk.show(
        "catalogue/edit.html", played, found.slug, exercise=found, theirs=theirs, changes=changes
    )


@pages.post("/catalogue/hints")
@allow(policy.can_edit_catalogue)
def hints() -> ResponseReturnValue:
    """What the editor says of the text as it is typed now: a part of its page."""
    sketch = Sketch(ExerciseForm({}, {}).data)
    return render_template("catalogue/_hints.html", grade=sketch.grade, hints=find_hints(sketch))


def _copied(exercise_id: str) -> dict[str, Any]:
    """What the boxes of a new exercise hold that begins as a copy; nothing where it does not."""
    try:
        found = service.find_exercise(UUID(exercise_id))
    except ValueError:
        found = None
    if found is None:
        return {}
    title = _("Copy of %(title)s", title=found.text.title)[:MAX_TITLE]
    return exercise_fields(replace(found.text, title=title), 0)
