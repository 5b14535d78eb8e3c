"""The eye that looks at the figure: an orthographic camera, so that nothing shrinks with depth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import cos, radians, sin

from app.figures.vectors import Vec, dot, minus, plus, times

Point = tuple[float, float]
Circle = tuple[float, float, float]


@dataclass(frozen=True)
class Camera:
    """Angles in degrees. ``yaw`` 0 looks at the figure's right side, 90 at its face, 270 at its
    back; ``pitch`` looks down from above. ``scale`` is pixels per centimetre. The place
    ``look_at`` (cm) appears at ``centre`` (px, from the top left).
    """

    yaw: float = 0.0
    pitch: float = 0.0
    scale: float = 2.0
    look_at: Vec = (0.0, 85.0, 0.0)
    centre: Point = (150.0, 160.0)

    @cached_property
    def _axes(self) -> tuple[Vec, Vec, Vec]:
        """The viewer's right, up and near, as directions in the figure's space."""
        yaw, pitch = radians(self.yaw), radians(self.pitch)
        across, deep = (cos(yaw), 0.0, -sin(yaw)), (sin(yaw), 0.0, cos(yaw))
        return (
            across,
            (-deep[0] * sin(pitch), cos(pitch), -deep[2] * sin(pitch)),
            (deep[0] * cos(pitch), sin(pitch), deep[2] * cos(pitch)),
        )

    def toward(self, direction: Vec) -> float:
        """How far a direction points at the viewer: 1 straight at, -1 straight away."""
        return dot(direction, self._axes[2])

    def depth(self, place: Vec) -> float:
        """How near a place is to the viewer, in cm; greater is nearer."""
        return dot(place, self._axes[2])

    def point(self, place: Vec) -> Point:
        """Where a place appears, in pixels."""
        right, up, _ = self._axes
        away = minus(place, self.look_at)
        return (
            self.centre[0] + dot(away, right) * self.scale,
            self.centre[1] - dot(away, up) * self.scale,
        )

    def place(self, point: Point, like: Vec) -> Vec:
        """What appears at ``point`` (px) and is as near to the viewer as the place ``like``."""
        right, up, _ = self._axes
        x, y = self.point(like)
        across, rise = (point[0] - x) / self.scale, (y - point[1]) / self.scale
        return plus(like, times(right, across), times(up, rise))

    def circle(self, place: Vec, radius: float) -> Circle:
        """The circle (x, y, radius in pixels) that a ball of ``radius`` cm appears as."""
        x, y = self.point(place)
        return (x, y, radius * self.scale)
