"""The eye that looks at the figure: an orthographic camera, so that nothing shrinks with depth."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin

from app.figures.vectors import Vec, minus

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

    def _turned(self, v: Vec) -> Vec:
        """``v`` as the viewer has it: to the right, up, toward the viewer."""
        yaw, pitch = radians(self.yaw), radians(self.pitch)
        right = v[0] * cos(yaw) - v[2] * sin(yaw)
        level = v[0] * sin(yaw) + v[2] * cos(yaw)
        return (
            right,
            v[1] * cos(pitch) - level * sin(pitch),
            level * cos(pitch) + v[1] * sin(pitch),
        )

    def toward(self, direction: Vec) -> float:
        """How far a direction points at the viewer: 1 straight at, -1 straight away."""
        return self._turned(direction)[2]

    def depth(self, place: Vec) -> float:
        """How near a place is to the viewer, in cm; greater is nearer."""
        return self._turned(place)[2]

    def point(self, place: Vec) -> Point:
        """Where a place appears, in pixels."""
        right, up, _ = self._turned(minus(place, self.look_at))
        return (self.centre[0] + right * self.scale, self.centre[1] - up * self.scale)

    def circle(self, place: Vec, radius: float) -> Circle:
        """The circle (x, y, radius in pixels) that a ball of ``radius`` cm appears as."""
        x, y = self.point(place)
        return (x, y, radius * self.scale)
