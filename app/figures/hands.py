"""Hands with four fingers and a thumb, drawn from a hand frame and a hand shape."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians, sin

from app.figures.hand_shapes import HandShape
from app.figures.ink import LINE, Ball, Element, Hull, Pen, capsule, stroke
from app.figures.palette import INK
from app.figures.skeleton import HandFrame
from app.figures.vectors import Vec, plus, times

_ROOTS = (3.1, 1.05, -1.0, -3.0)
"""How far each finger's root lies to the thumb's side of the hand's middle, in cm."""
_LENGTHS = (7.2, 8.1, 7.6, 6.0)
_KNUCKLE_AT = (8.7, 9.1, 8.8, 8.2)
_THICK = 1.45


@dataclass(frozen=True)
class _Finger:
    root: Vec
    middle: Vec
    tip: Vec

    def hulls(self) -> list[Hull]:
        return [
            capsule(self.root, _THICK + 0.12, self.middle, _THICK),
            capsule(self.middle, _THICK, self.tip, _THICK - 0.14),
        ]


def _finger(frame: HandFrame, shape: HandShape, which: int) -> _Finger:
    along, out = _KNUCKLE_AT[which], _ROOTS[which]
    fan = radians(shape.spread * (1.5 - which) / 3)
    into, size = 0.0, _LENGTHS[which] / 2
    places = [frame.at(along, out, into)]
    bend = 0.0
    for turn in (shape.knuckle, shape.middle):
        bend += radians(turn)
        along += size * cos(bend) * cos(fan)
        out += size * sin(fan)
        into += size * sin(bend)
        places.append(frame.at(along, out, into))
    return _Finger(*places)


def _palm(frame: HandFrame) -> list[Ball]:
    return [
        (frame.at(0.4, 0, 0), 2.6),
        (frame.at(3.6, 2.5, 0.4), 2.0),
        (frame.at(8.4, 2.8, 0), 1.7),
        (frame.at(7.9, -2.7, 0), 1.6),
        (frame.at(3.2, -2.3, 0.3), 1.9),
    ]


def _between(one: _Finger, other: _Finger) -> tuple[Vec, Vec, Vec]:
    def halfway(a: Vec, b: Vec) -> Vec:
        return ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2)

    return (
        halfway(one.root, other.root),
        halfway(one.middle, other.middle),
        halfway(one.tip, other.tip),
    )


@dataclass(frozen=True)
class DrawnHand:
    """``body`` is the forearm, palm and fingers; ``seam`` hides where the thumb grows out."""

    body: tuple[Element, ...]
    thumb: tuple[Element, ...]
    seam: tuple[Element, ...]
    thumb_before: bool


def draw_hand(pen: Pen, frame: HandFrame, shape: HandShape, forearm: Hull, skin: str) -> DrawnHand:
    """A hand that has grown together with its forearm."""
    fingers = [_finger(frame, shape, which) for which in range(4)]
    body = pen.solid(skin, forearm, _palm(frame), *(h for f in fingers for h in f.hulls()))
    root = frame.at(2.6, 2.2, 0.6)
    along, out, into = shape.thumb_along - 2.6, shape.thumb_out - 2.2, shape.thumb_in - 0.6
    joint = frame.at(2.6 + along * 0.5, 2.2 + out * 0.75, 0.6 + into * 0.6)
    tip = frame.at(shape.thumb_along, shape.thumb_out, shape.thumb_in)
    thumb = pen.solid(
        skin, capsule(root, 1.8, joint, 1.6), capsule(joint, 1.6, tip, 1.3), line=LINE * 0.8
    )
    return DrawnHand(
        body=(body, *_finger_lines(pen, frame, shape, fingers)),
        thumb=(thumb,),
        seam=(pen.solid(skin, capsule(frame.at(2.0, 0.6, 0.4), 1.7, root, 1.6), line=0),),
        thumb_before=pen.camera.toward(frame.palm) > -0.12,
    )


def _finger_lines(
    pen: Pen, frame: HandFrame, shape: HandShape, fingers: list[_Finger]
) -> list[Element]:
    """Thin lines that tell the fingers apart, where they are seen side by side."""
    wide = abs(pen.camera.toward(frame.thumb)) < 0.8
    if not (wide or pen.moving):
        return []
    path = ""
    away = pen.camera.toward(frame.palm) < 0
    for one, other in pairwise(fingers):
        root, middle, tip = _between(one, other)
        if away and shape.knuckle > 60:  # a fist from behind: its fingers are out of sight
            middle = tip = plus(root, times(frame.fingers, 1.3))
        path += pen.path((root, middle, tip))
    return [stroke(path, INK, LINE * 0.5 if wide else 0)]
