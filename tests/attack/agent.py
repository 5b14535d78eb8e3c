"""Somebody who speaks HTTPS and keeps to no rule of a browser's but its cookies."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Self
from urllib.parse import urlencode, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

from tests.attack.gate import Gate

Fields = Mapping[str, object] | Iterable[tuple[str, object]]
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """What came back, with nothing followed."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    @property
    def location(self) -> str:
        return str(self.headers.get("Location", ""))

    @property
    def kind(self) -> str:
        return self.headers.get_content_type()

    @property
    def token(self) -> str:
        """The CSRF token of the page's first form."""
        found = _TOKEN.search(self.text)
        return found[1] if found else ""

    @property
    def page(self) -> BeautifulSoup:
        return BeautifulSoup(self.text, "lxml")


class Agent:
    """One client with its cookies, on one connection that is kept open."""

    def __init__(self, gate: Gate, cookies: Mapping[str, str] | None = None) -> None:
        self.origin = gate.origin
        self.cookies = dict(cookies or {})
        self._gate = gate
        context = ssl.create_default_context(cafile=str(gate.certificate))
        self._connection = http.client.HTTPSConnection(
            "127.0.0.1", gate.port, timeout=60, context=context
        )
        self._token = ""

    def twin(self) -> Self:
        """Somebody else who got hold of the cookies of this one."""
        return type(self)(self._gate, self.cookies)

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, fields: Fields = (), *, token: str | None = None,
             headers: Mapping[str, str] | None = None) -> Answer:  # fmt: skip
        """Send a form from a page of this site, with a good CSRF token unless ``token`` is one."""
        pairs = list(fields.items() if isinstance(fields, Mapping) else fields)
        pairs = [(name, value) for name, value in pairs if name != "csrf_token"]
        good = self.token if token is None else token
        body = urlencode(
            [*pairs, *([("csrf_token", good)] if good else [])], errors="surrogatepass"
        )
        said = {"Content-Type": _FORM, "Referer": f"{self.origin}/help", **(headers or {})}
        return self.ask("POST", path, body.encode(), said)

    def ask(self, method: str, path: str, body: bytes | None = None,
            headers: Mapping[str, str] | None = None) -> Answer:  # fmt: skip
        said = {"Cookie": "; ".join(f"{n}={v}" for n, v in self.cookies.items())}
        said |= dict(headers or {})
        try:
            self._connection.request(method, path, body, said)
            found = self._connection.getresponse()
        except (ConnectionError, ssl.SSLError):
            self._connection.close()  # it was kept open too long
            self._connection.request(method, path, body, said)
            found = self._connection.getresponse()
        answer = Answer(found.status, found.headers, found.read())
        self._keep_cookies(answer)
        return answer

    @property
    def token(self) -> str:
        """A CSRF token that is good for this client."""
        if not self._token:
            self._token = self.get("/help").token
        return self._token

    def follow(self, answer: Answer) -> Answer:
        """Where a redirect leads, at last."""
        path = "/"
        while 300 <= answer.status < 400:
            path = urljoin(path, answer.location)
            parts = urlsplit(path)
            answer = self.get(parts.path + (f"?{parts.query}" if parts.query else ""))
        return answer

    def sign_in(self, email: str, password: str, **more: str) -> Answer:
        self._token = self.get("/sign-in").token
        answer = self.post("/sign-in", {"email": email, "password": password, **more})
        if answer.status == 303:
            self._token = ""
        return answer

    def is_let_in(self) -> bool:
        """Whether the session in the cookies opens anything."""
        return self.get("/account").status == 200

    def _keep_cookies(self, answer: Answer) -> None:
        for line in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0" or "1970" in morsel["expires"]:
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value


def hidden(page: BeautifulSoup, name: str) -> str:
    tag = page.select_one(f"[name={name}]")
    assert isinstance(tag, Tag), f"no field {name!r}"
    return str(tag.get("value", ""))


def say(gate: Gate, request: str) -> tuple[int, str]:
    """Say something raw; the status, and the head and body of the answer."""
    context = ssl.create_default_context(cafile=str(gate.certificate))
    with (
        socket.create_connection(("127.0.0.1", gate.port), timeout=60) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as safe,
    ):
        safe.sendall(request.encode())
        answer = http.client.HTTPResponse(safe)
        answer.begin()
        return answer.status, f"{answer.headers}\n{answer.read().decode(errors='replace')}"
