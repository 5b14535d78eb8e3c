"""`make serve` itself, in processes of its own: what a clinic runs is what is attacked."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from app.config import ROOT

SECONDS_TO_START = 120
KEPT = ("PATH", "HOME", "LANG")
"""What of this process's surroundings a clinic's server would have, too."""


class Server:
    """Started by :meth:`start`, as often as one likes; everything it says is in ``log``."""

    def __init__(self, settings: Mapping[str, str], log: Path) -> None:
        self.port = _free_port()
        self.log = log
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        self._environ = {**kept, **settings}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        # What is installed is what is tested: --old-file keeps make from installing anything.
        command = ["make", "--old-file", ".venv/runtime", "serve", f"PORT={self.port}"]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self._environ, stdout=log, stderr=log,
                stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        self._wait(self._process)

    def stop(self) -> None:
        """What was begun is finished first."""
        if self._process and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait(timeout=60)

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"make serve did not start:\n{self.log.read_text()}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/health")
            answer = connection.getresponse()
        except OSError:
            return False
        else:
            assert answer.status == 200, self.log.read_text()
            return True
        finally:
            connection.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port
