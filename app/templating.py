"""How templates are read and what is kept of them: docs/decisions/0019-quick-pages.md."""

from __future__ import annotations

from collections.abc import Hashable, MutableMapping
from functools import lru_cache
from typing import Any

from flask import Flask, get_template_attribute
from flask.templating import Environment
from markupsafe import Markup

from app.language import language

MOST_DRAWN = 1000
"""A few kilobytes each."""


class QuickEnvironment(Environment):
    """Jinja looks the globals up in a chain of two dictionaries, so that later ones are seen; it
    walks that chain at each render and each import. Ours are all there before the first page."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}


def init_app(app: Flask) -> None:
    app.jinja_env.globals["drawn"] = drawn


def drawn(template: str, macro: str, *values: Hashable) -> Markup:
    """What a macro makes of these values, made once for as long as they are asked for again.

    Only for a macro that shows nothing else, and for values that are no secret: they stay in the
    memory of the process.
    """
    return _drawn(template, macro, values, language())


@lru_cache(MOST_DRAWN)
def _drawn(template: str, macro: str, values: tuple[Hashable, ...], _language: Hashable) -> Markup:
    made: Markup = get_template_attribute(template, macro)(*values)
    return made
