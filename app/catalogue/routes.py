"""The catalogue: the list, an exercise, its editor and its revisions; conditions."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import policy
from app.access import allow, signed_in_person
from app.catalogue import (
    favourite_routes,
    ladder_routes,
    pdf_routes,
    pemat_routes,
    picture_routes,
    service,
)
from app.catalogue.changes import Change, find_changes
from app.catalogue.checks import check_exercise
from app.catalogue.drawings import list_drawings
from app.catalogue.editing import Round, play_round
from app.catalogue.favourites import is_favourite
from app.catalogue.forms import (
    AddConditionForm,
    ExerciseForm,
    exercise_fields,
    whole_number,
)
from app.catalogue.handout_routes import pages
from app.catalogue.models import Exercise
from app.catalogue.pemat_checks import find_check
from app.catalogue.picture_editing import by_scene, form_maker, press, take_uploads
from app.catalogue.picture_store import find_pictures
from app.catalogue.revisions import EXERCISES
from app.catalogue.rules import ExerciseText, Grade
from app.catalogue.search import read_wanted, search_exercises
from app.catalogue.words import exercise_parts
from app.clock import now
from app.database import db
from app.errors import RuleBroken
from app.paging import page_asked_for

__all__ = [
    "favourite_routes",
    "ladder_routes",
    "pages",
    "pdf_routes",
    "pemat_routes",
    "picture_routes",
]


@pages.get("/catalogue")
@allow(policy.can_read_catalogue)
def index() -> ResponseReturnValue:
    found = search_exercises(read_wanted(request.args, after=page_asked_for()))
    return render_template("catalogue/index.html", found=found)


@pages.get("/catalogue/<uuid:exercise_id>")
@allow(policy.can_read_catalogue)
def exercise(exercise_id: UUID) -> ResponseReturnValue:
    found = _exercise(exercise_id)
    return render_template(
        "catalogue/exercise.html",
        exercise=found,
        conditions=_conditions(),
        check=find_check(found.current.id),
        is_favourite=is_favourite(signed_in_person().id, found.id),
    )


@pages.get("/catalogue/<uuid:exercise_id>/revisions")
@allow(policy.can_read_catalogue)
def revisions(exercise_id: UUID) -> ResponseReturnValue:
    found = _exercise(exercise_id)
    before = whole_number(request.args.get("before"))
    conditions = _conditions()
    published = [
        (one, _changes(one.before, one.text, conditions))
        for one in EXERCISES.list_published(found, before)
    ]
    return render_template(
        "catalogue/revisions.html", exercise=found, published=published, before=before
    )


@pages.route("/catalogue/new", methods=["GET", "POST"])
@allow(policy.can_edit_catalogue)
def new() -> ResponseReturnValue:
    def publish(form: ExerciseForm, text: ExerciseText) -> ResponseReturnValue:
        made = service.publish_exercise(
            None, text, by=signed_in_person(), now=now(), id=form.row_id
        )
        db.session.commit()
        flash(_("%(title)s is in the catalogue now.", title=text.title), "success")
        return redirect(url_for(".exercise", exercise_id=made.id), 303)

    uploads = take_uploads()
    conditions, drawings = _conditions(), list_drawings()
    played = play_round(
        form_maker(conditions, drawings, uploads),
        {},
        partial(press, uploads=uploads),
        _read,
        publish,
    )
    if not isinstance(played, Round):
        return played
    page = _editor("catalogue/new.html", played, conditions, drawings=by_scene(drawings, ""))
    db.session.commit()
    return page


@pages.route("/catalogue/<uuid:exercise_id>/edit", methods=["GET", "POST"])
@allow(policy.can_edit_catalogue)
def edit(exercise_id: UUID) -> ResponseReturnValue:
    uploads = take_uploads()
    found = _exercise(exercise_id)
    number = found.current_number

    def publish(form: ExerciseForm, text: ExerciseText) -> ResponseReturnValue:
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

    conditions, drawings = _conditions(), list_drawings()
    played = play_round(
        form_maker(conditions, drawings, uploads),
        exercise_fields(found.text, number),
        partial(press, uploads=uploads),
        _read,
        publish,
    )
    if not isinstance(played, Round):
        return played
    theirs = None
    changes: tuple[Change, ...] = ()
    if played.is_stale and played.text:
        theirs = EXERCISES.list_published(found)[0]
        changes = _changes(theirs.text, played.text, conditions)
    page = _editor(
        "catalogue/edit.html", played, conditions, exercise=found, theirs=theirs, changes=changes,
        drawings=by_scene(drawings, found.slug),
    )  # fmt: skip
    db.session.commit()
    return page


@pages.route("/catalogue/conditions", methods=["GET", "POST"])
@allow(policy.can_edit_catalogue)
def conditions() -> ResponseReturnValue:
    form = AddConditionForm()
    if form.validate_on_submit():
        try:
            added = service.add_condition(
                form.name.data or "", by=signed_in_person(), now=now(), id=form.row_id
            )
        except RuleBroken as error:
            form.put_back(error, "name")
        else:
            db.session.commit()
            flash(_("%(name)s is on the list now.", name=added.name), "success")
            return redirect(url_for(".conditions"), 303)
    problems = form.problems
    return render_template(
        "catalogue/conditions.html",
        form=form,
        form_errors=problems,
        conditions=service.list_conditions(),
    ), 422 if problems else 200


def _exercise(exercise_id: UUID) -> Exercise:
    return service.find_exercise(exercise_id) or abort(404)


def _conditions() -> dict[str, str]:
    return {condition.slug: condition.name for condition in service.list_conditions()}


def _read(form: ExerciseForm) -> ExerciseText:
    """The typed text with its pictures, checked."""
    text = form.exercise_text(find_pictures(form.pictures))
    check_exercise(text)
    return text


def _changes(
    old: ExerciseText | None, new: ExerciseText, conditions: dict[str, str]
) -> tuple[Change, ...]:
    if old is None:
        return ()
    return find_changes(exercise_parts(old, conditions), exercise_parts(new, conditions))


def _editor(
    template: str,
    played: Round[ExerciseForm, ExerciseText],
    conditions: dict[str, str],
    **more: object,
) -> ResponseReturnValue:
    page = render_template(
        template,
        form=played.form,
        form_errors=played.form.problems,
        focus=played.focus,
        text=played.text,
        conditions=conditions,
        pictures=find_pictures(played.form.pictures),
        **more,
    )
    return page, played.status
