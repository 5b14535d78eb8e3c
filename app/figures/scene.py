"""A scene: one exercise as data - a person, views, poses, things, and a frame for each step."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.errors import N_, RuleBroken
from app.figures.band import Band
from app.figures.camera import Camera
from app.figures.marks import Arrow, Blades, Guide, Label, Mark, Measure, RightAngle, Ring, Turn
from app.figures.palette import PEOPLE
from app.figures.poses import Arm, Leg, Pose
from app.figures.props import Bed, Chair, Floor, Mat, Wall
from app.figures.reading import as_list, as_object, read, read_fields
from app.figures.vectors import mirrored

Prop = Floor | Mat | Wall | Chair | Bed | Band

_PROPS: dict[str, type[Prop]] = {
    "floor": Floor,
    "mat": Mat,
    "wall": Wall,
    "chair": Chair,
    "bed": Bed,
    "band": Band,
}
_MARKS: dict[str, type[Mark]] = {
    "arrow": Arrow,
    "ring": Ring,
    "guide": Guide,
    "measure": Measure,
    "right_angle": RightAngle,
    "blades": Blades,
    "turn": Turn,
    "label": Label,
}


@dataclass(frozen=True)
class Frame:
    """The picture of one step. ``variant`` names the start position that it belongs to;
    ``layers`` moves a layer nearer by so many cm, where the rules of depth guess wrong."""

    pose: Pose
    view: Camera
    alt: str
    variant: str
    props: tuple[Prop, ...]
    marks: tuple[Mark, ...]
    layers: dict[str, float]


@dataclass(frozen=True)
class Film:
    """A round of poses and back to the first, seen as in the frame it begins with.

    ``seconds`` is the time of one round.
    """

    variant: str
    frames: tuple[Frame, ...]
    seconds: float
    alt: str


@dataclass(frozen=True)
class Scene:
    """All pictures of one exercise. ``width`` and ``height`` are pixels."""

    title: str
    person: str
    width: int
    height: int
    frames: tuple[Frame, ...]
    films: tuple[Film, ...]


def load_scene(path: Path) -> Scene:
    """The scene in a JSON file. Raises RuleBroken with a sentence about what is wrong."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise RuleBroken(N_("The scene is not JSON: %(error)s"), error=error) from error
    return scene_from_data(data)


def scene_from_data(data: object) -> Scene:
    """A scene from plain data, checked. The form is described in docs/figures.md."""
    given = as_object(data, "scene")
    _only(given, {"title", "person", "size", "views", "poses", "props", "frames", "films"}, "scene")
    views = {
        name: read(Camera, view, f"views.{name}")
        for name, view in as_object(given.get("views"), "views").items()
    }
    poses: dict[str, Pose] = {}
    for name, pose in as_object(given.get("poses"), "poses").items():
        poses[name] = _pose(pose, poses, f"poses.{name}")
    props = _kinds(_PROPS, given.get("props", []), "props")
    frames = []
    for number, frame in enumerate(as_list(given.get("frames"), "frames"), start=1):
        frames.append(_frame(as_object(frame, "frames"), views, poses, props, f"frames[{number}]"))
    person = _known(given.get("person"), PEOPLE, "person")
    width, height = (int(v) for v in as_list(given.get("size"), "size"))
    films = tuple(
        _film(as_object(film, "films"), frames, f"films[{k}]")
        for k, film in enumerate(as_list(given.get("films", []), "films"), start=1)
    )
    return Scene(str(given.get("title", "")), person, width, height, tuple(frames), films)


def _only(data: dict[str, Any], names: set[str], where: str) -> None:
    for name in data.keys() - names:
        raise RuleBroken(
            N_("%(where)s says %(name)s, which means nothing here."), where=where, name=name
        )


def _known(name: object, table: dict[str, Any], where: str) -> str:
    if not isinstance(name, str) or name not in table:
        raise RuleBroken(
            N_("%(where)s names %(name)s, which is not there."), where=where, name=name
        )
    return name


def _kinds(table: dict[str, Any], data: object, where: str) -> tuple[Any, ...]:
    made = []
    for k, item in enumerate(as_list(data, where), start=1):
        values = dict(as_object(item, f"{where}[{k}]"))
        kind = _known(values.pop("kind", None), table, f"{where}[{k}].kind")
        made.append(read(table[kind], values, f"{where}[{k}]"))
    return tuple(made)


def _pose(data: object, known: dict[str, Pose], where: str) -> Pose:
    """A pose: what it is ``like``, and what is different. ``arms`` and ``legs`` say something
    of both sides, for the right one and mirrored for the left one."""
    values = dict(as_object(data, where))
    like = values.pop("like", None)
    pose = known[_known(like, known, f"{where}.like")] if like is not None else Pose()
    limbs: dict[str, Any] = {}
    for both, kind in (("arms", Arm), ("legs", Leg)):
        shared = read_fields(kind, values.pop(both, {}), f"{where}.{both}")
        for side in "rl":
            name = f"{both[:-1]}_{side}"
            own = read_fields(kind, values.pop(name, {}), f"{where}.{name}")
            turned = {
                k: mirrored(v) if side == "l" and isinstance(v, tuple) else v
                for k, v in shared.items()
            }
            limbs[name] = replace(getattr(pose, name), **(turned | own))
    return replace(pose, **read_fields(Pose, values, where), **limbs)


def _frame(
    data: dict[str, Any],
    views: dict[str, Camera],
    poses: dict[str, Pose],
    props: tuple[Prop, ...],
    where: str,
) -> Frame:
    _only(data, {"pose", "view", "alt", "variant", "props", "marks", "layers"}, where)
    alt = str(data.get("alt", "")).strip()
    if not alt:
        raise RuleBroken(N_("%(where)s has no alt text."), where=where)
    return Frame(
        pose=poses[_known(data.get("pose"), poses, f"{where}.pose")],
        view=views[_known(data.get("view"), views, f"{where}.view")],
        alt=alt,
        variant=str(data.get("variant", "")),
        props=props + _kinds(_PROPS, data.get("props", []), f"{where}.props"),
        marks=_kinds(_MARKS, data.get("marks", []), f"{where}.marks"),
        layers={k: float(v) for k, v in as_object(data.get("layers", {}), where).items()},
    )


def _film(data: dict[str, Any], frames: list[Frame], where: str) -> Film:
    _only(data, {"frames", "seconds", "alt"}, where)
    numbers = [n for n in as_list(data.get("frames"), where) if n in range(1, len(frames) + 1)]
    if len(numbers) < 2 or len(numbers) != len(data["frames"]):
        raise RuleBroken(N_("%(where)s must name at least two frames that there are."), where=where)
    chosen = tuple(frames[n - 1] for n in numbers)
    return Film(chosen[0].variant, chosen, float(data.get("seconds", 5)), str(data.get("alt", "")))
