"""Whether audit chains are as they were written. Pure: rows come in, what is wrong goes out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from uuid import UUID

from app.audit.rules import NOTHING_BEFORE, WITNESS, is_head_sealed_with, is_sealed_with


@dataclass(frozen=True)
class Head:
    """The end of a chain, as its head says or as an anchor kept it."""

    chain_id: UUID
    position: int
    last: bytes
    mac: bytes = b""


@dataclass(frozen=True)
class Break:
    """One thing that is not as it was written."""

    chain_id: UUID
    what: str

    def __str__(self) -> str:
        return f"chain {self.chain_id}: {self.what}"


@dataclass
class _Chain:
    """What was read of a chain so far."""

    id: UUID
    keys: Collection[str]
    anchored: dict[int, bytes]
    position: int = 0
    last: bytes = NOTHING_BEFORE
    seq: int = 0
    breaks: list[str] = field(default_factory=list)

    def take(self, row: Mapping[str, Any]) -> None:
        seq, position = row["seq"], row["position"]
        if position == self.position + 2:
            self.breaks.append(f"row {position - 1} was removed")
        elif position > self.position + 1:
            self.breaks.append(f"rows {self.position + 1} to {position - 1} were removed")
        elif row["prev"] != self.last:
            self.breaks.append(f"row {position} (seq {seq}) does not follow the row before it")
        if not is_sealed_with(self.keys, row, row["mac"]):
            self.breaks.append(f"row {position} (seq {seq}) was altered, or is not ours")
        if seq <= self.seq:
            self.breaks.append(f"row {position} (seq {seq}) does not stand where it was written")
        if self.anchored.pop(position, row["mac"]) != row["mac"]:
            self.breaks.append(f"row {position} (seq {seq}) is not the one of the anchor")
        self.position, self.last, self.seq = position, row["mac"], seq

    def close(self, head: Head | None) -> None:
        if head is None:
            self.breaks.append("its head was removed")
        elif not is_head_sealed_with(self.keys, self.id, head.position, head.last, head.mac):
            self.breaks.append("its head was altered")
        elif head.position > self.position:
            self.breaks.append(f"{head.position - self.position} rows were cut off its end")
        elif (head.position, head.last) != (self.position, self.last):
            self.breaks.append("rows were added to it without its head")
        for position in sorted(self.anchored):
            self.breaks.append(f"row {position}, which an anchor names, is not there")


def find_breaks(
    rows: Iterable[Mapping[str, Any]],
    heads: Mapping[UUID, Head],
    keys: Collection[str],
    *,
    anchors: Iterable[Head] = (),
    expected: Collection[UUID] = (),
) -> Iterator[Break]:
    """Everything that is wrong with ``rows``, which come by chain and position.

    ``anchors`` are ends that were kept elsewhere, ``expected`` chains that there must be.
    """
    kept: dict[UUID, dict[int, bytes]] = {}
    for anchor in anchors:
        kept.setdefault(anchor.chain_id, {})[anchor.position] = anchor.last
    seen = set()
    for chain_id, its_rows in groupby(rows, key=lambda row: row["chain_id"]):
        seen.add(chain_id)
        chain = _Chain(chain_id, keys, kept.pop(chain_id, {}))
        for row in its_rows:
            chain.take(row)
        chain.close(heads.get(chain_id))
        yield from (Break(chain_id, what) for what in chain.breaks)
    for chain_id in sorted((heads.keys() | kept.keys() | set(expected)) - seen - {WITNESS}):
        yield Break(chain_id, "all of its rows were removed")
