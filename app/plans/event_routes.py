"""The end of a plan, a stop of it or of one exercise, and how either is taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import policy
from app.access import allow_on, signed_in_person
from app.clock import now, today
from app.database import db
from app.errors import RuleBroken
from app.plans import events, handles, reads
from app.plans.blueprint import pages
from app.plans.checks import Elsewhere
from app.plans.forms import EventForm
from app.plans.handles import PlanHandle
from app.plans.past_stops import goes_on_elsewhere


@pages.route("/plans/<uuid:plan_id>/end", methods=["GET", "POST"])
@allow_on(handles.find_plan, policy.can_write_plan)
def end(plan: PlanHandle) -> ResponseReturnValue:
    form = EventForm()
    verb = partial(events.end_plan, plan)
    return _ask(
        plan, form, "plans/end.html", verb, _("The plan has ended. The patient is told so.")
    )


@pages.route("/plans/<uuid:plan_id>/stop", methods=["GET", "POST"])
@allow_on(handles.find_plan, policy.can_write_plan)
def stop(plan: PlanHandle) -> ResponseReturnValue:
    """Stop the whole plan now, or one exercise (``?thread=``)."""
    form = EventForm(data={"thread": request.args.get("thread", "")})
    verb = partial(events.stop, plan, form.thread_id)
    others = goes_on_elsewhere(plan.id, plan.patient.id, form.thread_id, today())
    done = _("Stopped. The patient is told so at once.")
    return _ask(plan, form, "plans/stop.html", verb, done, others)


@pages.route("/plans/<uuid:plan_id>/reopen", methods=["GET", "POST"])
@allow_on(handles.find_plan, policy.can_write_plan)
def reopen(plan: PlanHandle) -> ResponseReturnValue:
    """Take back the end or the stop of a plan, or the stop of one exercise (``?thread=``)."""
    form = EventForm(data={"thread": request.args.get("thread", "")})
    verb = partial(events.reopen, plan, form.thread_id)
    return _ask(plan, form, "plans/reopen.html", verb, _("It holds again."))


def _ask(
    plan: PlanHandle,
    form: EventForm,
    template: str,
    verb: Callable[..., None],
    done: str,
    others: Sequence[Elsewhere] = (),
) -> ResponseReturnValue:
    """The page that asks for the reason; with one, do it and go back to the plan.

    ``others``: where the exercise goes on all the same.
    """
    if form.validate_on_submit():
        try:
            verb(form.reason.data or "", by=signed_in_person(), now=now(), today=today())
        except RuleBroken as error:
            form.put_back(error, "reason")
        else:
            db.session.commit()
            flash(done, "success")
            for other in others:
                flash(_("It goes on in another plan: %(plan)s.", plan=other.plan_title), "warning")
            return redirect(url_for("plans.plan", plan_id=plan.id), 303)
    page = render_template(
        template,
        plan=plan,
        event_form=form,
        exercise=_title(plan, form),
        others=others,
        form_errors=form.problems,
    )
    return page, 422 if form.errors else 200


def _title(plan: PlanHandle, form: EventForm) -> str:
    """The exercise that the page is about; empty for the whole plan."""
    in_force = reads.find_in_force(plan.id) if form.thread_id else None
    found = reads.list_rows(in_force.id) if in_force else ()
    return next((v.text.title for row, v in found if row.thread_id == form.thread_id), "")
