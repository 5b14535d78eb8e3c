"""The clinical record of a plan: its timeline, any revision beside another, any instant again."""

from __future__ import annotations

from datetime import date, datetime, time

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import policy
from app.access import allow_on
from app.catalogue.picture_store import picture_of
from app.clock import now, today
from app.paper.answer import answer, large_asked, paper_asked
from app.plans import handles, reads, record_reads
from app.plans.blueprint import facts, pages, settings
from app.plans.clinic_history import end_of, moment_then
from app.plans.differences import list_changes
from app.plans.handles import PlanHandle
from app.plans.paper import plan_document
from app.plans.sheet import PlanSheet

FIRST_YEAR, LAST_YEAR = 2000, 2100


@pages.get("/plans/<uuid:plan_id>/record")
@allow_on(handles.find_plan, policy.can_write_plan)
def record(plan: PlanHandle) -> ResponseReturnValue:
    return render_template(
        "plans/record.html",
        plan=plan,
        entries=record_reads.list_entries(plan.id),
        threads=record_reads.list_threads(plan.id),
        today=today(),
    )


@pages.get("/plans/<uuid:plan_id>/as-of")
@allow_on(handles.find_plan, policy.can_write_plan)
def as_of(plan: PlanHandle) -> ResponseReturnValue:
    """What the patient could see at an instant; a day alone means its end."""
    day, at, instant = _asked()
    if instant is None:
        return redirect(url_for("plans.record", plan_id=plan.id), 303)
    morning = datetime.combine(day, time(), settings().time_zone)
    entries = record_reads.list_entries(plan.id, morning)
    return render_template(
        "plans/as_of.html",
        plan=plan,
        day=day,
        at=at,
        instant=instant,
        sheet=_sheet_then(plan, instant),
        entries=[entry for entry in entries if entry.at <= instant],
    )


@pages.get("/plans/<uuid:plan_id>/as-of.pdf")
@allow_on(handles.find_plan, policy.can_write_plan)
def as_of_pdf(plan: PlanHandle) -> ResponseReturnValue:
    day, _at, instant = _asked()
    sheet = _sheet_then(plan, instant) if instant else None
    if sheet is None:
        abort(404)
    document = plan_document(
        sheet,
        address=settings().base_url + url_for("plans.plan", plan_id=plan.id),
        paper=paper_asked(settings().paper),
        large=large_asked(),
        is_record=True,
        picture_of=picture_of,
    )
    return answer(document, f"plan-{sheet.shown_code}-{day.isoformat()}")


@pages.get("/plans/<uuid:plan_id>/differences")
@allow_on(handles.find_plan, policy.can_write_plan)
def differences(plan: PlanHandle) -> ResponseReturnValue:
    """Two approved revisions side by side: by default the two newest."""
    approved = {number: (at, rows) for number, at, rows in record_reads.list_approved(plan.id)}
    if not approved:
        return redirect(url_for("plans.revisions", plan_id=plan.id), 303)
    new = _number("new", max(approved))
    old = _number("old", max(new - 1, 1))
    if new not in approved or old not in approved:
        abort(404)
    return render_template(
        "plans/differences.html",
        plan=plan,
        numbers=sorted(approved),
        old=old,
        new=new,
        changes=list_changes(approved[old][1], approved[new][1]),
    )


def _sheet_then(plan: PlanHandle, instant: datetime) -> PlanSheet | None:
    return reads.read_sheet_then(plan.id, moment_then(instant, facts()))


def _asked() -> tuple[date, str, datetime | None]:
    """The day and the time that were asked for, and the instant; today's end where none was.

    The instant is None where something else than a day and a time was typed.
    """
    zone, said, at = settings().time_zone, request.args.get("day", ""), request.args.get("time", "")
    try:
        day = date.fromisoformat(said) if said else today()
        clock = time.fromisoformat(at) if at else None
    except ValueError:
        return today(), "", None
    if not FIRST_YEAR <= day.year < LAST_YEAR or (clock and clock.tzinfo):
        return today(), "", None
    instant = datetime.combine(day, clock, zone) if clock else min(end_of(day, zone), now())
    return day, at, instant


def _number(name: str, default: int) -> int:
    asked = request.args.get(name, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else default
