"""The code box: the code of a handout, or of a plan for whoever may see it."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import policy
from app.access import public, signed_in, signed_in_person
from app.audit.service import About, record_refusal
from app.catalogue.code_box import MAX_SHOWN_CODE, find_readable, unknown_code
from app.catalogue.rules import normal_code
from app.clock import now
from app.home.blueprint import pages
from app.plans import handles, reads
from app.plans.handles import PlanHandle


@pages.get("/find")
@public
def find() -> ResponseReturnValue:
    typed = request.args.get("code", "")
    if not normal_code(typed):
        return render_template("home/find.html", typed=typed[:MAX_SHOWN_CODE])
    if found := find_readable(typed):
        return redirect(url_for("catalogue.handout", code=found.code), 303)
    if plan := _find_visible_plan(normal_code(typed)):
        return redirect(url_for("plans.plan", plan_id=plan.id), 303)
    return unknown_code(typed)


def _find_visible_plan(code: str) -> PlanHandle | None:
    """The plan with this code, where this person may see it.

    Whose it is not is answered like somebody who made the code up, and recorded. A patient knows
    nothing of a plan of theirs that nobody approved.
    """
    found = handles.find_plan_by_code(code) if signed_in() else None
    if found is None:
        return None
    person = signed_in_person()
    if policy.can_write_plan(person, found):
        return found
    if policy.can_see_plan(person, found):
        return found if reads.find_in_force(found.id) else None
    about = About("plan", found.id, found.patient.id)
    record_refusal(request.endpoint or "", about, by=person, now=now(), reason="not theirs")
    return None
