"""The life of a plan beside its builder: start, new draft, release, discard."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import policy
from app.access import allow_on, signed_in_person
from app.catalogue.service import find_handout, list_handouts
from app.clock import now, today
from app.database import db
from app.patients.models import Patient
from app.patients.service import find_patient
from app.plans import handles, reads, service, templates
from app.plans.blueprint import pages
from app.plans.forms import StartPlanForm
from app.plans.handles import PatientHandle, PlanHandle

FEW = 5
"""So many have a button each; more are a list to choose from."""


@pages.route("/patients/<uuid:patient_id>/plans/new", methods=["GET", "POST"])
@allow_on(find_patient, policy.can_edit_patient)
def new(patient: Patient) -> ResponseReturnValue:
    """Start a plan, empty or from a handout. Sent twice, it makes one plan."""
    form = StartPlanForm()
    code = request.form.get("handout", "")
    handout = find_handout(code) if code else None
    template = _template()
    if source := handout.text if handout else template:
        form.title.data = form.title.data or source.title
    if form.validate_on_submit():
        owner = PatientHandle(patient.id, patient.name, patient.person_id, patient.team)
        by, instant, plan_id = signed_in_person(), now(), form.row_id
        if template:
            plan = templates.start_from_template(
                owner, template, plan_id=plan_id, by=by, now=instant, today=today()
            )
        else:
            title = form.title.data or ""
            plan = service.start_plan(
                owner, title, by=by, now=instant, plan_id=plan_id, handout=handout
            )
        db.session.commit()
        return redirect(url_for("plans.edit", plan_id=plan.id), 303)
    handouts, mine = list_handouts(), templates.list_templates(signed_in_person().id)
    page = render_template(
        "plans/new.html",
        plan_form=form,
        form_errors=form.problems,
        patient=patient,
        few=FEW,
        handouts=handouts,
        handout_choices=[(one.code, f"{one.text.title} ({one.code})") for one in handouts],
        templates=mine,
        template_choices=[(one.id, one.title) for one in mine],
    )
    return page, 422 if form.errors else 200


def _template() -> templates.PlanTemplate | None:
    """The template that was chosen, if any; one that is not theirs is not there."""
    typed = request.form.get("template", "")
    try:
        return templates.find_template(UUID(typed), signed_in_person().id) if typed else None
    except ValueError:
        abort(400)


@pages.post("/plans/<uuid:plan_id>/draft")
@allow_on(handles.find_plan, policy.can_write_plan)
def open_draft(plan: PlanHandle) -> ResponseReturnValue:
    service.open_draft(plan, by=signed_in_person(), now=now())
    db.session.commit()
    return redirect(url_for("plans.edit", plan_id=plan.id), 303)


@pages.post("/plans/<uuid:plan_id>/release")
@allow_on(handles.find_plan, policy.can_write_plan)
def release(plan: PlanHandle) -> ResponseReturnValue:
    """Give a withheld exercise today's date in the draft; approving it is the next step."""
    try:
        thread_id = UUID(request.form.get("thread", ""))
    except ValueError:
        abort(400)
    service.release(plan, thread_id, today(), by=signed_in_person(), now=now())
    db.session.commit()
    flash(_("It starts today in the draft. Check the date, then approve the plan."), "success")
    return redirect(url_for("plans.edit", plan_id=plan.id), 303)


@pages.route("/plans/<uuid:plan_id>/discard", methods=["GET", "POST"])
@allow_on(handles.find_plan, policy.can_write_plan)
def discard(plan: PlanHandle) -> ResponseReturnValue:
    """Throw the draft away, as it was seen. Sent twice, the second finds it gone already."""
    draft = reads.find_draft(plan.id, lock=request.method == "POST")
    seen = f"{draft.id} {draft.version}" if draft else ""
    if request.method == "POST":
        if draft and request.form.get("seen") != seen:
            flash(_("Somebody saved this draft meanwhile. Look at it again."), "warning")
            return redirect(url_for("plans.edit", plan_id=plan.id), 303)
        if draft:
            service.discard_draft(plan, by=signed_in_person(), now=now())
            db.session.commit()
        flash(_("The draft is gone. What was approved still holds."), "success")
        return redirect(url_for("home.patient", patient_id=plan.patient.id), 303)
    if draft is None:
        return redirect(url_for("plans.plan", plan_id=plan.id), 303)
    return render_template("plans/discard.html", plan=plan, seen=seen)
