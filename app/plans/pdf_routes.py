"""The plan as PDF: the sheet, an approved revision again, the summary for the doctor."""

from __future__ import annotations

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue

from app import policy
from app.access import allow_on, signed_in_person
from app.catalogue.picture_store import picture_of
from app.paper.answer import answer, large_asked, paper_asked
from app.plans import handles, reads
from app.plans.blueprint import moment, pages, settings
from app.plans.handles import PlanHandle, RevisionHandle
from app.plans.paper import plan_document, summary_document
from app.plans.sheet import PlanSheet


@pages.get("/plans/<uuid:plan_id>.pdf")
@allow_on(handles.find_plan, policy.can_see_plan)
def plan_pdf(found: PlanHandle) -> ResponseReturnValue:
    """What the print page says. One that ended or was stopped is for staff, as a record."""
    sheet = reads.read_sheet(found.id, moment()) or abort(404)
    if sheet.is_over and not policy.can_write_plan(signed_in_person(), found):
        return redirect(url_for("plans.plan", plan_id=found.id), 303)
    return _answer(sheet, is_record=sheet.is_over)


@pages.get("/plans/<uuid:plan_id>/revisions/<int:number>.pdf")
@allow_on(handles.find_revision, policy.can_write_plan)
def revision_pdf(found: RevisionHandle) -> ResponseReturnValue:
    """A revision again for the record; only the one in force is for use."""
    sheet = reads.read_revision_sheet(found.plan.id, found.number, moment()) or abort(404)
    return _answer(sheet, is_record=found.is_old or sheet.is_over or sheet.has_stops)


@pages.get("/plans/<uuid:plan_id>/summary.pdf")
@allow_on(handles.find_plan, policy.can_write_plan)
def summary_pdf(found: PlanHandle) -> ResponseReturnValue:
    sheet = reads.read_sheet(found.id, moment()) or abort(404)
    document = summary_document(sheet, paper=paper_asked(settings().paper), is_record=sheet.is_over)
    return answer(document, f"summary-{sheet.shown_code}")


def _answer(sheet: PlanSheet, *, is_record: bool) -> ResponseReturnValue:
    document = plan_document(
        sheet,
        address=settings().base_url + url_for("plans.plan", plan_id=sheet.plan_id),
        paper=paper_asked(settings().paper),
        large=large_asked(),
        is_record=is_record,
        picture_of=picture_of,
    )
    return answer(document, f"plan-{sheet.shown_code}-{sheet.revision}")
