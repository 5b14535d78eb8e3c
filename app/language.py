"""In which language the sentences are."""

from __future__ import annotations

from babel.support import NullTranslations
from flask import g
from flask_babel import Domain


class OneLanguage(Domain):  # type: ignore[misc]  # Flask-Babel has no type hints
    """Looks for a request's language once; a page has some hundred sentences."""

    def get_translations(self) -> NullTranslations:
        kept: NullTranslations | None = g.get("translations")
        if kept is None:
            kept = g.translations = super().get_translations()
        return kept
