"""Reading the whole audit to see whether anybody altered it, and keeping its ends elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text

from app.audit.checking import Head
from app.audit.models import AuditHead, AuditRow
from app.audit.rules import WITNESS, is_head_sealed_with, seal_text
from app.database import db
from app.errors import N_, RuleBroken

FIRST_LINE = "homestretch audit anchor 1"


def read_without_hurry() -> None:
    """A whole audit takes longer than a page may."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SET LOCAL statement_timeout = 0"))


def count_rows() -> int:
    return db.session.scalar(select(func.count()).select_from(AuditRow)) or 0


def read_rows() -> Iterator[dict[str, Any]]:
    """Every row, by chain and position, a few at a time."""
    statement = select(AuditRow.__table__).order_by(AuditRow.chain_id, AuditRow.position)
    for row in db.session.execute(statement, execution_options={"yield_per": 2000}):
        yield row._asdict()


def read_heads() -> dict[UUID, Head]:
    columns = AuditHead.chain_id, AuditHead.position, AuditHead.last, AuditHead.mac
    found = db.session.execute(select(*columns).order_by(AuditHead.chain_id))
    return {row.chain_id: Head(*row) for row in found}


def write_anchor(key: str, keys: Collection[str], now: datetime) -> str:
    """The ends of all chains, signed: what a later audit must still contain."""
    lines = [f"{FIRST_LINE} {now.isoformat(timespec='seconds')}"]
    for head in read_heads().values():
        if head.chain_id == WITNESS:
            continue
        if not is_head_sealed_with(keys, head.chain_id, head.position, head.last, head.mac):
            raise RuleBroken(
                N_("The head of chain %(chain)s was altered. Run `flask verify-audit`."),
                chain=head.chain_id,
            )
        lines.append(f"{head.chain_id.hex} {head.position} {head.last.hex()}")
    body = "\n".join(lines)
    return f"{body}\nseal {seal_text(key, body)}\n"


def read_anchor(written: str, keys: Collection[str]) -> list[Head]:
    """The ends that an anchor keeps. Raises RuleBroken if this key did not sign them."""
    body, _newline, last = written.rstrip("\n").rpartition("\n")
    if not body.startswith(FIRST_LINE) or last not in {
        f"seal {seal_text(key, body)}" for key in keys
    }:
        raise RuleBroken(N_("This is no anchor of this clinic’s audit, or somebody altered it."))
    parts = (line.split() for line in body.splitlines()[1:])
    return [Head(UUID(chain), int(position), bytes.fromhex(mac)) for chain, position, mac in parts]
