"""Short looks into the catalogue, and a whole text to write into its forms."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import func, select

from app.audit.models import AuditRow
from app.audit.service import Actor, Operator
from app.catalogue import service
from app.catalogue.rules import ExerciseText
from app.catalogue.scenes import draw_for_keeping, find_scene, save_scene
from app.clock import now
from app.database import db
from app.figures.adding import add_sign
from tests.visitor import Visitor

OPERATOR = Operator()
NEW: dict[str, Any] = {
    "title": "Chin tuck",
    "kind": "movement",
    "purpose": "Wakes up your neck.",
    "body_areas": "neck\r\nupper back",
    "variants-0-position": "sitting",
    "variants-0-steps-0-text": "Sit tall. Draw your chin back.",
    "dose-repetitions-low": "3",
    "dose-repetitions-high": "5",
}


def id_of(app: Flask, slug: str) -> UUID:
    with app.app_context():
        return service.list_exercises_by_slug([slug])[0].id


def text_of(app: Flask, address: str) -> tuple[int, ExerciseText]:
    """The number and the text of the newest revision."""
    with app.app_context():
        found = service.find_exercise(UUID(address.rsplit("/", 1)[-1]))
        assert found is not None
        return found.current_number, found.text


def count(app: Flask, model: type[object]) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def typed(visitor: Visitor) -> dict[str, str]:
    """What stands in the boxes of the editor."""
    return visitor.fields().to_dict()


def audited(action: str) -> list[AuditRow]:
    return list(db.session.scalars(select(AuditRow).where(AuditRow.action == action)))


def boxes(values: dict[str, Any]) -> dict[str, Any]:
    """For names that Python cannot write as arguments."""
    return values


def save_posed_scene(by: Actor) -> None:
    """Version 2 of a scene, with one arrow more."""
    known = find_scene("midback-stretch")
    assert known is not None
    scene = known.scene.with_frame(1, add_sign(known.scene.frames[0], "arrow"))
    drawn = draw_for_keeping(scene)
    save_scene(known.slug, scene, drawn, based_on=known.number, id=uuid4(), by=by, now=now())
    db.session.commit()
