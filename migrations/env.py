"""How migrations run: in one transaction, on the application's own engine."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context

from app.database import Base, db, note_statistics


def run() -> None:
    """Migrate the database that the application is set to.

    Alembic rebuilds a SQLite table by dropping it. With foreign keys on, that drop cascades to
    the rows of its children, so they are off meanwhile and checked before the commit.

    Every start passes here, so SQLite's statistics are taken here, too.
    """
    with db.engine.connect() as connection:
        on_sqlite = connection.dialect.name == "sqlite"
        if on_sqlite:
            connection.connection.execute("PRAGMA foreign_keys=OFF")
        else:  # a page may not keep the server busy for long; a migration may
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.commit()  # or Alembic would leave its own transaction to us
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=on_sqlite,
            compare_type=True,
            transactional_ddl=True,
        )
        try:
            with context.begin_transaction():
                context.run_migrations()
                if on_sqlite:
                    _check_foreign_keys(connection)
                note_statistics(connection)
        finally:
            if on_sqlite:
                connection.rollback()
                connection.connection.execute("PRAGMA foreign_keys=ON")


def _check_foreign_keys(connection: sa.Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise RuntimeError(f"this migration would leave rows without their parent: {broken[:5]}")


run()
