"""One served clinic for all attacks. On PostgreSQL they run where somebody names this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attack.clinic import Clinic, open_clinic
from tests.databases import Databases

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The attacks are on what no database changes; once is enough for each run of all tests."""
    named = (Path(argument.partition("::")[0]).absolute() for argument in config.args)
    asked = any(path.is_relative_to(HERE) for path in named)
    if config.getoption("--database") == "sqlite" or asked:
        return
    ours = [item for item in items if item.path.is_relative_to(HERE)]
    config.hook.pytest_deselected(items=ours)
    items[:] = [item for item in items if item not in ours]


@pytest.fixture(scope="session")
def clinic(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory, compiled_templates: None
) -> Iterator[Clinic]:
    url = databases.create()
    with open_clinic(url, tmp_path_factory.mktemp("attack")) as clinic:
        yield clinic
    databases.drop(url)
