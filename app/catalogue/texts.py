"""The texts of exercise revisions, by their ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import bindparam, select

from app.catalogue.kept_texts import kept_text, text_of
from app.catalogue.models import ExerciseRevision
from app.catalogue.rules import ExerciseText
from app.database import read_rows

_DATA = select(ExerciseRevision.id, ExerciseRevision.data).where(
    ExerciseRevision.id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True)
class Listed:
    """An exercise in a list, with its newest text.

    The revision says which text it is, so the text takes no part in comparisons.
    """

    id: UUID
    revision_id: UUID
    text: ExerciseText = field(compare=False)


def find_texts(revision_ids: Iterable[UUID]) -> Mapping[UUID, ExerciseText]:
    """The text of each of these revisions. One statement, if any: for those that are not kept.

    What else a page shows of an exercise (its newest revision, whether it is retired) does change,
    and is asked of the database each time.
    """
    wanted = frozenset(revision_ids)
    found = {id: text for id in wanted if (text := kept_text(id))}
    if missing := wanted - found.keys():
        rows = read_rows(_DATA, {"ids": list(missing)})
        found |= {id: text_of(id, data) for id, data in rows}
    return found
