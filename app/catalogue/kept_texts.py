"""Texts of exercise revisions, kept by the revision's id.

A revision never changes (a trigger sees to it), so what is kept by its id is never stale, whoever
publishes what in another process. The models ask here; whoever needs many at once asks texts.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from flask import current_app, has_app_context

from app.catalogue.rules import ExerciseText, exercise_from_data

MOST_TEXTS = 1000
"""Some four kilobytes each."""
_TEXTS = "homestretch_exercise_texts"


def kept_text(revision_id: UUID) -> ExerciseText | None:
    """The text, where this process has read it before."""
    return _kept().get(revision_id)


def text_of(revision_id: UUID, data: dict[str, Any] | str) -> ExerciseText:
    """The text of ``data``, or of the JSON that it is; read once."""
    kept = _kept()
    if (text := kept.get(revision_id)) is None:
        text = exercise_from_data(json.loads(data) if isinstance(data, str) else data)
        if len(kept) >= MOST_TEXTS:
            kept.clear()
        kept[revision_id] = text
    return text


def _kept() -> dict[UUID, ExerciseText]:
    """With the application, which tests move from database to database; without one, nothing is."""
    kept: dict[UUID, ExerciseText] = {}
    return current_app.extensions.setdefault(_TEXTS, kept) if has_app_context() else kept
