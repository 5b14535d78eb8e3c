"""Scenes and their versions: the one that comes with Homestretch, and those that an admin saved.

Version 1 is the scene's file. Saved versions begin at 2 and never change; a new file changes what
version 1 shows and nothing else (docs/decisions/0008-pose-editor.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from uuid import UUID, uuid4

from sqlalchemy import select

from app.accounts.models import Account
from app.audit.service import About, Actor, record
from app.catalogue.drawings import SCENES, SVG, alts_of, newest_versions
from app.catalogue.picture_store import NewPicture, store_picture
from app.catalogue.revisions import insert_unique
from app.catalogue.scene_tables import SceneVersion
from app.database import db
from app.errors import Conflict
from app.figures import Scene, check_sizes, draw_all, load_scene, scene_from_data, scene_to_data


@dataclass(frozen=True)
class KnownScene:
    """One version of a scene. Nobody saved number 1, so it has no ``at``, ``by`` or ``drawings``:
    the SHA-256 of its pictures by file name."""

    slug: str
    scene: Scene
    number: int = 1
    at: datetime | None = None
    by: str = ""
    drawings: Mapping[str, str] = field(default_factory=dict)


def list_scenes() -> list[KnownScene]:
    """The newest version of every scene, by slug."""
    saved = newest_versions()
    return [
        _saved(saved[slug]) if slug in saved else KnownScene(slug, _file(slug))
        for slug in sorted({*_slugs(), *saved})
    ]


def find_scene(slug: str, number: int | None = None) -> KnownScene | None:
    """The scene's newest version, or that of this number."""
    if number == 1:
        return KnownScene(slug, _file(slug)) if slug in _slugs() else None
    statement = (
        select(SceneVersion, Account.name)
        .outerjoin(Account, Account.id == SceneVersion.created_by)
        .where(SceneVersion.scene == slug)
        .order_by(SceneVersion.number.desc())
        .limit(1)
    )
    if number is not None:
        statement = statement.where(SceneVersion.number == number)
    if found := db.session.execute(statement).first():
        return _saved(found[0], found[1] or "")
    return find_scene(slug, 1) if number is None else None


def draw_for_keeping(scene: Scene) -> dict[str, str]:
    """All pictures and films by file name. Raises RuleBroken where one cannot be drawn, or grows
    too large to send. It takes a while: nobody should wait for a transaction meanwhile."""
    drawn = draw_all(scene)
    check_sizes(drawn)
    return drawn


def save_scene(
    slug: str, scene: Scene, drawn: Mapping[str, str], *, based_on: int, by: Actor, now: datetime,
    id: UUID,
) -> KnownScene:  # fmt: skip
    """Keep ``scene``, drawn as ``drawn``, as the next version of ``slug``.

    What stands there already is returned as it is, also to a stale edit: the second click of a
    double click has succeeded. Any other stale edit is a Conflict.
    """
    standing = find_scene(slug)
    if standing and standing.scene == scene:
        return standing
    number = standing.number if standing else 1
    if number != based_on:
        raise Conflict(standing)
    row = SceneVersion(
        id=id if db.session.get(SceneVersion, id) is None else uuid4(),
        scene=slug,
        number=number + 1,
        data=scene_to_data(scene),
        drawings=_stored(f"{slug}/v{number + 1}", scene, drawn, by=by, now=now),
        created_at=now,
        created_by=by.id,
    )
    if not insert_unique(row):
        theirs = find_scene(slug)
        if theirs and theirs.scene == scene:
            return theirs
        raise Conflict(theirs)
    record("save-scene", About("scene", row.id), by=by, now=now, reason=f"{slug} {row.number}")
    return _saved(row)


def _stored(
    source: str, scene: Scene, drawn: Mapping[str, str], *, by: Actor, now: datetime
) -> dict[str, str]:
    alts = alts_of(scene)
    return {
        name: store_picture(
            NewPicture(svg.encode(), SVG, scene.width, scene.height),
            source=f"{source}/{name}", alt=alts[name], by=by, now=now,
        ).sha256
        for name, svg in drawn.items()
    }  # fmt: skip


def _saved(row: SceneVersion, by: str = "") -> KnownScene:
    scene = scene_from_data(row.data)
    return KnownScene(row.scene, scene, row.number, row.created_at, by, row.drawings)


def _slugs() -> frozenset[str]:
    return frozenset(path.stem for path in SCENES.glob("*.json"))


@cache
def _file(slug: str) -> Scene:
    """Read once: a file changes only when the program does."""
    return load_scene(SCENES / f"{slug}.json")
