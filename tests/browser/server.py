"""The application behind a real socket, in a thread of the tests."""

from __future__ import annotations

import threading
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server


class Server:
    """Serves ``app`` on a free port of this machine until it is stopped.

    ``seen`` holds (method, path) of every request that arrived, in order.
    """

    def __init__(self, app: Flask) -> None:
        self.seen: list[tuple[str, str]] = []
        self._app = app
        self._inside = app.wsgi_app
        app.wsgi_app = self._note  # type: ignore[method-assign]  # Flask's documented way to add middleware
        self._serve(port=0)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        """Finish what was begun, and answer no more."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def start_again(self) -> None:
        """After :meth:`stop`: serve at the same address as before."""
        self._serve(self.port)

    def count(self, method: str, ending: str = "") -> int:
        """How many requests of this kind arrived, static files left out."""
        return sum(
            verb == method and path.endswith(ending) and not path.startswith("/static/")
            for verb, path in self.seen
        )

    def _serve(self, port: int) -> None:
        self._server = make_server(
            "127.0.0.1", port, self._app, threaded=True, request_handler=_QuietHandler
        )
        self.port = self._server.server_port
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()

    def _note(self, environ: Any, start_response: Any) -> Any:
        self.seen.append((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        return self._inside(environ, start_response)


class _QuietHandler(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """The application writes its own request log."""
