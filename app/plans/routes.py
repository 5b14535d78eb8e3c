"""What a patient sees: today, one exercise, the plan, the print; staff see the same sheet."""

from __future__ import annotations

import segno
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from app import policy
from app.access import allow, allow_on, signed_in_person
from app.clock import today
from app.plans import (
    approval_routes,
    attention_routes,
    builder_routes,
    event_routes,
    handles,
    lists,
    looking,
    pdf_routes,
    reads,
    record_routes,
    template_routes,
)
from app.plans.blueprint import moment, pages, settings
from app.plans.chart import make_chart
from app.plans.handles import PlanHandle, PrescriptionHandle, RevisionHandle
from app.plans.looking import Beside, Matter
from app.plans.sheet import PlanSheet

__all__ = [
    "approval_routes",
    "attention_routes",
    "builder_routes",
    "event_routes",
    "pages",
    "pdf_routes",
    "record_routes",
    "template_routes",
]

PRINT_SIZES = ("normal", "large")
PAPERS = ("a4", "letter")


@pages.get("/today")
@allow(policy.is_patient)
def today_page() -> ResponseReturnValue:
    sheets = reads.read_sheets_of(signed_in_person().id, moment())
    return render_template("plans/today.html", sheets=sheets, today=today())


@pages.get("/today/<uuid:prescription_id>")
@allow_on(handles.find_prescription, policy.is_own)
def today_exercise(found: PrescriptionHandle) -> ResponseReturnValue:
    """One exercise alone, with the way to the next one that is due."""
    due = [
        (sheet, item)
        for sheet in reads.read_sheets_of(signed_in_person().id, moment())
        for item in sheet.due
    ]
    at = next((n for n, (_, item) in enumerate(due) if item.prescription_id == found.id), None)
    if at is None:
        return redirect(url_for("plans.today_page"), 303)
    sheet, item = due[at]
    return render_template(
        "plans/today_exercise.html",
        sheet=sheet,
        item=item,
        number=at + 1,
        count=len(due),
        before=due[at - 1][1] if at else None,
        after=due[at + 1][1] if at + 1 < len(due) else None,
    )


@pages.get("/plans/<uuid:plan_id>")
@allow_on(handles.find_plan, policy.can_see_plan)
def plan(found: PlanHandle) -> ResponseReturnValue:
    may_write = policy.can_write_plan(signed_in_person(), found)
    sheet = reads.read_sheet(found.id, moment())
    if sheet is None and not may_write:
        abort(404)
    beside = looking.find_beside(found.id) if may_write else looking.NOTHING_BESIDE
    return render_template(
        "plans/plan.html", plan=found, sheet=sheet, may_write=may_write,
        draft=beside.draft,
        stops=beside.halts.stops,
        open_matters=_open_matters(found, beside) if may_write and sheet else (),
    )  # fmt: skip


def _open_matters(found: PlanHandle, beside: Beside) -> tuple[Matter, ...]:
    return tuple(m for m in looking.list_matters(found, today(), beside) if m.answer is None)


@pages.get("/plans/<uuid:plan_id>/print")
@allow_on(handles.find_plan, policy.can_see_plan)
def print_plan(found: PlanHandle) -> ResponseReturnValue:
    """The sheet for the fridge. An ended or stopped plan is printed by staff, as a record."""
    sheet = reads.read_sheet(found.id, moment())
    if sheet is None:
        abort(404)
    if sheet.is_over and not policy.can_write_plan(signed_in_person(), found):
        return redirect(url_for("plans.plan", plan_id=found.id), 303)
    return _print(sheet, is_record=sheet.is_over)


@pages.get("/plans/<uuid:plan_id>/revisions")
@allow_on(handles.find_plan, policy.can_write_plan)
def revisions(found: PlanHandle) -> ResponseReturnValue:
    return render_template(
        "plans/revisions.html", plan=found, revisions=lists.list_revisions(found.id)
    )


@pages.get("/plans/<uuid:plan_id>/revisions/<int:number>")
@allow_on(handles.find_revision, policy.can_write_plan)
def revision(found: RevisionHandle) -> ResponseReturnValue:
    return render_template(
        "plans/revision.html", plan=found.plan, sheet=_sheet_of(found), newest=found.newest
    )


@pages.get("/plans/<uuid:plan_id>/revisions/<int:number>/print")
@allow_on(handles.find_revision, policy.can_write_plan)
def print_revision(found: RevisionHandle) -> ResponseReturnValue:
    """A revision again for the record; only the one in force is for use."""
    sheet = _sheet_of(found)
    return _print(sheet, is_record=found.is_old or sheet.is_over or sheet.has_stops)


def _sheet_of(found: RevisionHandle) -> PlanSheet:
    sheet = reads.read_revision_sheet(found.plan.id, found.number, moment())
    return sheet or abort(404)


def _print(sheet: PlanSheet, *, is_record: bool) -> ResponseReturnValue:
    address = settings().base_url + url_for("plans.plan", plan_id=sheet.plan_id)
    return render_template(
        "plans/print.html",
        sheet=sheet,
        is_record=is_record,
        chart=make_chart(sheet),
        address=address,
        qr=Markup(  # noqa: S704  # nosec B704: segno's own SVG of an address that we made
            segno.make_qr(address, error="m").svg_inline(
                border=0, omitsize=True, title=_("QR code of this plan")
            )
        ),
        size=_one_of(PRINT_SIZES, request.args.get("print"), "normal"),
        paper=_one_of(PAPERS, request.args.get("size"), settings().paper),
    )


def _one_of(allowed: tuple[str, ...], asked: str | None, default: str) -> str:
    return asked if asked in allowed else default
