"""The builder: one form, and every button sends all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import policy
from app.access import allow_on, signed_in_person
from app.audit.service import About, record_refusal
from app.catalogue.search import read_wanted, search_exercises
from app.catalogue.service import find_exercise
from app.clock import now, today
from app.database import db
from app.errors import Conflict, RuleBroken
from app.forms import typed_fields
from app.plans import approval, handles, reads, rows, service
from app.plans.blueprint import clinic, moment, pages
from app.plans.checks import NotApprovable, Problem
from app.plans.differences import list_differences
from app.plans.forms import BuilderForm
from app.plans.handles import PlanHandle
from app.plans.models import PlanRevision
from app.plans.review import Review, carried_into, review_draft
from app.plans.row_forms import FrequencyForm, RowForm
from app.plans.rules import went_by
from app.wording import sentence_of


@pages.get("/plans/<uuid:plan_id>/edit")
@allow_on(handles.find_plan, policy.can_write_plan)
def edit(plan: PlanHandle) -> ResponseReturnValue:
    draft = reads.find_draft(plan.id)
    if draft is None:
        return redirect(url_for("plans.plan", plan_id=plan.id), 303)
    review = review_draft(plan, draft)
    return _page(plan, review, _fill(review, request.args.get("q", "")))


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
                focus = _do(plan, done.draft, request.form.get("do", "save"))
        except RuleBroken as error:
            flash(sentence_of(error), "warning")
    db.session.commit()
    return _back(plan, focus)


@pages.post("/plans/<uuid:plan_id>/preview", endpoint="save_and_preview")
@allow_on(handles.find_plan, policy.can_write_plan)
def save_and_preview(plan: PlanHandle) -> ResponseReturnValue:
    done = _save(plan)
    if not isinstance(done, _Saved):
        return done
    db.session.commit()
    return redirect(url_for("plans.preview", plan_id=plan.id), 303)


@pages.get("/plans/<uuid:plan_id>/preview")
@allow_on(handles.find_plan, policy.can_write_plan)
def preview(plan: PlanHandle) -> ResponseReturnValue:
    """The draft as the patient would see it today if it were approved now."""
    draft = reads.find_draft(plan.id)
    if draft is None:
        return redirect(url_for("plans.plan", plan_id=plan.id), 303)
    sheet = approval.preview_sheet(plan, draft, clinic(), signed_in_person(), moment())
    return render_template("plans/preview.html", plan=plan, sheet=sheet)


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
    form = _fill(review, done.form.q.data or "")
    unplaced = [problem for problem in refusal.problems if not form.show(problem)]
    page = _page(plan, review, form, unplaced, status=422)
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
    return approved if approved and approved.save_key == form.key else None


def _approved(plan: PlanHandle, revision: PlanRevision) -> ResponseReturnValue:
    flash(
        _("Approved. %(patient)s sees revision %(number)s now.",
          patient=plan.patient.name, number=revision.number),
        "success",
    )  # fmt: skip
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
        return _too_late(plan, form)
    review = review_draft(plan, draft)
    form.bind(review)
    form.skip(_removed(request.form.get("do", "")))
    if not form.validate():
        return _page(plan, review, form, status=422)
    try:
        service.save_draft(plan, form.values, by=signed_in_person(), now=now())
    except service.AlreadySaved:
        return _Saved(form, draft, first=False)
    except Conflict:
        return _conflict(plan, form, review)
    except RuleBroken as error:
        form.put_back(error, "title")
        return _page(plan, review, form, status=422)
    return _Saved(form, draft)


def _do(plan: PlanHandle, draft: PlanRevision, do: str) -> str:
    """What the pressed button asks for; gives the id of the control to come back to."""
    verb, _colon, about = do.partition(":")
    by, instant = signed_in_person(), now()
    match verb:
        case "add":
            exercise = find_exercise(_id(about))
            if exercise is None or not exercise.is_offered:
                raise RuleBroken(_("This exercise is not in the catalogue any more."))
            row = rows.assign_exercise(plan, draft, exercise, by=by, now=instant)
            title = exercise.text.title
            flash(_("%(exercise)s is in the plan now.", exercise=title), "success")
            return f"row-{row.id}"
        case "up" | "down":
            way = -1 if verb == "up" else 1
            place = rows.move_prescription(plan, draft, _id(about), way, by=by, now=instant)
            flash(_("Moved: it is number %(place)s now.", place=place), "success")
            return f"{verb}-{about}"
        case "remove":
            rows.remove_prescription(plan, draft, _id(about), by=by, now=instant)
            flash(_("Removed from the plan."), "success")
        case "later":
            row = rows.change_later(plan, draft, _id(about), by=by, now=instant)
            flash(_("Set the new dose and the day from which it holds."), "success")
            return f"row-{row.id}"
        case "take-over":
            rows.take_over_text(plan, draft, _id(about), by=by, now=instant)
            flash(_("The newest text is in the plan now."), "success")
            return f"row-{about}"
        case "today":
            carried = carried_into(plan.id)
            rows.move_starts_to(plan, draft, today(), carried, by=by, now=instant)
            flash(_("The start dates that had passed are today now."), "success")
        case _:
            if not request.form.get("q"):
                flash(_("Saved."), "success")
    return ""


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise RuleBroken(_("This exercise is not in the plan any more.")) from None


def _removed(do: str) -> str:
    return do.removeprefix("remove:") if do.startswith("remove:") else ""


def _back(plan: PlanHandle, focus: str) -> ResponseReturnValue:
    at = focus or None
    search = read_wanted(request.form).parameters
    address = url_for("plans.edit", plan_id=plan.id, **search, at=at, _anchor=at)
    return redirect(address, 303)


def _fill(review: Review, q: str) -> BuilderForm:
    """The form as the draft stands."""
    draft = review.draft
    form = BuilderForm(
        formdata=None,
        data={
            "based_on": draft.version,
            "save_key": uuid4(),
            "draft": draft.id,
            "title": draft.title,
            "often": FrequencyForm.data_of(draft.frequency),
            "start_on": draft.start_on,
            "rows": [RowForm.data_of_row(row, review) for row in review.rows],
            "q": q,
        },
    )
    form.bind(review)
    return form


def _page(
    plan: PlanHandle,
    review: Review,
    form: BuilderForm,
    unplaced: Sequence[Problem] = (),
    status: int = 200,
) -> ResponseReturnValue:
    """The builder. ``unplaced``: problems that belong to no box, but to the row or the plan."""
    elsewhere = [
        (f"row-{problem.prescription_id}" if problem.prescription_id else "", sentence_of(problem))
        for problem in unplaced
    ]
    page = render_template(
        "plans/edit.html",
        plan=plan,
        draft=review.draft,
        builder_form=form,
        form_errors=[*elsewhere, *form.problems],
        warnings={(w.prescription_id, w.cause.key): w for w in review.warnings},
        open_warnings=review.open_warnings,
        in_plan=review.exercise_ids,
        found=search_exercises(read_wanted(request.values, ruled_out_by=review.conditions)),
        conditions=review.conditions,
        went_by=any(went_by(row, today(), review.carried) for row in review.rows),
        today=today(),
        sentence_of=sentence_of,
    )
    return page, status


def _too_late(plan: PlanHandle, form: BuilderForm) -> ResponseReturnValue:
    """The draft that this form was opened on was approved or discarded meanwhile."""
    if approved := approval.find_approved(plan, form.draft_id):
        review = review_draft(plan, approved)
        form.bind(review)
        if form.validate():
            return _conflict(plan, form, review)
    raise RuleBroken(service.NO_DRAFT)


def _conflict(plan: PlanHandle, form: BuilderForm, theirs: Review) -> ResponseReturnValue:
    """Somebody saved or approved meanwhile: both texts, and nothing typed is lost."""
    page = render_template(
        "plans/conflict.html",
        plan=plan,
        theirs=theirs.draft,
        differences=list_differences(theirs, form.values),
        typed=typed_fields(without=("based_on", "save_key", "draft", "do")),
        save_key=uuid4(),
    )
    return page, 409
