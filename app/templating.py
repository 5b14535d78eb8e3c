"""How templates are read, the pieces of pages that are kept, and attributes of tags.

Why: docs/decisions/0018-builder.md, 0019-quick-pages.md.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, MutableMapping
from typing import Any

from flask import Flask, current_app, has_request_context
from flask.templating import Environment
from jinja2.runtime import Macro
from markupsafe import Markup, escape

from app.language import language

MOST_KEPT = 4_000_000
"""Characters: two thousand exercises on plans, or six thousand patients in lists."""

_PIECES = "homestretch_pieces"
_this_app = current_app._get_current_object  # type: ignore[attr-defined]  # typed as the app it stands for


class QuickEnvironment(Environment):
    """Jinja looks the globals up in a chain of two dictionaries, so that later ones are seen; it
    walks that chain at each render and each import. Ours are all there before the first page."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}


class _Pieces(dict[Any, str]):
    """Those that a process keeps; all are dropped where they would grow beyond MOST_KEPT."""

    size = 0

    def add(self, key: Any, piece: str) -> None:
        if self.size + len(piece) > MOST_KEPT:
            self.clear()
            self.size = 0
        self[key] = piece
        self.size += len(piece)


def kept(macro: Macro, *said: Hashable, typed: object = None) -> str:
    """What ``macro`` (imported without context) makes of ``said``, in the reader's language.

    It is found again by the values themselves, never by the name of a thing that may have changed:
    so what ``said`` compares by must be all that the macro shows. Nobody's request is in it.
    ``typed``: boxes that hold something else than is saved; then nothing is kept.
    """
    if typed is not None:
        return macro(*said, typed)
    pieces: _Pieces = _this_app().extensions.setdefault(_PIECES, _Pieces())
    key = (macro, language(), *said)
    piece = pieces.get(key)
    if piece is None:
        piece = macro(*said)
        pieces.add(key, piece)
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
    """The helpers, and addresses: one without values is worked out once."""
    places: dict[str, str] = {}

    def url_for(endpoint: str, **values: Any) -> str:
        if values or endpoint.startswith(".") or not has_request_context():
            return app.url_for(endpoint, **values)
        if endpoint not in places:
            places[endpoint] = app.url_for(endpoint)
        return places[endpoint]

    app.jinja_env.globals.update(kept=kept, attributes=attributes, url_for=url_for)
