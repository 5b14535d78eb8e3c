"""Drafts of exercises: read, changed by their author, published or sent back by somebody else."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import policy
from app.access import allow_on, signed_in_person
from app.catalogue import drafts, service
from app.catalogue.changes import find_picture_changes
from app.catalogue.draft_forms import DraftForm, ReviewForm
from app.catalogue.draft_tables import ExerciseDraft
from app.catalogue.editing import Round
from app.catalogue.editor_desk import EditorDesk
from app.catalogue.forms import ExerciseForm, exercise_fields, whole_number
from app.catalogue.handout_routes import pages
from app.catalogue.models import Exercise
from app.catalogue.revisions import EXERCISES
from app.catalogue.rules import ExerciseText, Grade
from app.catalogue.words import exercise_changes
from app.clock import now
from app.config import Settings
from app.database import db
from app.errors import Conflict, RuleBroken


def is_reviewed() -> bool:
    """Whether nobody publishes an exercise alone here."""
    settings: Settings = current_app.extensions["homestretch_settings"]
    return settings.review_exercises


def send_for_review(
    form: ExerciseForm, text: ExerciseText, exercise: Exercise | None = None
) -> ResponseReturnValue:
    """What the editor's button does where another admin publishes."""
    based_on = whole_number(form.based_on.data) or 0
    if exercise and exercise.text == text:
        flash(_("Nothing changed: the wording is the same as before."), "info")
        return redirect(url_for(".exercise", exercise_id=exercise.id), 303)
    draft = drafts.submit_draft(
        form.row_id, text, exercise, based_on=based_on, grade=Grade(form.grade.data),
        by=signed_in_person(), now=now(),
    )  # fmt: skip
    db.session.commit()
    flash(_("The draft waits for another admin to publish it."), "success")
    return redirect(url_for(".draft", draft_id=draft.id), 303)


@pages.get("/catalogue/drafts/<uuid:draft_id>")
@allow_on(drafts.find_draft, policy.can_see_draft)
def draft(draft: ExerciseDraft) -> ResponseReturnValue:
    return _page(draft, ReviewForm(data={"version": draft.version, "grade": draft.grade}))


@pages.post("/catalogue/drafts/<uuid:draft_id>/publish")
@allow_on(drafts.find_draft, policy.can_review_draft)
def publish_draft(draft: ExerciseDraft) -> ResponseReturnValue:
    form = ReviewForm()
    try:
        exercise = drafts.publish_draft(
            draft,
            version=form.read_version,
            by=signed_in_person(),
            now=now(),
            grade=form.chosen_grade,
        )
    except Conflict:
        form.show(_("The exercise was revised meanwhile. Send the draft back to its author."))
    except RuleBroken as error:
        form.put_back(error, "remark")
    else:
        db.session.commit()
        flash(_("%(title)s is published.", title=draft.text.title), "success")
        return redirect(url_for(".exercise", exercise_id=exercise.id), 303)
    return _page(draft, form)


@pages.post("/catalogue/drafts/<uuid:draft_id>/return")
@allow_on(drafts.find_draft, policy.can_review_draft)
def return_draft(draft: ExerciseDraft) -> ResponseReturnValue:
    form = ReviewForm()
    if form.validate():
        try:
            drafts.return_draft(
                draft,
                form.remark.data or "",
                version=form.read_version,
                by=signed_in_person(),
                now=now(),
            )
        except RuleBroken as error:
            form.put_back(error, "remark")
        else:
            db.session.commit()
            flash(_("The draft is back with %(name)s.", name=draft.author.name), "success")
            return redirect(url_for(".index"), 303)
    return _page(draft, form)


@pages.post("/catalogue/drafts/<uuid:draft_id>/drop")
@allow_on(drafts.find_draft, policy.can_change_draft)
def drop_draft(draft: ExerciseDraft) -> ResponseReturnValue:
    try:
        drafts.drop_draft(draft, by=signed_in_person(), now=now())
    except RuleBroken as error:
        form = ReviewForm(data={"version": draft.version})
        form.put_back(error, "remark")
        return _page(draft, form)
    db.session.commit()
    flash(_("The draft is dropped."), "success")
    return redirect(url_for(".index"), 303)


@pages.route("/catalogue/drafts/<uuid:draft_id>/edit", methods=["GET", "POST"])
@allow_on(drafts.find_draft, policy.can_change_draft)
def edit_draft(draft: ExerciseDraft) -> ResponseReturnValue:
    desk = EditorDesk(DraftForm)
    draft = drafts.find_draft(draft.id) or draft

    def send(form: ExerciseForm, text: ExerciseText) -> ResponseReturnValue:
        drafts.change_draft(
            draft,
            text,
            based_on=whole_number(form.based_on.data) or 0,
            version=whole_number(form["version"].data) or 0,
            grade=Grade(form.grade.data),
            by=signed_in_person(),
            now=now(),
        )
        db.session.commit()
        flash(_("The draft waits for another admin to publish it."), "success")
        return redirect(url_for(".draft", draft_id=draft.id), 303)

    exercise = service.find_exercise(draft.exercise_id) if draft.exercise_id else None
    start = exercise_fields(draft.text, draft.based_on)
    start |= {"version": str(draft.version), "grade": draft.grade}
    played = desk.play(start, send)
    if not isinstance(played, Round):
        return played
    theirs = EXERCISES.list_published(exercise)[0] if exercise and played.is_stale else None
    return desk.show(
        "catalogue/edit_draft.html",
        played,
        exercise.slug if exercise else "",
        draft=draft,
        theirs=theirs,
        changes=exercise_changes(theirs.text, played.text, desk.conditions)
        if theirs and played.text
        else (),
    )


def _page(draft: ExerciseDraft, form: ReviewForm) -> ResponseReturnValue:
    exercise = service.find_exercise(draft.exercise_id) if draft.exercise_id else None
    standing = exercise.text if exercise else None
    page = render_template(
        "catalogue/draft.html",
        draft=draft,
        exercise=exercise,
        form=form,
        form_errors=form.problems,
        text=draft.text,
        changes=exercise_changes(standing, draft.text, service.condition_names()),
        pictures=find_picture_changes(standing, draft.text),
    )
    return page, 422 if form.problems else 200
