"""How the application is served; `make run` and `make serve` add the address.

Sync workers: while one waits for SQLite's turn to write, the others go on, and no thread
queues for the interpreter besides. Loading the app before the fork shares its memory; the
database connections of the loading process are closed at the fork (app/database.py).
"""

import os

workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "sync"
preload_app = True

# Without this, a socket for remote commands appears in the home folder.
control_socket_disable = True

timeout = 30
graceful_timeout = 30  # on SIGTERM, what has begun is finished

# The app writes its own request log, which holds no personal data.
accesslog = None
errorlog = "-"
loglevel = "warning"
