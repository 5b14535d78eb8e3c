"""How much a scene may hold, and how large its pictures may grow."""

from __future__ import annotations

import gzip
from collections.abc import Mapping

from app.errors import N_, RuleBroken
from app.figures.album import is_film
from app.figures.band import Band
from app.figures.marks import Guide
from app.figures.scene import Scene

MAX_TEXT = 60_000
"""Characters of a scene as JSON; ours have fewer than 6,000."""

MAX_FRAMES, MAX_FILMS, MAX_PROPS, MAX_MARKS, MAX_PLACES = 24, 4, 8, 12, 12
MAX_FRAME_BYTES = 14_000
MAX_FILM_BYTES = 25_000
"""Of a film as it travels, compressed."""


def check_limits(scene: Scene) -> None:
    """Raises RuleBroken where a scene has more of anything than we draw."""
    if not 1 <= len(scene.frames) <= MAX_FRAMES:
        raise RuleBroken(N_("A scene has from 1 to %(max)s pictures."), max=MAX_FRAMES)
    if len(scene.films) > MAX_FILMS or any(len(f.frames) > MAX_FRAMES for f in scene.films):
        raise RuleBroken(N_("A scene has at most %(max)s films."), max=MAX_FILMS)
    for frame in scene.frames:
        if len(frame.marks) > MAX_MARKS:
            raise RuleBroken(N_("A picture has at most %(max)s signs."), max=MAX_MARKS)
        if len(frame.props) > MAX_PROPS:
            raise RuleBroken(N_("A picture has at most %(max)s things."), max=MAX_PROPS)
        lines = [p.places for p in (*frame.props, *frame.marks) if isinstance(p, Band | Guide)]
        if any(not 2 <= len(line) <= MAX_PLACES for line in lines):
            raise RuleBroken(N_("A line goes through 2 to %(max)s places."), max=MAX_PLACES)


def check_sizes(drawn: Mapping[str, str]) -> None:
    """Raises RuleBroken where a picture, by its file name, has grown larger than we send."""
    for name, svg in drawn.items():
        content = svg.encode()
        size, most = len(content), MAX_FRAME_BYTES
        if is_film(name):
            size, most = len(gzip.compress(content, 9)), MAX_FILM_BYTES
        if size > most:
            raise RuleBroken(
                N_("The picture %(name)s has grown too large. Take a sign or a thing away."),
                name=name,
            )
