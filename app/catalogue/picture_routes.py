"""A picture by its SHA-256: drawn ones and uploads alike (docs/decisions/0006-pictures.md)."""

from __future__ import annotations

import gzip
import re

from flask import Response, abort, current_app, request
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from werkzeug.routing import BaseConverter

from app.access import public, refuse, signed_in
from app.audit.service import About
from app.catalogue import service
from app.catalogue.handout_routes import pages
from app.catalogue.models import Exercise, Handout
from app.catalogue.picture_store import picture_of
from app.catalogue.rules import ExerciseState
from app.database import db

CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'none'; sandbox"
ONE_YEAR = 365 * 24 * 3600
"""For ever, as browsers understand it: other bytes would have another address."""
_PUBLIC = "homestretch_public_pictures"


class Sha256Converter(BaseConverter):
    """A SHA-256 in lower-case hex."""

    regex = "[0-9a-f]{64}"
    part_isolating = True


@pages.record_once
def register(state: BlueprintSetupState) -> None:
    """Before the route below: what its address and the templates need."""
    state.app.url_map.converters["sha256"] = Sha256Converter
    state.app.jinja_env.globals["picture_url"] = picture_url


def picture_url(sha256: str) -> str:
    """The address of a picture. Not by ``url_for``: a page may have dozens."""
    return f"/pictures/{sha256}"


@pages.get("/pictures/<sha256:sha256>")
@public
def picture(sha256: str) -> ResponseReturnValue:
    """Signed-in people see every picture, others those of public handouts."""
    if not signed_in() and sha256 not in _public_pictures():
        refuse(404, About("picture"), "in no public handout")
    media_type, content = picture_of(sha256) or abort(404)
    response = Response(content, mimetype=media_type)
    response.vary.add("Accept-Encoding")
    if re.search(r"\bgzip\b", request.headers.get("Accept-Encoding", "")) and _packs(media_type):
        response.set_data(gzip.compress(content, 6, mtime=0))
        response.content_encoding = "gzip"
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers["Cache-Control"] = f"private, max-age={ONE_YEAR}, immutable"
    response.headers["Content-Disposition"] = "inline"
    return response


def _packs(media_type: str) -> bool:
    """Whether bytes of this type become fewer; those of photographs are packed already."""
    return media_type == "image/svg+xml"


def _public_pictures() -> frozenset[str]:
    """Every picture and film that a public handout shows now: read once for each state."""
    state = tuple(db.session.execute(_STATE).one())
    known: tuple[object, frozenset[str]] | None = current_app.extensions.get(_PUBLIC)
    if known is None or known[0] != state:
        known = current_app.extensions[_PUBLIC] = (state, _pictures_of_handouts())
    return known[1]


# Each of these only grows, and one does whenever what a public handout shows may change.
_STATE = select(
    select(func.sum(Handout.version)).scalar_subquery(),
    select(func.sum(Exercise.current_number)).scalar_subquery(),
    select(func.count()).where(Exercise.state == ExerciseState.MERGED).scalar_subquery(),
)


def _pictures_of_handouts() -> frozenset[str]:
    public = (handout for handout in service.list_handouts() if handout.is_public)
    slugs = {slug for handout in public for slug in handout.text.exercises}
    return frozenset(
        sha256
        for exercise in service.list_exercises_by_slug(sorted(slugs))
        for sha256 in exercise.text.pictures
    )
