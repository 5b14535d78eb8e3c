"""Many writers at once: one chain keeps its order, and two chains know nothing of each other."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from app.audit.models import AuditRow
from app.audit.service import About, record
from app.clock import now
from app.database import db
from tests.factories import Cast, CastMember

AT_ONCE = 8
EACH = 6


def write(app: Flask, who: CastMember, patient_id: UUID | None, times: int = 1) -> None:
    with app.app_context():
        for _ in range(times):
            record("x", About("patient", patient_id, patient_id), by=who, now=now())
            db.session.commit()


def positions(patient_id: UUID | None) -> list[int]:
    its = select(AuditRow.position).where(AuditRow.chain_id == patient_id)
    return list(db.session.scalars(its.order_by(AuditRow.seq)))


def test_writers_of_one_chain_queue_and_none_is_lost(app: Flask, cast: Cast) -> None:
    with ThreadPoolExecutor(AT_ONCE) as threads:
        done = [
            threads.submit(write, app, cast.theo, patient.patient_id, EACH)
            for patient in (cast.pia, cast.paul)
            for _ in range(AT_ONCE // 2)
        ]
    for one in done:
        one.result()
    with app.app_context():
        for patient in (cast.pia, cast.paul):
            found = positions(patient.patient_id)
            assert found == list(range(1, len(found) + 1))
            assert len(found) >= AT_ONCE // 2 * EACH
        db.session.rollback()
        assert app.test_cli_runner().invoke(args=["verify-audit"]).exit_code == 0


def test_who_writes_about_one_patient_never_waits_for_another(app: Flask, cast: Cast) -> None:
    """Theo's transaction stays open; Paul's row goes in, and Pia's only after Theo's commit."""
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            pytest.skip("SQLite has one writer at a time, whatever they write")
        pia, paul = cast.pia.patient_id, cast.paul.patient_id
        record("x", About("patient", pia, pia), by=cast.theo, now=now())
        write_paul = threading.Thread(target=write, args=(app, cast.tess, paul))
        write_paul.start()
        write_paul.join(1.5)  # less than the two seconds after which a lock is refused
        assert not write_paul.is_alive()
        write_pia = threading.Thread(target=write, args=(app, cast.tess, pia))
        write_pia.start()
        write_pia.join(0.2)
        assert write_pia.is_alive()
        db.session.commit()
        write_pia.join()
        assert positions(pia) == list(range(1, len(positions(pia)) + 1))
