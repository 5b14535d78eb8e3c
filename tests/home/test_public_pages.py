"""What anybody may open: the first page, help, health, and the text size."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.catalogue.reading import reading_grade
from tests.factories import Cast, CastMember
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]


@pytest.fixture
def stranger(visit: Visit) -> Visitor:
    return visit(None)


def test_the_first_page_finds_a_handout_by_its_code(stranger: Visitor) -> None:
    stranger.open("/").submit("Show the handout", code=" t-680 ")
    assert stranger.path.endswith("/handouts/T680")


def test_the_first_page_leads_a_stranger_to_the_sign_in(stranger: Visitor) -> None:
    stranger.open("/").follow("Sign in")
    assert stranger.path == "/sign-in"


def test_the_first_page_leads_whoever_is_signed_in_to_their_work(visit: Visit, cast: Cast) -> None:
    for member, landing in (
        (cast.theo, "/patients"),
        (cast.pia, "/today"),
        (cast.ada, "/catalogue"),
    ):
        assert visit(member).open("/").follow("Go on").path == landing
        assert visit(member).open("/start").path == landing


def test_start_asks_a_stranger_to_sign_in(stranger: Visitor) -> None:
    assert stranger.open("/start").path.startswith("/sign-in")


@pytest.mark.parametrize("path", ["/", "/help", "/sign-in"])
def test_the_clinics_phone_and_the_emergency_number_are_on_every_public_page(
    stranger: Visitor, path: str
) -> None:
    stranger.open(path)
    calls = {link["href"] for link in stranger.page.select("a[href^='tel:']")}
    assert calls >= {"tel:555-0100", "tel:911"}
    assert "If an exercise hurts too much, stop." in stranger.page.get_text()


@pytest.mark.parametrize("path", ["/", "/help"])
def test_what_patients_read_is_plain(stranger: Visitor, path: str) -> None:
    stranger.open(path)
    words = [tag.get_text(" ") for tag in stranger.page.select("main :is(p, li, h1, h2)")]
    assert reading_grade("\n".join(words)) <= 6


def test_health_is_a_plain_yes_while_the_database_answers(stranger: Visitor) -> None:
    response = stranger.open("/health").response
    assert response is not None
    assert response.get_json() == {"status": "ok"}


def test_health_is_no_yes_where_the_database_is_away(app: Flask) -> None:
    from app import create_app
    from tests.support import make_settings

    gone = create_app(
        make_settings(
            "sqlite:////nowhere/at-all.sqlite3", app.extensions["homestretch_settings"].instance_dir
        )
    )
    assert gone.test_client().get("/health").status_code == 503


@pytest.mark.parametrize("size", ["large", "largest", "normal"])
def test_the_text_size_is_kept_for_a_year_and_leads_back(stranger: Visitor, size: str) -> None:
    stranger.open("/help?x=1").submit(f"size={size}", expect=303)
    assert stranger.location == "/help?x=1"
    cookie = stranger.headers["Set-Cookie"]
    assert f"text-size={size}" in cookie
    assert "Max-Age=31536000" in cookie
    assert "HttpOnly" in cookie
    stranger.open("/")
    assert stranger.tag("html")["class"] == [f"text-{size}"]
    pressed = stranger.page.select("[aria-pressed=true]")
    assert [button["value"] for button in pressed] == [size]


@pytest.mark.parametrize("size", ["", "huge", "9" * 999, "\0"])
def test_a_text_size_that_we_do_not_have_is_refused(stranger: Visitor, size: str) -> None:
    stranger.open("/")
    stranger.send("/text-size", {"csrf_token": stranger.csrf_token, "size": size}, expect=400)


@pytest.mark.parametrize("target", ["", "//evil.example", "https://evil.example", "\0"])
def test_the_text_size_leads_to_no_other_site(stranger: Visitor, target: str) -> None:
    stranger.open("/")
    sent = {"csrf_token": stranger.csrf_token, "size": "large", "next": target}
    stranger.send("/text-size", sent, expect=303)
    assert stranger.location == "/"


def test_a_cookie_that_somebody_altered_is_normal_text(stranger: Visitor) -> None:
    stranger.client.set_cookie("text-size", "<script>")
    stranger.open("/")
    assert stranger.tag("html")["class"] == ["text-normal"]
