"""From a JSON file to a scene. Whatever is wrong in it is refused with a sentence."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.errors import N_, RuleBroken
from app.figures.arrows import Arrow, Turn
from app.figures.band import Band
from app.figures.camera import Camera
from app.figures.limits import MAX_TEXT, check_limits
from app.figures.marks import Blades, Guide, Label, Mark, Measure, RightAngle, Ring
from app.figures.palette import PEOPLE
from app.figures.poses import Arm, Leg, Pose
from app.figures.props import Bed, Chair, Floor, Mat, Wall
from app.figures.reading import as_list, as_object, as_words, known, only, read, read_fields
from app.figures.scene import Film, Frame, Prop, Scene
from app.figures.vectors import mirrored

PROPS: dict[str, type[Prop]] = {
    "floor": Floor,
    "mat": Mat,
    "wall": Wall,
    "chair": Chair,
    "bed": Bed,
    "band": Band,
}
MARKS: dict[str, type[Mark]] = {
    "arrow": Arrow,
    "turn": Turn,
    "ring": Ring,
    "guide": Guide,
    "measure": Measure,
    "right_angle": RightAngle,
    "label": Label,
    "blades": Blades,
}
_SCENE_WORDS = frozenset(
    ("title", "person", "size", "views", "poses", "props", "frames", "variants", "films")
)


def load_scene(path: Path) -> Scene:
    """The scene in a JSON file. Raises RuleBroken with a sentence about what is wrong."""
    return scene_from_text(path.read_text(encoding="utf-8"))


def scene_from_text(text: str) -> Scene:
    """The scene in a JSON text from anywhere, as :func:`scene_from_data`."""
    if len(text) > MAX_TEXT:
        raise RuleBroken(N_("This scene is too large."))
    try:
        data = json.loads(text)
        json.dumps(data, ensure_ascii=False).encode()  # names are repeated in refusals
    except (ValueError, RecursionError) as error:
        raise RuleBroken(N_("The scene is not JSON: %(error)s"), error=error) from error
    return scene_from_data(data)


def scene_from_data(data: object) -> Scene:
    """A scene from plain data, checked. The form is described in docs/figures.md."""
    given = as_object(data, "scene")
    only(given, _SCENE_WORDS, "scene")
    views = {
        name: _view(view, f"views.{name}")
        for name, view in as_object(given.get("views"), "views").items()
    }
    poses: dict[str, Pose] = {}
    for name, pose in as_object(given.get("poses"), "poses").items():
        poses[name] = _pose(pose, poses, f"poses.{name}")
    props = _kinds(PROPS, given.get("props", []), "props")
    frames = [
        _frame(as_object(frame, f"frames[{k}]"), views, poses, props, f"frames[{k}]")
        for k, frame in enumerate(as_list(given.get("frames"), "frames"), start=1)
    ]
    variants = {
        name: _numbers(steps, len(frames), f"variants.{name}")
        for name, steps in as_object(given.get("variants"), "variants").items()
    }
    films = [
        _film(as_object(film, f"films[{k}]"), frames, variants, f"films[{k}]")
        for k, film in enumerate(as_list(given.get("films", []), "films"), start=1)
    ]
    person = known(given.get("person"), PEOPLE, "person")
    width, height = _size(given.get("size"))
    title = as_words(given.get("title"), "title")
    scene = Scene(title, person, width, height, tuple(frames), variants, tuple(films))
    check_limits(scene)
    return scene


def _view(data: object, where: str) -> Camera:
    view = read(Camera, data, where)
    if not 0.2 <= view.scale <= 20:
        raise RuleBroken(N_("%(where)s.scale must be from 0.2 to 20."), where=where)
    return view


def _size(data: object) -> tuple[int, int]:
    sides = as_list(data, "size")
    if len(sides) != 2 or not all(type(s) is int and 50 <= s <= 1000 for s in sides):
        raise RuleBroken(N_("size must be two whole numbers from 50 to 1000."))
    return sides[0], sides[1]


def _numbers(data: object, count: int, where: str) -> tuple[int, ...]:
    """Numbers of frames, counted from 1."""
    numbers = as_list(data, where)
    if not numbers or not all(type(n) is int and 1 <= n <= count for n in numbers):
        raise RuleBroken(N_("%(where)s must name frames that there are."), where=where)
    return tuple(numbers)


def _kinds(table: dict[str, Any], data: object, where: str) -> tuple[Any, ...]:
    """Things of different kinds, each made from what its ``kind`` says it is."""
    made = []
    for k, item in enumerate(as_list(data, where), start=1):
        values = dict(as_object(item, f"{where}[{k}]"))
        kind = known(values.pop("kind", None), table, f"{where}[{k}].kind")
        made.append(read(table[kind], values, f"{where}[{k}]"))
    return tuple(made)


def _pose(data: object, earlier: dict[str, Pose], where: str) -> Pose:
    """A pose: what it is ``like``, and what is different. ``arms`` and ``legs`` say something
    of both sides: it holds for the right one, and mirrored for the left one."""
    values = dict(as_object(data, where))
    like = values.pop("like", None)
    pose = Pose() if like is None else earlier[known(like, earlier, f"{where}.like")]
    limbs: dict[str, Any] = {}
    for both, kind in (("arms", Arm), ("legs", Leg)):
        shared = read_fields(kind, values.pop(both, {}), f"{where}.{both}")
        turned = {k: mirrored(v) if isinstance(v, tuple) else v for k, v in shared.items()}
        for side, common in (("r", shared), ("l", turned)):
            name = f"{both[:-1]}_{side}"
            own = read_fields(kind, values.pop(name, {}), f"{where}.{name}")
            limbs[name] = replace(getattr(pose, name), **(common | own))
    return replace(pose, **read_fields(Pose, values, where), **limbs)


def _frame(
    data: dict[str, Any],
    views: dict[str, Camera],
    poses: dict[str, Pose],
    props: tuple[Prop, ...],
    where: str,
) -> Frame:
    only(data, frozenset(("pose", "view", "alt", "props", "marks", "layers")), where)
    return Frame(
        pose=poses[known(data.get("pose"), poses, f"{where}.pose")],
        view=views[known(data.get("view"), views, f"{where}.view")],
        alt=as_words(data.get("alt"), f"{where}.alt"),
        props=props + _kinds(PROPS, data.get("props", []), f"{where}.props"),
        marks=_kinds(MARKS, data.get("marks", []), f"{where}.marks"),
        layers=_offsets(data.get("layers", {}), f"{where}.layers"),
    )


def _offsets(data: object, where: str) -> dict[str, float]:
    offsets = as_object(data, where)
    if not all(type(v) in (int, float) and abs(v) <= 1000 for v in offsets.values()):
        raise RuleBroken(N_("%(where)s must give each layer a number."), where=where)
    return {name: float(v) for name, v in offsets.items()}


def _film(data: dict[str, Any], frames: list[Frame], variants: dict[str, Any], where: str) -> Film:
    only(data, frozenset(("frames", "seconds", "alt", "variants", "smooth")), where)
    numbers = _numbers(data.get("frames"), len(frames), f"{where}.frames")
    seconds = data.get("seconds")
    if not isinstance(seconds, int | float) or not 1 <= seconds <= 60:
        raise RuleBroken(N_("%(where)s.seconds must be from 1 to 60."), where=where)
    serves = tuple(
        known(name, variants, f"{where}.variants")
        for name in as_list(data.get("variants"), f"{where}.variants")
    )
    chosen = tuple(frames[n - 1] for n in numbers)
    alt, smooth = as_words(data.get("alt"), f"{where}.alt"), data.get("smooth", False) is True
    return Film(serves, chosen, float(seconds), alt, smooth)
