"""Vectors in the figure's own space, in centimetres.

``+x`` is where the figure looks, ``+y`` is up, ``+z`` is the figure's right-hand side.
"""

from __future__ import annotations

from math import cos, hypot, radians, sin

from app.errors import N_, RuleBroken

Vec = tuple[float, float, float]

UP: Vec = (0.0, 1.0, 0.0)
RIGHT: Vec = (0.0, 0.0, 1.0)


def plus(*terms: Vec) -> Vec:
    """The sum of any number of vectors."""
    x = y = z = 0.0
    for term in terms:
        x, y, z = x + term[0], y + term[1], z + term[2]
    return (x, y, z)


def times(v: Vec, factor: float) -> Vec:
    return (v[0] * factor, v[1] * factor, v[2] * factor)


def minus(a: Vec, b: Vec) -> Vec:
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


def dot(a: Vec, b: Vec) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Vec, b: Vec) -> Vec:
    return (
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    )


def length(v: Vec) -> float:
    return hypot(*v)


def unit(v: Vec) -> Vec:
    """``v`` with length 1. Raises RuleBroken for a vector without length."""
    size = length(v)
    if size < 1e-9:
        raise RuleBroken(N_("A direction needs a length."))
    return times(v, 1 / size)


def across(v: Vec, axis: Vec) -> Vec:
    """The part of ``v`` at right angles to the unit vector ``axis``, with length 1."""
    rest = minus(v, times(axis, dot(v, axis)))
    if length(rest) < 1e-6:  # parallel: any direction across will do, but always the same one
        spare = UP if abs(axis[1]) < 0.9 else (1.0, 0.0, 0.0)
        rest = minus(spare, times(axis, dot(spare, axis)))
    return unit(rest)


def mix(a: Vec, b: Vec, share: float) -> Vec:
    """The point on the way from ``a`` (share 0) to ``b`` (share 1)."""
    return plus(times(a, 1 - share), times(b, share))


def spine_up(degrees: float) -> Vec:
    """The unit vector up a spine that leans forward by ``degrees``."""
    return (sin(radians(degrees)), cos(radians(degrees)), 0.0)


def spine_front(degrees: float) -> Vec:
    """The unit vector out of the chest of a spine that leans forward by ``degrees``."""
    return (cos(radians(degrees)), -sin(radians(degrees)), 0.0)


def mirrored(v: Vec) -> Vec:
    """The same place on the other side of the body."""
    return (v[0], v[1], -v[2])
