"""What leaves the server: headers, cookies, logs and errors, on every kind of answer."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app import create_app
from app.access import public
from app.database import db
from app.responses import HEADERS, HSTS
from tests.databases import Databases
from tests.factories import PASSWORD, Cast, CastMember
from tests.support import TestClock, make_settings
from tests.visitor import Visitor, check_headers

Visit = Callable[[CastMember | None], Visitor]
SECRET = "Pia Miller has knee pain"
STATIC = "/static/shared/site.css"


@pytest.fixture
def app(own_app: Flask) -> Flask:
    return own_app


@pytest.fixture
def raising(app: Flask) -> Flask:
    """The application as it is served: what goes wrong becomes a page."""

    @public
    def go_wrong() -> str:
        raise RuntimeError(SECRET)

    app.add_url_rule("/wrong", view_func=go_wrong, endpoint="home.wrong")
    app.testing = False
    return app


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """What the request log writes."""
    written: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(record.getMessage())

    handler, log = Keep(), logging.getLogger("homestretch.requests")
    log.addHandler(handler)
    yield written
    log.removeHandler(handler)


KINDS: dict[int, Callable[[Visitor], TestResponse]] = {
    200: lambda pia: pia.client.get("/today"),
    303: lambda pia: pia.client.get("/start"),
    400: lambda pia: pia.client.post("/text-size", data={"size": "large"}),
    403: lambda pia: pia.client.get("/patients"),
    404: lambda pia: pia.client.get("/nowhere"),
    405: lambda pia: pia.client.post("/today"),
    413: lambda pia: pia.client.post("/sign-in", data={"email": "x" * 2_000_000}),
    422: lambda pia: pia.client.post("/sign-in", data={"csrf_token": pia.open("/").csrf_token}),
    500: lambda pia: pia.client.get("/wrong"),
}


@pytest.mark.parametrize("status", KINDS)
def test_every_kind_of_answer_has_the_headers_and_is_not_kept(
    status: int, raising: Flask, visit: Visit, cast: Cast
) -> None:
    response = KINDS[status](visit(cast.pia))
    assert response.status_code == status
    check_headers(response)
    assert response.headers["Cache-Control"] == "no-store"
    assert "Server" not in response.headers


def test_head_and_options_have_them_too(visit: Visit) -> None:
    client = visit(None).client
    for response in (client.head("/help"), client.options("/help"), client.head("/nowhere")):
        check_headers(response)
        assert not response.get_data()


def test_static_files_have_them_and_may_be_kept(visit: Visit) -> None:
    client = visit(None).client
    page = client.get("/help").get_data(as_text=True)
    versioned = re.search(rf'"({STATIC}\?v=[0-9a-f]+)"', page)
    assert versioned
    response = client.get(versioned[1])
    assert response.status_code == 200
    check_headers(response)
    assert "max-age=31536000" in response.headers["Cache-Control"]
    assert "Set-Cookie" not in response.headers
    missing = client.get("/static/shared/nothing.css")
    assert missing.status_code == 404
    check_headers(missing)


@pytest.mark.parametrize("path", ["/static/../app/config.py", "/static/%2e%2e/app/config.py"])
def test_static_files_are_those_of_their_folder(path: str, visit: Visit) -> None:
    assert visit(None).client.get(path).status_code == 404


@pytest.fixture
def at(
    template_database: str, databases: Databases, tmp_path: Path
) -> Iterator[Callable[..., Flask]]:
    """``at("https://clinic.example")`` is an application that is reached there."""
    made: list[tuple[Flask, str]] = []

    def make(base_url: str, **changes: object) -> Flask:
        url = databases.create(template_database)
        settings = make_settings(url, tmp_path, base_url=base_url, **changes)
        made.append((create_app(settings, TestClock()), url))
        return made[-1][0]

    yield make
    for app, url in made:
        with app.app_context():
            db.engine.dispose()
        databases.drop(url)


@pytest.mark.parametrize(
    ("base_url", "name", "is_secure"),
    [
        ("https://clinic.example", "__Host-homestretch", True),
        ("http://127.0.0.1:5000", "homestretch", False),
    ],
)
def test_cookies_say_how_far_they_go(
    base_url: str, name: str, is_secure: bool, at: Callable[..., Flask]
) -> None:
    client = at(base_url).test_client()
    page = client.get("/sign-in", base_url=base_url)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.get_data(as_text=True))
    assert token
    form = {"csrf_token": token[1], "email": "pia@example.org", "password": PASSWORD}
    sent = {"base_url": base_url, "headers": {"Referer": f"{base_url}/sign-in"}}
    size = client.post("/text-size", data=form | {"size": "large"}, **sent)
    signed_in = client.post("/sign-in", data=form, **sent)
    assert signed_in.status_code == 303
    session = cookie(signed_in, name)
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= session
    for parts in (session, cookie(size, "text-size")):
        assert ("Secure" in parts) == is_secure
        assert {"HttpOnly", "SameSite=Lax"} <= parts
        assert not [part for part in parts if part.startswith("Domain")]
    hsts = signed_in.headers.get("Strict-Transport-Security")
    assert hsts == (HSTS if is_secure else None)


def cookie(response: TestResponse, name: str) -> set[str]:
    """The parts of the cookie ``name`` that an answer sets."""
    [found] = [c for c in response.headers.getlist("Set-Cookie") if c.startswith(f"{name}=")]
    return {part.strip() for part in found.split(";")}


def test_the_session_cookie_changes_at_sign_in_and_is_gone_at_sign_out(
    at: Callable[..., Flask],
) -> None:
    pia = Visitor(at("http://127.0.0.1:5000"))
    pia.open("/sign-in")
    before = pia.client.get_cookie("homestretch")
    pia.submit("Sign in", email="pia@example.org", password=PASSWORD)
    after = pia.client.get_cookie("homestretch")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    pia.submit("Sign out", expect=303)
    assert pia.response is not None
    assert pia.response.headers["Clear-Site-Data"] == '"cache", "storage"'
    pia.client.set_cookie("homestretch", after.value)
    pia.open("/today", expect=303)


@pytest.mark.parametrize(
    "host", ["evil.example", "clinic.example.evil.example", "clinic.example@x"]
)
def test_a_forged_host_gets_nothing(host: str, at: Callable[..., Flask]) -> None:
    app = at("https://clinic.example", trusted_hosts=("clinic.example",))
    client = app.test_client()
    assert client.get("/help", base_url="https://clinic.example").status_code == 200
    response = client.get("/help", headers={"Host": host})
    assert response.status_code == 400
    assert host not in response.get_data(as_text=True)
    assert host not in str(response.headers)
    for name, value in HEADERS.items():
        assert response.headers[name] == value


def test_an_error_page_shows_the_requests_number_and_nothing_of_the_error(
    raising: Flask, visit: Visit, lines: list[str]
) -> None:
    page = visit(None).open("/wrong", expect=500)
    assert SECRET not in str(page.page)
    assert "RuntimeError" not in str(page.page)
    assert "Traceback" not in str(page.page)
    number = json.loads(lines[-1])["request"]
    assert number in page.text


def test_the_log_is_json_without_names_addresses_and_tokens(
    visit: Visit, cast: Cast, lines: list[str], app: Flask
) -> None:
    theo = visit(cast.theo).open(f"/patients/{cast.pia.patient_id}?who=Pia")
    theo.send("/patients", {"csrf_token": theo.csrf_token, "words": "Pia"})
    theo.open("/catalogue?q=shoulder")
    stranger = visit(None).open("/sign-in")
    stranger.submit("Sign in", email="pia@example.org", password="Pia's own secret", expect=422)
    visit(None).open("/find?code=T680").open("/invitations/a-token-that-opens", expect=404)
    assert lines
    for line in lines:
        written = json.loads(line)
        assert set(written) == {"request", "method", "route", "status", "ms", "person"}
        assert not re.search(r"pia|theo|example\.org|secret|shoulder|t680|opens|\?", line, re.I)
    assert json.loads(lines[0])["person"] == str(cast.theo.id)


ELSEWHERE = [
    "https://evil.example",
    "//evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/%5cevil.example",
    "/%09/evil.example",
    "/.//evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "/today\r\nSet-Cookie: a=b",
    "@evil.example",
    "/@evil.example",
    "",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_form_leads_back_to_this_site_only(target: str, visit: Visit) -> None:
    stranger = visit(None).open("/help")
    form = {"csrf_token": stranger.csrf_token, "size": "large", "next": target}
    response = stranger.client.post("/text-size", data=form)
    assert response.status_code == 303
    location = response.headers["Location"]
    assert not re.search(r"[\\\s]|^//", location)
    assert urlsplit(urljoin("http://localhost", location)).netloc == "localhost"
    assert "a=b" not in str(response.headers.getlist("Set-Cookie"))


@pytest.mark.parametrize("target", ELSEWHERE)
def test_the_sign_in_page_forgets_addresses_of_other_sites(target: str, visit: Visit) -> None:
    stranger = visit(None)
    stranger.client.get("/sign-in", query_string={"next": target})
    page = stranger.client.get("/sign-in", query_string={"next": target}).get_data(as_text=True)
    kept = re.search(r'name="next"[^>]*value="([^"]*)"', page)
    if kept and kept[1]:
        assert urlsplit(urljoin("http://localhost", kept[1])).netloc == "localhost"
