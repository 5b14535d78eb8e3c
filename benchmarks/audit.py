"""Adding to the audit: the head's row lock against an optimistic key, and against no chain.

Run alone: ``python -m benchmarks.audit``. On PostgreSQL, 1 and 8 writers about one patient or
about as many. The ways take turns in rounds, medians are shown. The numbers are in
docs/decisions/0010-audit-chains.md.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from app import create_app, migrating
from app.audit.models import AuditRow
from app.audit.rules import NOTHING_BEFORE, seal_row
from app.audit.service import About, Operator, record
from app.clock import now
from app.config import Settings
from app.database import db
from tests.postgres import postgres_server

ROUNDS = 5
SECONDS = 1.0
BY = Operator(uuid4())


def with_heads(patient_id: UUID) -> int:
    """As the app does it; gives how often it had to try again."""
    record("x", About("patient", patient_id, patient_id), by=BY, now=now())
    db.session.commit()
    return 0


def with_a_key(patient_id: UUID) -> int:
    """Read the last row, add the next, begin anew where somebody else was quicker."""
    for again in range(10_000):
        its = AuditRow.chain_id == patient_id
        last = db.session.execute(
            select(AuditRow.position, AuditRow.mac)
            .where(its)
            .order_by(AuditRow.position.desc())
            .limit(1)
        ).one_or_none()
        position, prev = (last.position, last.mac) if last else (0, NOTHING_BEFORE)
        row = _row(patient_id) | {"chain_id": patient_id, "position": position + 1, "prev": prev}
        try:
            db.session.execute(insert(AuditRow).values(row | {"mac": seal_row("a key", row)}))
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
        else:
            return again
    raise RuntimeError("never got its turn")


def without_a_chain(patient_id: UUID) -> int:
    row = _row(patient_id) | {"chain_id": uuid4(), "position": 1, "prev": b"", "mac": b""}
    db.session.execute(insert(AuditRow).values(row))
    db.session.commit()
    return 0


WAYS: dict[str, Callable[[UUID], int]] = {
    "no chain": without_a_chain,
    "head and row lock": with_heads,
    "unique key and retry": with_a_key,
}


def _row(patient_id: UUID) -> dict[str, object]:
    return {
        "at": now(), "actor_id": BY.id, "roles": "operator", "session_id": None, "ip": "",
        "request_id": "", "action": "x", "object_kind": "patient", "object_id": patient_id,
        "patient_id": patient_id, "emergency_id": None, "outcome": "done", "reason": "",
        "changed": [],
    }  # fmt: skip


def measure(app: Flask, way: Callable[[UUID], int], writers: int, patients: int) -> tuple[int, int]:
    """Rows a second of all writers together, and how many tries were in vain."""
    ids = [uuid4() for _ in range(patients)]
    end = time.perf_counter() + SECONDS

    def write(number: int) -> tuple[int, int]:
        done = vain = 0
        with app.app_context():
            while time.perf_counter() < end:
                vain += way(ids[number % patients])
                done += 1
        return done, vain

    with ThreadPoolExecutor(writers) as threads:
        counts = list(threads.map(write, range(writers)))
    return round(sum(done for done, _ in counts) / SECONDS), sum(vain for _, vain in counts)


def main() -> None:
    with postgres_server() as server, tempfile.TemporaryDirectory() as folder:
        environ = {"DATABASE_URL": server.create_database(), "INSTANCE_DIR": str(Path(folder))}
        app = create_app(Settings.load({f"HOMESTRETCH_{k}": v for k, v in environ.items()}))
        migrating.enable(app)
        with app.app_context():
            upgrade()
            db.session.execute(select(func.count()).select_from(AuditRow))
        for writers, patients in ((1, 1), (8, 8), (8, 1)):
            found: dict[str, list[tuple[int, int]]] = {name: [] for name in WAYS}
            for _round in range(ROUNDS):
                for name, way in WAYS.items():
                    found[name].append(measure(app, way, writers, patients))
            for name, rounds in found.items():
                speed = statistics.median(one[0] for one in rounds)
                vain = statistics.median(one[1] for one in rounds)
                print(f"{writers} writers, {patients} patients, {name}: {speed:.0f}/s, {vain} vain")
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


if __name__ == "__main__":
    main()
