"""How templates are read: Jinja's environment, with one dictionary of globals for each template."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment


class QuickEnvironment(Environment):
    """Jinja looks the globals up in a chain of two dictionaries, so that later ones are seen; it
    walks that chain at each render and each import. Ours are all there before the first page."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}
