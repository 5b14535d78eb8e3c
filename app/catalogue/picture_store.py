"""Pictures by the SHA-256 of their bytes: a frozen row each, and the bytes on a shelf."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import bindparam, select

from app.audit.service import About, Actor, record
from app.catalogue.models import Picture
from app.catalogue.picture_bytes import Shelf, open_shelf
from app.catalogue.revisions import insert_unique
from app.config import Settings
from app.database import db

UPLOAD = "upload"
"""The source of a picture that somebody uploaded; others name the drawing that they are."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class NewPicture:
    """Bytes that are known to be a picture of this type and this many pixels."""

    content: bytes
    media_type: str
    width: int
    height: int


def store_picture(new: NewPicture, *, source: str, alt: str, by: Actor, now: datetime) -> Picture:
    """Keep a picture for ever. The same bytes again give the row that is there.

    The bytes are written first: bytes without a row do no harm, a row without bytes would.
    """
    sha256 = hashlib.sha256(new.content).hexdigest()
    if there := db.session.get(Picture, sha256):
        return there
    _shelf().put(sha256, new.content)
    picture = Picture(
        sha256=sha256,
        media_type=new.media_type,
        width=new.width,
        height=new.height,
        size=len(new.content),
        source=source,
        alt=alt,
        created_at=now,
        created_by=by.id,
    )
    if not insert_unique(picture):
        return db.session.get_one(Picture, sha256)
    record("add-picture", About("picture"), by=by, now=now, reason=f"{source} {sha256}")
    return picture


def find_pictures(shas: Collection[str]) -> dict[str, Picture]:
    """The pictures with these SHA-256, by it; what is none of ours is left out."""
    if not shas:
        return {}
    found = db.session.scalars(select(Picture).where(Picture.sha256.in_(shas)))
    return {picture.sha256: picture for picture in found}


_TYPE = select(Picture.media_type).where(Picture.sha256 == bindparam("sha256"))


def picture_of(sha256: str) -> tuple[str, bytes] | None:
    """Media type and bytes; None where there is no such picture, or its bytes are not its own."""
    media_type = db.session.scalar(_TYPE, {"sha256": sha256})
    if media_type is None:
        return None
    content = _shelf().get(sha256)
    if content is None or hashlib.sha256(content).hexdigest() != sha256:
        log.error("picture %s is %s", sha256, "missing" if content is None else "damaged")
        return None
    return media_type, content


def _shelf() -> Shelf:
    """The application's shelf, opened on its first use."""
    extensions = current_app.extensions
    if "homestretch_pictures" not in extensions:
        settings: Settings = extensions["homestretch_settings"]
        shelf = open_shelf(settings.picture_store_url, settings.instance_dir)
        extensions["homestretch_pictures"] = shelf
    found: Shelf = extensions["homestretch_pictures"]
    return found
