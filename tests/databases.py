"""Databases for tests: empty ones, and copies of a filled one, on SQLite or PostgreSQL."""

from __future__ import annotations

import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from tests.postgres import PostgresServer, postgres_server
from tests.postgres_copies import Copies


class Databases(ABC):
    """Makes and removes the databases of one test run."""

    kind: str

    @abstractmethod
    def create(self, template: str | None = None) -> str:
        """The address of a new database; a copy of ``template`` where one is given."""

    @abstractmethod
    def drop(self, url: str) -> None: ...


class SqliteDatabases(Databases):
    kind = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)

    def create(self, template: str | None = None) -> str:
        path = self._folder / f"test-{next(self._numbers)}.sqlite3"
        if template:
            shutil.copyfile(template.removeprefix("sqlite:///"), path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        for path in self._folder.glob(Path(url.removeprefix("sqlite:///")).name + "*"):
            path.unlink()


class PostgresDatabases(Databases):
    """What a test is done with is made ready for another one while the next test runs."""

    kind = "postgresql"

    def __init__(self, server: PostgresServer, worker: ThreadPoolExecutor) -> None:
        self._server = server
        self._worker = worker
        self._copies: dict[str, Copies] = {}
        self._copied_from: dict[str, Copies] = {}

    def create(self, template: str | None = None) -> str:
        return self._worker.submit(self._create, template).result()

    def _create(self, template: str | None) -> str:
        if template is None:
            return self._server.create_database()
        if template not in self._copies:
            self._copies[template] = Copies(self._server, template)
        copies = self._copies[template]
        url = copies.take()
        self._copied_from[url] = copies
        return url

    def drop(self, url: str) -> None:
        self._worker.submit(self._drop, url).add_done_callback(Future.result)

    def _drop(self, url: str) -> None:
        if copies := self._copied_from.pop(url, None):
            copies.give_back(url)
        else:
            self._server.drop_database(url)


@contextmanager
def make_databases(kind: str, folder: Path) -> Iterator[Databases]:
    """The databases of the kind that the run asked for, with a server if they need one."""
    if kind == "sqlite":
        yield SqliteDatabases(folder)
        return
    with postgres_server() as server, ThreadPoolExecutor(max_workers=1) as worker:
        yield PostgresDatabases(server, worker)
