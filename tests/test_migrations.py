"""The migrations: up, down, up again, and at the end exactly what the models say."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade

from app import migrating
from app.config import ROOT
from app.database import Base, db

InApp = Callable[[], AbstractContextManager[object]]
REVISIONS = [
    script.revision for script in ScriptDirectory(str(ROOT / "migrations")).walk_revisions()
]
KEPT = (
    "audit",
    "audit_heads",
    "clinic_facts",
    "exercise_events",
    "exercise_revisions",
    "handout_codes",
    "handout_revisions",
    "pemat_checks",
    "plan_events",
    "plans",
    "scene_versions",
    "warning_answers",
)
WATCHED = ("texts", "conditions", "approvals")
FROZEN = ("approval_answers", "plan_revisions", "prescriptions")


def test_they_stand_in_one_line_and_are_numbered() -> None:
    scripts = ScriptDirectory(str(ROOT / "migrations"))
    assert scripts.get_bases() == ["0001"]
    assert len(scripts.get_heads()) == 1
    assert [f"{number:04}" for number in range(len(REVISIONS), 0, -1)] == REVISIONS


def test_up_down_and_up_again_ends_where_the_models_are(empty_app: Flask) -> None:
    with empty_app.app_context():
        upgrade()
        first = schema()
        downgrade(revision="base")
        assert tables() == {"alembic_version"}
        assert not guards()
        assert not functions()
        upgrade()
        assert schema() == first
        assert not differences()


def test_every_single_step_can_be_taken_back(empty_app: Flask) -> None:
    with empty_app.app_context():
        for revision in reversed(REVISIONS):
            before = schema()
            upgrade(revision=revision)
            after = schema()
            downgrade(revision="-1")
            assert schema() == before, f"{revision} leaves something behind"
            upgrade(revision=revision)
            assert schema() == after


def test_a_filled_database_keeps_its_rows_on_the_way_down_and_up(app: Flask) -> None:
    """SQLite rebuilds a table to change it, and a dropped parent would take its children along."""
    migrating.enable(app)
    with app.app_context():
        before = rows()
        downgrade(revision="0002")
        kept = rows()
        upgrade()
        assert rows().items() >= kept.items()
        assert {name: count for name, count in before.items() if name in kept} == kept
        assert not broken_references()
        assert not missing_guards()


def test_an_upgrade_counts_the_tables_of_sqlite(app: Flask) -> None:
    migrating.enable(app)
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            pytest.skip("PostgreSQL counts by itself")
        upgrade()
        assert "accounts" in scalars("SELECT tbl FROM sqlite_stat1")


def test_the_schema_is_the_one_of_the_models(in_app: InApp) -> None:
    with in_app():
        assert not differences()
        found, wanted = schema(), models()
        assert found.keys() == wanted.keys()
        for table in wanted:
            assert found[table] == wanted[table], table


def test_every_guard_is_there(in_app: InApp) -> None:
    with in_app():
        assert not missing_guards()
        assert not broken_references()


def differences() -> list[object]:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def tables() -> set[str]:
    return set(sa.inspect(db.engine).get_table_names())


def schema() -> dict[str, dict[str, set[str]]]:
    """Names of all parts of each table. Alembic itself does not compare checks and key names."""
    inspector = sa.inspect(db.engine)
    return {
        table: {
            "columns": {
                f"{column['name']} {'null' if column['nullable'] else 'not null'}"
                for column in inspector.get_columns(table)
            },
            "indexes": {
                str(index["name"])
                for index in inspector.get_indexes(table)
                if not index.get("duplicates_constraint")
            },
            "uniques": {str(one["name"]) for one in inspector.get_unique_constraints(table)},
            "checks": {str(one["name"]) for one in inspector.get_check_constraints(table)},
            "keys": {str(one["name"]) for one in inspector.get_foreign_keys(table)},
        }
        for table in tables() - {"alembic_version"}
    }


def models() -> dict[str, dict[str, set[str]]]:
    """The same of the models, named by their convention."""
    return {
        table.name: {
            "columns": {
                f"{column.name} {'null' if column.nullable else 'not null'}"
                for column in table.columns
            },
            "indexes": {str(index.name) for index in table.indexes},
            "uniques": names_of(table, sa.UniqueConstraint),
            "checks": names_of(table, sa.CheckConstraint),
            "keys": names_of(table, sa.ForeignKeyConstraint),
        }
        for table in Base.metadata.sorted_tables
    }


def names_of(table: sa.Table, kind: type[sa.Constraint]) -> set[str]:
    dialect = db.engine.dialect
    return {
        str(dialect.identifier_preparer.format_constraint(constraint))
        for constraint in table.constraints
        if type(constraint) is kind
    }


def rows() -> dict[str, int]:
    """How many there are, by table."""
    with db.engine.connect() as connection:
        return {
            table: connection.scalar(sa.select(sa.func.count()).select_from(sa.table(table))) or 0
            for table in tables() - {"alembic_version"}
        }


def guards() -> set[str]:
    """The triggers that guard or watch, by name; on PostgreSQL only those that are enabled."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if db.engine.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'"
    )
    return scalars(query)


def missing_guards() -> set[str]:
    if db.engine.dialect.name == "sqlite":
        wanted = {f"guard_{t}_{event}" for t in KEPT for event in ("update", "delete", "replace")}
        events = ("insert", "update", "delete", "replace")
        wanted |= {f"guard_{t}_{event}" for t in FROZEN for event in events}
        wanted |= {f"watch_{t}_update" for t in WATCHED} | {"watch_conditions_insert"}
    else:
        wanted = {f"guard_{t}{event}" for t in (*KEPT, *FROZEN) for event in ("", "_truncate")}
        wanted |= {f"watch_{t}" for t in WATCHED}
    return wanted - guards()


def functions() -> set[str]:
    if db.engine.dialect.name == "sqlite":
        return set()
    return scalars("SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace")


def broken_references() -> list[object]:
    """PostgreSQL never has any; SQLite is asked."""
    if db.engine.dialect.name != "sqlite":
        return []
    with db.engine.connect() as connection:
        return list(connection.exec_driver_sql("PRAGMA foreign_key_check"))


def scalars(query: str) -> set[str]:
    with db.engine.connect() as connection:
        return set(connection.execute(sa.text(query)).scalars())
