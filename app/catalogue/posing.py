"""A scene on an editor's desk: the numbers in its boxes, and what changing them makes of it.

Pure. Lengths are centimetres; points in a picture are pixels from its top left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.figures import Frame, Scene
from app.figures.adding import (
    SETTINGS,
    add_sign,
    add_thing,
    fitted,
    points_of,
    with_point,
    with_setting,
    without,
)
from app.figures.marks import Mark
from app.figures.moving import JOINTS, moved, place_of, settled
from app.figures.poses import Pose
from app.figures.skeleton import Skeleton, stand
from app.figures.vectors import length, minus, mirrored
from app.figures.writing import kind_of


@dataclass(frozen=True)
class Desk:
    """The scene with one of its pictures before the editor.

    ``side`` is the side of the body, "r" or "l", that the view from the side shows; ``alike``
    moves the hands and the feet of both sides together.
    """

    scene: Scene
    number: int = 1
    side: str = "r"
    alike: bool = False

    @property
    def frame(self) -> Frame:
        return self.scene.frames[self.number - 1]

    def showing(self, frame: Frame) -> Desk:
        """The desk with another frame in the place of this one."""
        return replace(self, scene=self.scene.with_frame(self.number, frame))

    def tidy(self) -> Desk:
        """The desk with its frame fitted to be drawn, after all changes."""
        return self.showing(fitted(self.scene, self.frame))


def is_even(pose: Pose) -> bool:
    """Whether the hands, and the feet, are at the same places of both sides."""
    return all(
        length(minus(place_of(pose, f"{part}_r"), mirrored(place_of(pose, f"{part}_l")))) < 0.1
        for part in ("hand", "foot")
    )


def fields_of(desk: Desk) -> dict[str, Any]:
    """What the boxes hold, by their names."""
    frame, body = desk.frame, stand(desk.frame.pose)
    places = {handle: _place_fields(handle, body) for handle in JOINTS}
    return {
        "alt": frame.alt,
        "standing": frame.pose.standing,
        "side": desk.side,
        "alike": desk.alike,
        **places,
        "marks": [_mark_fields(frame, mark) for mark in frame.marks],
        "props": [{"kind": kind_of(prop), **_settings(prop)} for prop in frame.props],
    }


def edited(desk: Desk, values: Mapping[str, Any]) -> Desk:
    """The desk after somebody changed boxes; what was left as it was shown stays exactly so."""
    shown = fields_of(desk)
    pose = _posed(desk, values, shown)
    frame = replace(desk.frame, pose=pose, alt=values["alt"])
    for rows in ("marks", "props"):
        for number, (row, before) in enumerate(zip(values[rows], shown[rows], strict=False)):
            now = {name: before[name] if row[name] is None else row[name] for name in before}
            for name in sorted(before.keys() - {"kind"}):
                if now[name] != before[name]:
                    frame = _with_number(desk.scene, frame, rows, number, name, now)
    return desk.showing(frame)


def pressed(desk: Desk, button: str, thing: str) -> Desk:
    """The desk after a button: another picture, a sign or ``thing`` more or less. Other buttons
    change nothing here. Raises RuleBroken where there is no room, or no such thing."""
    verb, _colon, what = button.partition(":")
    rows, _dash, number = what.partition("-")
    match verb:
        case "picture" if what in map(str, range(1, len(desk.scene.frames) + 1)):
            return replace(desk, number=int(what))
        case "add" if what == "thing":
            return desk.showing(add_thing(desk.frame, thing)).tidy()
        case "add":
            return desk.showing(add_sign(desk.frame, what))
        case "remove" if number in map(str, range(len(_rows(desk.frame, rows)))):
            return desk.showing(without(desk.frame, rows, int(number))).tidy()
    return desk


def _rows(frame: Frame, rows: str) -> tuple[object, ...]:
    return {"marks": frame.marks, "props": frame.props}.get(rows, ())


def _posed(desk: Desk, values: Mapping[str, Any], shown: Mapping[str, Any]) -> Pose:
    pose = desk.frame.pose
    if values["standing"] != pose.standing:
        pose = settled(replace(pose, standing=values["standing"]))
    changed = [name for name in JOINTS if values[name] != shown[name]]
    for name in changed:
        here = place_of(pose, name)
        to = (values[name]["x"], values[name]["y"], values[name].get("z", here[2]))
        part, _, side = name.partition("_")
        alone = not side or f"{part}_{other_side(side)}" in changed
        pose = moved(pose, name, to, alike=desk.alike and not alone)
    return pose


def _with_number(
    scene: Scene, frame: Frame, rows: str, number: int, name: str, now: Mapping[str, float]
) -> Frame:
    point = name.removesuffix("_x").removesuffix("_y")
    if point == name:
        return with_setting(frame, rows, number, name, now[name])
    to = (now[f"{point}_x"], now[f"{point}_y"])
    return with_point(frame, number, point, to, (scene.width, scene.height))


def _place_fields(handle: str, body: Skeleton) -> dict[str, float]:
    place = dict(zip("xyz", body[JOINTS[handle]], strict=True))
    if handle == "head":  # a spine bends forward and back, not aside
        del place["z"]
    return {axis: round(part, 1) + 0.0 for axis, part in place.items()}


def _mark_fields(frame: Frame, mark: Mark) -> dict[str, Any]:
    points = {
        f"{name}_{axis}": round(part, 1) + 0.0
        for name, point in points_of(frame, mark).items()
        for axis, part in zip("xy", point, strict=True)
    }
    return {"kind": kind_of(mark), **points, **_settings(mark)}


def _settings(thing: Any) -> dict[str, float]:
    return {name: round(getattr(thing, name), 1) + 0.0 for name in SETTINGS.get(type(thing), ())}


def other_side(side: str) -> str:
    return "l" if side == "r" else "r"
