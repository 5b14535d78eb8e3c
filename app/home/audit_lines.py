"""Audit rows with the names that belong to their ids, for the page and for the file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.models import Account
from app.accounts.words import ROLES
from app.audit.models import AuditRow
from app.audit.reads import Wanted, list_rows
from app.audit.rules import LOOK
from app.database import db, reading_only
from app.home import audit_words as words
from app.patients.models import Patient
from app.policy import Role
from app.text import safe_cell

MOST_IN_A_FILE = 100_000
AT_ONCE = 500


@dataclass(frozen=True)
class Line:
    """One row of the audit in words."""

    row: AuditRow
    who: str
    roles: str
    action: str
    thing: str
    patient: str
    outcome: str
    reason: str
    changed: str


def lines_of(rows: Iterable[AuditRow]) -> list[Line]:
    """The rows in words; all names in two statements."""
    found = list(rows)
    people = _names(Account, {row.actor_id for row in found})
    patients = _names(Patient, {row.patient_id for row in found})
    return [_line(row, people, patients) for row in found]


def write_csv(wanted: Wanted) -> Iterator[str]:
    """The same as a file for spreadsheets, a few rows at a time, newest first."""
    yield _csv_line(
        _("number"), _("time"), _("person"), _("as"), _("action"), _("of"), _("patient"),
        _("outcome"), _("emergency"), _("changed"), _("reason"), _("network address"),
        _("session"), _("request"),
    )  # fmt: skip
    before: int | None = None
    for _part in range(MOST_IN_A_FILE // AT_ONCE):
        part, before = _read_part(wanted, before)
        yield from part
        if before is None:
            return
    yield _csv_line(_("There is more. Choose fewer days."))


def _read_part(wanted: Wanted, before: int | None) -> tuple[list[str], int | None]:
    with reading_only():
        rows, before = list_rows(wanted, before=before, size=AT_ONCE)
        lines = [
            _csv_line(
                line.row.seq, line.row.at.isoformat(), line.who, line.roles, line.action,
                line.thing, line.patient, line.outcome, line.row.emergency_id or "",
                line.changed, line.reason, line.row.ip, line.row.session_id or "",
                line.row.request_id,
            )
            for line in lines_of(rows)
        ]  # fmt: skip
        db.session.rollback()
    return lines, before


def _csv_line(*cells: object) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(safe_cell(str(cell)) for cell in cells)
    return line.getvalue()


def _line(row: AuditRow, people: dict[UUID, str], patients: dict[UUID, str]) -> Line:
    roles = row.roles.split()
    known = {role.value for role in Role}
    thing = str(words.KINDS.get(row.object_kind, words.in_plain(row.object_kind)))
    return Line(
        row=row,
        who=_who(row, people),
        roles=", ".join(str(ROLES[Role(role)]) for role in roles if role in known),
        action=_("Looked at: %(thing)s", thing=thing)
        if row.action == LOOK
        else words.action_words(row.action),
        thing=thing,
        patient=patients.get(row.patient_id, "") if row.patient_id else "",
        outcome=str(words.OUTCOMES.get(row.outcome, row.outcome)),
        reason=words.reason_words(row),
        changed=", ".join(words.field_words(name) for name in row.changed),
    )


def _who(row: AuditRow, people: dict[UUID, str]) -> str:
    if row.actor_id:
        return people.get(row.actor_id, str(row.actor_id))
    return str(_("the server") if row.roles else _("somebody who was not signed in"))


def _names(of: type[Account] | type[Patient], ids: set[UUID | None]) -> dict[UUID, str]:
    wanted = [id_ for id_ in ids if id_]
    if not wanted:
        return {}
    found = db.session.execute(select(of.id, of.name).where(of.id.in_(wanted)))
    return {row.id: row.name for row in found}
