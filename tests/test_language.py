"""Sentences and days in templates: as Jinja and Flask-Babel say them, and kept by language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask, g, render_template_string

from app.language import language_and_direction, said_once


@pytest.fixture(autouse=True)
def in_context(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('{{ _("Hello & goodbye") }}', "Hello & goodbye"),
        ('{{ _("100%% sure") }}', "100% sure"),
        ('{{ _("Hello, %(name)s.", name="<b>") }}', "Hello, &lt;b&gt;."),
        ('{{ _("Hello, %(name)s.", name="<b>" | safe) }}', "Hello, <b>."),
        ('{{ ngettext("%(num)s plan", "%(num)s plans", 1) }}', "1 plan"),
        ('{{ ngettext("%(num)s plan", "%(num)s plans", 2) }}', "2 plans"),
        ('{{ ngettext("%(a)s", "%(num)s of %(a)s", 2, a="<") }}', "2 of &lt;"),
        ("{% trans a='<' %}Less is {{ a }}{% endtrans %}", "Less is &lt;"),
        ("{% trans a=3 %}One{% pluralize %}{{ a }} of 100%{% endtrans %}", "3 of 100%"),
        ('{% for n in (1, 2) %}{{ _("No. %(n)s", n=n) }} {% endfor %}', "No. 1 No. 2 "),
        ('{{ day | dateformat("long") }}', "March 2, 2026"),
        ("{{ day | dateformat }}", "Mar 2, 2026"),
    ],
)
def test_a_sentence_is_said_with_its_values_escaped(source: str, said: str) -> None:
    for _time in range(2):
        assert render_template_string(source, day=date(2026, 3, 2)) == said


def test_the_day_of_an_instant_is_that_of_the_clinic() -> None:
    night = datetime(2026, 3, 3, 2, 30, tzinfo=UTC)
    assert render_template_string("{{ at | dateformat('long') }}", at=night) == "March 2, 2026"


def test_words_are_said_once_in_each_language() -> None:
    asked: list[str] = []

    @said_once
    def shout(word: str) -> str:
        asked.append(f"{g.language}: {word}")
        return word.upper()

    for code in ("en", "de", "en"):
        g.language = code
        assert shout("a") == "A"
        assert shout("b") == "B"
    assert asked == ["en: a", "en: b", "de: a", "de: b"]


@pytest.mark.parametrize(("code", "said"), [("en", ("en", "ltr")), ("ar_EG", ("ar", "rtl"))])
def test_a_language_has_a_direction(code: str, said: tuple[str, str]) -> None:
    g.language = code
    assert language_and_direction() == said
