"""/pictures/<sha256>: who sees which picture, and what keeps a picture from being anything else."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import event
from werkzeug.test import TestResponse

from app.audit.service import Operator
from app.catalogue import service
from app.catalogue.drawings import list_drawings, shown_at
from app.catalogue.picture_store import NewPicture, find_pictures, store_picture
from app.database import db
from app.responses import HEADERS
from tests.access_world import audit_rows, last_audit_seq, refusals_of_strangers
from tests.factories import Cast, CastMember
from tests.support import NOON
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]
UPLOADED = b"\x89PNG and so on"
SHA = hashlib.sha256(UPLOADED).hexdigest()


@pytest.fixture
def drawn(app: Flask) -> str:
    """A picture that the public handout shows."""
    with app.app_context():
        text = service.list_exercises_by_slug(["midback-stretch"])[0].text
        db.session.rollback()
    return text.variants[0].steps[0].picture or ""


@pytest.fixture
def uploaded(app: Flask) -> str:
    """A picture that no exercise shows."""
    with app.app_context():
        new = NewPicture(UPLOADED, "image/png", 30, 20)
        store_picture(new, source="upload", alt="A test", by=Operator(), now=NOON)
        db.session.commit()
    return SHA


def show(app: Flask, sha256: str) -> None:
    """Publish a revision of an exercise of the handout that shows this picture."""
    with app.app_context():
        exercise = service.list_exercises_by_slug(["midback-stretch"])[0]
        text = exercise.text
        first, *others = text.variants[0].steps
        step = shown_at(first, find_pictures([sha256])[sha256])
        variant = replace(text.variants[0], steps=(step, *others))
        service.revise_exercise(
            exercise, replace(text, variants=(variant,)), based_on=exercise.current_number,
            by=Operator(), now=NOON,
        )  # fmt: skip
        db.session.commit()


def get(visitor: Visitor, sha256: str, **headers: str) -> TestResponse:
    return visitor.client.get(f"/pictures/{sha256}", headers=headers)


@pytest.mark.parametrize("name", ["ada", "theo", "pia"])
def test_signed_in_people_see_every_picture(
    name: str, visit: Visit, cast: Cast, uploaded: str
) -> None:
    response = get(visit(getattr(cast, name)), uploaded)
    assert (response.status_code, response.mimetype) == (200, "image/png")
    assert response.get_data() == UPLOADED


def test_a_stranger_sees_what_a_public_handout_shows(visit: Visit, drawn: str) -> None:
    response = get(visit(None), drawn)
    assert (response.status_code, response.mimetype) == (200, "image/svg+xml")
    assert hashlib.sha256(response.get_data()).hexdigest() == drawn


def test_a_stranger_sees_the_pictures_and_films_of_the_handouts_page(visit: Visit) -> None:
    stranger = visit(None).open("/handouts/T680")
    addresses = {str(tag["src"]) for tag in stranger.page.select("main img")}
    addresses |= {str(tag["href"]) for tag in stranger.page.select("a[data-movement]")}
    assert len(addresses) > 20
    assert {stranger.client.get(address).status_code for address in addresses} == {200}


def test_to_a_stranger_any_other_picture_is_not_there_and_the_refusal_is_recorded(
    app: Flask, visit: Visit, uploaded: str
) -> None:
    seen, counted = last_audit_seq(app), refusals_of_strangers(app)
    absent = get(visit(None), "ab" * 32)
    hidden = get(visit(None), uploaded)
    assert (absent.status_code, hidden.status_code) == (404, 404)
    assert UPLOADED not in hidden.get_data()
    rows = audit_rows(app, seen)
    assert [(row.action, row.outcome) for row in rows] == [("catalogue.picture", "refused")]
    assert refusals_of_strangers(app) == counted + 2, "the second is counted with the first"


def test_a_picture_becomes_public_with_the_revision_that_shows_it_and_ceases_with_the_next(
    app: Flask, visit: Visit, uploaded: str, drawn: str
) -> None:
    stranger = visit(None)
    assert get(stranger, uploaded).status_code == 404
    show(app, uploaded)
    assert get(stranger, uploaded).status_code == 200
    assert get(stranger, drawn).status_code == 404
    show(app, drawn)
    assert get(stranger, uploaded).status_code == 404


def test_a_picture_is_a_picture_and_nothing_else(visit: Visit, cast: Cast, drawn: str) -> None:
    for response in (get(visit(cast.pia), drawn), get(visit(None), drawn)):
        headers = response.headers
        own = headers.getlist("Content-Security-Policy")
        assert own == ["default-src 'none'; style-src 'none'; sandbox"]
        for name, value in HEADERS.items():
            assert headers[name] == (own[0] if name == "Content-Security-Policy" else value), name
        assert headers["Cache-Control"] == "private, max-age=31536000, immutable"
        assert "Set-Cookie" not in headers


def test_a_drawing_travels_compressed_to_whoever_can_unpack_it(visit: Visit, drawn: str) -> None:
    packed = get(visit(None), drawn, **{"Accept-Encoding": "gzip, br"})
    plain = get(visit(None), drawn, **{"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert "accept-encoding" in packed.vary.as_set() & plain.vary.as_set()
    assert gzip.decompress(packed.get_data()) == plain.get_data()
    assert len(packed.get_data()) < 4000


@pytest.mark.parametrize("wrong", ["", "ab", "AB" * 32, "ab" * 33, "..%2f" * 13, "zz" * 32])
def test_what_is_no_sha256_is_no_address(wrong: str, visit: Visit, cast: Cast) -> None:
    assert get(visit(cast.ada), wrong).status_code == 404


def test_a_picture_whose_bytes_are_gone_is_not_found(
    app: Flask, visit: Visit, cast: Cast, drawn: str
) -> None:
    class Empty:
        def put(self, sha256: str, content: bytes) -> None: ...

        def get(self, sha256: str) -> bytes | None:
            return None

    app.extensions["homestretch_pictures"] = Empty()
    assert get(visit(cast.pia), drawn).status_code == 404


def test_a_picture_takes_two_statements(app: Flask, visit: Visit, cast: Cast, drawn: str) -> None:
    pia, stranger = visit(cast.pia), visit(None)
    get(stranger, drawn)  # what is public is known until the catalogue changes
    said: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *seen: said.append(seen[2]))
    for visitor in (pia, stranger):
        said.clear()
        assert get(visitor, drawn).status_code == 200
        assert len(said) == 2, said


def test_every_drawing_can_be_had(app: Flask, visit: Visit, cast: Cast) -> None:
    with app.app_context():
        shas = [picture.sha256 for picture in list_drawings()]
        db.session.rollback()
    ada = visit(cast.ada)
    assert len(shas) == 33
    assert {get(ada, sha).status_code for sha in shas} == {200}
