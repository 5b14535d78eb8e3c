"""In which language the sentences are.

A page has a hundred sentences: each is translated once in each language, and the language of a
request is looked for once. Why: docs/decisions/0019-quick-pages.md.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache, wraps
from typing import TypeVar, TypeVarTuple

from babel import Locale
from babel.support import NullTranslations
from flask import Flask, current_app, g, has_app_context
from flask_babel import Babel, Domain, format_date, format_time, get_locale
from markupsafe import Markup

Values = TypeVarTuple("Values")
R = TypeVar("R")
MOST_SENTENCES = 5000
"""So many are kept: more than there are in all templates."""


# What ``g`` stands for; asked for a hundred times in a page, where the way through ``g`` costs more
# than what is looked for.
_request_or_command = g._get_current_object


class OneLanguage(Domain):  # type: ignore[misc]  # Flask-Babel has no type hints
    """Looks for a request's language once."""

    def get_translations(self) -> NullTranslations:
        here = _request_or_command()
        kept: NullTranslations | None = here.get("translations")
        if kept is None:
            kept = here.translations = super().get_translations()
        return kept


def translated(sentence: str) -> str:
    """``sentence`` in the reader's language, its values not yet put in."""
    domain: Domain = current_app.extensions["babel"].instance.domain_instance
    return str(domain.get_translations().ugettext(sentence))


def language() -> str:
    """The language of this request, looked for once, too; outside of an application, none."""
    if not has_app_context():
        return ""
    here = _request_or_command()
    kept: str | None = here.get("language")
    if kept is None:
        kept = here.language = str(get_locale())
    return kept


def language_and_direction() -> tuple[str, str]:
    """As a page says them: "en", "ltr"."""
    return _direction(language())


@lru_cache
def _direction(code: str) -> tuple[str, str]:
    locale = Locale.parse(code)
    return locale.language, locale.text_direction


def said_once(words: Callable[[*Values], R]) -> Callable[[*Values], R]:
    """Keeps what ``words`` says of these values, in each language. It asks for nothing else, and
    nobody changes what it gives."""

    @lru_cache(MOST_SENTENCES)
    def say(_language: str, values: tuple[*Values]) -> R:
        return words(*values)

    @wraps(words)
    def ask(*values: *Values) -> R:
        return say(language(), values)

    return ask


def init_app(app: Flask, *, zone: str) -> None:
    """Days and sentences in the reader's language, in Python and in the templates."""
    babel = Babel(app, default_locale="en", default_timezone=zone)
    domain = babel.domain_instance = OneLanguage()

    # As Jinja's own, which look for language and context anew at each sentence.
    def gettext(sentence: str, /, **values: object) -> Markup:
        if values:
            return _pattern(domain.get_translations(), sentence) % values
        return _bare(domain.get_translations(), sentence)

    def ngettext(singular: str, plural: str, number: int, /, **values: object) -> Markup:
        said = domain.get_translations().ungettext(singular, plural, number)
        return Markup(said) % {"num": number, **values}  # noqa: S704  # nosec B704: a sentence of ours

    app.jinja_env.globals.update(_=gettext, gettext=gettext, ngettext=ngettext)
    app.jinja_env.filters.update(dateformat=day_in_words, moment=_moment)


def day_in_words(day: date, width: str = "medium") -> str:
    """The filter ``dateformat``; which day an instant is, depends on the clinic's zone, too."""
    return str(format_date(day, width)) if isinstance(day, datetime) else _date(day, width)


def _moment(instant: datetime) -> str:
    """The filter ``moment``: "Mar 2, 2026, 12:00 PM". Where seconds count, there is Babel's own."""
    return f"{format_date(instant, 'medium')}, {format_time(instant, 'short')}"


@said_once
def _date(day: date, width: str) -> str:
    return str(format_date(day, width))


@lru_cache(MOST_SENTENCES)
def _pattern(translations: NullTranslations, sentence: str) -> Markup:
    """A sentence to put values into, which are escaped."""
    return Markup(translations.ugettext(sentence))  # noqa: S704  # nosec B704: a sentence of ours


@lru_cache(MOST_SENTENCES)
def _bare(translations: NullTranslations, sentence: str) -> Markup:
    """A sentence that is said as it is."""
    return _pattern(translations, sentence) % {}
