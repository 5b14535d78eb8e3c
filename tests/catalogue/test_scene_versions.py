"""Versions of a scene: their pictures can be chosen, and nothing that was kept ever changes."""

from __future__ import annotations

import threading
from collections import Counter

from flask import Flask
from sqlalchemy import select

from app.catalogue import scenes
from app.catalogue.drawings import list_drawings
from app.catalogue.models import Picture
from app.catalogue.picture_store import picture_of
from app.catalogue.scene_tables import SceneVersion
from app.database import db
from app.figures import draw_frame, scene_from_data
from tests.access_world import COUNTED, digest
from tests.catalogue.conftest import Visit
from tests.catalogue.scene_desk import HAND, ROLLS, SAVE, WALL, desk, saved
from tests.catalogue.support import audited, boxes, count, text_of, typed
from tests.factories import Cast
from tests.figures.pictures import SCENES
from tests.visitor import Visitor


def test_saving_makes_a_version_whose_pictures_can_be_chosen(app: Flask, ada: Visitor) -> None:
    ada.open(WALL).submit("Draw again", **boxes(HAND)).submit(SAVE, alt="Hands in the air.")
    assert "Version 2 is saved." in ada.text
    known = saved(app)
    assert (known.number, known.by) == (2, "Ada")
    assert known.scene.frames[0].alt == "Hands in the air."
    with app.app_context():
        media_type, content = picture_of(known.drawings["1.svg"]) or ("", b"")
        assert (media_type, content.decode()) == ("image/svg+xml", draw_frame(known.scene, 1))
        rows = {row.source: row for row in db.session.scalars(select(Picture))}
        new = rows["wall-push-up/v2/1.svg"]
        assert (new.alt, new.width, new.created_by is None) == ("Hands in the air.", 300, False)
        assert "wall-push-up/v2/2.svg" not in rows, "nobody changed it: the same bytes"
        listed = [one.sha256 for one in list_drawings()]
        assert rows["wall-push-up/1.svg"].sha256 not in listed
        assert set(known.drawings.values()) <= set(listed)
        assert len(listed) == 26 + 7
        assert len(audited("save-scene")) == 1
        db.session.rollback()


def test_an_exercise_keeps_its_pictures_until_somebody_chooses_the_new_one(
    app: Flask, ada: Visitor
) -> None:
    ada.open("/catalogue").follow("Wall push-up")
    address = ada.path
    before = text_of(app, address)
    ada.open(f"{address}/edit").follow("Change the drawing")
    assert ada.path.startswith(WALL)
    everything = digest(app, without=COUNTED | {"sessions", "pictures", "scene_versions"})
    ada.submit(SAVE, **boxes(HAND))
    assert text_of(app, address) == before
    without = COUNTED | {"sessions", "pictures", "scene_versions"}
    assert digest(app, without=without) == everything
    result = app.test_cli_runner().invoke(args=["update-pictures"])
    assert result.output == "Every picture is up to date.\n"
    new = saved(app).drawings["1.svg"]
    place = "variants-0-steps-0"
    ada.open(f"{address}/edit").submit(f"do=picture:{place}")
    ada.submit("do=publish", **boxes({f"{place}-picture": new}))
    assert text_of(app, address)[1].variants[0].steps[0].picture == new
    assert text_of(app, address)[1].variants[0].steps[1] == before[1].variants[0].steps[1]
    assert app.test_cli_runner().invoke(args=["update-pictures"]).output == result.output
    assert text_of(app, address)[1].variants[0].steps[0].picture == new


def test_saving_twice_makes_one_version_and_nothing_new_makes_none(
    app: Flask, ada: Visitor
) -> None:
    ada.open(WALL).submit(SAVE)
    assert "Nothing changed" in ada.text
    ada.submit("Draw again", **boxes(HAND))
    again = typed(ada) | {"do": "save"}
    ada.submit(SAVE)
    ada.send(WALL, again)
    assert count(app, SceneVersion) == 1
    assert saved(app).number == 2


def test_whoever_saves_second_sees_both_and_loses_nothing(
    app: Flask, ada: Visitor, visit: Visit, cast: Cast
) -> None:
    second = visit(cast.ada).open(WALL)
    ada.open(f"{WALL}?picture=2").submit("Picture 1", alt="Hers, too.")
    ada.submit(SAVE, alt="Hers.", **boxes(HAND))
    second.submit(SAVE, expect=409, alt="The other's.", **boxes({"pelvis-y": "70"}))
    assert "Ada saved version 2" in second.text
    theirs = [str(picture["alt"]) for picture in second.page.select(".their-pictures img")]
    assert theirs == ["Hers.", "Hers, too."]
    assert second.value_of("alt") == "The other's."
    assert count(app, SceneVersion) == 1
    second.submit(SAVE)
    known = saved(app)
    assert (known.number, known.scene.frames[0].alt) == (3, "The other's.")
    with app.app_context():
        old = scenes.find_scene("wall-push-up", 2)
        assert old is not None
        assert old.scene.frames[0].alt == "Hers."
        assert picture_of(old.drawings["1.svg"])
        db.session.rollback()


def test_of_two_at_the_same_moment_one_saves_and_the_other_is_told(
    app: Flask, ada: Visitor
) -> None:
    """Each of them clicks twice."""
    ada.open(WALL)
    cookie = ada.client.get_cookie("homestretch")
    assert cookie is not None
    gate, statuses = threading.Barrier(4), Counter[int]()

    def send(words: str, form: dict[str, str]) -> None:
        client = app.test_client()
        client.set_cookie("homestretch", cookie.value)
        gate.wait()
        statuses[client.post(WALL, data=form | {"do": "save", "alt": words}).status_code] += 1

    threads = [
        threading.Thread(target=send, args=(words, typed(ada)))
        for words in ("Hers.", "The other's.") * 2
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == {303: 2, 409: 2}
    assert count(app, SceneVersion) == 1


def test_an_old_version_opens_and_can_be_saved_again(app: Flask, ada: Visitor) -> None:
    ada.open(WALL).submit(SAVE, **boxes(HAND)).follow("As it came")
    assert "This is version 1, not the newest." in ada.text
    assert desk(ada) == SCENES["wall-push-up"]
    assert "not the newest" not in ada.submit(SAVE).text
    known = saved(app)
    assert (known.number, known.scene) == (3, SCENES["wall-push-up"])
    with app.app_context():
        assert len(list_drawings()) == 26 + 7
        db.session.rollback()
    ada.open(f"{WALL}?version=9", expect=404)
    ada.open("/catalogue/scenes/..%2Fconditions", expect=404)


def test_a_kept_scene_is_read_as_it_was_saved(app: Flask, ada: Visitor) -> None:
    ada.open(ROLLS).submit("Add an arrow").submit(SAVE)
    with app.app_context():
        read = scene_from_data(db.session.scalars(select(SceneVersion)).one().data)
        db.session.rollback()
    assert read == saved(app, "shoulder-rolls").scene
