"""Timing pages over HTTP, two at a time in turn, so that a noisy machine is noisy for both."""

from __future__ import annotations

import http.client
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.request import urlopen

from app.config import ROOT

ROUNDS = 200
WARM_UP = 20


@dataclass
class Page:
    """A page to ask for, and how long each answer took, in milliseconds."""

    port: int
    path: str
    cookie: str
    times: list[float] = field(default_factory=list)
    size: int = 0

    def ask(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        began = time.perf_counter()
        connection.request("GET", self.path, headers={"Cookie": self.cookie})
        response = connection.getresponse()
        body = response.read()
        if given := response.getheader("Set-Cookie"):
            self.cookie = given.partition(";")[0]  # as a browser does after the first page
        self.times.append((time.perf_counter() - began) * 1000)
        self.size = len(body)
        connection.close()
        if response.status != 200:
            raise RuntimeError(f"{self.path} answered {response.status}")

    @property
    def p50(self) -> float:
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.times, n=20)[18]


def compare(one: Page, other: Page, rounds: int = ROUNDS) -> float:
    """Ask for both in turn; how many of ``one`` go into the time of ``other``, by medians."""
    for page in (one, other):
        for _ in range(WARM_UP):
            page.ask()
        page.times.clear()
    for _ in range(rounds):
        one.ask()
        other.ask()
    return other.p50 / one.p50


@contextmanager
def served(application: str, environ: Mapping[str, str], health: str) -> Iterator[int]:
    """``application`` under gunicorn with one worker; gives its port, stops it at the end."""
    port = _free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "--workers", "1"),
        *("--bind", f"127.0.0.1:{port}", "--log-level", "error", application),
    ]
    server = subprocess.Popen(
        command, env={**os.environ, **environ}, cwd=ROOT, stderr=subprocess.DEVNULL
    )
    try:
        _wait(port, health, server)
        yield port
    finally:
        server.terminate()
        server.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def _wait(port: int, path: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}{path}"):  # our own server
                return
        except OSError as error:
            if getattr(error, "code", None):
                return
            time.sleep(0.05)
    raise RuntimeError("the server did not start")
