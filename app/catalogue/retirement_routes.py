"""Retire an exercise, bring it back, or merge it into another one."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import policy
from app.access import allow, signed_in_person
from app.catalogue import retirement, service
from app.catalogue.handout_routes import pages
from app.catalogue.models import Exercise
from app.catalogue.retirement_forms import LeaveForm
from app.catalogue.search import list_exercises
from app.clock import now
from app.database import db
from app.errors import RuleBroken


@pages.route("/catalogue/<uuid:exercise_id>/retire", methods=["GET", "POST"])
@allow(policy.can_edit_catalogue)
def retire(exercise_id: UUID) -> ResponseReturnValue:
    """Take an exercise out of the lists to choose from, or put it back."""
    exercise, form, by = _exercise(exercise_id), LeaveForm(), signed_in_person()
    if exercise.is_merged:
        return redirect(url_for(".exercise", exercise_id=exercise.id), 303)
    button = request.form.get("do")
    if form.validate_on_submit() and button in ("retire", "bring-back"):
        title = exercise.text.title
        try:
            if button == "bring-back":
                retirement.bring_back_exercise(exercise, by=by, now=now())
                done = _("%(title)s is offered again.", title=title)
            else:
                retirement.retire_exercise(
                    exercise, _other(form), form.reason.data or "", by=by, now=now()
                )
                done = _("%(title)s is retired.", title=title)
        except RuleBroken as error:
            form.put_back(error, "reason")
        else:
            db.session.commit()
            flash(done, "success")
            return redirect(url_for(".exercise", exercise_id=exercise.id), 303)
    _offer(form, exercise, none=_("Nothing"))
    return _page("catalogue/retire.html", exercise, form)


@pages.route("/catalogue/<uuid:exercise_id>/merge", methods=["GET", "POST"])
@allow(policy.can_edit_catalogue)
def merge(exercise_id: UUID) -> ResponseReturnValue:
    exercise, by = _exercise(exercise_id), signed_in_person()
    form = LeaveForm(data={"words": exercise.text.title})
    if form.validate_on_submit() and request.form.get("do") == "merge":
        try:
            into = _other(form)
            if into is None:
                raise RuleBroken(_("Choose the exercise that stays."), field="other")
            retirement.merge_exercise(exercise, into, form.reason.data or "", by=by, now=now())
        except RuleBroken as error:
            form.put_back(error, "reason")
        else:
            db.session.commit()
            titles = {"title": exercise.text.title, "into": into.text.title}
            flash(_("%(title)s is merged into %(into)s.", **titles), "success")
            return redirect(url_for(".exercise", exercise_id=into.id), 303)
    elif exercise.is_merged:
        return redirect(url_for(".exercise", exercise_id=exercise.id), 303)
    _offer(form, exercise)
    return _page("catalogue/merge.html", exercise, form)


def _exercise(exercise_id: UUID) -> Exercise:
    return service.find_exercise(exercise_id) or abort(404)


def _other(form: LeaveForm) -> Exercise | None:
    """The exercise that was chosen, None for none. Raises RuleBroken for one that is not there."""
    if not form.other.data:
        return None
    found = service.find_exercise(form.other_id) if form.other_id else None
    if found is None:
        raise RuleBroken(retirement.NOT_OFFERED, field="other")
    return found


def _offer(form: LeaveForm, exercise: Exercise, none: str = "") -> None:
    """What the words find, and always what was chosen before."""
    chosen = service.find_exercise(form.other_id) if form.other_id else None
    found = list_exercises(form.words.data).items if form.words.data else ()
    offered = dict.fromkeys(filter(None, (chosen, *found)))
    form.offer((one for one in offered if one.id != exercise.id and one.is_offered), none)


def _page(template: str, exercise: Exercise, form: LeaveForm) -> ResponseReturnValue:
    page = render_template(
        template,
        exercise=exercise,
        leaving=retirement.find_leaving(exercise),
        form=form,
        form_errors=form.problems,
        looked=request.form.get("do") == "find",
    )
    return page, 422 if form.problems else 200
