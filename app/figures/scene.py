"""A scene: one exercise as values - a person, things, poses, and a frame for each step."""

from __future__ import annotations

from dataclasses import dataclass, replace

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

    def number_of(self, frame: Frame) -> int:
        """The number of this very frame, counted from 1: two may look alike."""
        return next(n for n, one in enumerate(self.frames, start=1) if one is frame)

    def with_frame(self, number: int, frame: Frame) -> Scene:
        """The scene with another frame of that number, in its films too."""
        old = self.frames[number - 1]
        films = tuple(
            replace(film, frames=tuple(frame if one is old else one for one in film.frames))
            for film in self.films
        )
        frames = (*self.frames[: number - 1], frame, *self.frames[number:])
        return replace(self, frames=frames, films=films)
