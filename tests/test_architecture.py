"""The shape of the code: which way imports point, what files are called, how long they are."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import chain
from pathlib import Path

import grimp
import pytest
from flask import Flask

from app.config import ROOT

FEATURES = ("accounts", "catalogue", "home", "patients", "plans")
MAX_LINES = {"app": 300, "benchmarks": 300, "tests": 310}
WEB_PART = re.compile(r"app\.(\w+)\.(?:\w+_)?(routes|forms|blueprint)")
OTHER_NAMES = {
    "catalogue/_editor.html": "the frame of new.html and edit.html",
    "patients/condition.html": "one condition, for correct_condition and end_condition",
    "patients/hand_over_sure.html": "what hand_over asks before it does it",
    "plans/conflict.html": "what saving shows where somebody else saved first",
    "plans/gone.html": "what saving shows where somebody discarded the draft meanwhile",
    "plans/print.html": "the sheet of print_plan and of print_revision",
    "plans/today.html": "plans.today_page, whose module also needs clock.today",
}
"""Pages that are not called like an endpoint, and why."""


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    return grimp.build_graph("app")


def test_the_import_contracts_hold() -> None:
    """In a process of its own: import-linter silences every logger of the one it runs in."""
    command: list[str | Path] = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_feature_uses_another_ones_routes_or_forms(imports: grimp.ImportGraph) -> None:
    intruders = [
        f"{importer} imports {module}"
        for module in imports.modules
        if (part := WEB_PART.fullmatch(module))
        for importer in imports.find_modules_that_directly_import(module)
        if importer != "app" and not importer.startswith(f"app.{part[1]}.")
    ]
    assert not intruders


def test_within_a_feature_forms_and_services_do_not_use_routes(
    imports: grimp.ImportGraph,
) -> None:
    """``x_routes`` and ``x_forms`` stand where ``routes`` and ``forms`` do in the contract."""
    ranks = {"routes": 2, "forms": 1}
    upward = [
        f"{importer} imports {module}"
        for module in imports.modules
        for importer in imports.find_modules_that_directly_import(module)
        if rank(importer, ranks) < rank(module, ranks) and importer != "app"
    ]
    allowed = {
        "app.catalogue.editing imports app.catalogue.forms",
        "app.catalogue.editing imports app.catalogue.handout_forms",
        "app.catalogue.editor_desk imports app.catalogue.forms",
        "app.catalogue.picture_editing imports app.catalogue.forms",
        "app.catalogue.picture_editing imports app.catalogue.handout_routes",
        "app.plans.builder_pages imports app.plans.forms",
        "app.plans.builder_pages imports app.plans.row_forms",
        "app.plans.builder_parts imports app.plans.forms",
        "app.plans.builder_parts imports app.plans.row_forms",
    }
    assert set(upward) <= allowed


def rank(module: str, ranks: dict[str, int]) -> int:
    part = WEB_PART.fullmatch(module)
    return ranks.get(part[2], 0) if part else 0


@pytest.mark.parametrize("folder", MAX_LINES)
def test_no_file_is_longer_than_a_room(folder: str) -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / folder).rglob("*.py")
    }
    assert not {path: lines for path, lines in lengths.items() if lines > MAX_LINES[folder]}


def test_every_view_is_called_like_its_endpoint(app: Flask) -> None:
    misnamed = []
    for endpoint, view in app.view_functions.items():
        feature, _dot, name = endpoint.partition(".")
        module = view.__module__
        if not module.startswith(f"app.{feature}.") or not module.endswith("routes"):
            misnamed.append(f"{endpoint} is in {module}")
        if view.__name__ != name:
            misnamed.append(f"{endpoint} is called {view.__name__}")
    assert not misnamed


def test_every_page_is_called_like_an_endpoint_of_its_feature(app: Flask) -> None:
    endpoints = set(app.view_functions)
    misnamed = {
        path
        for feature in FEATURES
        for page in (ROOT / "templates" / feature).glob("*.html")
        if (path := f"{feature}/{page.name}") not in OTHER_NAMES
        and not page.name.startswith("_")
        and f"{feature}.{page.stem}" not in endpoints
    }
    assert not misnamed
    assert all(Path(ROOT, "templates", path).exists() for path in OTHER_NAMES)


def test_templates_styles_and_tests_repeat_the_names_of_the_features() -> None:
    known = {*FEATURES, "shared", "attack", "audit", "figures", "paper", "browser", "pictures"}
    folders = chain(*((ROOT / name).iterdir() for name in ("templates", "static", "tests")))
    strangers = {path.name for path in folders if path.is_dir() and path.name != "__pycache__"}
    assert strangers <= known
