"""The builder: one form, and every button sends all of it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import policy
from app.access import allow_on, signed_in_person
from app.audit.service import About, record_refusal
from app.catalogue.search import read_wanted
from app.clock import now, today
from app.database import db
from app.errors import Conflict, RuleBroken
from app.plans import approval, events, handles, reads, service
from app.plans.blueprint import clinic, moment, pages
from app.plans.builder_buttons import press
from app.plans.builder_pages import fill, show_conflict, show_saved, show_too_late, show_typed
from app.plans.checks import NotApprovable
from app.plans.desk import Desk, find_desk
from app.plans.forms import BuilderForm
from app.plans.handles import PlanHandle
from app.plans.models import PlanRevision
from app.plans.review import review_draft
from app.plans.rules import Start
from app.wording import sentence_of


@pages.get("/plans/<uuid:plan_id>/edit")
@allow_on(find_desk, policy.can_write_plan)
def edit(desk: Desk) -> ResponseReturnValue:
    if desk.draft is None:
        return redirect(url_for("plans.plan", plan_id=desk.id), 303)
    review = review_draft(desk.plan, desk.draft, desk.on_record)
    return show_saved(desk, review, request.args.get("q", ""))


@pages.post("/plans/<uuid:plan_id>/edit", endpoint="save")
@allow_on(handles.find_plan, policy.can_write_plan)
def save(plan: PlanHandle) -> ResponseReturnValue:
    """Save all that was typed, then do what the button says."""
    done = _save(plan)
    if not isinstance(done, _Saved):
        return done
    focus = ""
    if done.first:
        try:
            with db.session.begin_nested():
                focus = press(plan, done.draft, request.form.get("do", "save"))
        except RuleBroken as error:
            flash(sentence_of(error), "warning")
    db.session.commit()
    return _back(plan, focus)


@pages.post("/plans/<uuid:plan_id>/preview", endpoint="save_and_preview")
@allow_on(handles.find_plan, policy.can_write_plan)
def save_and_preview(plan: PlanHandle) -> ResponseReturnValue:
    return _save_and_go_to(plan, "plans.preview")


@pages.post("/plans/<uuid:plan_id>/add-template", endpoint="save_and_add_template")
@allow_on(handles.find_plan, policy.can_write_plan)
def save_and_add_template(plan: PlanHandle) -> ResponseReturnValue:
    return _save_and_go_to(plan, "plans.add_template")


def _save_and_go_to(plan: PlanHandle, endpoint: str) -> ResponseReturnValue:
    """Save all that was typed and leave the builder."""
    done = _save(plan)
    if not isinstance(done, _Saved):
        return done
    db.session.commit()
    return redirect(url_for(endpoint, plan_id=plan.id), 303)


@pages.get("/plans/<uuid:plan_id>/preview")
@allow_on(handles.find_plan, policy.can_write_plan)
def preview(plan: PlanHandle) -> ResponseReturnValue:
    """The draft as the patient would see it today if it were approved now."""
    draft = reads.find_draft(plan.id)
    if draft is None:
        return redirect(url_for("plans.plan", plan_id=plan.id), 303)
    sheet = approval.preview_sheet(plan, draft, clinic(), signed_in_person(), moment())
    unset = sum(row.start == Start.unset() for _row, row in reads.list_rows(draft.id))
    return render_template("plans/preview.html", plan=plan, sheet=sheet, unset=unset)


@pages.route("/plans/<uuid:plan_id>/approve", methods=["GET", "POST"])
@allow_on(handles.find_plan, policy.can_write_plan)
def approve(plan: PlanHandle) -> ResponseReturnValue:
    """Save what was typed and approve it; every reason against it is shown in the builder."""
    if request.method != "POST":
        return redirect(url_for("plans.edit", plan_id=plan.id), 303)
    if twin := _approved_by_this_form(plan):
        return _approved(plan, twin)
    done = _save(plan)
    if not isinstance(done, _Saved):
        return done
    try:
        revision = approval.approve_revision(
            plan,
            done.draft.id,
            based_on=done.draft.version,
            clinic=clinic(),
            by=signed_in_person(),
            now=now(),
            today=today(),
        )
    except NotApprovable as refusal:
        return _refused(plan, done, refusal)
    db.session.commit()
    return _approved(plan, revision)


def _refused(plan: PlanHandle, done: _Saved, refusal: NotApprovable) -> ResponseReturnValue:
    """The builder with every reason against approval; what was typed is saved."""
    review = review_draft(plan, done.draft)
    form = fill(review, done.form.q.data or "")
    page = show_typed(plan, review, form, form.show_all(refusal.problems))
    db.session.commit()
    about = About("plan", plan.id, plan.patient.id)
    person, instant = signed_in_person(), now()
    record_refusal("approve-revision", about, by=person, now=instant, reason="not approvable")
    return page


def _approved_by_this_form(plan: PlanHandle) -> PlanRevision | None:
    """After a double click: the revision that the first one approved."""
    form = BuilderForm()
    reads.find_draft(plan.id, lock=True)  # a twin of this request has its answer by then
    approved = approval.find_approved(plan, form.draft_id)
    is_twin = approved and form.key is not None and approved.save_key == form.key
    return approved if is_twin else None


def _approved(plan: PlanHandle, revision: PlanRevision) -> ResponseReturnValue:
    said = {"patient": plan.patient.name, "number": revision.number}
    if events.last_kind(plan.id) not in events.HOLDS:
        flash(_("Approved as revision %(number)s. %(patient)s sees it once the plan is open again.",
                **said), "warning")  # fmt: skip
    else:
        flash(_("Approved. %(patient)s sees revision %(number)s now.", **said), "success")
    return redirect(url_for("plans.plan", plan_id=plan.id), 303)


@dataclass(frozen=True)
class _Saved:
    """``first`` is false where the same form came before: a double click."""

    form: BuilderForm
    draft: PlanRevision
    first: bool = True


def _save(plan: PlanHandle) -> _Saved | ResponseReturnValue:
    """Keep what the form says (not yet committed), or the page that says why not."""
    form = BuilderForm()
    draft = reads.find_draft(plan.id, lock=True)
    if draft is None:
        return show_too_late(plan, form)
    review = review_draft(plan, draft)
    form.bind(review)
    form.skip(_removed(request.form.get("do", "")))
    if not form.validate():
        return show_typed(plan, review, form)
    try:
        service.save_draft(plan, form.values, by=signed_in_person(), now=now())
    except service.AlreadySaved:
        return _Saved(form, draft, first=False)
    except Conflict:
        return show_conflict(plan, form, review)
    except RuleBroken as error:
        form.put_back(error, "title")
        return show_typed(plan, review, form)
    return _Saved(form, draft)


def _removed(do: str) -> str:
    return do.removeprefix("remove:") if do.startswith("remove:") else ""


def _back(plan: PlanHandle, focus: str) -> ResponseReturnValue:
    at = focus or None
    search = read_wanted(request.form).parameters
    address = url_for("plans.edit", plan_id=plan.id, **search, at=at, _anchor=at)
    return redirect(address, 303)
