"""The demonstration's approved plan: everything of a handout from today, a few withheld."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime

from app.audit.service import Actor
from app.catalogue.models import Handout
from app.plans import handles, reads, service
from app.plans.approval import Clinic, approve_revision
from app.plans.handles import PatientHandle
from app.plans.rules import Defaults, Frequency, RowValues, Start
from app.plans.service import DraftValues

TWICE_DAILY = Frequency(times_per_day=2, days_per_week=7)


def make_demo_plan(
    patient: PatientHandle,
    handout: Handout,
    withheld_titles: Collection[str],
    *,
    clinic: Clinic,
    by: Actor,
    now: datetime,
    today: date,
) -> None:
    """A plan from ``handout``, twice a day from ``today``, approved by the same verbs as any."""
    title = handout.text.title
    made = service.start_plan(patient, title, by=by, now=now, handout=handout)
    plan = handles.find_plan(made.id)
    draft = reads.find_draft(made.id)
    if plan is None or draft is None:
        raise LookupError("the plan that was just started is not there")
    rows = tuple(
        replace(RowValues.of(value), start=Start.withheld())
        if value.text.title in withheld_titles
        else RowValues.of(value)
        for _row, value in reads.list_rows(draft.id)
    )
    values = DraftValues(title, Defaults(TWICE_DAILY, today), rows, (), based_on=draft.version)
    draft = service.save_draft(plan, values, by=by, now=now)
    approve_revision(
        plan, draft.id, based_on=draft.version, clinic=clinic, by=by, now=now, today=today
    )
