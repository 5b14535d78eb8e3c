"""Films: a frame's picture that moves through poses and back, with SMIL and without script.

A film is a document of its own. A page shows the still frame and loads the film only when it
is asked for, so it can be stopped, and whoever wants no motion never gets it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import cos, pi

from app.errors import N_, RuleBroken
from app.figures.drawing import arranged, document, picture_layers
from app.figures.hulls import number
from app.figures.ink import Element, Layer, Pen, inked
from app.figures.poses import Pose, between
from app.figures.scene import Film, Scene
from app.figures.sight import Sight
from app.figures.skeleton import stand

_STEPS = 4
"""Moments drawn between two poses; a browser goes straight from one to the next."""


def draw_film(scene: Scene, which: int = 1) -> str:
    """The SVG document of film number ``which``, counted from 1. Its first moment is what shows
    where nothing moves. Raises RuleBroken when there is no such film."""
    if not 1 <= which <= len(scene.films):
        raise RuleBroken(N_("There is no film %(number)s."), number=which)
    film = scene.films[which - 1]
    moments = [_drawn(scene, film, pose) for pose in sampled_poses(film)]
    order = [layer.name for layer in arranged(moments[0], film.frames[0])]
    tracks = [
        [next(layer for layer in moment if layer.name == name).elements for moment in moments]
        for name in order
    ]
    seconds = number(film.seconds)
    moving = [
        _merged(list(shapes), seconds) for track in tracks for shapes in zip(*track, strict=True)
    ]
    return document(scene, film.alt, [inked(moving)])


def sampled_poses(film: Film) -> list[Pose]:
    """The poses of one round; the last is the first again."""
    stops = [frame.pose for frame in film.frames]
    return _circling(stops) if film.smooth else _resting(stops)


def _resting(stops: list[Pose]) -> list[Pose]:
    """Each way eased in and out, with a rest at its end."""
    poses = [stops[0]]
    for start, end in pairwise([*stops, stops[0]]):
        shares = [(1 - cos(pi * k / _STEPS)) / 2 for k in range(1, _STEPS)]
        poses += [between(start, end, share) for share in shares]
        poses += [end, end]
    return poses


def _circling(stops: list[Pose]) -> list[Pose]:
    """Round and round: from the middle of each side to the middle of the next, bending at the
    stop between them."""
    sides = [between(a, b, 0.5) for a, b in zip(stops[-1:] + stops, stops, strict=False)]
    poses = [sides[0]]
    for side, stop, following in zip(sides, stops, [*sides[1:], sides[0]], strict=True):
        for k in range(1, _STEPS + 1):
            t = k / _STEPS
            poses.append(between(between(side, stop, t), between(stop, following, t), t))
    return poses


def _drawn(scene: Scene, film: Film, pose: Pose) -> list[Layer]:
    frame = film.frames[0]
    sight = Sight(Pen(frame.view, moving=True), stand(pose), scene.width)
    return picture_layers(scene, frame, sight, pose)


def _merged(moments: Sequence[Element], seconds: str) -> Element:
    """One element whose changing attributes are animated through all moments."""
    first = moments[0]
    changing = [
        name
        for name in first.attributes
        if any(m.attributes[name] != first.attributes[name] for m in moments)
    ]
    animations = tuple(
        Element(
            "animate",
            {
                "attributeName": name,
                "dur": f"{seconds}s",
                "repeatCount": "indefinite",
                "values": ";".join(m.attributes[name] for m in moments),
            },
        )
        for name in changing
    )
    children = tuple(
        _merged(same, seconds) for same in zip(*(m.children for m in moments), strict=True)
    )
    return Element(first.tag, first.attributes, (*children, *animations), first.text)
