"""Who did what, and who looked at whom: the audit, for admins."""

from __future__ import annotations

from flask import Response, current_app, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue

from app import policy
from app.access import allow, shows, signed_in_person
from app.audit.reads import EVERYTHING, Wanted, list_rows
from app.audit.service import About, record
from app.clock import now, today
from app.config import Settings
from app.database import db
from app.home.audit_forms import FilterAuditForm
from app.home.audit_lines import lines_of, write_csv
from app.home.blueprint import pages


@pages.route("/audit", methods=["GET", "POST"])
@allow(policy.can_read_audit)
def audit() -> ResponseReturnValue:
    """The newest rows, or those that the form asks for; reading them leaves a row, too."""
    form = FilterAuditForm()
    form.offer()
    wanted: Wanted | None = EVERYTHING
    if request.method == "POST":
        wanted = _wanted(form)
    return _show(form, wanted)


@pages.post("/audit.csv")
@allow(policy.can_read_audit)
def audit_csv() -> ResponseReturnValue:
    """The rows that the form asks for, as a file."""
    form = FilterAuditForm()
    form.offer()
    wanted = _wanted(form)
    if wanted is None:
        return _show(form, wanted)
    asked = [field.name for field in form if field.data]
    record("export-audit", _about(wanted), by=signed_in_person(), now=now(), changed=asked)
    db.session.commit()
    return Response(
        stream_with_context(write_csv(wanted)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="audit-{today()}.csv"'},
    )


def _wanted(form: FilterAuditForm) -> Wanted | None:
    settings: Settings = current_app.extensions["homestretch_settings"]
    return form.wanted(settings.time_zone) if form.validate() else None


def _show(form: FilterAuditForm, wanted: Wanted | None) -> ResponseReturnValue:
    rows, before = list_rows(wanted, before=_before()) if wanted else ((), None)
    shows(_about(wanted or EVERYTHING))
    body = render_template(
        "home/audit.html",
        form=form,
        lines=lines_of(rows),
        before=before,
        filtered=wanted != EVERYTHING,
        is_first=_before() is None,
        form_errors=form.problems,
    )
    return body, 422 if form.errors else 200


def _about(wanted: Wanted) -> About:
    """The audit; of one patient, where that one was asked for."""
    patients = wanted.patients or ()
    return About("audit", None, next(iter(patients)) if len(patients) == 1 else None)


def _before() -> int | None:
    """Where the next page begins; anything that is no number asks for the first one."""
    asked = request.values.get("before", "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else None
