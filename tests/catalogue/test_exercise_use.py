"""What uses an exercise, a copy of one, and what its revisions show."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from flask import Flask

from app.catalogue import service
from app.database import db
from tests.catalogue.support import boxes, typed
from tests.catalogue.test_retirement import address, merge
from tests.factories import Cast
from tests.plans.made import make_approved, make_plan
from tests.visitor import Visitor


def test_what_uses_an_exercise_is_counted_and_nobody_is_named(
    app: Flask, ada: Visitor, cast: Cast
) -> None:
    with app.app_context():
        make_approved(cast.theo, cast.pia)
        make_plan(cast.tess, cast.paul)
        make_approved(cast.tess, cast.paul).end()
        db.session.remove()
    wall = address(app, "wall-push-up")
    ada.open(wall).follow("What uses it")
    counts = [" ".join(dd.get_text().split()) for dd in ada.page.select("dd")]
    assert counts == ["1 plan", "1 plan"]
    assert not {"Pia", "Paul", "Theo"} & set(ada.text.split())
    merge(ada, app, "midback-stretch", into="wall-push-up")
    ada.open(f"{wall}/use")
    assert "Midback stretch" in ada.text
    ada.follow("Healthy upper back: exercises")
    assert ada.path == "/handouts/T680"


def test_a_copy_is_a_new_exercise_that_begins_with_all_of_the_old_one(
    app: Flask, ada: Visitor, midback: str
) -> None:
    ada.open(midback).follow("Start a new one from it")
    assert typed(ada)["title"] == "Copy of Midback stretch"
    ada.submit("do=publish", title="Kneeling reach")
    with app.app_context():
        old, new = service.list_exercises_by_slug(["midback-stretch", "kneeling-reach"])
        assert new.text == replace(old.text, title="Kneeling reach")
        assert (old.current_number, new.current_number) == (1, 1)
    for strange in ("x", str(uuid4()), "%00"):
        ada.open(f"/catalogue/new?copy_of={strange}")
        assert typed(ada)["title"] == ""


def test_the_list_of_revisions_shows_pictures_beside_each_other(ada: Visitor, midback: str) -> None:
    ada.open(f"{midback}/edit")
    shas = [typed(ada)[f"variants-0-steps-{n}-picture"] for n in range(3)]
    changes = {"variants-0-steps-1-picture": shas[0], "variants-0-steps-2-picture": ""}
    ada.submit("do=publish", **boxes(changes))
    newest, oldest = ada.open(f"{midback}/revisions").page.select("main section")
    assert [f.get_text(" ", strip=True) for f in newest.select("figure")] == [
        "Old picture", "New picture", "Old picture", "New picture (nothing)",
    ]  # fmt: skip
    shown = [str(img["src"]).rsplit("/", 1)[1] for img in newest.select("figure img")]
    assert shown == [shas[1], shas[0], shas[2]]
    assert not oldest.select("figure")


def test_a_film_that_changed_is_a_change(app: Flask, ada: Visitor, midback: str) -> None:
    ada.open(f"{midback}/edit").submit("do=publish", **boxes({"variants-0-film": ""}))
    newest = ada.open(f"{midback}/revisions").page.select("main section")[0]
    assert [dt.get_text() for dt in newest.select("dt")] == ["Film, kneeling"]
