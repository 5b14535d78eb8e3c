"""Short lists beside a row: each is a column that holds what a statement of its own would find.

So one statement brings what would take several. A list comes as JSON, which both databases make
and neither orders: whoever reads it sorts it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ColumnElement, Select, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from app.database import UtcDateTime

Rows = list[tuple[Any, ...]]


def listed(statement: Select[*tuple[Any, ...]], *around: type) -> ColumnElement[Rows]:
    """The rows of ``statement`` as one column of a statement about ``around`` (its tables)."""
    columns = tuple(statement.selected_columns)
    array = _Array(columns, _Listed(tuple(_kind(column.type) for column in columns)))
    return statement.with_only_columns(array).correlate(*around).scalar_subquery()


def _kind(type_: TypeEngine[Any]) -> type:
    return datetime if isinstance(type_, UtcDateTime) else type_.python_type


class _Array(FunctionElement[Rows]):
    """An array of arrays: one of the columns for each row."""

    inherit_cache = True

    def __init__(self, columns: Sequence[ColumnElement[Any]], type_: _Listed) -> None:
        super().__init__(*columns)
        self.type = type_


@compiles(_Array, "sqlite")
def _for_sqlite(element: _Array, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_group_array(json_array({compiler.process(element.clauses, **options)}))"


@compiles(_Array, "postgresql")
def _for_postgresql(element: _Array, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_agg(json_build_array({compiler.process(element.clauses, **options)}))"


class _Listed(TypeDecorator[Rows]):
    """Gives each value the type that its column has."""

    impl = JSON
    cache_ok = True

    def __init__(self, kinds: tuple[type, ...]) -> None:
        super().__init__()
        self.kinds = kinds

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Rows:
        """Of no rows SQLite makes an empty list, and PostgreSQL none."""
        readers = [_READERS.get(kind) for kind in self.kinds]
        return [
            tuple(
                read(part) if read and part is not None else part
                for read, part in zip(readers, row, strict=True)
            )
            for row in value or ()
        ]


def _instant(said: str) -> datetime:
    """SQLite keeps no zone; what stands there is UTC (app.database)."""
    found = datetime.fromisoformat(said)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


_READERS: dict[type, Callable[[str], Any]] = {
    UUID: UUID,
    date: date.fromisoformat,
    datetime: _instant,
}
