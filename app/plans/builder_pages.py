"""The builder's pages: the form as the draft stands, and what is shown where two clinicians met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import uuid4

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.catalogue.search import read_wanted, search_exercises
from app.clock import today
from app.errors import RuleBroken
from app.forms import typed_fields
from app.plans import approval, service
from app.plans.builder_parts import ShownPlan, ShownRow, rows_of
from app.plans.checks import Problem
from app.plans.desk import AtHand, Desk, find_at_hand
from app.plans.differences import list_differences, list_typed
from app.plans.forms import BuilderForm, SearchForm
from app.plans.handles import PlanHandle
from app.plans.load import fullest_day
from app.plans.models import PlanRevision
from app.plans.review import Review, review_draft
from app.plans.row_forms import RowForm
from app.plans.rules import went_by
from app.wording import sentence_of


def fill(review: Review, q: str) -> BuilderForm:
    """The form as the draft stands."""
    draft = review.draft
    data = {
        **ShownPlan.of(draft).data,
        **_hidden(draft),
        "rows": [row.data for row in rows_of(review, {})],
        "q": q,
    }
    form = BuilderForm(formdata=None, data=data)
    form.bind(review)
    return form


def show_saved(desk: Desk, review: Review, q: str) -> ResponseReturnValue:
    """The builder as the draft stands. What was shown like this before is not made anew."""
    rows = [(row, None) for row in rows_of(review, desk.at_hand.ladders)]
    search = SearchForm(formdata=None, data={"q": q})
    return _page(desk.plan, review, desk.at_hand, rows, search, _hidden(review.draft))


def show_typed(
    plan: PlanHandle, review: Review, form: BuilderForm, unplaced: Sequence[Problem] = ()
) -> ResponseReturnValue:
    """The builder with what was typed, and what is wrong with it.

    ``unplaced``: problems that belong to no box, but to the row or the plan.
    """
    at_hand = find_at_hand(plan.id)
    shown = {shown.row: shown for shown in rows_of(review, at_hand.ladders)}
    forms = [entry.form for entry in form.rows]
    rows = [
        (replace(shown[typed.row], place=place, is_last=place + 1 == len(forms)), typed)
        if typed.row
        else (None, typed)
        for place, typed in enumerate(forms)
    ]
    elsewhere = [
        (f"row-{problem.prescription_id}" if problem.prescription_id else "q", sentence_of(problem))
        for problem in unplaced
    ]
    hidden = {name: form[name].data or "" for name in _hidden(review.draft)}
    errors = [*elsewhere, *form.problems]
    return _page(plan, review, at_hand, rows, form, hidden, form, errors), 422


def _hidden(draft: PlanRevision) -> dict[str, object]:
    """Which draft the form is about, as it was saved when, and the form's own name."""
    return {"based_on": draft.version, "save_key": uuid4(), "draft": draft.id}


def _page(
    plan: PlanHandle,
    review: Review,
    at_hand: AtHand,
    rows: Sequence[tuple[ShownRow | None, RowForm | None]],
    search: SearchForm | BuilderForm,
    hidden: Mapping[str, object],
    typed: BuilderForm | None = None,
    errors: Sequence[tuple[str, str]] = (),
) -> str:
    """``rows``: what is shown, and the boxes where they hold something else than is saved;
    ``typed``: such boxes about the plan as a whole."""
    found = search_exercises(read_wanted(request.values, ruled_out_by=review.conditions))
    return render_template(
        "plans/edit.html",
        plan=plan,
        draft=review.draft,
        shown_plan=ShownPlan.of(review.draft),
        typed_plan=typed,
        search_form=search,
        hidden=hidden,
        form_errors=errors,
        rows=rows,
        titles={row.id: row.text.title for row in review.rows},
        open_warnings=review.open_warnings,
        favourites=at_hand.favourites,
        load=fullest_day(review.rows),
        in_plan=review.exercise_ids,
        found=found,
        conditions=review.conditions,
        went_by=any(went_by(row, today(), review.carried) for row in review.rows),
        today=today(),
        stops=review.stops,
        stopped_plans=review.stopped_plans,
        sentence_of=sentence_of,
    )


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
