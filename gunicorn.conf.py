"""How the application is served; `make run` and `make serve` add the address.

Sync workers: while one waits for SQLite's turn to write, the others go on, and no thread
queues for the interpreter besides. Loading the app before the fork shares its memory; the
database connections of the loading process are closed at the fork (app/database.py).
"""

import os
import socket
from http import HTTPStatus

from gunicorn import util

from app.config import is_https
from app.responses import HEADERS, HSTS

workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "sync"
preload_app = True

# Without this, a socket for remote commands appears in the home folder.
control_socket_disable = True

timeout = 30
graceful_timeout = 30  # on SIGTERM, what has begun is finished

# No client says in a header where the application stands: not one on this machine, nor one behind a
# proxy that passes such a header on. What is kept for everybody (app/templating.py) relies on it.
forwarder_headers = ""

# The app writes its own request log, which holds no personal data.
accesslog = None
errorlog = "-"
loglevel = "warning"

# The most that gunicorn knows; a longer address than any page's is answered by the app, with 404.
limit_request_line = 8190


def refuse_unread(client: socket.socket, status: int, _reason: str, _told: str) -> None:
    """What gunicorn itself answers to what is no HTTP: with our headers, and nothing repeated.

    A coding that it does not know (501) is the client's fault, and no failure of the server's.
    """
    said = HTTPStatus(400 if status == 501 else status)
    headers = {
        **HEADERS,
        "Cache-Control": "no-store",
        "Connection": "close",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(said.phrase)),
    }
    if is_https(os.environ):
        headers["Strict-Transport-Security"] = HSTS
    lines = [f"HTTP/1.1 {said} {said.phrase}", *(f"{n}: {v}" for n, v in headers.items())]
    util.write_nonblock(client, "\r\n".join([*lines, "", said.phrase]).encode())


util.write_error = refuse_unread
