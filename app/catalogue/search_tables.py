"""What the search looks things up in. All of it is made from the exercises' newest texts."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.catalogue.models import Exercise
from app.catalogue.search_words import MAX_WORD
from app.database import Base

# By code point on both databases: a range of words is then all that begin alike.
_WORD = String(MAX_WORD).with_variant(String(MAX_WORD, collation="C"), "postgresql")


class SearchEntry(Base):
    """An exercise that can be found. ``tags`` are its ``[facet, value]``: see search_words."""

    __tablename__ = "search_entries"

    number: Mapped[int] = mapped_column(primary_key=True)
    exercise_id: Mapped[UUID] = mapped_column(ForeignKey(Exercise.id), unique=True)
    title: Mapped[str] = mapped_column(Text)
    tags: Mapped[list[list[str]]] = mapped_column(JSON)


class SearchWord(Base):
    """A word of an entry; ``place`` is the best :class:`search_words.Place` in which it stands.

    The key is the index: the words that begin alike lie together, and those of one place.
    """

    __tablename__ = "search_words"
    __table_args__ = ({"sqlite_with_rowid": False},)

    word: Mapped[str] = mapped_column(_WORD, primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(
        ForeignKey(SearchEntry.number), primary_key=True, index=True
    )


class SearchState(Base):
    """One row. ``version`` is a new one with every change, so that a copy in memory knows."""

    __tablename__ = "search_state"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[UUID]
