"""SQLite with 1 to 64 writing processes, with the lock file and without.

Run alone: ``python -m benchmarks.sqlite_writers``. Each writer does, over and over, what a
diary tick does: read a row, insert one, count up another, commit. Both ways take turns in
rounds, and medians are shown, so that a noisy machine troubles both alike. The numbers are in
docs/decisions/0001-sqlite-wal-lock.md.
"""

from __future__ import annotations

import multiprocessing
import sqlite3
import statistics
import tempfile
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from multiprocessing.synchronize import Barrier

from app.sqlite import SqliteConnection

WRITERS = (1, 4, 16, 64)
ROUNDS = 5
SECONDS = 2.0

processes = multiprocessing.get_context("fork")


class Locked(SqliteConnection):
    needs_lock_file = True


class Unlocked(SqliteConnection):
    needs_lock_file = False


WAYS: dict[str, type[SqliteConnection]] = {"with lock file": Locked, "without": Unlocked}


@dataclass(frozen=True)
class Measurement:
    """One round: what all writers together did, and how long single transactions took."""

    commits_per_second: float
    errors: int
    p50_ms: float
    p95_ms: float
    longest_ms: float


def measure(way: type[SqliteConnection], writers: int, seconds: float) -> Measurement:
    """Let so many processes write to one new database for so long."""
    with tempfile.TemporaryDirectory(prefix="homestretch-bench-") as folder:
        path = f"{folder}/writers.sqlite3"
        _prepare(path)
        start = processes.Barrier(writers)
        team = []
        pipes = []
        for number in range(writers):
            here, there = processes.Pipe()
            team.append(
                processes.Process(target=_write, args=(way, path, number, seconds, start, there))
            )
            pipes.append(here)
        for process in team:
            process.start()
        results: list[tuple[list[float], int]] = [pipe.recv() for pipe in pipes]
        for process in team:
            process.join()
    times = sorted(time for taken, _ in results for time in taken)
    return Measurement(
        commits_per_second=len(times) / seconds,
        errors=sum(errors for _, errors in results),
        p50_ms=times[len(times) // 2] * 1000,
        p95_ms=times[len(times) * 95 // 100] * 1000,
        longest_ms=times[-1] * 1000,
    )


def _prepare(path: str) -> None:
    connection = sqlite3.connect(path, factory=Locked)
    connection.begin(writes=True)
    connection.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, writer INT, note TEXT)")
    connection.execute("CREATE TABLE total (writer INTEGER PRIMARY KEY, entries INT)")
    connection.commit()
    connection.close()


def _write(
    way: type[SqliteConnection],
    path: str,
    number: int,
    seconds: float,
    start: Barrier,
    pipe: Pipe,
) -> None:
    connection = sqlite3.connect(path, factory=way)
    taken: list[float] = []
    errors = 0
    start.wait()
    began = time.perf_counter()
    end = began + seconds
    while began < end:
        try:
            _tick(connection, number)
        except sqlite3.OperationalError:
            errors += 1
            connection.rollback()
        else:
            taken.append(time.perf_counter() - began)
        began = time.perf_counter()
    connection.close()
    pipe.send((taken, errors))


def _tick(connection: SqliteConnection, number: int) -> None:
    connection.begin(writes=True)
    connection.execute("SELECT entries FROM total WHERE writer = ?", (number,)).fetchone()
    connection.execute("INSERT INTO entry (writer, note) VALUES (?, ?)", (number, "x" * 80))
    connection.execute(
        "INSERT INTO total VALUES (?, 1) ON CONFLICT DO UPDATE SET entries = entries + 1",
        (number,),
    )
    connection.commit()


def run() -> dict[str, dict[str, float]]:
    """All of it, printed as a table; returns it by ``"<writers> <way>"``."""
    print(f"SQLite {sqlite3.sqlite_version}, writing processes; medians of {ROUNDS} rounds")
    print(f"{'writers':>7}  {'':<15}{'commits/s':>10}{'errors':>8}", end="")
    print(f"{'p50 ms':>9}{'p95 ms':>9}{'longest':>9}")
    table: dict[str, dict[str, float]] = {}
    for writers in WRITERS:
        rounds: dict[str, list[Measurement]] = {name: [] for name in WAYS}
        for _ in range(ROUNDS):
            for name, way in WAYS.items():
                rounds[name].append(measure(way, writers, SECONDS))
        for name, found in rounds.items():
            row = {
                field: statistics.median(getattr(one, field) for one in found)
                for field in Measurement.__dataclass_fields__
            } | {"errors": sum(one.errors for one in found)}
            table[f"{writers} {name}"] = row
            print(f"{writers:>7}  {name:<15}{row['commits_per_second']:>10,.0f}", end="")
            print(f"{row['errors']:>8,.0f}{row['p50_ms']:>9.2f}{row['p95_ms']:>9.1f}", end="")
            print(f"{row['longest_ms']:>9.0f}")
    return table


if __name__ == "__main__":
    run()
