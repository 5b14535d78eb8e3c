"""The catalogue: the list, an exercise and its revisions; conditions."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import policy
from app.access import allow, signed_in_person
from app.catalogue import (
    exercise_editing_routes,
    favourite_routes,
    handout_editing_routes,
    ladder_routes,
    pdf_routes,
    pemat_routes,
    picture_routes,
    retirement_routes,
    scene_routes,
    service,
    tag_routes,
)
from app.catalogue.changes import find_picture_changes
from app.catalogue.draft_routes import is_reviewed
from app.catalogue.drafts import list_open_drafts
from app.catalogue.favourites import is_favourite
from app.catalogue.forms import AddConditionForm, whole_number
from app.catalogue.handout_routes import pages
from app.catalogue.pemat_checks import find_check
from app.catalogue.retirement import find_leaving
from app.catalogue.revisions import EXERCISES
from app.catalogue.search import chip_name, facet_name, read_wanted, search_exercises
from app.catalogue.words import exercise_changes
from app.clock import now
from app.database import db
from app.errors import RuleBroken
from app.paging import page_asked_for

__all__ = [
    "exercise_editing_routes",
    "favourite_routes",
    "handout_editing_routes",
    "ladder_routes",
    "pages",
    "pdf_routes",
    "pemat_routes",
    "picture_routes",
    "retirement_routes",
    "scene_routes",
    "tag_routes",
]


pages.add_app_template_global(facet_name)
pages.add_app_template_global(chip_name)


@pages.get("/catalogue")
@allow(policy.can_read_catalogue)
def index() -> ResponseReturnValue:
    found = search_exercises(read_wanted(request.args, after=page_asked_for()))
    may_review = is_reviewed() and policy.can_edit_catalogue(signed_in_person())
    return render_template(
        "catalogue/index.html",
        found=found,
        drafts=list_open_drafts() if may_review else (),
    )


@pages.get("/catalogue/<uuid:exercise_id>")
@allow(policy.can_read_catalogue)
def exercise(exercise_id: UUID) -> ResponseReturnValue:
    """The address of a merged exercise leads to the one that it is now, for ever."""
    found = service.find_exercise(exercise_id) or abort(404)
    if found.is_merged:
        staying = service.find_staying([found])[found.id]
        return redirect(url_for(".exercise", exercise_id=staying.id), 301)
    return render_template(
        "catalogue/exercise.html",
        exercise=found,
        leaving=find_leaving(found),
        conditions=service.condition_names(),
        check=find_check(found.current.id),
        is_favourite=is_favourite(signed_in_person().id, found.id),
    )


@pages.get("/catalogue/<uuid:exercise_id>/revisions")
@allow(policy.can_read_catalogue)
def revisions(exercise_id: UUID) -> ResponseReturnValue:
    found = service.find_exercise(exercise_id) or abort(404)
    before = whole_number(request.args.get("before"))
    conditions = service.condition_names()
    published = [
        (
            one,
            exercise_changes(one.before, one.text, conditions),
            find_picture_changes(one.before, one.text),
        )
        for one in EXERCISES.list_published(found, before)
    ]
    return render_template(
        "catalogue/revisions.html",
        exercise=found,
        staying=service.find_staying([found])[found.id],
        published=published,
    )


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
