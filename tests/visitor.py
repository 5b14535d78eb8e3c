"""A person at a browser without JavaScript: opens pages, fills their real forms, presses buttons.

Every page that it sees is checked for what every page must have.
"""

from __future__ import annotations

from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers, MultiDict
from werkzeug.test import TestResponse

from app.responses import HEADERS
from tests.html import (
    Element,
    check_page,
    find_button,
    form_fields,
    form_of,
    has_box,
    parse,
    words,
)


class Visitor:
    """``page`` is the parsed page, ``status`` and ``path`` are those of the last answer."""

    def __init__(self, app: Flask, token: str | None = None) -> None:
        self._begin(app.test_client())
        if token:
            with self.client.session_transaction() as session:
                session["_user_id"] = token

    def _begin(self, client: FlaskClient) -> None:
        self.client = client
        self._html = ""
        self._tree = parse(self._html)
        self._page: BeautifulSoup | None = None
        self.status = 0
        self.path = "/"
        self.response: TestResponse | None = None

    @property
    def page(self) -> BeautifulSoup:
        """The page, to look at; parsed for whoever asks."""
        if self._page is None:
            self._page = BeautifulSoup(self._html, "lxml")
        return self._page

    def open(self, path: str, expect: int = 200) -> Self:
        """GET ``path``, following redirects as a browser does."""
        return self._take(self.client.get(path), path, expect)

    def send(self, path: str, data: Any = None, expect: int = 200, **options: Any) -> Self:
        """POST without a form of the page: what an attacker or a stale page would send."""
        return self._take(self.client.post(path, data=data, **options), path, expect)

    def submit(
        self, button: str | None = None, *, form_at: str = "", expect: int = 200, **typed: Any
    ) -> Self:
        """Fill the form that holds ``button`` (its text, or ``name=value``) and press it.

        Without ``button``: the first form of the main part whose address ends
        with ``form_at``.

        ``typed`` are field names with their text, a list for several boxes, None to untick.
        """
        pressed = self._button(button) if button else None
        found = self._form(form_at) if pressed is None else form_of(pressed)
        assert found is not None, f"no form {button or form_at!r} on {self.path}"
        fields = form_fields(found)
        for name, value in typed.items():
            assert name in fields or has_box(found, name), f"no field {name!r} on {self.path}"
            values = value if isinstance(value, list) else [] if value is None else [value]
            fields.setlist(name, [str(v) for v in values])
        where, method = found.get("action"), found.get("method", "get")
        if pressed is not None:
            if pressed.get("name"):
                fields.add(pressed.get("name"), pressed.get("value", ""))
            where = pressed.get("formaction", where)
            method = pressed.get("formmethod", method)
        target = urljoin(self.path, where or self.path)
        if method.lower() == "get":
            path = urlsplit(target).path
            return self.open(f"{path}?{urlencode(list(fields.items(multi=True)))}", expect)
        origin = {"Origin": "http://localhost"}
        answer = self.client.post(target, data=fields, headers=origin)
        return self._take(answer, target, expect)

    def button(self, wanted: str) -> Tag:
        """A button by its visible text or by ``name=value``."""
        for tag in self.page.select("button, input[type=submit]"):
            text = " ".join(tag.get_text(" ").split())
            if wanted in (text, tag.get("aria-label"), f"{tag.get('name')}={tag.get('value')}"):
                return tag
        raise AssertionError(f"no button {wanted!r} on {self.path}")

    def has_button(self, wanted: str) -> bool:
        return find_button(self._tree, wanted) is not None

    def follow(self, text: str, expect: int = 200) -> Self:
        """Click the link with this text."""
        for link in self._tree.iter("a"):
            if link.get("href") and words(link) == text:
                return self.open(urljoin(self.path, link.get("href")), expect)
        raise AssertionError(f"no link {text!r} on {self.path}")

    def tag(self, selector: str) -> Tag:
        """The first tag that ``selector`` names; the test fails where there is none."""
        found = self.page.select_one(selector)
        assert found is not None, f"no {selector!r} on {self.path}"
        return found

    def fields_of(self, button: str) -> MultiDict[str, str]:
        """What a browser would send if ``button`` were pressed now, without the button's own."""
        form = form_of(self._button(button))
        assert form is not None, f"{button!r} is in no form on {self.path}"
        return form_fields(form)

    def fields(self, form_at: str = "") -> MultiDict[str, str]:
        """The same of the first form of the main part whose address ends with ``form_at``."""
        form = self._form(form_at)
        assert form is not None, f"no form {form_at!r} on {self.path}"
        return form_fields(form)

    def value_of(self, name: str) -> str:
        """What stands in the box of this name."""
        return str(self.tag(f"main [name={name}]").get("value", ""))

    @property
    def heading(self) -> str:
        return self.tag("h1").get_text()

    @property
    def headers(self) -> Headers:
        """Those of the last answer."""
        assert self.response is not None
        return self.response.headers

    @property
    def location(self) -> str:
        """Where the last answer sends a browser."""
        return self.headers["Location"]

    @property
    def text(self) -> str:
        """The words of the page's main part, spaces single."""
        return words(next(self._tree.iter("main"), self._tree))

    @property
    def title(self) -> str:
        return next((words(title) for title in self._tree.iter("title")), "")

    @property
    def errors(self) -> list[str]:
        """The sentences of "There is a problem"."""
        return [" ".join(li.get_text(" ").split()) for li in self.page.select(".error-summary li")]

    @property
    def csrf_token(self) -> str:
        boxes = self._tree.iter("input")
        return next((box.get("value") for box in boxes if box.get("name") == "csrf_token"), "")

    def _button(self, wanted: str) -> Element:
        found = find_button(self._tree, wanted)
        assert found is not None, f"no button {wanted!r} on {self.path}"
        return found

    def _form(self, action: str) -> Element | None:
        forms = (form for main in self._tree.iter("main") for form in main.iter("form"))
        return next((form for form in forms if form.get("action", "").endswith(action)), None)

    def _take(self, response: TestResponse, path: str, expect: int) -> Self:
        self.response, self.status, self.path = response, response.status_code, path
        check_headers(response)
        if response.status_code in (301, 302, 303, 307, 308):
            if expect == response.status_code:
                return self
            return self.open(urljoin(path, response.headers["Location"]), expect)
        if response.mimetype == "text/html":
            self._html, self._page = response.get_data(as_text=True), None
            self._tree = parse(self._html)
            check_page(self._tree, path)
        assert response.status_code == expect, (
            f"{response.status_code} for {path}: {self.title} {self.errors} {self.text[:300]}"
        )
        return self


def check_headers(response: TestResponse) -> None:
    for name, value in HEADERS.items():
        assert response.headers[name] == value, name
    assert response.headers.getlist("Content-Security-Policy") == [
        HEADERS["Content-Security-Policy"]
    ]
    assert response.headers["Cache-Control"]


def query(path: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(path).query))
