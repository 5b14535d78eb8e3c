"""Pictures: bytes and rows are kept for ever, seeded exercises show them, redrawing revises."""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from app.audit.service import Operator
from app.catalogue import drawings, service
from app.catalogue.models import ExerciseRevision, Picture
from app.catalogue.picture_bytes import FolderShelf, ObjectShelf, Shelf, open_shelf
from app.catalogue.picture_store import NewPicture, picture_of, store_picture
from app.catalogue.rules import ExerciseText, Position, Step, Variant
from app.config import ROOT, Settings, SettingsError
from app.database import Base, db
from tests.catalogue.support import audited, count
from tests.figures.pictures import SCENES, SLUGS
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


# What a new clinic starts with


def current_text(slug: str) -> ExerciseText:
    return service.list_exercises_by_slug([slug])[0].text


def drawn(slug: str, name: str) -> str:
    return hashlib.sha256((ROOT / "static" / "pictures" / slug / name).read_bytes()).hexdigest()


@pytest.mark.parametrize("slug", SLUGS)
def test_every_step_of_a_seeded_exercise_shows_its_own_drawing(slug: str, app: Flask) -> None:
    scene = SCENES[slug]
    with app.app_context():
        for variant in current_text(slug).variants:
            frames = scene.variants[variant.position]
            assert variant.steps == tuple(
                Step(
                    step.text,
                    drawn(slug, f"{number}.svg"),
                    scene.frames[number - 1].alt,
                    scene.width,
                    scene.height,
                )
                for step, number in zip(variant.steps, frames, strict=True)
            )
            assert picture_of(variant.steps[0].picture or "") is not None
        db.session.rollback()


@pytest.mark.parametrize("slug", SLUGS)
def test_every_start_position_has_the_film_that_serves_it(slug: str, app: Flask) -> None:
    with app.app_context():
        for variant in current_text(slug).variants:
            film = next(f for f in SCENES[slug].films if variant.position in f.variants)
            assert variant.film_alt == film.alt
            media_type, content = picture_of(variant.film or "") or ("", b"")
            assert media_type == "image/svg+xml"
            assert b"<animate" in content
        db.session.rollback()


def test_the_picture_that_tells_most_is_the_last_but_one() -> None:
    def telling(*shas: str | None) -> str | None:
        steps = tuple(Step("Do it.", sha) for sha in shas)
        step = Variant(Position.STANDING, steps).telling_step
        return step.picture if step else None

    assert telling("a", "b", "c") == "b"
    assert telling("a", None, "c") == "a"
    assert telling("a") == "a"
    assert telling(None) is None
    assert telling() is None


# A redrawn picture


@pytest.fixture
def redrawn(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Changes one committed drawing, as a better engine would."""
    folder = tmp_path / "drawings"
    shutil.copytree(drawings.DRAWINGS, folder)
    monkeypatch.setattr(drawings, "DRAWINGS", folder)

    def change(name: str) -> None:
        path = folder / name
        path.write_bytes(path.read_bytes().replace(b"</svg>", b"<!-- better --></svg>"))

    return change


def renew(app: Flask) -> str:
    app.extensions["homestretch_clock"].move(days=1)
    result = app.test_cli_runner().invoke(args=["update-pictures"])
    assert result.exit_code == 0, result.output
    return result.output


def test_where_nothing_was_drawn_anew_nothing_is_revised(app: Flask) -> None:
    before = count(app, ExerciseRevision)
    assert renew(app) == "Every picture is up to date.\n"
    assert count(app, ExerciseRevision) == before


def test_a_redrawn_picture_is_a_new_revision_and_the_old_one_keeps_its_own(
    app: Flask, redrawn: Callable[[str], None]
) -> None:
    redrawn("wall-push-up/3.svg")
    redrawn("shoulder-rolls/film.svg")
    assert renew(app) == "Shoulder rolls: revision 2\nWall push-up: revision 2\n"
    with app.app_context():
        old, new = db.session.scalars(
            select(ExerciseRevision)
            .join(Base.metadata.tables["exercises"])
            .where(ExerciseRevision.data["title"].as_string() == "Wall push-up")
            .order_by(ExerciseRevision.number)
        )
        was, now = old.text.variants[0].steps, new.text.variants[0].steps
        assert [a == b for a, b in zip(was, now, strict=True)] == [True, True, False, True]
        assert was[2].picture == drawn("wall-push-up", "3.svg")
        assert now[2].picture_alt == was[2].picture_alt
        for step in (was[2], now[2]):
            assert picture_of(step.picture or "") is not None
        sitting, standing = current_text("shoulder-rolls").variants
        assert sitting.film != drawn("shoulder-rolls", "film.svg")
        assert standing.film == drawn("shoulder-rolls", "film-2.svg")
        db.session.rollback()
    assert renew(app) == "Every picture is up to date.\n"


def test_a_drawing_that_becomes_again_what_it_was_is_taken_back_too(
    app: Flask, redrawn: Callable[[str], None]
) -> None:
    redrawn("wall-push-up/3.svg")
    renew(app)
    drawing = drawings.DRAWINGS / "wall-push-up" / "3.svg"
    shutil.copyfile(ROOT / "static" / "pictures" / "wall-push-up" / "3.svg", drawing)
    assert renew(app) == "Wall push-up: revision 3\n"
    with app.app_context():
        shown = current_text("wall-push-up").variants[0].steps[2].picture
        assert shown == drawn("wall-push-up", "3.svg")
        db.session.rollback()


def test_a_picture_that_an_admin_chose_stays(app: Flask, redrawn: Callable[[str], None]) -> None:
    with app.app_context():
        exercise = service.list_exercises_by_slug(["wall-push-up"])[0]
        text = exercise.text
        own = drawings.shown_at(text.variants[0].steps[2], store())
        steps = (*text.variants[0].steps[:2], own, text.variants[0].steps[3])
        service.revise_exercise(
            exercise,
            ExerciseText(**vars(text) | {"variants": (Variant(text.variants[0].position, steps),)}),
            based_on=1, by=Operator(), now=NOON,
        )  # fmt: skip
        db.session.commit()
    redrawn("wall-push-up/3.svg")
    assert renew(app) == "Every picture is up to date.\n"


def test_without_tables_the_command_says_what_to_do(empty_app: Flask) -> None:
    result = empty_app.test_cli_runner().invoke(args=["update-pictures"])
    assert result.exit_code == 1
    assert "db upgrade" in result.output
