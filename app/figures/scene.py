"""A scene: one exercise as values - a person, things, poses, and a frame for each step."""

from __future__ import annotations

from dataclasses import dataclass

from app.figures.band import Band
from app.figures.camera import Camera
from app.figures.marks import Mark
from app.figures.poses import Pose
from app.figures.props import Bed, Chair, Floor, Mat, Wall

Prop = Floor | Mat | Wall | Chair | Bed | Band


@dataclass(frozen=True)
class Frame:
    """The picture of one step. ``layers`` moves a layer nearer by so many cm, where the rules
    of depth guess wrong."""

    pose: Pose
    view: Camera
    alt: str
    props: tuple[Prop, ...]
    marks: tuple[Mark, ...]
    layers: dict[str, float]


@dataclass(frozen=True)
class Film:
    """A round through the poses of some frames and back, seen as in the first of them.

    ``seconds`` is the time of one round; ``variants`` names the start positions it serves.
    ``smooth`` goes round without a rest, cutting the corners, as for a circling movement.
    """

    variants: tuple[str, ...]
    frames: tuple[Frame, ...]
    seconds: float
    alt: str
    smooth: bool = False


@dataclass(frozen=True)
class Scene:
    """All pictures of one exercise. ``width`` and ``height`` are pixels.

    ``variants`` gives, for each start position, the numbers of its frames in the order of its
    steps, counted from 1; two positions may share a frame.
    """

    title: str
    person: str
    width: int
    height: int
    frames: tuple[Frame, ...]
    variants: dict[str, tuple[int, ...]]
    films: tuple[Film, ...]
