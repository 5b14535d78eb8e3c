"""Pictures: their bytes and their rows are kept for ever, whatever shelf they lie on."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from app.audit.service import Operator
from app.catalogue.models import Picture
from app.catalogue.picture_bytes import FolderShelf, ObjectShelf, Shelf, open_shelf
from app.catalogue.picture_store import NewPicture, picture_of, store_picture
from app.config import Settings, SettingsError
from app.database import Base, db
from tests.catalogue.support import audited
from tests.support import NOON

BYTES = b"not a picture, but bytes like others"
SHA = hashlib.sha256(BYTES).hexdigest()
NEW = NewPicture(BYTES, "image/png", 30, 20)


@pytest.fixture(params=["folder", "file url", "memory", "local store"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    """Every kind of shelf that can be had without a network."""
    from obstore.store import LocalStore, MemoryStore

    match request.param:
        case "folder":
            return open_shelf("", tmp_path)
        case "file url":
            return open_shelf((tmp_path / "else where").as_uri(), tmp_path)
        case "memory":
            return ObjectShelf(MemoryStore())
        case _:
            return ObjectShelf(LocalStore(tmp_path))


# Bytes


def test_a_shelf_gives_back_what_was_put_on_it(shelf: Shelf) -> None:
    assert shelf.get(SHA) is None
    shelf.put(SHA, BYTES)
    assert shelf.get(SHA) == BYTES


def test_what_lies_there_is_never_written_over(shelf: Shelf) -> None:
    shelf.put(SHA, BYTES)
    shelf.put(SHA, b"other bytes")
    assert shelf.get(SHA) == BYTES


def test_the_folder_holds_whole_files_and_nothing_half_written(tmp_path: Path) -> None:
    FolderShelf(tmp_path).put(SHA, BYTES)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / SHA[:2] / SHA]


def test_a_store_that_we_do_not_know_stops_the_start(tmp_path: Path) -> None:
    environ = {"HOMESTRETCH_INSTANCE_DIR": str(tmp_path)}
    assert Settings.load(environ | {"HOMESTRETCH_PICTURE_STORE_URL": "s3://bucket/pictures"})
    with pytest.raises(SettingsError, match="PICTURE_STORE_URL must begin with s3://"):
        Settings.load(environ | {"HOMESTRETCH_PICTURE_STORE_URL": "ftp://somewhere"})


# The store


@pytest.fixture
def on_shelf(app: Flask, shelf: Shelf) -> Iterator[Shelf]:
    """An application whose pictures lie on ``shelf``."""
    app.extensions["homestretch_pictures"] = shelf
    with app.app_context():
        yield shelf
        db.session.rollback()


def store(new: NewPicture = NEW, **changes: Any) -> Picture:
    values: dict[str, Any] = {"source": "upload", "alt": "A test", "by": Operator(), "now": NOON}
    return store_picture(new, **(values | changes))


def test_a_picture_is_found_by_the_sha256_of_its_bytes(on_shelf: Shelf) -> None:
    row = store()
    assert (row.sha256, row.size, row.width, row.height) == (SHA, len(BYTES), 30, 20)
    assert picture_of(SHA) == ("image/png", BYTES)
    assert picture_of("ab" * 32) is None


def test_the_same_bytes_again_are_the_picture_that_is_there(on_shelf: Shelf) -> None:
    first = store()
    assert store(alt="Something else", source="midback-stretch/1.svg") is first
    assert first.alt == "A test"
    assert len([row for row in audited("add-picture") if SHA in row.reason]) == 1


def test_bytes_that_are_not_their_own_are_no_picture(
    app: Flask, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app.extensions["homestretch_pictures"] = FolderShelf(tmp_path)
    with app.app_context():
        store()
        path = tmp_path / SHA[:2] / SHA
        path.write_bytes(b"tampered with")
        with caplog.at_level(logging.ERROR):
            assert picture_of(SHA) is None
        path.unlink()
        assert picture_of(SHA) is None
        assert [r.getMessage().rsplit(" ", 1)[-1] for r in caplog.records] == ["damaged", "missing"]
        db.session.rollback()


# The database keeps the row


def ways_to_change(is_sqlite: bool) -> Iterator[Any]:
    table = Base.metadata.tables["pictures"]
    this = table.c.sha256 == SHA
    row = {
        "sha256": SHA, "media_type": "image/png", "width": 1, "height": 1, "size": 1,
        "source": "upload", "alt": "", "created_at": NOON, "created_by": None,
    }  # fmt: skip
    for column in table.c:
        yield update(table).where(this).values({column: column})
    yield delete(table).where(this)
    if is_sqlite:
        yield insert(table).values(row).prefix_with("OR REPLACE")
        yield text(
            "INSERT OR REPLACE INTO pictures (rowid, sha256, media_type, width, height, size,"
            " source, alt, created_at) SELECT rowid, 'ab', 'x', 1, 1, 1, '', '', created_at"
            f" FROM pictures WHERE sha256 = '{SHA}'"
        )
    else:
        yield text("TRUNCATE pictures")


def test_the_row_of_a_picture_never_changes(app: Flask) -> None:
    with app.app_context():
        store()
        db.session.commit()
        rows = sorted(map(repr, db.session.execute(select(Base.metadata.tables["pictures"]))))
        db.session.rollback()
        for statement in ways_to_change(db.engine.dialect.name == "sqlite"):
            with db.engine.connect() as connection:
                with pytest.raises(DBAPIError, match="never changes"):
                    connection.execute(statement)
                connection.rollback()
        after = sorted(map(repr, db.session.execute(select(Base.metadata.tables["pictures"]))))
        assert after == rows
        db.session.rollback()
