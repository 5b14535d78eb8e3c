"""A therapist's patients: the list that their day begins with."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement

from app import policy
from app.access import allow, shows, signed_in_person
from app.audit.service import About
from app.clock import today
from app.errors import N_
from app.home.blueprint import pages
from app.home.forms import FindPatientForm
from app.paging import page_asked_for
from app.patients import reads
from app.patients.models import Patient
from app.plans.attention import list_flagged_plans
from app.plans.caseload import ListedPatient, list_caseload, suggest
from app.plans.standing import Standing, patients_with

ARCHIVED = "archived"
TO_LOOK_AT = "to-look-at"
FILTERS = {
    "": N_("All"),
    TO_LOOK_AT: N_("To look at"),
    Standing.DRAFT.value: N_("Draft to finish"),
    Standing.IN_FORCE.value: N_("Plan in force"),
    Standing.NOTHING_APPROVED.value: N_("Nothing approved"),
    Standing.WITHHELD.value: N_("Withheld starts"),
    Standing.REVIEW.value: N_("Review date passed"),
    Standing.STOPPED.value: N_("Stopped"),
    Standing.NO_PLAN.value: N_("No plan"),
    ARCHIVED: N_("Archived"),
}


@pages.route("/patients", methods=["GET", "POST"])
@allow(policy.can_list_patients)
def caseload() -> ResponseReturnValue:
    """The list; a search is sent by POST, so that no name stands in an address."""
    shows(About("caseload"))
    me, form, show = signed_in_person(), FindPatientForm(), _show()
    wanted = reads.EVERYBODY
    if form.validate_on_submit():
        wanted = form.wanted
        if not wanted.words:
            return redirect(url_for("home.caseload", show=show or None), 303)
    archived = show == ARCHIVED
    flagged = list_flagged_plans(me.id, today()) if not archived else ()
    if show == TO_LOOK_AT:
        where: ColumnElement[bool] = Patient.id.in_({one.patient_id for one in flagged})
    elif show and not archived:
        where = patients_with(Standing(show), today())
    else:
        where = reads.NO_CONDITION
    page = list_caseload(
        me.id,
        wanted,
        today=today(),
        archived=archived,
        where=where,
        after=_after() or page_asked_for(),
    )
    suggested: tuple[ListedPatient, ...] = ()
    if wanted.words and not page.items and page.is_first:
        suggested = suggest(me.id, wanted.words, today=today(), archived=archived, where=where)
    body = render_template(
        "home/caseload.html",
        form=form,
        page=page,
        words=wanted.words,
        show=show,
        filters=FILTERS,
        suggested=suggested,
        shown=page.items or suggested,
        flagged=flagged,
        flagged_patients={one.patient_id for one in flagged},
        form_errors=form.problems,
    )
    return body, 422 if form.errors else 200


def _show() -> str:
    """The filter that was pressed, or else the one that the page is in; unknown ones are none."""
    asked = request.form.get("to", request.values.get("show", ""))
    return asked if asked in FILTERS else ""


def _after() -> UUID | None:
    """Where the next page of a search begins; its button stands in a form."""
    try:
        return UUID(request.form.get("after", ""))
    except ValueError:
        return None
