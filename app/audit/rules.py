"""How audit rows hang together: chains of sealed rows, and the sealed head of each chain.

A row's seal is an HMAC over all that the row says, the number of its place in its chain and the
seal of the row before. A chain's head says, sealed too, how long the chain is and how it ends. So
nobody without the key can alter, remove, add, move or cut off a row without leaving a mark.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

NOTHING_BEFORE = bytes(32)
"""What the first row of a chain names as the seal before it; later ones never do."""

NOBODY = UUID(int=0)
SERVER = UUID(int=1)
"""The chains of what strangers were refused, and of commands on the server."""

WITNESS = UUID(int=2)
"""No chain, but a head alone: it tells a wrong key from a head that somebody altered."""

LOOK = "look"
LOOK_AGAIN_AFTER = timedelta(minutes=15)

COUNT_FOR = timedelta(minutes=15)
MOST_TRIES_TOLD = 60
MOST_KINDS = 300
"""How long refusals of strangers are one thing; how many of them are written where they are tries
to get in (ten in five minutes, and as many from a known device); and how many such things there may
be at once."""

_MORE = re.compile(r"(?s)(.*) \((\d+) more\)")


def and_more(reason: str, more: int) -> str:
    """The reason of a row that stands for several."""
    return f"{reason} ({more} more)"


def split_more(reason: str) -> tuple[str, int]:
    """The same, taken apart: the reason, and how many more; 0 for a row that stands for itself."""
    found = _MORE.fullmatch(reason)
    return (found[1], int(found[2])) if found else (reason, 0)


SEALED = (
    "chain_id",
    "position",
    "prev",
    "at",
    "actor_id",
    "roles",
    "session_id",
    "ip",
    "request_id",
    "action",
    "object_kind",
    "object_id",
    "patient_id",
    "emergency_id",
    "outcome",
    "reason",
    "changed",
)
"""Every column but ``mac``, and ``seq``, which the database gives."""


def chain_of(row: Mapping[str, object]) -> UUID:
    """A patient's chain for what is about a patient, else that of whoever acted."""
    found = row["patient_id"] or row["actor_id"]
    if isinstance(found, UUID):
        return found
    return SERVER if row["roles"] else NOBODY


def seal_row(key: str, row: Mapping[str, object]) -> bytes:
    """The seal of a row that has everything in ``SEALED``."""
    said = [_plain(row[name]) for name in SEALED]
    return _seal(key, "row", json.dumps(said, separators=(",", ":")))


def seal_head(key: str, chain_id: UUID, position: int, last: bytes) -> bytes:
    """The seal of a chain's head: ``position`` rows, the last of them sealed with ``last``."""
    return _seal(key, "head", f"{chain_id.hex} {position} {last.hex()}")


def seal_text(key: str, text: str) -> str:
    """The seal of an anchor's text, in hexadecimal digits."""
    return _seal(key, "anchor", text).hex()


def is_sealed_with(keys: Collection[str], row: Mapping[str, object], mac: bytes) -> bool:
    """Whether any of ``keys`` made this row's seal."""
    return any(hmac.compare_digest(seal_row(key, row), mac) for key in keys)


def is_head_sealed_with(
    keys: Collection[str], chain_id: UUID, position: int, last: bytes, mac: bytes
) -> bool:
    return any(hmac.compare_digest(seal_head(key, chain_id, position, last), mac) for key in keys)


def _seal(key: str, kind: str, text: str) -> bytes:
    """``kind`` keeps the seal of one thing from being shown as that of another."""
    return hmac.digest(key.encode(), f"homestretch audit {kind} 1\n{text}".encode(), "sha256")


def _plain(value: object) -> object:
    """The same text for the same value, whichever database it came from."""
    match value:
        case UUID():
            return value.hex
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case bytes():
            return value.hex()
        case _:
            return value
