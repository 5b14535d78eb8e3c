"""Lists page by page, by key: page 1,000 costs what page 1 costs, and no name is in an address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Generic, TypeVar
from uuid import UUID

from flask import request
from sqlalchemy import Select, bindparam, func, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from app.database import Columns, db

PAGE_SIZE = 25

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list; ``next`` is the last item's id where more follow, else None."""

    items: tuple[T, ...]
    next: UUID | None
    is_first: bool


def fetch_page(
    statement: Select[T],
    key: InstrumentedAttribute[str],
    id_: InstrumentedAttribute[UUID],
    after: UUID | None,
) -> Page[T]:
    """A page of items in the order of ``(key, id_)`` that come after the item ``after``.

    An ``after`` that is not in the list is no place in it: the list begins anew, and says nothing
    of what others have.
    """
    pages = page_statements(statement, key, id_)
    found = db.session.scalars(pages.which(after), {"after": after} if after else {})
    return cut_page(found.all(), attrgetter(id_.key), after)


@dataclass(frozen=True)
class PageStatements(Generic[*Columns]):
    """The pages of one list; the later ones ask for ``after``, an id."""

    first: Select[*Columns]
    later: Select[*Columns]

    def which(self, after: UUID | None) -> Select[*Columns]:
        return self.later if after else self.first


def page_statements(
    statement: Select[*Columns], key: InstrumentedAttribute[str], id_: InstrumentedAttribute[UUID]
) -> PageStatements[*Columns]:
    """What :func:`fetch_page` asks: built once, for a list that is asked for often."""
    after = bindparam("after", type_=id_.type)
    there = statement.with_only_columns(key).where(id_ == after).order_by(None)
    last_key = func.coalesce(there.correlate(None).scalar_subquery(), "")
    ordered = statement.order_by(key, id_).limit(PAGE_SIZE + 1)
    return PageStatements(ordered, ordered.where(tuple_(key, id_) > tuple_(last_key, after)))


def cut_page(found: Sequence[T], id_of: Callable[[T], UUID], after: UUID | None) -> Page[T]:
    """Of one item more than a page has, the page."""
    items = tuple(found[:PAGE_SIZE])
    more = len(found) > PAGE_SIZE
    return Page(items, id_of(items[-1]) if more else None, is_first=after is None)


def page_of(
    items: Sequence[T], id_of: Callable[[T], UUID], after: UUID | None, size: int = PAGE_SIZE
) -> Page[T]:
    """Like :func:`fetch_page`, of a list that was worked out in its order already."""
    places = {id_of(item): place for place, item in enumerate(items, start=1)}
    first = places.get(after, 0) if after else 0
    shown = tuple(items[first : first + size])
    follows = first + size < len(items)
    return Page(shown, id_of(shown[-1]) if follows else None, is_first=first == 0)


def page_asked_for() -> UUID | None:
    """The ``after`` of the address; anything that is no id asks for the first page."""
    try:
        return UUID(request.args.get("after", ""))
    except ValueError:
        return None
