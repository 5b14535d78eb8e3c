"""Signs and things that are put into a picture, and the few numbers by which they are set.

Points of signs are pixels from the top left of the picture; settings of things are centimetres.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.errors import N_, RuleBroken
from app.figures.arrows import Arrow
from app.figures.band import BEHIND, Band
from app.figures.camera import Point
from app.figures.drawing import picture_layers
from app.figures.ink import Pen
from app.figures.limits import MAX_MARKS
from app.figures.marks import Mark, Ring
from app.figures.props import Bed, Chair, Floor, Mat, Wall
from app.figures.scene import Frame, Prop, Scene
from app.figures.sight import Sight, shifted
from app.figures.skeleton import stand

NEW_SIGNS: dict[str, Mark] = {
    "arrow": Arrow("chest", (-80.0, -10.0), (-30.0, -10.0)),
    "ring": Ring("blades", 18.0),
}
_GRIPS = ("grip_r", "grip_l")
NEW_THINGS: dict[str, Prop] = {
    "floor": Floor(10.0),
    "mat": Mat(-42.0, 118.0, 34.0),
    "wall": Wall(65.0, 26.0, 178.0, 58.0),
    "chair": Chair(-2.0, 43.0),
    "bed": Bed(84.0, 20.0, 114.0),
    "band": Band(_GRIPS, 26.0, "hand_r", _GRIPS, 9.0),
}

POINTS: dict[type, dict[str, str]] = {
    Arrow: {"tail": "start", "tip": "end"},
    Ring: {"middle": "offset"},
}
"""The points of a sign that can be moved, each with the field that says where it is."""

SETTINGS: dict[type, tuple[str, ...]] = {
    Ring: ("radius",),
    Mat: ("start", "end"),
    Wall: ("x",),
    Chair: ("x", "seat"),
    Bed: ("x", "height"),
    Band: ("slack",),
}
_RANGES = {"radius": (5, 80), "seat": (15, 90), "height": (40, 200), "slack": (5, 200)}
_PLACES = (-150, 200)


def add_sign(frame: Frame, kind: str) -> Frame:
    """The frame with one more arrow or ring. Raises RuleBroken for another kind, or too many."""
    if kind not in NEW_SIGNS:
        raise RuleBroken(N_("Choose an arrow or a ring."))
    if len(frame.marks) >= MAX_MARKS:
        raise RuleBroken(N_("A picture has at most %(max)s signs."), max=MAX_MARKS)
    return replace(frame, marks=(*frame.marks, NEW_SIGNS[kind]))


def add_thing(frame: Frame, kind: str) -> Frame:
    """The frame with one more thing. Raises RuleBroken for a kind that is none, or there already:
    layers are told apart by their names."""
    if kind not in NEW_THINGS:
        raise RuleBroken(N_("Choose a thing from the list."))
    if any(type(prop) is type(NEW_THINGS[kind]) for prop in frame.props):
        raise RuleBroken(N_("This thing is in the picture already."))
    return replace(frame, props=(*frame.props, NEW_THINGS[kind]))


def points_of(frame: Frame, mark: Mark) -> dict[str, Point]:
    """Where the points of a sign appear that can be moved."""
    origin = _origin(frame, mark)
    return {
        name: shifted(origin, getattr(mark, field))
        for name, field in POINTS.get(type(mark), {}).items()
    }


def with_point(frame: Frame, number: int, name: str, to: Point, size: Point) -> Frame:
    """The frame with a point of its sign ``number`` (from 0) at ``to``, kept in a picture of
    ``size``."""
    mark: Any = frame.marks[number]
    origin = _origin(frame, mark)
    x, y = (
        round(min(max(part, 0.0), most) - from_, 1)
        for part, most, from_ in zip(to, size, origin, strict=True)
    )
    mark = replace(mark, **{POINTS[type(mark)][name]: (x, y)})
    return replace(frame, marks=(*frame.marks[:number], mark, *frame.marks[number + 1 :]))


def with_setting(frame: Frame, rows: str, number: int, name: str, value: float) -> Frame:
    """The frame with one number of one of its ``marks`` or ``props`` changed, within its bounds."""
    things: tuple[Any, ...] = getattr(frame, rows)
    low, high = _RANGES.get(name, _PLACES)
    thing = replace(things[number], **{name: min(max(value, float(low)), float(high))})
    return _with_rows(frame, rows, (*things[:number], thing, *things[number + 1 :]))


def without(frame: Frame, rows: str, number: int) -> Frame:
    """The frame without one of its ``marks`` or ``props``."""
    things: tuple[Any, ...] = getattr(frame, rows)
    return _with_rows(frame, rows, (*things[:number], *things[number + 1 :]))


def fitted(scene: Scene, frame: Frame) -> Frame:
    """The frame without wishes about layers that are no more, after its pose or things changed."""
    bands = [prop for prop in frame.props if isinstance(prop, Band)]
    if not bands and not frame.layers:
        return frame
    sight = Sight(Pen(frame.view), stand(frame.pose), scene.width)
    solid = tuple(prop for prop in frame.props if not isinstance(prop, Band))
    bare = replace(frame, props=solid, layers={})
    names = {layer.name for layer in picture_layers(scene, bare, sight, frame.pose)}
    taken = {band.behind for band in bands if band.behind in names}
    props: list[Prop] = []
    for prop in frame.props:
        if isinstance(prop, Band) and prop.behind not in names:
            # Layers are told apart by their names, so each band needs a hand of its own.
            prop = replace(prop, behind="hand_l" if "hand_r" in taken else "hand_r")
            taken.add(prop.behind)
        props.append(prop)
    names |= {f"{BEHIND} {behind}" for behind in taken}
    layers = {name: nearer for name, nearer in frame.layers.items() if name in names}
    return replace(frame, props=tuple(props), layers=layers)


def _with_rows(frame: Frame, rows: str, things: Any) -> Frame:
    return replace(frame, marks=things) if rows == "marks" else replace(frame, props=things)


def _origin(frame: Frame, mark: Any) -> Point:
    if type(mark) not in POINTS:
        return (0.0, 0.0)
    return Sight(Pen(frame.view), stand(frame.pose), 0.0).point(mark.at)
