"""Plans in force to look at again: the therapist's list, one plan, and what the admin sees."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import policy
from app.access import allow, allow_on, shows, signed_in_person
from app.audit.service import About
from app.catalogue.changes import Change, find_changes
from app.catalogue.service import list_conditions
from app.catalogue.words import exercise_parts
from app.clock import now, today
from app.database import db
from app.errors import RuleBroken
from app.paging import PAGE_SIZE, page_asked_for, page_of
from app.plans import attention, handles, looking
from app.plans.blueprint import pages
from app.plans.forms import LeaveForm
from app.plans.handles import PlanHandle
from app.plans.looking import Matter
from app.wording import sentence_of

SHOWN = PAGE_SIZE


@pages.get("/patients/to-look-at")
@allow(policy.can_list_patients)
def to_look_at() -> ResponseReturnValue:
    """Safety first, page by page. A plan that was answered is no place in it any more: then the
    list begins anew, with what is left."""
    shows(About("caseload"))
    flagged = attention.list_flagged_plans(signed_in_person().id, today())
    page = page_of(flagged, lambda one: one.plan_id, page_asked_for(), SHOWN)
    return render_template("plans/to_look_at.html", page=page, count=len(flagged))


@pages.get("/catalogue/superseded")
@allow(policy.can_edit_catalogue)
def superseded() -> ResponseReturnValue:
    """Who has not answered yet for an older text; no patient is named."""
    return render_template("plans/superseded.html", lines=attention.count_unanswered(today()))


@pages.route("/plans/<uuid:plan_id>/look", methods=["GET", "POST"])
@allow_on(handles.find_plan, policy.can_write_plan)
def look(plan: PlanHandle) -> ResponseReturnValue:
    """What speaks against the plan in force now: take over, or leave it with a reason."""
    matters = looking.list_matters(plan, today(), looking.find_beside(plan.id))
    form = LeaveForm()
    verb, _colon, name = request.form.get("do", "").partition(":")
    if request.method == "POST" and form.validate_on_submit():
        matter = next((one for one in matters if one.name == name), None)
        if matter is None:
            flash(_("This is settled already."), "info")
            return redirect(url_for("plans.look", plan_id=plan.id), 303)
        try:
            return _answer(plan, matter, verb, form)
        except RuleBroken as error:
            form.put_back(error, "reason")
    names = {condition.slug: condition.name for condition in list_conditions()}
    page = render_template(
        "plans/look.html",
        plan=plan,
        matters=matters,
        changes={m.name: _changes(m, names) for m in matters if m.newest},
        leave_form=form,
        pressed=name,
        form_errors=[(f"reason-{name}", sentence) for _id, sentence in form.problems],
        sentence_of=sentence_of,
        new_form=LeaveForm(formdata=None),
    )
    return page, 422 if form.errors else 200


def _answer(plan: PlanHandle, matter: Matter, verb: str, form: LeaveForm) -> ResponseReturnValue:
    by, instant = signed_in_person(), now()
    if verb == "take-over":
        looking.take_over_in_draft(plan, matter.warning.thread_id, by=by, now=instant)
        db.session.commit()
        flash(_("The newest text is in the draft. Look at it, then approve the plan."), "success")
        return redirect(url_for("plans.edit", plan_id=plan.id), 303)
    if verb != "leave":
        abort(400)
    version, reason = form.version.data or "", form.reason.data or ""
    looking.leave_as_it_is(plan, matter, version, reason, by=by, now=instant)
    db.session.commit()
    flash(_("Your reason is on the record."), "success")
    return redirect(url_for("plans.look", plan_id=plan.id), 303)


def _changes(matter: Matter, names: dict[str, str]) -> tuple[Change, ...]:
    if matter.newest is None:
        return ()
    return find_changes(
        exercise_parts(matter.row.text, names), exercise_parts(matter.newest, names)
    )
