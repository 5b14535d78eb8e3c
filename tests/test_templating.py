"""Pieces that are kept, and attributes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, g
from jinja2.runtime import Macro
from werkzeug.routing import BuildError

from app import templating
from app.templating import attributes, kept


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"id": "a", "rows": 2}, ' id="a" rows="2"'),
        ({"id": None, "hidden": False}, ""),
        ({"hidden": True}, " hidden"),
        ({"title": '"><script>'}, ' title="&#34;&gt;&lt;script&gt;"'),
        ({"value": ""}, ' value=""'),
    ],
)
def test_attributes(said: dict[str, object], expected: str) -> None:
    assert attributes(said) == expected


@pytest.fixture
def macro(app: Flask) -> Macro:
    source = "{% macro twice(word, typed='') %}<b>{{ word }}{{ word }}{{ typed }}</b>{% endmacro %}"
    made = app.jinja_env.from_string(source).module
    found: Macro = made.twice  # type: ignore[attr-defined]  # named in the source above
    return found


def test_a_piece_is_made_once_and_escaped(app: Flask, macro: Macro) -> None:
    with app.test_request_context():
        assert str(kept(macro, "<i>")) == "<b>&lt;i&gt;&lt;i&gt;</b>"
        assert kept(macro, "a") is kept(macro, "a")
        assert kept(macro, "a") != kept(macro, "b")
        assert kept(macro, "a", typed="!") == "<b>aa!</b>"
        assert kept(macro, "a") == "<b>aa</b>"


def test_a_piece_is_made_in_each_language(app: Flask, macro: Macro) -> None:
    with app.test_request_context():
        english = kept(macro, "a")
        g.language = "de"
        assert kept(macro, "a") is not english
        g.language = "en"
        assert kept(macro, "a") is english


def test_an_address_without_values_is_worked_out_once(app: Flask) -> None:
    url_for: Callable[..., str] = app.jinja_env.globals["url_for"]  # type: ignore[assignment]
    with app.test_request_context("/help"):
        assert url_for("patients.new") is url_for("patients.new") == "/patients/new"
        assert url_for("patients.new", after="1") == "/patients/new?after=1"
        assert url_for("home.caseload", _external=True) == "http://localhost/patients"


def test_an_address_within_the_page_s_own_part_is_looked_for_each_time(app: Flask) -> None:
    url_for: Callable[..., str] = app.jinja_env.globals["url_for"]  # type: ignore[assignment]
    with app.test_request_context("/catalogue"):
        assert url_for(".index") == "/catalogue"
    with app.test_request_context("/help"), pytest.raises(BuildError):
        url_for(".index")


def test_so_many_are_kept_and_no_more(
    app: Flask, macro: Macro, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(templating, "MOST_KEPT", 30)
    with app.test_request_context():
        for word in "abcdefg":
            assert kept(macro, word) == f"<b>{word}{word}</b>"
            pieces = app.extensions["homestretch_pieces"]
            assert 0 < sum(map(len, pieces.values())) == pieces.size <= 30
