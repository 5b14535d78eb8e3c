"""The audit's chains: whatever is done to them without the key is found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from app import create_app
from app.audit.models import AuditHead, AuditRow
from app.audit.rules import NOBODY, NOTHING_BEFORE, SERVER, seal_head
from app.audit.service import About, Operator, record, record_refusal
from app.clock import now
from app.config import Settings
from app.database import Base, db
from tests.audit.tampering import EDITS, MOVED, THIRD, without_guards
from tests.factories import Cast
from tests.support import TestClock, make_settings


@pytest.fixture
def pia(app: Flask, cast: Cast) -> Iterator[UUID]:
    """The id of a patient about whom the audit has five rows."""
    patient_id = cast.pia.patient_id
    assert patient_id is not None
    with app.app_context():
        for n in range(5 - length_of(patient_id)):
            write(patient_id, f"edit-{n}", cast)
        yield patient_id
        db.session.rollback()


def write(patient_id: UUID | None, action: str, cast: Cast) -> None:
    about = About("patient", patient_id, patient_id)
    record(action, about, by=cast.theo, now=now(), changed=("name",))
    db.session.commit()


def length_of(chain_id: UUID) -> int:
    found = db.session.scalar(select(func.count()).where(AuditRow.chain_id == chain_id)) or 0
    db.session.rollback()
    return found


def verify(app: Flask, *arguments: str) -> tuple[int, str]:
    """Exit status and words of ``flask verify-audit``."""
    db.session.rollback()
    done = app.test_cli_runner().invoke(args=["verify-audit", *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def test_rows_that_nobody_touched_are_as_they_were_written(app: Flask, pia: UUID) -> None:
    status, words = verify(app)
    assert status == 0, words
    count = db.session.scalar(select(func.count()).select_from(AuditRow))
    assert f"{count} rows in" in words


ROWS = Base.metadata.tables["audit"]
HEADS = Base.metadata.tables["audit_heads"]


def change(statement: str, pia: UUID) -> None:
    with without_guards() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        values: dict[str, Any] = {"pia": pia.hex if is_sqlite else pia, "zeros": NOTHING_BEFORE}
        values = {name: value for name, value in values.items() if f":{name}" in statement}
        assert connection.execute(text(statement), values).rowcount > 0


def test_an_edit_of_any_column_is_found(app: Flask, pia: UUID) -> None:
    assert set(EDITS) == {c.key for c in ROWS.c} - {"seq", "chain_id", "position", "prev"}
    for column, value in EDITS.items():
        with without_guards() as connection:
            third = (ROWS.c.chain_id == pia) & (ROWS.c.position == 3)
            before = connection.execute(select(ROWS.c[column]).where(third)).scalar()
        change(f"UPDATE audit SET {column} = {value} WHERE {THIRD}", pia)
        status, words = verify(app)
        assert status == 1, column
        assert f"chain {pia}: row 3 (seq" in words, column
        assert "was altered, or is not ours" in words, column
        with without_guards() as connection:
            connection.execute(update(ROWS).where(third).values({column: before}))
    assert verify(app)[0] == 0


@pytest.mark.parametrize("what", MOVED)
def test_what_was_removed_moved_or_cut_off_is_found(app: Flask, pia: UUID, what: str) -> None:
    statements, words = MOVED[what]
    for statement in statements:
        change(statement, pia)
    status, said = verify(app)
    assert status == 1
    assert f"chain {pia}: {words}" in said or words in said, said


def test_a_row_that_was_put_in_without_the_key_is_found(app: Flask, pia: UUID) -> None:
    with without_guards() as connection:
        last = connection.execute(
            select(ROWS).where(ROWS.c.chain_id == pia, ROWS.c.position == 5)
        ).mappings()
        row = dict(last.one())
        del row["seq"]
        row |= {"position": 6, "prev": row["mac"], "mac": b"x" * 32}
        connection.execute(insert(ROWS).values(row))
    status, words = verify(app)
    assert status == 1
    assert "row 6" in words
    assert "rows were added to it without its head" in words


@pytest.mark.parametrize("harm", ["cut off", "no head", "a higher head"])
def test_writing_on_heals_no_break(app: Flask, pia: UUID, cast: Cast, harm: str) -> None:
    """The next row is written all the same, and what was done shows after it, too."""
    with without_guards() as connection:
        its = AuditHead.chain_id == pia
        if harm == "cut off":
            connection.execute(delete(ROWS).where(ROWS.c.chain_id == pia, ROWS.c.position > 3))
            third = select(ROWS.c.mac).where(ROWS.c.chain_id == pia, ROWS.c.position == 3)
            last = connection.execute(third).scalar_one()
            forged = {"position": 3, "last": last, "mac": seal_head("a guess", pia, 3, last)}
            connection.execute(update(AuditHead).where(its).values(forged))
        elif harm == "no head":
            connection.execute(delete(AuditHead).where(its))
        else:
            connection.execute(update(AuditHead).where(its).values(position=50))
    if harm != "a higher head":  # guards are up again: no head may go back
        write(pia, "edit-patient", cast)
        assert length_of(pia) in (4, 6)
    status, words = verify(app)
    assert status == 1
    assert "does not follow the row before it" in words or "its head was altered" in words


def test_who_cut_off_rows_and_kept_an_old_head_meets_the_anchor(
    app: Flask, pia: UUID, cast: Cast, tmp_path: Path
) -> None:
    """Somebody who has an old copy of the database can put back everything; not outside of it."""
    heads = select(HEADS).where(AuditHead.chain_id == pia)
    old = dict(db.session.execute(heads).mappings().one())
    write(pia, "later", cast)
    anchor = tmp_path / "anchor"
    runner = app.test_cli_runner()
    assert runner.invoke(args=["anchor-audit", str(anchor)]).exit_code == 0
    write(pia, "after the anchor", cast)
    assert verify(app, "--anchor", str(anchor))[0] == 0
    with without_guards() as connection:
        connection.execute(delete(ROWS).where(ROWS.c.chain_id == pia, ROWS.c.position > 5))
        connection.execute(update(AuditHead).where(AuditHead.chain_id == pia).values(old))
    assert verify(app)[0] == 0
    status, words = verify(app, "--anchor", str(anchor))
    assert status == 1
    assert f"chain {pia}: row 6, which an anchor names, is not there" in words
    write(pia, "in its place", cast)
    status, words = verify(app, "--anchor", str(anchor))
    assert status == 1
    assert "is not the one of the anchor" in words


def test_an_anchor_is_new_and_signed(app: Flask, pia: UUID, tmp_path: Path) -> None:
    anchor, runner = tmp_path / "anchor", app.test_cli_runner()
    runner.invoke(args=["anchor-audit", str(anchor)])
    again = runner.invoke(args=["anchor-audit", str(anchor)])
    assert again.exit_code != 0
    written = anchor.read_text()
    assert f"\n{pia.hex} 5 " in written
    for forged in (written.replace(f"{pia.hex} 5 ", f"{pia.hex} 4 "), "", "nothing", "seal x\n"):
        anchor.write_text(forged)
        status, words = verify(app, "--anchor", str(anchor))
        assert status == 1
        assert "somebody altered it" in words
    change("UPDATE audit_heads SET position = 50 WHERE chain_id = :pia", pia)
    refused = runner.invoke(args=["anchor-audit", str(tmp_path / "other")])
    assert refused.exit_code == 1
    assert "Run `flask verify-audit`" in refused.output
    assert not (tmp_path / "other").exists()


def test_the_key_can_be_changed(app: Flask, pia: UUID, cast: Cast, settings: Settings) -> None:
    """What the old key sealed stays good beside it, and is not without it."""
    changes = {"audit_key": "a new key", "audit_key_fallbacks": (settings.audit_key,)}
    url, folder = settings.database_url, settings.instance_dir
    for fallbacks, wanted in (changes, 0), ({"audit_key": "a new key"}, 1):
        db.session.rollback()
        newer = create_app(make_settings(url, folder, **fallbacks), TestClock())
        with newer.app_context():
            if not wanted:
                write(pia, "with the new key", cast)
            assert verify(newer)[0] == wanted
            db.engine.dispose()


def test_refusals_and_the_server_have_chains_of_their_own(app: Flask, cast: Cast) -> None:
    with app.app_context():
        record_refusal("x", About("page"), by=None, now=now(), reason="signed out")
        record_refusal("x", About("page"), by=cast.tess, now=now(), reason="role")
        record("x", About("exercise"), by=Operator(), now=now())
        db.session.commit()
        newest = select(AuditRow.chain_id).order_by(AuditRow.seq.desc()).limit(3)
        assert list(db.session.scalars(newest)) == [SERVER, cast.tess.id, NOBODY]
        assert verify(app)[0] == 0


def test_a_head_only_moves_forward(app: Flask, pia: UUID) -> None:
    heads = HEADS
    its = heads.c.chain_id == pia
    head = dict(db.session.execute(select(heads).where(its)).mappings().one())
    db.session.rollback()
    statements = [
        update(heads).where(its).values(position=head["position"]),
        update(heads).where(its).values(position=1),
        update(heads).where(its).values(chain_id=NOBODY, position=99),
        delete(heads).where(its),
    ]
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            statements.append(insert(heads).values(head).prefix_with("OR REPLACE"))
        else:
            statements.append(text("TRUNCATE audit_heads"))  # type: ignore[arg-type]
        for statement in statements:
            with pytest.raises(DBAPIError, match="never changes"):
                connection.execute(statement)
            connection.rollback()
