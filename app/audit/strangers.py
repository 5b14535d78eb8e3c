"""Refusals of people who are not signed in: anybody can cause them, so they must not fill the disk.

What is refused for the same reason, at the same page, from the same network and in the same quarter
of an hour is one thing: the first stands in the audit, the others are counted. When the quarter is
over, the next refusal of a stranger writes how many there were.

Tries at an account are a thing of their own for each account, wherever they come from, and written
as often as it may be tried: so nothing that a crowd does elsewhere hides them. Tries at names that
nobody has are one thing for each network, and written as often.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.audit.appending import lock_chain
from app.audit.models import StrangerRefusal
from app.audit.rules import (
    COUNT_FOR,
    MOST_KINDS,
    MOST_TRIES_TOLD,
    NOBODY,
    and_more,
)

_SAME = ("action", "object_kind", "reason")
_REST = bytes(32)
_CROWD = {"action": "strangers", "object_kind": "", "reason": "a crowd"}
"""All that is refused beyond MOST_KINDS: a crowd of networks is one thing, too."""


def rows_for(session: Session, row: dict[str, object], now: datetime) -> list[dict[str, object]]:
    """What the audit has to say of this refusal: ``row``, or nothing, for it is counted.

    Together with ``row`` come the counts of the quarters that are over.
    """
    key, most = _key(row), _most(str(row["object_kind"]))
    if _count(session, key, now, beyond=most):  # a flood costs one statement and no lock
        return []
    lock_chain(session, NOBODY)
    times = _count(session, key, now)
    if times:
        return [row] if times <= most else []
    said = list(_over(session, row, now))
    kept = {"key": key, "network": _network(row), **{name: row[name] for name in _SAME}}
    if (session.scalar(_KINDS) or 0) >= MOST_KINDS and not row["object_id"]:
        if _count(session, _REST, now):
            return said
        kept = {"key": _REST, "network": "", **_CROWD}
    session.add(StrangerRefusal(**kept, since=now, last_at=now, times=1))
    session.flush()
    return [*said, row]


_KINDS = select(func.count()).select_from(StrangerRefusal)


def _count(session: Session, key: bytes, now: datetime, beyond: int = 0) -> int:
    """Count one more, where more than ``beyond`` were counted already; 0 where not."""
    times = session.scalar(
        update(StrangerRefusal)
        .where(
            StrangerRefusal.key == key,
            StrangerRefusal.since > now - COUNT_FOR,
            StrangerRefusal.times >= beyond,
        )
        .values(times=StrangerRefusal.times + 1, last_at=now)
        .returning(StrangerRefusal.times)
    )
    return times or 0


def _over(session: Session, row: dict[str, object], now: datetime) -> Iterator[dict[str, object]]:
    """Rows that say how many more there were, for quarters that are over; those are forgotten."""
    is_over = StrangerRefusal.since <= now - COUNT_FOR
    for one in session.scalars(delete(StrangerRefusal).where(is_over).returning(StrangerRefusal)):
        more = one.times - _most(one.object_kind)
        if more > 0:
            yield row | {
                "at": one.last_at,
                "ip": one.network,
                "request_id": "",
                **{name: getattr(one, name) for name in _SAME},
                "object_id": None,
                "patient_id": None,
                "reason": and_more(one.reason, more),
            }


def _most(kind: str) -> int:
    return MOST_TRIES_TOLD if kind == "account" else 1


def _key(row: dict[str, object]) -> bytes:
    whose = row["object_id"] or _network(row)
    said = "\n".join([*(str(row[name]) for name in _SAME), str(whose)])
    return hashlib.sha256(said.encode()).digest()


def _network(row: dict[str, object]) -> str:
    """An address of the old kind; of the new kind the half that one customer gets."""
    try:
        address = ip_address(str(row["ip"]))
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(ip_network((address, 64), strict=False))
    return str(address)
