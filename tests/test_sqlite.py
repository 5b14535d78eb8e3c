"""SQLite under several processes, threads and kill -9, with the lock file and without."""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import signal
import sqlite3
from collections.abc import Callable
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from app import sqlite
from app.database import engine_options, tune
from app.sqlite import SqliteConnection, has_wal_reset_bug

if TYPE_CHECKING:
    from tests.databases import Databases

MakeEngine = Callable[[], sa.Engine]

processes = multiprocessing.get_context("fork")
READ = sa.text("SELECT value FROM counter")
WRITE = sa.text("UPDATE counter SET value = :value")


class LockedConnection(SqliteConnection):
    needs_lock_file = True


class UnlockedConnection(SqliteConnection):
    needs_lock_file = False


@pytest.fixture(autouse=True)
def _only_with_sqlite(databases: Databases) -> None:
    if databases.kind != "sqlite":
        pytest.skip("about SQLite alone")


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "shared.sqlite3")


@pytest.fixture(params=[LockedConnection, UnlockedConnection])
def make_engine(request: pytest.FixtureRequest, path: str) -> MakeEngine:
    """Makes engines on one file, in which a counter stands at 0."""

    def make() -> sa.Engine:
        options = engine_options(f"sqlite:///{path}")
        options["connect_args"] = {"factory": request.param}
        engine = sa.create_engine(**options)
        tune(engine)
        return engine

    engine = make()
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE counter (value INTEGER NOT NULL)"))
        connection.execute(sa.text("INSERT INTO counter VALUES (0)"))
    engine.dispose()
    return make


def value_of(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(READ).scalar_one())


def count_up(engine: sa.Engine, times: int) -> None:
    """Read, then write what follows from it: the pattern that loses updates."""
    for _ in range(times):
        with engine.begin() as connection:
            seen = connection.execute(READ).scalar_one()
            connection.execute(WRITE, {"value": seen + 1})


def count_up_in_threads(make_engine: MakeEngine, threads: int, times: int) -> None:
    engine = make_engine()
    team = [Thread(target=count_up, args=(engine, times)) for _ in range(threads)]
    for thread in team:
        thread.start()
    for thread in team:
        thread.join()


@pytest.mark.parametrize(("workers", "threads", "times"), [(4, 1, 100), (8, 8, 4)])
def test_no_increment_is_lost(
    make_engine: MakeEngine, workers: int, threads: int, times: int
) -> None:
    """A writer that met "database is locked" would have stopped counting, and be missed."""
    team = [
        processes.Process(target=count_up_in_threads, args=(make_engine, threads, times))
        for _ in range(workers)
    ]
    for process in team:
        process.start()
    for process in team:
        process.join()
    assert value_of(make_engine()) == workers * threads * times


def write_and_hang(make_engine: MakeEngine, pipe: Pipe) -> None:
    """Commit 1, then die with 2 written but not committed."""
    engine = make_engine()
    count_up(engine, 1)
    with engine.begin() as connection:
        connection.execute(WRITE, {"value": 2})
        pipe.send("writing")
        signal.pause()


def test_a_killed_writer_keeps_what_it_committed_and_holds_nobody_up(
    make_engine: MakeEngine,
) -> None:
    here, there = processes.Pipe()
    writer = processes.Process(target=write_and_hang, args=(make_engine, there))
    writer.start()
    assert here.recv() == "writing"
    assert writer.pid
    os.kill(writer.pid, signal.SIGKILL)
    writer.join()
    engine = make_engine()
    assert value_of(engine) == 1
    count_up(engine, 1)
    assert value_of(engine) == 2


def test_a_writer_that_waits_too_long_is_told_so_and_may_try_again(
    make_engine: MakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "SECONDS_TO_WAIT_FOR_A_WRITER", 0.05)
    engine = make_engine()
    failures: list[str] = []

    def try_to_count() -> None:
        try:
            count_up(engine, 1)
        except OperationalError as failure:
            failures.append(str(failure))

    with engine.begin() as connection:
        connection.execute(WRITE, {"value": 5})
        impatient = Thread(target=try_to_count)
        impatient.start()
        impatient.join()
    assert len(failures) == 1
    assert "database is locked" in failures[0]
    count_up(engine, 1)
    assert value_of(engine) == 6


def test_a_second_writer_in_the_same_thread_does_not_wait_for_itself(
    make_engine: MakeEngine,
) -> None:
    engine = make_engine()
    with engine.begin() as connection:
        connection.execute(WRITE, {"value": 5})
        with pytest.raises(RuntimeError, match="roll back first"):
            count_up(engine, 1)
    count_up(engine, 1)
    assert value_of(engine) == 6


def test_readers_do_not_wait_for_the_writer(make_engine: MakeEngine) -> None:
    engine = make_engine()
    reader = sqlite3.connect(engine.url.database or "", factory=UnlockedConnection)
    with engine.begin() as connection:
        connection.execute(WRITE, {"value": 5})
        reader.begin(writes=False)
        assert reader.execute("SELECT value FROM counter").fetchone() == (0,)
    reader.close()


def test_the_lock_is_held_from_begin_to_commit_and_no_longer(path: str) -> None:
    connection = sqlite3.connect(path, factory=LockedConnection)
    connection.begin(writes=True)
    connection.execute("CREATE TABLE t (x)")
    with open(f"{path}-lock") as lock:
        with pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        connection.commit()
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    connection.close()


def test_nothing_can_be_written_past_the_queue(path: str) -> None:
    connection = sqlite3.connect(path, factory=LockedConnection)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("CREATE TABLE t (x)")
    connection.close()


def test_every_connection_is_set_up(path: str) -> None:
    connection = sqlite3.connect(path, factory=SqliteConnection)
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000,
                "mmap_size": 2**30}  # fmt: skip
    found = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in expected}
    assert found == expected
    connection.close()


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 0), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), False),
        ((4, 0, 0), False),
    ],
)
def test_the_versions_with_the_bug_are_known(version: tuple[int, ...], expected: bool) -> None:
    assert has_wal_reset_bug(version) is expected
