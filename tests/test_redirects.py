"""Where a form may send people afterwards."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.redirects import safe_path

HERE = "https://clinic.example"


@pytest.mark.parametrize(
    "path",
    ["/", "/today", "/plans/3f-1?page=2&x=%20y", "/today?", "/patients?after=1", "/sign-outside"],
)
def test_paths_of_this_site_are_kept(path: str) -> None:
    assert safe_path(path) == path


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "today",
        "//evil.example",
        "////evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        "/%5cevil.example",
        "/a//evil.example",
        "/a/../..//evil.example",
        "https://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/\x00/evil.example",
        "/today\r\nSet-Cookie: a=b",
        "/tod\u00e1y",
        "/today#top",
        "/\ud800",
        "/sign-out",
        "/sign-out?why=not",
        "/sign%2Dout",
        "/./today/%2e%2e/sign-out",
        "/sign-out/",
    ],
)
def test_everything_else_is_refused(target: str | None) -> None:
    assert safe_path(target) is None


def as_a_browser_reads(target: str) -> str:
    """The host that a browser would go to (WHATWG: no tabs, no line ends, ``\\`` is ``/``)."""
    cleaned = target.strip("".join(map(chr, range(33)))).replace("\\", "/")
    for sign in "\t\r\n":
        cleaned = cleaned.replace(sign, "")
    while cleaned.startswith("///"):
        cleaned = cleaned[1:]
    return urlsplit(urljoin(HERE, cleaned)).netloc


@given(st.text(alphabet="/\\.:@ae%5c2f\t\n?#", max_size=12).map(lambda text: "/" + text))
def test_nothing_that_is_kept_leaves_the_site(target: str) -> None:
    if safe_path(target):
        assert as_a_browser_reads(target) == "clinic.example"
