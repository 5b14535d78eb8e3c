"""Copies of a filled PostgreSQL database, used again and again.

To copy a database costs the server a tenth of a second; to put a used copy's rows back costs a
hundredth. So the template keeps its rows a second time, in a schema of their own, and a copy that
a test is done with gets them back. One whose tables were altered is dropped.
"""

from __future__ import annotations

from psycopg import Connection, sql

from tests.postgres import PostgresServer

PUTS_UNTIL_VACUUM = 25
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
COUNTERS = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
# What a statement about tables, and none about rows, changes.
SHAPE = """
    SELECT (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_attribute),
           (SELECT count(*) FROM pg_constraint), (SELECT count(*) FROM pg_proc),
           (SELECT count(*) FROM pg_trigger WHERE tgenabled = 'O')
"""
END_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
END_BUSY = END_OTHERS + " AND state <> 'idle'"


class Copies:
    """The copies of one template; of them, those that no test uses now."""

    def __init__(self, server: PostgresServer, template: str) -> None:
        self._server = server
        self._template = template
        self._free: list[str] = []
        self._connections: dict[str, Connection] = {}  # kept: a new one would read the catalogue
        self._puts = 0
        with server.connect(template) as connection:
            connection.execute(END_OTHERS)  # it may be a copy that a test has used
            tables = [name for (name,) in connection.execute(TABLES)]
            counters = list(connection.execute(COUNTERS))
            connection.execute(
                sql.SQL("").join([sql.SQL(START), *(_each(table, KEEP) for table in tables)])
            )
            self._shape = _shape(connection)
        self._put_back = sql.SQL("").join(
            [
                sql.SQL("BEGIN; SET LOCAL session_replication_role = replica;"),
                *(_each(table, EMPTY) for table in tables),
                *(_each(table, FILL) for table in tables),
                *(_count_from(name, last) for name, last in counters),
                sql.SQL("COMMIT"),
            ]
        )

    def take(self) -> str:
        return self._free.pop() if self._free else self._server.create_database(self._template)

    def give_back(self, url: str) -> None:
        """Put the template's rows back, whatever was done to them."""
        if url not in self._connections:
            self._connections[url] = self._server.connect(url)
        connection = self._connections[url]
        connection.execute(END_BUSY)
        if _shape(connection) != self._shape:
            self._connections.pop(url).close()
            self._server.drop_database(url)
            return
        connection.execute(self._put_back)
        self._puts += 1
        if self._puts % PUTS_UNTIL_VACUUM == 0:
            connection.execute("VACUUM")
        self._free.append(url)


START = "DROP SCHEMA IF EXISTS kept CASCADE; CREATE SCHEMA kept;"  # the template may be a copy
KEEP = "CREATE TABLE kept.{0} AS TABLE public.{0};"
EMPTY = "DELETE FROM public.{0};"
FILL = "INSERT INTO public.{0} SELECT * FROM kept.{0};"


def _each(table: str, statement: str) -> sql.Composed:
    return sql.SQL(statement).format(sql.Identifier(table))


def _count_from(sequence: str, last: int | None) -> sql.Composed:
    """``last`` is None where nothing was counted yet."""
    return sql.SQL("SELECT setval({}, {}, {});").format(
        sql.Literal(f'public."{sequence}"'), last or 1, last is not None
    )


def _shape(connection: Connection) -> tuple[int, ...] | None:
    return connection.execute(SHAPE).fetchone()
