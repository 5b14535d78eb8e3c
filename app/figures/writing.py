"""From a scene to plain data: what ``scene_from_data`` reads as the same scene again."""

from __future__ import annotations

import json
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any

from app.figures.hand_shapes import SHAPES, HandShape
from app.figures.loading import MARKS, PROPS
from app.figures.marks import Mark
from app.figures.poses import Arm, Leg
from app.figures.scene import Film, Frame, Prop, Scene

_KINDS = {kind: name for table in (PROPS, MARKS) for name, kind in table.items()}


def scene_to_data(scene: Scene) -> dict[str, Any]:
    """The scene as JSON data. Poses and views that frames share are written once, by number."""
    poses: list[Any] = []
    views: list[Any] = []
    frames = [_frame(frame, poses, views) for frame in scene.frames]
    return {
        "title": scene.title,
        "person": scene.person,
        "size": [scene.width, scene.height],
        "views": _numbered(views),
        "poses": _numbered(poses),
        "frames": frames,
        "variants": {name: list(numbers) for name, numbers in scene.variants.items()},
        "films": [_film(film, scene) for film in scene.films],
    }


def scene_to_text(scene: Scene) -> str:
    """The scene as one line of JSON. The same scene gives the same text."""
    return json.dumps(
        scene_to_data(scene), ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )


def _frame(frame: Frame, poses: list[Any], views: list[Any]) -> dict[str, Any]:
    data: dict[str, Any] = {
        "pose": _name_in(poses, frame.pose),
        "view": _name_in(views, frame.view),
        "alt": frame.alt,
        "props": [_thing(prop) for prop in frame.props],
        "marks": [_thing(mark) for mark in frame.marks],
        "layers": frame.layers,
    }
    return {name: value for name, value in data.items() if value}


def _name_in(seen: list[Any], value: object) -> str:
    if value not in seen:
        seen.append(value)
    return str(seen.index(value) + 1)


def _numbered(values: list[Any]) -> dict[str, Any]:
    return {str(number): _plain(value) for number, value in enumerate(values, start=1)}


def _film(film: Film, scene: Scene) -> dict[str, Any]:
    data: dict[str, Any] = {
        "variants": list(film.variants),
        "frames": [scene.number_of(frame) for frame in film.frames],
        "seconds": film.seconds,
        "alt": film.alt,
    }
    return data | ({"smooth": True} if film.smooth else {})


def kind_of(thing: Prop | Mark) -> str:
    """What a scene's file calls things and signs of this kind."""
    return _KINDS[type(thing)]


def _thing(thing: Prop | Mark) -> dict[str, Any]:
    return {"kind": kind_of(thing), **_plain(thing)}


def _plain(value: Any) -> Any:
    if isinstance(value, HandShape):
        return next(name for name, shape in SHAPES.items() if shape == value)
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if not is_dataclass(value):
        return value
    # A limb left out would be one of the other side's mirror image: each is written whole.
    whole = isinstance(value, Arm | Leg)
    given = {field.name: getattr(value, field.name) for field in fields(value)}
    return {
        field.name: _plain(given[field.name])
        for field in fields(value)
        if whole or given[field.name] != _default(field)
    }


def _default(field: Field[Any]) -> object:
    return field.default_factory() if field.default_factory is not MISSING else field.default
