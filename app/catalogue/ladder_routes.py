"""The page on which an admin says what is easier and what is harder than an exercise."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import policy
from app.access import allow, signed_in_person
from app.catalogue import service
from app.catalogue.handout_routes import pages
from app.catalogue.ladder import NO_LADDER, find_ladders, link_exercises, unlink_exercises
from app.catalogue.models import Exercise
from app.catalogue.search import read_wanted, search_exercises
from app.clock import now
from app.database import db
from app.errors import RuleBroken
from app.wording import sentence_of


@pages.route("/catalogue/<uuid:exercise_id>/ladder", methods=["GET", "POST"])
@allow(policy.can_edit_catalogue)
def ladder(exercise_id: UUID) -> ResponseReturnValue:
    found = service.find_exercise(exercise_id) or abort(404)
    if request.method == "POST":
        verb, _colon, about = request.form.get("do", "").partition(":")
        try:
            with db.session.begin_nested():
                _press(found, verb, about)
        except RuleBroken as error:
            flash(sentence_of(error), "warning")
        db.session.commit()
        return redirect(url_for(".ladder", exercise_id=found.id, q=request.form.get("q")), 303)
    return render_template(
        "catalogue/ladder.html",
        exercise=found,
        ladder=find_ladders([found.id]).get(found.id, NO_LADDER),
        found=search_exercises(read_wanted(request.args)),
        q=request.args.get("q", ""),
    )


def _press(exercise: Exercise, verb: str, about: str) -> None:
    by, instant = signed_in_person(), now()
    try:
        other_id = UUID(about)
    except ValueError:
        abort(400)
    if verb == "remove":
        unlink_exercises(exercise, other_id, by=by, now=instant)
        return
    other = service.find_exercise(other_id)
    if other is None:
        raise RuleBroken(_("This exercise is not in the catalogue any more."))
    match verb:
        case "harder":
            link_exercises(exercise, other, by=by, now=instant)
        case "easier":
            link_exercises(other, exercise, by=by, now=instant)
        case _:
            abort(400)
