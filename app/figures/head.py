"""The head: hair, face and its marks, from any side."""

from __future__ import annotations

from app.figures.ink import LINE, Ball, Element, Layer, Pen, capsule, stroke
from app.figures.palette import INK, Person
from app.figures.skeleton import Skeleton
from app.figures.vectors import RIGHT, Vec, mix, plus, spine_front, spine_up, times


class Head:
    """A head in its own space: ``at(forward, up, right)`` in cm from its middle."""

    def __init__(self, skeleton: Skeleton, pen: Pen, person: Person) -> None:
        self._middle = skeleton["head"]
        self._front = spine_front(skeleton.head_angle)
        self._up = spine_up(skeleton.head_angle)
        self._pen, self._person = pen, person
        self._facing = pen.camera.toward(self._front)
        self._near = 1 if pen.camera.toward(RIGHT) >= 0 else -1

    def at(self, forward: float, up: float, right: float = 0.0) -> Vec:
        return plus(self._middle, times(self._front, forward), times(self._up, up), (0, 0, right))

    def _ball(self, forward: float, up: float, right: float, radius: float) -> Ball:
        return (self.at(forward, up, right), radius)

    def layers(self, depth: float) -> list[Layer]:
        """Hair, ears and face. Seen from behind the hair covers the face."""
        behind, sideways = self._facing < -0.3, abs(self._facing) < 0.8
        order = ["far_ear", "hair", "face", "marks", "fringe", "near_ear"]
        if behind:
            order = ["face", "marks", "fringe", "far_ear", "near_ear", "hair"]
        elif not sideways:
            order = ["far_ear", "near_ear", "hair", "face", "marks", "fringe"]
        drawn = {
            "hair": (self._hair(),),
            "face": (self._face(),),
            "marks": tuple(self._marks()),
            "fringe": self._fringe(),
            "near_ear": (self._ear(self._near),),
            "far_ear": (self._ear(-self._near),),
        }
        return [Layer(name, depth + k * 0.01, drawn[name]) for k, name in enumerate(order)]

    def _hair(self) -> Element:
        crown, nape, ball = self._person.crown, self._person.nape, self._ball
        return self._pen.solid(
            self._person.hair,
            [
                *(ball(-0.9, 2.0, side * 1.1, crown) for side in (1, -1)),
                *(ball(-4.4, -3.4, side * 2.8, nape) for side in (1, -1)),
            ],
        )

    def _face(self) -> Element:
        ball = self._ball
        face = [
            ball(2.6, 1.6, 2.4, 6.3),
            ball(2.6, 1.6, -2.4, 6.3),
            ball(1.4, -3.0, 3.2, 5.2),
            ball(1.4, -3.0, -3.2, 5.2),
            ball(4.2, -6.4, 0.8, 4.0),
            ball(4.2, -6.4, -0.8, 4.0),
        ]
        nose = [ball(7.6, 0.4, 0, 1.0), ball(9.3, -2.5, 0, 1.25), ball(7.4, -2.8, 0, 1.4)]
        return self._pen.solid(self._person.skin, face, nose)

    def _fringe(self) -> tuple[Element, ...]:
        """A lock of hair over the brow, swept to one side."""
        if not self._person.fringe:
            return ()
        high, ball = self._person.crown - 1.0, self._ball
        lock = [
            ball(4.6, high - 2.4, 5.2, 1.7),
            ball(6.4, high - 1.4, -1.6, 1.9),
            ball(4.2, high - 0.9, -4.6, 2.0),
            ball(1.0, high + 0.4, -2.0, 2.6),
            ball(-1.0, high, 2.0, 2.8),
        ]
        return (self._pen.solid(self._person.hair, lock, line=0),)

    def _ear(self, side: int) -> Element:
        ear = [self._ball(-1.6, -0.6, side * 8.3, 1.9), self._ball(-1.2, -2.6, side * 8.1, 1.4)]
        return self._pen.solid(self._person.skin, ear, line=LINE * 0.7)

    def _shown(self, outward: Vec) -> bool:
        """Whether the part of the face that looks to ``outward`` (forward, up, right) is seen."""
        direction = plus(
            times(self._front, outward[0]), times(self._up, outward[1]), (0, 0, outward[2])
        )
        return self._pen.camera.toward(direction) > 0.12

    def _marks(self) -> list[Element]:
        """Eyes, brows, nose and mouth. In a film what is hidden stays, with size 0."""
        marks: list[Element] = []
        for side in (1, -1):
            seen = self._shown((0.8, 0, 0.6 * side))
            if seen or self._pen.moving:
                eye = capsule(
                    self.at(7.4, 0.1, 3.4 * side), 0.95, self.at(7.4, 0.9, 3.4 * side), 0.95
                )
                marks.append(self._dot(eye, seen))
                brow = self._pen.curve(
                    self.at(7.6, 3.8, 2.0 * side),
                    self.at(7.6, 4.6, 3.8 * side),
                    self.at(6.0, 3.0, 5.4 * side),
                )
                marks.append(stroke(brow, INK, LINE * 0.6 * seen))
        seen = self._shown((0.94, 0, 0.34 * self._near))
        if seen or self._pen.moving:
            marks.append(stroke(self._mouth(), INK, LINE * 0.65 * seen))
        front = self._facing > 0.75
        if front or self._pen.moving:
            nose = self._pen.curve(
                self.at(9, -1.8, 1.1), self.at(9.6, -3.6, 0), self.at(9, -1.8, -1.1)
            )
            marks.append(stroke(nose, INK, LINE * 0.55 * front))
        return marks

    def _mouth(self) -> str:
        """A smile from corner to corner; from the side, from the middle to the near corner."""
        whole = min(max((self._facing - 0.3) / 0.45, 0.0), 1.0)
        near, far = (6.4, -5.2, 2.9 * self._near), (6.4, -5.2, -2.9 * self._near)
        end = mix((8.0, -5.9, 0.6 * self._near), far, whole)
        low = mix((7.2, -6.6, 1.6 * self._near), (8.4, -7.9, 0.0), whole)
        return self._pen.curve(self.at(*near), self.at(*low), self.at(*end))

    def _dot(self, balls: list[Ball], seen: bool) -> Element:
        if not seen:
            balls = [(place, 0.0) for place, _ in balls]
        return self._pen.solid(INK, balls, line=0)
