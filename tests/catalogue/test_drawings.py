"""The drawings of the seeded exercises, and what becomes of an exercise that is drawn anew."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.audit.service import Operator
from app.catalogue import drawings, service
from app.catalogue.models import ExerciseRevision
from app.catalogue.picture_store import NewPicture, picture_of, store_picture
from app.catalogue.rules import ExerciseText, Position, Step, Variant
from app.config import ROOT
from app.database import Base, db
from tests.catalogue.support import count
from tests.figures.pictures import SCENES, SLUGS
from tests.support import NOON

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
        uploaded = store_picture(
            NewPicture(b"bytes of one's own", "image/webp", 30, 20),
            source="upload", alt="A test", by=Operator(), now=NOON,
        )  # fmt: skip
        own = drawings.shown_at(text.variants[0].steps[2], uploaded)
        steps = (*text.variants[0].steps[:2], own, text.variants[0].steps[3])
        variant = replace(text.variants[0], steps=steps)
        changed = replace(text, variants=(variant,))
        service.revise_exercise(exercise, changed, based_on=1, by=Operator(), now=NOON)
        db.session.commit()
    redrawn("wall-push-up/3.svg")
    assert renew(app) == "Every picture is up to date.\n"


def test_without_tables_the_command_says_what_to_do(empty_app: Flask) -> None:
    result = empty_app.test_cli_runner().invoke(args=["update-pictures"])
    assert result.exit_code == 1
    assert "db upgrade" in result.output
