"""Two things that templates are made of beside macros: pieces that are kept, and attributes."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from flask import Flask, current_app
from flask_babel import get_locale
from jinja2.runtime import Macro
from markupsafe import Markup, escape

MOST_KEPT = 500
"""Pieces, of one to fifteen kilobytes."""

_EXTENSION = "homestretch_kept"


def kept(macro: Macro, *said: Hashable, typed: object = None) -> str:
    """What ``macro`` (imported without context) makes of ``said``, in the reader's language.

    It is found again by the values themselves, never by the name of a thing that may have changed:
    so what ``said`` compares by must be all that the macro shows. Nobody's request is in it.
    ``typed``: boxes that hold something else than is saved; then nothing is kept.
    """
    if typed is not None:
        return macro(*said, typed)
    pieces: dict[Any, str] = current_app.extensions.setdefault(_EXTENSION, {})
    key = (macro, get_locale(), *said)
    piece = pieces.get(key)
    if piece is None:
        if len(pieces) >= MOST_KEPT:
            pieces.clear()
        piece = pieces[key] = macro(*said)
    return piece


def attributes(said: Mapping[str, object]) -> Markup:
    """For a tag: None or False leaves one out, True gives its bare name.

    Not a macro: the builder has two hundred of them.
    """
    parts = (
        f" {name}" if value is True else f' {name}="{escape(value)}"'
        for name, value in said.items()
        if value is not None and value is not False
    )
    return Markup("".join(parts))  # noqa: S704  # nosec B704: escaped above


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(kept=kept, attributes=attributes)
