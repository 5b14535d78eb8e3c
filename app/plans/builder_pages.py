"""The builder's pages: the form as the draft stands, and what is shown where two clinicians met."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.catalogue.search import read_wanted, search_exercises
from app.clock import today
from app.errors import RuleBroken
from app.forms import typed_fields
from app.plans import approval, service
from app.plans.checks import Problem
from app.plans.desk import AtHand, find_at_hand
from app.plans.differences import list_differences, list_typed
from app.plans.forms import BuilderForm
from app.plans.handles import PlanHandle
from app.plans.load import fullest_day
from app.plans.review import Review, review_draft
from app.plans.row_forms import FrequencyForm, RowForm
from app.plans.rules import went_by
from app.plans.steps import next_dose
from app.wording import sentence_of


def fill(review: Review, q: str) -> BuilderForm:
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
            "review_on": draft.review_on,
            "rows": [RowForm.data_of_row(row, review) for row in review.rows],
            "q": q,
        },
    )
    form.bind(review)
    return form


def show(
    plan: PlanHandle,
    review: Review,
    form: BuilderForm,
    unplaced: Sequence[Problem] = (),
    status: int = 200,
    at_hand: AtHand | None = None,
) -> ResponseReturnValue:
    """The builder. ``unplaced``: problems that belong to no box, but to the row or the plan."""
    at_hand = at_hand or find_at_hand(plan.id)
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
        favourites=at_hand.favourites,
        ladders=at_hand.ladders,
        next_dose=next_dose,
        load=fullest_day(review.rows),
        answers=review.answers,
        in_plan=review.exercise_ids,
        found=search_exercises(read_wanted(request.values, ruled_out_by=review.conditions)),
        conditions=review.conditions,
        went_by=any(went_by(row, today(), review.carried) for row in review.rows),
        today=today(),
        stops=review.stops,
        stopped_plans=review.stopped_plans,
        sentence_of=sentence_of,
    )
    return page, status


def show_too_late(plan: PlanHandle, form: BuilderForm) -> ResponseReturnValue:
    """The draft that this form was opened on was approved or discarded meanwhile."""
    approved = approval.find_approved(plan, form.draft_id)
    review = review_draft(plan, approved) if approved else None
    form.bind(review)
    if not form.validate():
        raise RuleBroken(service.NO_DRAFT)
    if review is None:
        return render_template("plans/gone.html", plan=plan, typed=list_typed(form.values)), 409
    return show_conflict(plan, form, review)


def show_conflict(plan: PlanHandle, form: BuilderForm, theirs: Review) -> ResponseReturnValue:
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
