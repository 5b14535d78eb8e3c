"""What is not HTTP never comes to the application: gunicorn answers, with the same headers."""

from __future__ import annotations

import pytest

from app.responses import HEADERS, HSTS
from tests.attack.agent import say
from tests.attack.clinic import Clinic

ODD = "<evil>"
REFUSED = {
    "an address without end": (f"GET /{'x' * 9000}{ODD} HTTP/1.1\r\n", 414),
    "a header without end": (f"GET / HTTP/1.1\r\nX: {'x' * 9000}{ODD}\r\n", 431),
    "headers without end": ("GET / HTTP/1.1\r\n" + f"X: {ODD}\r\n" * 200, 431),
    "another language": (f"{ODD} / HTTP/1.1\r\n", 400),
    "another version": (f"GET /{ODD} HTTP/9.9\r\n", 400),
    "two lengths": (f"POST /{ODD} HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n", 400),
    "a length and chunks": (
        "POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n", 400,
    ),
    "no length": (f"POST / HTTP/1.1\r\nContent-Length: {ODD}\r\n", 400),
    "an unknown coding": ("POST / HTTP/1.1\r\nTransfer-Encoding: evil\r\n", 400),
    "a name with a space": (f"GET / HTTP/1.1\r\nX {ODD}: 1\r\n", 400),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_what_the_server_itself_refuses_is_told_nothing(kind: str, clinic: Clinic) -> None:
    request, wanted = REFUSED[kind]
    status, said = say(clinic.gate, f"{request}Host: {clinic.gate.host}\r\n\r\n")
    assert status == wanted
    assert "evil" not in said
    for name, value in (HEADERS | {"Strict-Transport-Security": HSTS}).items():
        assert f"{name}: {value}\n" in said
    assert "Cache-Control: no-store\n" in said


def test_an_address_longer_than_any_of_ours_is_answered_by_the_application(clinic: Clinic) -> None:
    status, said = say(
        clinic.gate, f"GET /{'x' * 7000} HTTP/1.1\r\nHost: {clinic.gate.host}\r\n\r\n"
    )
    assert status == 404
    assert "We could not find this page" in said
