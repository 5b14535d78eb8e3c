"""The editor's pictures: chosen among the drawings or uploaded, described, published, kept."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.catalogue.models import Picture
from app.catalogue.picture_editing import ROOM
from app.catalogue.picture_store import UPLOAD, find_pictures
from app.catalogue.rules import Step, Variant
from app.database import db
from tests.access_world import COUNTED, digest
from tests.catalogue.conftest import Visit
from tests.catalogue.hostile import REFUSED, content, picture
from tests.catalogue.support import NEW, boxes, count, text_of, typed
from tests.factories import Cast
from tests.visitor import Visitor

FIRST = "variants-0-steps-0"
OPEN = f"do=picture:{FIRST}"
USE = f"do=pictured:{FIRST}"


def variant(app: Flask, address: str) -> Variant:
    return text_of(app, address)[1].variants[0]


def step(app: Flask, address: str) -> Step:
    return variant(app, address).steps[0]


def drawing(app: Flask, source: str) -> Picture:
    with app.app_context():
        found = db.session.scalars(select(Picture).where(Picture.source == source)).one()
        db.session.expunge(found)
        db.session.rollback()
        return found


def upload(
    ada: Visitor,
    file: bytes,
    name: str = "mine.png",
    *,
    expect: int = 200,
    alt: str | None = None,
    **more: Any,
) -> Visitor:
    """Choose a file for the first step and press "Use this picture"."""
    form = typed(ada) | {f"{FIRST}-upload": (BytesIO(file), name), "do": f"pictured:{FIRST}"}
    words = {} if alt is None else {f"{FIRST}-picture_alt": alt}
    return ada.send(ada.path, form | words | more, expect)


def test_the_editor_shows_each_steps_picture_and_opens_the_others_on_request(
    ada: Visitor, midback: str
) -> None:
    ada.open(f"{midback}/edit")
    assert len(ada.page.select(".picture-now img[alt]")) == 3
    assert not ada.page.select("input[type=radio][name$=picture]")
    ada.submit(OPEN, title="Another title")
    assert typed(ada)["title"] == "Another title"
    choices = ada.page.select(f"input[type=radio][name={FIRST}-picture]")
    assert len(choices) == 27  # every frame of every scene, and none
    assert len(ada.page.select(".picture-option img[alt][width][height]")) == 26
    summaries = [tag.get_text() for tag in ada.page.select("summary")]
    assert summaries[0] == "Midback stretch"
    assert len(summaries) == 6


def test_a_step_shows_the_drawing_that_was_chosen_with_its_own_words(
    app: Flask, ada: Visitor, midback: str
) -> None:
    chosen = drawing(app, "wall-push-up/2.svg")
    ada.open(f"{midback}/edit").submit(OPEN)
    ada.submit(USE, **boxes({f"{FIRST}-picture": chosen.sha256}))
    ada.submit("do=publish")
    assert step(app, midback) == Step(
        step(app, midback).text, chosen.sha256, chosen.alt, chosen.width, chosen.height
    )


def test_words_of_ones_own_stand_for_the_drawings(app: Flask, ada: Visitor, midback: str) -> None:
    chosen = drawing(app, "wall-push-up/2.svg")
    ada.open(f"{midback}/edit").submit(OPEN)
    own = {f"{FIRST}-picture": chosen.sha256, f"{FIRST}-picture_alt": "Hands on a wall."}
    ada.submit("do=publish", **boxes(own))
    assert step(app, midback).picture_alt == "Hands on a wall."


def test_a_picture_can_be_taken_away(app: Flask, ada: Visitor, midback: str) -> None:
    ada.open(f"{midback}/edit").submit(OPEN)
    ada.submit("do=publish", **boxes({f"{FIRST}-picture": ""}))
    assert step(app, midback) == Step(step(app, midback).text)


def test_a_new_exercise_gets_pictures_and_a_film(app: Flask, ada: Visitor) -> None:
    frame, film = drawing(app, "shoulder-rolls/1.svg"), drawing(app, "shoulder-rolls/film.svg")
    ada.open("/catalogue/new").submit(OPEN, **NEW)
    ada.submit(USE, **boxes({f"{FIRST}-picture": frame.sha256}))
    ada.submit("do=publish", **boxes({"variants-0-film": film.sha256}))
    made = variant(app, ada.path)
    assert made.steps[0].picture == frame.sha256
    assert (made.film, made.film_alt) == (film.sha256, film.alt)
    assert ada.tag("a[data-movement]")["href"] == f"/pictures/{film.sha256}"


@pytest.mark.parametrize("invented", ["cd" * 32, "x"])
def test_a_film_that_there_is_not_is_no_film(
    invented: str, app: Flask, ada: Visitor, midback: str
) -> None:
    ada.open(f"{midback}/edit").submit("do=publish", **boxes({"variants-0-film": invented}))
    assert variant(app, midback).film is None


# Uploads


def test_an_uploaded_picture_is_shown_described_and_published(
    app: Flask, ada: Visitor, midback: str
) -> None:
    ada.open(f"{midback}/edit").submit(OPEN)
    upload(ada, picture("PNG"), alt="A garden.", title="Garden")
    assert typed(ada)["title"] == "Garden"
    assert ada.tag(".picture-now img")["alt"] == "A garden."
    ada.submit("do=publish")
    shown = step(app, midback)
    assert (shown.picture_alt, shown.picture_width, shown.picture_height) == ("A garden.", 300, 200)
    with app.app_context():
        row = find_pictures([shown.picture or ""])[shown.picture or ""]
        assert (row.source, row.media_type, row.alt) == (UPLOAD, "image/webp", "A garden.")
        assert row.created_by is not None
        db.session.rollback()
    assert ada.client.get(f"/pictures/{shown.picture}").status_code == 200
    ada.open(f"{midback}/edit").submit("do=publish")
    assert "Nothing changed" in ada.text


def test_an_upload_is_kept_when_another_button_is_pressed(ada: Visitor, midback: str) -> None:
    ada.open(f"{midback}/edit").submit(OPEN)
    upload(ada, picture("PNG"), do="add:variants-0-steps")
    assert ada.tag(".picture-now img")["width"] == "300"
    assert ada.tag(".picture-now img")["height"] == "200"
    assert len(ada.page.select(".step-editor-row")) == 4


def test_an_uploaded_picture_needs_words_and_those_of_the_old_one_do_not_count(
    app: Flask, ada: Visitor, midback: str
) -> None:
    before = step(app, midback)
    ada.open(f"{midback}/edit").submit(OPEN)
    assert before.picture_alt
    upload(ada, picture("PNG"), do="publish", expect=422)
    assert ada.errors == ["Say what the picture shows, for people who cannot see it."]
    assert step(app, midback) == before
    ada.submit("do=publish", **boxes({f"{FIRST}-picture_alt": "A garden."}))
    assert step(app, midback).picture_alt == "A garden."


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_picture_of_ours_is_refused_beside_its_box_and_nothing_typed_is_lost(
    name: str, app: Flask, ada: Visitor, midback: str
) -> None:
    pictures = count(app, Picture)
    ada.open(f"{midback}/edit").submit(OPEN)
    upload(ada, content(name), REFUSED[name][0], do="publish", expect=422, title="Another title")
    assert len(ada.errors) == 1
    assert ada.tag(f"#{FIRST}-picture .field-error").get_text(" ", strip=True).startswith("Error:")
    assert typed(ada)["title"] == "Another title"
    assert count(app, Picture) == pictures
    assert text_of(app, midback)[0] == 1


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd.png", "a\r\nX-Evil: 1.png", "x" * 4000 + ".png", "\0.png", ".."]
)
def test_the_name_of_a_file_means_nothing(
    name: str, app: Flask, ada: Visitor, midback: str
) -> None:
    ada.open(f"{midback}/edit").submit(OPEN)
    upload(ada, picture("PNG"), name, alt="A garden.")
    ada.submit("do=publish")
    assert step(app, midback).picture_alt == "A garden."
    assert "X-Evil" not in ada.headers


def test_somewhat_too_large_is_told_at_the_box_and_far_too_large_is_not_read(
    app: Flask, ada: Visitor, midback: str
) -> None:
    ada.open(f"{midback}/edit").submit(OPEN)
    upload(ada, picture("PNG").ljust(9 * 1024 * 1024, b"\0"), expect=422)
    assert "This file is too large." in ada.errors[0]
    upload(ada, b"\0" * (ROOM + 1), expect=413)


def test_only_an_admin_may_send_that_much(visit: Visit, cast: Cast, midback: str) -> None:
    for member in (cast.theo, cast.pia, None):
        visitor = visit(member).open("/help")
        large = {
            "csrf_token": visitor.csrf_token,
            "x-upload": (BytesIO(b"\0" * 2_000_000), "x.png"),
        }
        visitor.send(f"{midback}/edit", large, expect=413)


def test_an_upload_for_a_step_that_there_is_not_changes_no_exercise(
    app: Flask, ada: Visitor, midback: str
) -> None:
    ada.open(f"{midback}/edit")
    exercises = digest(app, without=COUNTED | {"pictures", "sessions"})
    form = typed(ada) | {"variants-7-steps-7-upload": (BytesIO(picture("PNG")), "x.png"), "do": "x"}
    ada.send(f"{midback}/edit", form, expect=422)
    assert digest(app, without=COUNTED | {"pictures", "sessions"}) == exercises
