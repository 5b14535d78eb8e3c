"""What the tests of the pose editor open, type and look up."""

from __future__ import annotations

from typing import Any

from flask import Flask

from app.catalogue.scenes import KnownScene, find_scene
from app.database import db
from app.figures import Scene, scene_from_text
from tests.visitor import Visitor

WALL = "/catalogue/scenes/wall-push-up"
ROLLS = "/catalogue/scenes/shoulder-rolls"
SAVE = "Save as a new version"
HAND: dict[str, Any] = {"hand_r-x": "40", "hand_r-y": "120,5"}


def desk(ada: Visitor) -> Scene:
    """The scene as the page carries it."""
    return scene_from_text(ada.value_of("scene"))


def saved(app: Flask, slug: str = "wall-push-up") -> KnownScene:
    """The newest version."""
    with app.app_context():
        found = find_scene(slug)
        db.session.rollback()
        assert found is not None
        return found
