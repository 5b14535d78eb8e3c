"""The drawings that come with Homestretch: their files, and the exercises that show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import joinedload

from app.audit.service import Actor
from app.catalogue.models import Exercise, Picture
from app.catalogue.picture_store import NewPicture, find_pictures, store_picture
from app.catalogue.rules import ExerciseState, ExerciseText, Step, Variant
from app.catalogue.scene_tables import SceneVersion
from app.catalogue.service import revise_exercise
from app.config import ROOT
from app.database import db
from app.figures import Scene, film_file, frame_file, load_scene

SCENES = ROOT / "seed_data" / "pictures"
DRAWINGS = ROOT / "static" / "pictures"
SVG = "image/svg+xml"


class SceneDrawings:
    """A scene and the pictures that were drawn of it, stored."""

    def __init__(self, scene: Scene, by_file: Mapping[str, Picture]) -> None:
        self._scene = scene
        self.by_file = by_file

    def illustrate(self, text: ExerciseText) -> ExerciseText:
        """``text`` with the scene's picture at each step, and its films."""
        return replace(text, variants=tuple(map(self._illustrated, text.variants)))

    def _illustrated(self, variant: Variant) -> Variant:
        frames = self._scene.variants[variant.position]
        steps = tuple(
            shown_at(step, self.by_file[frame_file(number)])
            for step, number in zip(variant.steps, frames, strict=True)
        )
        for number, film in enumerate(self._scene.films, start=1):
            if variant.position in film.variants:
                return shown_moving(replace(variant, steps=steps), self.by_file[film_file(number)])
        return replace(variant, steps=steps)


def shown_at(step: Step, picture: Picture | None, alt: str = "") -> Step:
    """The step with ``picture``, or with none; ``alt`` where its own words are not wanted."""
    if picture is None:
        return Step(step.text)
    return Step(step.text, picture.sha256, alt or picture.alt, picture.width, picture.height)


def shown_moving(variant: Variant, film: Picture | None) -> Variant:
    """The variant with ``film``, or with none."""
    return replace(variant, film=film.sha256 if film else None, film_alt=film.alt if film else "")


def store_scene(slug: str, *, by: Actor, now: datetime) -> SceneDrawings | None:
    """Store the drawings of the scene ``slug``; None where there is no such scene."""
    path = SCENES / f"{slug}.json"
    if not path.exists():
        return None
    scene = load_scene(path)
    size = scene.width, scene.height
    return SceneDrawings(
        scene,
        {
            name: store_picture(
                NewPicture((DRAWINGS / slug / name).read_bytes(), SVG, *size),
                source=f"{slug}/{name}", alt=alt, by=by, now=now,
            )
            for name, alt in alts_of(scene).items()
        },
    )  # fmt: skip


def alts_of(scene: Scene) -> dict[str, str]:
    """What each picture and film of the scene shows, by its file name."""
    alts = {frame_file(n): frame.alt for n, frame in enumerate(scene.frames, start=1)}
    return alts | {film_file(n): film.alt for n, film in enumerate(scene.films, start=1)}


def store_all_scenes(*, by: Actor, now: datetime) -> dict[str, Picture]:
    """Store every drawing that there is now; gives them by their source."""
    stored: dict[str, Picture] = {}
    for slug in sorted(path.stem for path in SCENES.glob("*.json")):
        if drawings := store_scene(slug, by=by, now=now):
            stored |= {f"{slug}/{name}": picture for name, picture in drawings.by_file.items()}
    return stored


def newest_versions() -> dict[str, SceneVersion]:
    """The newest saved version of each scene that an admin posed anew, by its slug."""
    newest = select(SceneVersion.scene, func.max(SceneVersion.number)).group_by(SceneVersion.scene)
    statement = select(SceneVersion).where(
        tuple_(SceneVersion.scene, SceneVersion.number).in_(newest)
    )
    return {version.scene: version for version in db.session.scalars(statement)}


def list_drawings() -> list[Picture]:
    """The newest picture of each drawing, by its source; of a scene that was posed anew, those of
    its newest version."""
    versions = newest_versions()
    posed = find_pictures({sha for one in versions.values() for sha in one.drawings.values()})
    came = [one for one in _newest_by_source() if one.source.partition("/")[0] not in versions]
    return sorted([*came, *posed.values()], key=lambda picture: picture.source)


def _newest_by_source() -> list[Picture]:
    newest = (
        select(Picture.source, func.max(Picture.created_at).label("at"))
        .group_by(Picture.source)
        .subquery()
    )
    statement = (
        select(Picture)
        .join(newest, (newest.c.source == Picture.source) & (newest.c.at == Picture.created_at))
        .where(Picture.media_type == SVG)
    )
    return list(db.session.scalars(statement))


def renew_pictures(*, by: Actor, now: datetime) -> list[tuple[str, int]]:
    """Store what was drawn anew, and revise the exercises that show an older drawing of it.

    Gives the title and the number of each new revision.
    """
    newest = store_all_scenes(by=by, now=now)
    renewed = []
    statement = (
        select(Exercise)
        .where(Exercise.state != ExerciseState.MERGED)
        .options(joinedload(Exercise.current))
        .order_by(Exercise.id)  # as an approval locks them
    )
    for exercise in db.session.scalars(statement):
        text = exercise.text
        shown = find_pictures(text.pictures)
        variants = tuple(_renewed(variant, shown, newest) for variant in text.variants)
        if variants != text.variants:
            revision = revise_exercise(
                exercise, replace(text, variants=variants),
                based_on=exercise.current_number, by=by, now=now,
            )  # fmt: skip
            renewed.append((text.title, revision.number))
    return sorted(renewed)


def _renewed(
    variant: Variant, shown: Mapping[str, Picture], newest: Mapping[str, Picture]
) -> Variant:
    def newer(sha256: str | None) -> Picture | None:
        """The newer drawing of the same source, if there is one."""
        old = shown.get(sha256 or "")
        new = newest.get(old.source) if old else None
        return new if new and new.sha256 != sha256 else None

    steps = []
    for step in variant.steps:
        if new := newer(step.picture):
            kept = step.picture_alt if step.picture_alt != shown[step.picture or ""].alt else ""
            step = shown_at(step, new, kept)
        steps.append(step)
    moved = replace(variant, steps=tuple(steps))
    film = newer(variant.film)
    return shown_moving(moved, film) if film else moved
