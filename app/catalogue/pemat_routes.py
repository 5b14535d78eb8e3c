"""The checklist that an admin fills for the newest text of an exercise."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import policy
from app.access import allow, signed_in_person
from app.catalogue import pemat, service
from app.catalogue.handout_routes import pages
from app.catalogue.pemat_checks import find_check, keep_check
from app.catalogue.pemat_forms import PematForm
from app.clock import now
from app.database import db
from app.errors import RuleBroken


@pages.route("/catalogue/<uuid:exercise_id>/checklist", methods=["GET", "POST"])
@allow(policy.can_edit_catalogue)
def checklist(exercise_id: UUID) -> ResponseReturnValue:
    found = service.find_exercise(exercise_id) or abort(404)
    revision, last = found.current, find_check(found.current.id)
    form = PematForm.of(last.values if last else {}, revision.number)
    if form.validate_on_submit():
        if form.based_on.data != str(revision.number):
            flash(_("A newer text was published meanwhile. Look at it again."), "warning")
            return redirect(url_for(".checklist", exercise_id=found.id), 303)
        try:
            keep_check(revision, form.marks, by=signed_in_person(), now=now())
        except RuleBroken as error:
            form.put_back(error, "item-1")
        else:
            db.session.commit()
            flash(_("The checklist is kept with revision %(number)s.", number=revision.number),
                  "success")  # fmt: skip
            return redirect(url_for(".exercise", exercise_id=found.id), 303)
    page = render_template(
        "catalogue/checklist.html",
        exercise=found,
        checklist_form=form,
        scales=[
            (_("Can it be understood?"), pemat.UNDERSTANDABILITY),
            (_("Can it be acted on?"), pemat.ACTIONABILITY),
        ],
        form_errors=form.problems,
    )
    return page, 422 if form.errors else 200
