"""Pictures in the exercise editor: what was uploaded, what was chosen, what there is to choose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from flask import request
from flask_babel import gettext as _

from app import policy
from app.access import signed_in, signed_in_person
from app.catalogue.forms import EXERCISE_ROWS, ExerciseForm
from app.catalogue.handout_routes import pages
from app.catalogue.models import Picture
from app.catalogue.picture_store import UPLOAD, NewPicture, store_picture
from app.catalogue.rowclicks import click
from app.catalogue.rules import MAX_SENTENCE
from app.catalogue.uploads import MAX_BYTES, read_upload
from app.clock import now
from app.database import db
from app.errors import RuleBroken
from app.forms import one_line
from app.wording import sentence_of

EDITORS = ("catalogue.new", "catalogue.edit", "catalogue.edit_draft")
ROOM = 2 * MAX_BYTES + 2 * 1024 * 1024
"""A file that is somewhat too large is still told so beside its box, with all that was typed."""

MAX_UPLOADS = 4
"""Files in one request. The page offers one."""


@pages.url_value_preprocessor
def make_room(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let an admin's editor, and nobody else, send more than a form of words is long."""
    if endpoint in EDITORS and signed_in() and policy.can_edit_catalogue(signed_in_person()):
        request.max_content_length = ROOM


@dataclass(frozen=True)
class Uploads:
    """What came with this request, by the step's place: pictures, stored, and refusals."""

    taken: dict[str, Picture] = field(default_factory=dict)
    refused: dict[str, RuleBroken] = field(default_factory=dict)


def take_uploads() -> Uploads:
    """Decode and store what was uploaded. To be called before anything else is read: decoding
    takes a while, and nobody waits for this transaction meanwhile."""
    uploads = Uploads()
    files = [(name, file) for name, file in request.files.items() if file.filename]
    read: dict[str, NewPicture] = {}
    if files:
        db.session.rollback()
    for name, file in files[:MAX_UPLOADS]:
        place = name.removesuffix("-upload")
        try:
            read[place] = read_upload(file.stream)
        except RuleBroken as refusal:
            uploads.refused[place] = refusal
    for place, new in read.items():
        uploads.taken[place] = store_picture(
            new, source=UPLOAD, alt=_words_for(place), by=signed_in_person(), now=now()
        )
    return uploads


def _words_for(place: str) -> str:
    """What was typed of the new picture; the words that stood there are the old one's."""
    typed, old = (
        one_line(request.form.get(f"{place}-{box}")) for box in ("picture_alt", "shown_alt")
    )
    return typed[:MAX_SENTENCE] if typed != old else ""


def form_maker(
    conditions: Mapping[str, str],
    drawings: list[Picture],
    uploads: Uploads,
    form_class: type[ExerciseForm] = ExerciseForm,
) -> Callable[..., ExerciseForm]:
    """What makes the editor's form, with the uploads in it where it is the one that was sent."""
    films = {film.sha256: f"{scene_title(film)}: {film.alt}" for film in drawings if film.is_film}

    def make(**given: Any) -> ExerciseForm:
        form = form_class(conditions, films, **given)
        if request.method == "POST" and "formdata" not in given:
            for place, step in form.steps.items():
                step.settle(uploads.taken.get(place))
        for place, refusal in uploads.refused.items():
            if step_form := form.steps.get(place):
                step_form.picture.errors = [sentence_of(refusal)]
        return form

    return make


def press(values: dict[str, Any], button: str, uploads: Uploads) -> str | None:
    """What a button of the editor does, as :func:`click`; some open and close the pictures."""
    if uploads.refused:
        return f"{next(iter(uploads.refused))}-picture"
    verb, _colon, place = button.partition(":")
    match verb:
        case "picture":
            return f"{place}-picture"
        case "pictured":
            return place
    return click(values, button, EXERCISE_ROWS)


def by_scene(drawings: list[Picture], first: str) -> list[tuple[str, list[Picture]]]:
    """The frames to choose from under their scenes' titles, those of the slug ``first`` first."""
    frames = sorted((d for d in drawings if not d.is_film), key=lambda d: _place(d, first))
    return [(title, list(group)) for title, group in groupby(frames, scene_title)]


def scene_title(picture: Picture) -> str:
    """What the drawing is of, from its slug: "Wall push-up"."""
    slug = picture.source.partition("/")[0]
    return slug.replace("-", " ").capitalize() or _("Drawing")


def _place(picture: Picture, first: str) -> tuple[bool, str, int, str]:
    slug, name = picture.source.partition("/")[0], picture.source.rpartition("/")[2]
    return slug != first, slug, len(name), name
