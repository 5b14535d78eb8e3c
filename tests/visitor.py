"""A person at a browser without JavaScript: opens pages, fills their real forms, presses buttons.

Every page that it sees is checked for what every page must have.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.datastructures import Headers, MultiDict
from werkzeug.test import TestResponse

from app.responses import HEADERS


class Visitor:
    """``page`` is the parsed page, ``status`` and ``path`` are those of the last answer."""

    def __init__(self, app: Flask, token: str | None = None) -> None:
        self.client = app.test_client()
        self.page = BeautifulSoup("", "lxml")
        self.status = 0
        self.path = "/"
        self.response: TestResponse | None = None
        if token:
            with self.client.session_transaction() as session:
                session["_user_id"] = token

    def open(self, path: str, expect: int = 200) -> Self:
        """GET ``path``, following redirects as a browser does."""
        return self._take(self.client.get(path), path, expect)

    def send(self, path: str, data: Any = None, expect: int = 200, **options: Any) -> Self:
        """POST without a form of the page: what an attacker or a stale page would send."""
        return self._take(self.client.post(path, data=data, **options), path, expect)

    def submit(
        self, button: str | None = None, *, form: str = "form", expect: int = 200, **typed: Any
    ) -> Self:
        """Fill the form that holds ``button`` (its text, or ``name=value``) and press it.

        ``typed`` are field names with their text, a list for several boxes, None to untick.
        """
        pressed = self.button(button) if button else None
        found = pressed.find_parent("form") if pressed else self.page.select_one(form)
        assert isinstance(found, Tag), f"no form {button or form!r} on {self.path}"
        fields = form_fields(found)
        for name, value in typed.items():
            assert name in fields or _has_box(found, name), f"no field {name!r} on {self.path}"
            values = value if isinstance(value, list) else [] if value is None else [value]
            fields.setlist(name, [str(v) for v in values])
        action, method = found.get("action"), str(found.get("method", "get"))
        if pressed is not None:
            if pressed.get("name"):
                fields.add(str(pressed["name"]), str(pressed.get("value", "")))
            action, method = (
                pressed.get("formaction", action),
                str(pressed.get("formmethod", method)),
            )
        target = urljoin(self.path, str(action or self.path))
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
        try:
            return bool(self.button(wanted))
        except AssertionError:
            return False

    def follow(self, text: str, expect: int = 200) -> Self:
        """Click the link with this text."""
        for link in self.page.select("a[href]"):
            if " ".join(link.get_text(" ").split()) == text:
                return self.open(urljoin(self.path, str(link["href"])), expect)
        raise AssertionError(f"no link {text!r} on {self.path}")

    def tag(self, selector: str) -> Tag:
        """The first tag that ``selector`` names; the test fails where there is none."""
        found = self.page.select_one(selector)
        assert found is not None, f"no {selector!r} on {self.path}"
        return found

    def fields_of(self, button: str) -> MultiDict[str, str]:
        """What a browser would send if ``button`` were pressed now, without the button's own."""
        form = self.button(button).find_parent("form")
        assert form is not None, f"{button!r} is in no form on {self.path}"
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
        main = self.page.select_one("main") or self.page
        return " ".join(main.get_text(" ").split())

    @property
    def title(self) -> str:
        return self.page.title.get_text() if self.page.title else ""

    @property
    def errors(self) -> list[str]:
        """The sentences of "There is a problem"."""
        return [" ".join(li.get_text(" ").split()) for li in self.page.select(".error-summary li")]

    @property
    def csrf_token(self) -> str:
        tag = self.page.select_one("input[name=csrf_token]")
        return str(tag["value"]) if tag else ""

    def _take(self, response: TestResponse, path: str, expect: int) -> Self:
        self.response, self.status, self.path = response, response.status_code, path
        check_headers(response)
        if response.status_code in (301, 302, 303, 307, 308):
            if expect == response.status_code:
                return self
            return self.open(urljoin(path, response.headers["Location"]), expect)
        if response.mimetype == "text/html":
            self.page = BeautifulSoup(response.get_data(as_text=True), "lxml")
            check_page(self.page, path)
        assert response.status_code == expect, (
            f"{response.status_code} for {path}: {self.title} {self.errors} {self.text[:300]}"
        )
        return self


def form_fields(form: Tag) -> MultiDict[str, str]:
    """What a browser would send of a form that nobody touched."""
    fields: MultiDict[str, str] = MultiDict()
    for tag in form.select("input[name], textarea[name], select[name]"):
        name, kind = str(tag["name"]), str(tag.get("type", "text"))
        if tag.has_attr("disabled") or kind in ("submit", "button"):
            continue
        if tag.name == "textarea":
            fields.add(name, tag.get_text().removeprefix("\n"))
        elif tag.name == "select":
            chosen = tag.select("option[selected]") or tag.select("option")[:1]
            for option in chosen:
                fields.add(name, str(option.get("value", option.get_text())))
        elif kind not in ("checkbox", "radio") or tag.has_attr("checked"):
            fields.add(name, str(tag.get("value", "on" if kind == "checkbox" else "")))
    return fields


def check_headers(response: TestResponse) -> None:
    for name, value in HEADERS.items():
        assert response.headers[name] == value, name
    assert response.headers.getlist("Content-Security-Policy") == [
        HEADERS["Content-Security-Policy"]
    ]
    assert response.headers["Cache-Control"]


def check_page(page: BeautifulSoup, path: str) -> None:
    """What holds for every page: a title, one h1, unique ids, no inline code, safe forms."""
    title = page.title.get_text().strip() if page.title else ""
    assert title.endswith("Homestretch"), f"{path}: title {title!r}"
    assert len(title) > len("– Homestretch"), f"{path}: an empty title"
    named: dict[str, list[Tag]] = {}
    for tag in page.find_all(True):
        named.setdefault(tag.name, []).append(tag)
    tags = [tag for some in named.values() for tag in some]
    assert len(named["h1"]) == 1, f"{path}: {len(named['h1'])} h1"
    ids = Counter(str(tag["id"]) for tag in tags if "id" in tag.attrs)
    assert ids.total() == len(ids), f"{path}: ids twice: {ids.most_common(3)}"
    assert "style" not in named, f"{path}: inline style"
    assert all("src" in script.attrs for script in named.get("script", ())), f"{path}: inline code"
    inline = [n for tag in tags for n in tag.attrs if n == "style" or n.startswith("on")]
    assert not inline, f"{path}: {inline}"
    is_wrong = page.find(class_="error-summary") is not None
    assert is_wrong == title.startswith("Error:"), path
    for form in named.get("form", ()):
        assert str(form.get("method", "get")).lower() == "get" or form.find(
            "input", {"name": "csrf_token"}
        ), f"{path}: a form without a token"
    labelled = {str(label.get("for")) for label in named.get("label", ())}
    for box in (tag for name in ("input", "select", "textarea") for tag in named.get(name, ())):
        assert (
            box.get("type") in ("hidden", "submit")
            or str(box.get("id")) in labelled
            or box.get("aria-label")
            or box.find_parent("label")
        ), f"{path}: a box without a label: {box}"
    for link in named.get("a", ()):
        target = str(link.get("href", ""))
        assert target[:1] != "#" or target[1:] in ids, f"{path}: a link to {target}: not there"


def query(path: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(path).query))


def _has_box(form: Tag, name: str) -> bool:
    return any(tag.get("name") == name for tag in form.select("input, textarea, select"))
