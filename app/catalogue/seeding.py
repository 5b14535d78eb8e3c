"""The catalogue that a new clinic starts with, from files."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.audit.service import Actor
from app.catalogue.drawings import store_scene
from app.catalogue.models import Condition
from app.catalogue.rules import exercise_from_data, handout_from_data
from app.catalogue.service import (
    add_condition,
    find_handout,
    list_exercises_by_slug,
    publish_exercise,
    publish_handout,
)
from app.database import db


def seed_catalogue(folder: Path, *, by: Actor, now: datetime) -> int:
    """Add what ``folder`` holds and the catalogue lacks; gives the number of new entries.

    Reads conditions.json, exercises/*.json and handouts/*.json; an exercise that a scene was drawn
    of is published with its pictures. What is there already, known by
    its slug or code, is left as it is: an admin may have changed it.
    """
    added = 0
    known = set(db.session.scalars(select(Condition.slug)))
    for condition in _read(folder / "conditions.json"):
        if condition["slug"] not in known:
            add_condition(condition["name"], slug=condition["slug"], by=by, now=now)
            added += 1
    for path in sorted((folder / "exercises").glob("*.json")):
        exercise = _read(path)
        if not list_exercises_by_slug([exercise["slug"]]):
            text = exercise_from_data(exercise["text"])
            if drawings := store_scene(exercise["slug"], by=by, now=now):
                text = drawings.illustrate(text)
            publish_exercise(exercise["slug"], text, by=by, now=now)
            added += 1
    for path in sorted((folder / "handouts").glob("*.json")):
        handout = _read(path)
        if not find_handout(handout["code"]):
            publish_handout(handout["code"], handout_from_data(handout["text"]), by=by, now=now)
            added += 1
    return added


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
