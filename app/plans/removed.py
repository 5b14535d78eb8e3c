"""A removed row as JSON, for as long as its removal can be undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from app.plans.models import Prescription

COLUMNS = Prescription.__table__.columns
READ: dict[type, Callable[[str], object]] = {UUID: UUID, date: date.fromisoformat}


def pack_row(row: Prescription) -> dict[str, Any]:
    """Every column of a row, by its name."""
    values = {column.name: getattr(row, column.name) for column in COLUMNS}
    return {n: str(v) if isinstance(v, (UUID, date)) else v for n, v in values.items()}


def unpack_row(packed: dict[str, Any]) -> Prescription:
    """The inverse of :func:`pack_row`: a new row with the same id, thread and place."""
    values = {}
    for column in COLUMNS:
        value, read = packed.get(column.name), READ.get(column.type.python_type)
        values[column.name] = read(value) if read and value is not None else value
    return Prescription(**values)
