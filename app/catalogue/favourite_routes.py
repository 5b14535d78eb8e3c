"""The star on an exercise's page."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import policy
from app.access import allow, signed_in_person
from app.catalogue import service
from app.catalogue.favourites import set_favourite
from app.catalogue.handout_routes import pages
from app.clock import now
from app.database import db
from app.errors import RuleBroken
from app.wording import sentence_of


@pages.post("/catalogue/<uuid:exercise_id>/favourite")
@allow(policy.can_list_patients)
def favourite(exercise_id: UUID) -> ResponseReturnValue:
    found = service.find_exercise(exercise_id) or abort(404)
    me, wanted = signed_in_person(), request.form.get("do") == "add"
    try:
        set_favourite(me.id, found, wanted, by=me, now=now())
    except RuleBroken as error:
        flash(sentence_of(error), "warning")
    db.session.commit()
    return redirect(url_for(".exercise", exercise_id=found.id), 303)
