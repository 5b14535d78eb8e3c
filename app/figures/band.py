"""The elastic band, which grows thin as it is pulled long."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

from app.figures.ink import Element, Layer, stroke
from app.figures.palette import BAND, BAND_EDGE
from app.figures.sight import Anchor, Sight
from app.figures.vectors import Vec, length, minus, mix, plus

_FULL_WIDTH, _EDGE = 9.0, 3.4
BEHIND = "band behind"
"""With the name of another layer: that of a band."""


def band_width(now: float, slack: float) -> float:
    """Width in px of a band that is ``slack`` cm long when nobody pulls, and ``now`` cm long:
    rubber keeps its volume, so it is narrower as it is longer."""
    return _FULL_WIDTH * min(1.0, max(0.38, slack / max(now, 0.1)))


@dataclass(frozen=True)
class Band:
    """A band through ``places``; ``slack`` is its length unpulled, in cm.

    Loose ends of ``tails`` cm hang from the places named in ``loose``. ``behind`` names the layer
    that it is drawn just behind.
    """

    places: tuple[Anchor, ...]
    slack: float
    behind: str
    loose: tuple[Anchor, ...] = ()
    tails: float = 0.0

    def layers(self, sight: Sight, depth: float) -> list[Layer]:
        places = [sight.place(p) for p in self.places]
        long = sum(length(minus(b, a)) for a, b in pairwise(places))
        width = band_width(long, self.slack)
        lines = [(self._path(sight, places, long), width)]
        for anchor in self.loose:
            end = sight.place(anchor)
            lines.append((sight.pen.path([end, plus(end, (0.8, -self.tails, 0))]), 7.0))
        elements: list[Element] = [stroke(path, BAND_EDGE, w + _EDGE) for path, w in lines]
        elements += [stroke(path, BAND, w) for path, w in lines]
        return [Layer(f"{BEHIND} {self.behind}", depth, tuple(elements))]

    def _path(self, sight: Sight, places: list[Vec], long: float) -> str:
        """Straight when pulled; a slack band of two ends hangs between them."""
        if len(places) != 2:
            return sight.pen.path(places)
        sag = sqrt(max(self.slack**2 - long**2, 0.0)) / 2
        low = plus(mix(places[0], places[1], 0.5), (0, -1.3 * sag, 0))
        return sight.pen.curve(places[0], low, places[1])
