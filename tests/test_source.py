"""What our own source must not contain, and whether the check of others' says what it knows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from app.config import ROOT
from tests.dependencies import report

MODULES = {
    "ftplib", "http.client", "httpx", "marshal", "os.popen", "os.system", "pickle", "pty",
    "random", "requests", "shelve", "socket", "subprocess", "telnetlib", "tempfile.mktemp",
    "urllib.request", "urllib3", "xml", "yaml",
}  # fmt: skip
"""Other programs, other machines, objects made of bytes, numbers that can be guessed."""

CALLS = {
    "__import__", "breakpoint", "eval", "exec", "from_string", "md5", "popen",
    "render_template_string", "sha1", "system",
}  # fmt: skip
READY_MARKUP = {
    "app/accounts/second_factor_routes.py": "segno's own SVG of a key that we made",
    "app/templating.py": "attributes named in our templates; their values are escaped",
    "app/catalogue/scene_routes.py": "the drawing engine's own SVG, which escapes what it is given",
    "app/language.py": "sentences of ours, as Jinja takes them; what is put into them is escaped",
    "app/plans/routes.py": "segno's own SVG of an address that we made",
}
SOURCES = sorted((ROOT / "app").rglob("*.py"))


def dangers(tree: ast.AST) -> Iterator[str]:
    """Every call and import that has no place here, with its line."""
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in CALLS or (name == "compile" and isinstance(called, ast.Name)):
                yield f"line {node.lineno}: {name}()"
            is_whole = all(isinstance(part, ast.Constant) for part in node.args)
            if name == "text" and isinstance(called, ast.Name) and not is_whole:
                yield f"line {node.lineno}: SQL text that is put together"
        for name in names:
            if any(name == module or name.startswith(f"{module}.") for module in MODULES):
                yield f"line {getattr(node, 'lineno', 0)}: import {name}"


def test_nothing_dangerous_is_called() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): list(dangers(ast.parse(path.read_text("utf-8"))))
        for path in SOURCES
    }
    assert len(found) > 100
    assert not {path: lines for path, lines in found.items() if lines}


@pytest.mark.parametrize(
    "source",
    [
        "eval('1')",
        "import subprocess",
        "from os import system",
        "import urllib.request",
        "from random import choice",
        "hashlib.md5(b'')",
        "text(f'SELECT {name}')",
        "render_template_string(typed)",
        "env.from_string(typed)",
    ],
)
def test_these_would_be_found(source: str) -> None:
    assert list(dangers(ast.parse(source)))


def test_markup_is_made_ready_only_where_it_is_ours() -> None:
    makers = {
        path.relative_to(ROOT).as_posix()
        for path in SOURCES
        if re.search(r"\bMarkup\(", path.read_text("utf-8"))
    }
    assert makers == set(READY_MARKUP)
    unescaped = re.compile(r"\|\s*safe\b|autoescape\s+false")
    pages = (ROOT / "templates").rglob("*.html")
    assert not [page.name for page in pages if unescaped.search(page.read_text("utf-8"))]


def test_scripts_make_no_markup_of_text() -> None:
    made = re.compile(
        r"(inner|outer)HTML\s*=[^=]|insertAdjacentHTML|document\.write|\beval\(|new Function"
        r"|setTimeout\(\s*['\"]|javascript:"
    )
    scripts = list((ROOT / "static").rglob("*.js"))
    assert scripts
    assert not [path.name for path in scripts if made.search(path.read_text("utf-8"))]


def test_no_page_leads_outside() -> None:
    outside = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//""")
    pages = list((ROOT / "templates").rglob("*.html"))
    assert not [page.name for page in pages if outside.search(page.read_text("utf-8"))]


def test_the_dependency_check_says_what_it_could_not_check() -> None:
    hole = {"id": "CVE-2026-1", "fix_versions": ["2.0"]}
    answers: list[dict[str, object]] = [
        {"name": "good", "version": "1", "vulns": []},
        {"name": "away", "skip_reason": "could not be asked"},
    ]
    lines, well = report(answers)
    assert well
    assert lines == [
        "1 of 2 packages were asked about.",
        "NOT asked, so nothing is known of: away (1).",
    ]
    lines, well = report([*answers, {"name": "bad", "version": "1", "vulns": [hole]}])
    assert not well
    assert lines[0] == "A known hole in bad 1: CVE-2026-1, mended in 2.0."
