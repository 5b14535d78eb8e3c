"""A connection to SQLite: its settings, its transactions, and whose turn it is to write.

Why writers queue at a lock file: docs/decisions/0001-sqlite-wal-lock.md.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
from typing import Any

SECONDS_TO_WAIT_FOR_A_WRITER = 5.0


def has_wal_reset_bug(version: tuple[int, ...]) -> bool:
    """Whether this SQLite can lose or corrupt what a writer adds during another's checkpoint.

    Source: https://sqlite.org/wal.html#walresetbug
    """
    fixed_in = (3, 51, 3), (3, 50, 7), (3, 44, 6)
    fixed = version >= fixed_in[0] or any(fix <= version < (3, fix[1] + 1) for fix in fixed_in[1:])
    return version >= (3, 7) and not fixed


class _LockFile:
    """An exclusive lock on ``<database>-lock``; the kernel drops it when its holder dies.

    Each connection opens the file for itself, so that threads exclude each other too.
    """

    def __init__(self, database: str) -> None:
        self._database = database
        self._descriptor: int | None = None

    def take(self) -> None:
        try:
            descriptor = self._descriptor = self._descriptor or self._open()
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._queue(descriptor)
        except OSError as error:
            raise sqlite3.OperationalError(f"no writing beside the database: {error}") from error

    def _queue(self, descriptor: int) -> None:
        # flock waits for ever, so a thread does the waiting. Closing the descriptor makes the
        # lock vanish again, should that thread get it after we have given up.
        waiter = threading.Thread(
            target=fcntl.flock, args=(descriptor, fcntl.LOCK_EX), daemon=True, name="lock waiter"
        )
        waiter.start()
        waiter.join(SECONDS_TO_WAIT_FOR_A_WRITER)
        if waiter.is_alive():
            self.close()
            raise sqlite3.OperationalError("database is locked: another writer is taking too long")

    def _open(self) -> int:
        """Open the file for reading, which is enough for flock, with the database's owner."""
        owner = os.stat(self._database)
        flags = os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC
        descriptor = os.open(f"{self._database}-lock", flags, owner.st_mode & 0o666)
        if os.geteuid() == 0:
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
        return descriptor

    def give_back(self) -> None:
        if self._descriptor is not None:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


class SqliteConnection(sqlite3.Connection):
    """A connection that cannot write outside ``begin(writes=True)`` … ``commit``/``rollback``.

    Where the SQLite library has the WAL-reset bug, a writing transaction holds the lock file
    from before BEGIN until after COMMIT. SQLite checkpoints within COMMIT, so no checkpoint
    meets another writer. (The one other checkpoint, when the last connection closes, is made
    under SQLite's own exclusive lock on the whole database.)
    """

    needs_lock_file = has_wal_reset_bug(sqlite3.sqlite_version_info)

    _writers: set[tuple[str, int]] = set()  # (database, thread) of every writing transaction

    def __init__(self, database: str, **options: Any) -> None:
        options |= {"isolation_level": None, "timeout": SECONDS_TO_WAIT_FOR_A_WRITER}
        super().__init__(database, **options)
        self._database = database
        on_disk = database not in {"", ":memory:"}
        self._lock_file = _LockFile(database) if self.needs_lock_file and on_disk else None
        self._writer: tuple[str, int] | None = None
        if on_disk and self.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            self._switch_to_wal()
        for setting in (
            "synchronous=FULL",
            "foreign_keys=ON",
            "cache_size=-65536",
            "mmap_size=1073741824",
            "temp_store=MEMORY",
            "query_only=ON",
        ):
            self.execute(f"PRAGMA {setting}")

    def _switch_to_wal(self) -> None:
        if self._lock_file:
            self._lock_file.take()
        try:
            self.execute("PRAGMA journal_mode=WAL")
        finally:
            if self._lock_file:
                self._lock_file.give_back()

    def begin(self, *, writes: bool) -> None:
        """Begin; a writing transaction first waits for its turn, at most five seconds."""
        if not writes:
            self.execute("BEGIN")
            return
        writer = (self._database, threading.get_ident())
        if writer in self._writers:
            raise RuntimeError("this thread is writing already: commit or roll back first")
        if self._lock_file:
            self._lock_file.take()
        self._writer = writer
        self._writers.add(writer)
        try:
            self.execute("PRAGMA query_only=OFF")
            self.execute("BEGIN IMMEDIATE")
        except BaseException:
            self._end_turn()
            raise

    def commit(self) -> None:
        super().commit()
        self._end_turn()

    def rollback(self) -> None:
        super().rollback()
        self._end_turn()

    def close(self) -> None:
        super().close()
        self._forget_writer()
        if self._lock_file:
            self._lock_file.close()

    def _end_turn(self) -> None:
        if self._writer is None:
            return
        self.execute("PRAGMA query_only=ON")
        if self._lock_file:
            self._lock_file.give_back()
        self._forget_writer()

    def _forget_writer(self) -> None:
        if self._writer is not None:
            self._writers.discard(self._writer)
            self._writer = None
