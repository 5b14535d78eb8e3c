"""What the pose editor's handles, signs and things are called."""

from __future__ import annotations

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.figures.vectors import Vec

HANDLES = {
    "pelvis": _l("Pelvis"),
    "head": _l("Head"),
    "hand_r": _l("Right hand"),
    "hand_l": _l("Left hand"),
    "foot_r": _l("Right foot"),
    "foot_l": _l("Left foot"),
}
VIEWS = {"side": _l("From the side"), "front": _l("From the front"), "picture": _l("The picture")}
SIDES = {"r": _l("the right side"), "l": _l("the left side")}
SIGNS = {
    "arrow": _l("Arrow"),
    "ring": _l("Ring: feel it here"),
    "turn": _l("Arrow along a circle"),
    "guide": _l("Dashed line"),
    "measure": _l("Length"),
    "right_angle": _l("Right angle"),
    "label": _l("Word"),
    "blades": _l("Shoulder blades"),
}
THINGS = {
    "floor": _l("Floor"),
    "mat": _l("Mat"),
    "wall": _l("Wall"),
    "chair": _l("Chair"),
    "bed": _l("Bed"),
    "band": _l("Band"),
}
POINTS = {"tail": _l("Start of arrow"), "tip": _l("Tip of arrow"), "middle": _l("Middle of ring")}


def place_words(place: Vec) -> str:
    """A place in the room: "61 cm forward, 131 cm up, 28 cm to the right"."""
    x, y, z = (round(part, 1) for part in place)
    return ", ".join(
        (
            _("%(cm)s cm back", cm=_cm(-x)) if x < 0 else _("%(cm)s cm forward", cm=_cm(x)),
            _("%(cm)s cm up", cm=_cm(y)),
            _("%(cm)s cm to the left", cm=_cm(-z))
            if z < 0
            else _("%(cm)s cm to the right", cm=_cm(z)),
        )
    )


def handle_words(name: str) -> str:
    """What a handle is called: a joint, or a point of the sign with this number."""
    if name in HANDLES:
        return str(HANDLES[name])
    _rows, number, point = name.split("-")
    return str(_("Sign %(number)s: %(point)s", number=int(number) + 1, point=POINTS[point]))


def point_words(point: tuple[float, float]) -> str:
    """A point of the picture: "120 across, 80 down"."""
    return str(_("%(x)s across, %(y)s down", x=_cm(point[0]), y=_cm(point[1])))


def _cm(number: float) -> str:
    return str(format_decimal(round(number, 1)))
