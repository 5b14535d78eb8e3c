"""From JSON data to frozen dataclasses, with every wrong word refused by name."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import MISSING, fields
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from app.errors import N_, RuleBroken
from app.figures.hand_shapes import SHAPES, HandShape
from app.text import has_controls

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")
_LARGEST = 10_000.0
MAX_WORDS = 300
"""Characters of a title, or of what a picture shows."""

_SIZES = frozenset(
    ("scale", "radius", "size", "width", "height", "half_width", "thickness", "slack", "seat")
)
"""Fields that make no sense at 0 or below."""


def read(kind: type[T], data: object, where: str) -> T:
    """A ``kind`` made from a JSON object. Raises RuleBroken, naming ``where``, if it is none."""
    values = read_fields(kind, data, where)
    for field in fields(kind):
        required = field.default is MISSING and field.default_factory is MISSING
        if required and field.name not in values:
            raise RuleBroken(N_("%(where)s has no %(name)s."), where=where, name=field.name)
    return kind(**values)


def read_fields(kind: type[Any], data: object, where: str) -> dict[str, Any]:
    """The fields of ``kind`` that a JSON object gives, in their own types."""
    hints = _hints(kind)  # type: ignore[arg-type]  # every class can be hashed
    values, given = {}, as_object(data, where)
    only(given, hints.keys(), where)
    for name, value in given.items():
        values[name] = _value(hints[name], value, f"{where}.{name}")
        if name in _SIZES and values[name] <= 0:
            raise RuleBroken(N_("%(where)s.%(name)s must be more than 0."), where=where, name=name)
    return values


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    """The types of its fields; to work them out takes longer than to read an arm."""
    return get_type_hints(kind)


def as_object(data: object, where: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise RuleBroken(N_("%(where)s must be an object with names."), where=where)
    return data


def as_list(data: object, where: str) -> list[Any]:
    if not isinstance(data, list):
        raise RuleBroken(N_("%(where)s must be a list."), where=where)
    return data


def as_words(data: object, where: str) -> str:
    """Text with something in it: a picture without words is nothing to who cannot see it."""
    if not isinstance(data, str) or not data.strip():
        raise RuleBroken(N_("%(where)s has no text."), where=where)
    if len(data) > MAX_WORDS or has_controls(data):
        raise RuleBroken(
            N_("%(where)s must be text of at most %(max)s characters."), where=where, max=MAX_WORDS
        )
    return data.strip()


def only(data: dict[str, Any], names: Set[str], where: str) -> None:
    """Raises RuleBroken if ``data`` says anything but ``names``."""
    for name in data.keys() - names:
        raise RuleBroken(
            N_("%(where)s says %(name)s, which means nothing here."), where=where, name=name
        )


def known(name: object, table: dict[str, Any], where: str) -> str:
    """``name``, if the table has it."""
    if not isinstance(name, str) or name not in table:
        raise RuleBroken(
            N_("%(where)s names %(name)s, which is not there."), where=where, name=name
        )
    return name


def _value(hint: Any, value: object, where: str) -> Any:
    if hint is HandShape:
        if not isinstance(value, str) or value not in SHAPES:
            raise RuleBroken(N_("%(where)s is no hand shape that we know."), where=where)
        return SHAPES[value]
    if get_origin(hint) in (Union, UnionType):
        return _one_of(get_args(hint), value, where)
    if get_origin(hint) is tuple:
        return _tuple(get_args(hint), value, where)
    if hint is float and isinstance(value, int | float) and not isinstance(value, bool):
        if abs(value) <= _LARGEST:  # not so for NaN
            return float(value)
    elif hint in (str, bool) and isinstance(value, hint):
        return value
    raise RuleBroken(N_("%(where)s is not what belongs there."), where=where)


def _one_of(hints: tuple[Any, ...], value: object, where: str) -> Any:
    if value is None and type(None) in hints:
        return None
    if isinstance(value, str) and str in hints:
        return value
    rest = [h for h in hints if h not in (str, type(None))]
    return _value(rest[0], value, where)


def _tuple(hints: tuple[Any, ...], value: object, where: str) -> tuple[Any, ...]:
    parts = as_list(value, where)
    if hints[-1] is Ellipsis:
        hints = (hints[0],) * len(parts)
    if len(hints) != len(parts):
        raise RuleBroken(N_("%(where)s needs %(count)s numbers."), where=where, count=len(hints))
    return tuple(
        _value(h, v, f"{where}[{k}]") for k, (h, v) in enumerate(zip(hints, parts, strict=True))
    )
