"""The views of a scene on the desk: their drawings, the handles in them, and dropping a handle.

Pure. Points are pixels from a view's top left.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.catalogue.posing import Desk, other_side
from app.figures import draw_frame
from app.figures.adding import points_of, with_point
from app.figures.camera import Camera, Point
from app.figures.moving import JOINTS, moved_in_view
from app.figures.skeleton import stand
from app.figures.vectors import Vec

STAGE = (300, 320)
_SIDE = Camera(scale=1.4, look_at=(25.0, 100.0, 0.0))
_FRONT = Camera(yaw=90.0, scale=1.4, look_at=(0.0, 100.0, 0.0))
_LEADS = {"head": (0, -24), "pelvis": (-24, 0), "hand": (24, 0), "foot": (24, 10)}
"""Where in the side view a handle's knob lies, seen from its joint: a finger hides no joint."""

_PX = r"(-?\d{1,4}(?:\.\d{1,3})?)"
_DRAG = re.compile(rf"([a-z_]+|marks-\d{{1,2}}-[a-z]+) (side|front|picture) {_PX} {_PX}", re.ASCII)
MAX_DRAGS = 20


@dataclass(frozen=True)
class Handle:
    """What can be taken hold of in a view. ``at`` is its point, ``lead`` the way to its knob;
    ``place`` is where a joint is, in the room."""

    name: str
    at: Point
    lead: tuple[int, int] = (0, 0)
    place: Vec | None = None


@dataclass(frozen=True)
class Drag:
    """A handle that was dropped at a point of a view."""

    name: str
    view: str
    to: Point


def read_drags(text: str | None) -> list[Drag]:
    """``hand_r side 153.2 88.1;head front 150 20``; what is no such text is left out."""
    found = (_DRAG.fullmatch(one) for one in (text or "").split(";", MAX_DRAGS)[:MAX_DRAGS])
    return [
        Drag(name, view, (float(x), float(y)))
        for name, view, x, y in (one.groups() for one in found if one)
    ]


def camera_of(desk: Desk, view: str) -> Camera:
    """From where a view looks: the side, the front, or the picture's own."""
    if view == "picture":
        return desk.frame.view
    if view == "front":
        return _FRONT
    return _SIDE if desk.side == "r" else replace(_SIDE, yaw=180.0)


def dragged(desk: Desk, drag: Drag) -> Desk:
    """The desk after a handle was dropped; unchanged where there is no such handle."""
    if all(drag.name != handle.name for handle in handles_in(desk, drag.view)):
        return desk
    if drag.view == "picture":
        _, number, name = drag.name.split("-")
        size = (desk.scene.width, desk.scene.height)
        return desk.showing(with_point(desk.frame, int(number), name, drag.to, size))
    camera = camera_of(desk, drag.view)
    pose = moved_in_view(desk.frame.pose, drag.name, camera, drag.to, alike=desk.alike)
    return desk.showing(replace(desk.frame, pose=pose))


def handles_in(desk: Desk, view: str) -> list[Handle]:
    """The handles of a view. From the side only the near hand and foot: the others lie behind."""
    frame = desk.frame
    if view == "picture":
        return [
            Handle(f"marks-{number}-{name}", at)
            for number, mark in enumerate(frame.marks)
            for name, at in points_of(frame, mark).items()
        ]
    camera, body = camera_of(desk, view), stand(frame.pose)
    names = [name for name in JOINTS if view == "front" or name[-2:] != f"_{other_side(desk.side)}"]
    return [
        Handle(name, camera.point(body[JOINTS[name]]), _lead(name, view), body[JOINTS[name]])
        for name in names
    ]


def drawn(desk: Desk, words: Mapping[str, str]) -> dict[str, str]:
    """The SVG of each view; ``words`` say what the two from the side and the front show."""
    width, height = STAGE
    pictures = {"picture": draw_frame(desk.scene, desk.number)}
    for view, alt in words.items():
        seen = replace(desk.frame, view=camera_of(desk, view), alt=alt, marks=(), layers={})
        stage = replace(desk.scene, width=width, height=height, frames=(seen,), films=())
        pictures[view] = draw_frame(stage, 1)
    return pictures


def _lead(name: str, view: str) -> tuple[int, int]:
    part, _, side = name.partition("_")
    x, y = _LEADS[part]
    if view == "side":
        return (x, y)
    if not side:  # above and below, where nothing of the other side lies
        return (0, -24) if part == "head" else (0, 24)
    return (-x, y) if side == "r" else (x, y)
