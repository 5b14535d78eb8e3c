"""`flask draw-figures`: draws again what is committed, and a sheet of everything."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from app import figures_cli
from app.figures import draw_all
from tests.figures.pictures import SCENES

PNG = b"\x89PNG\r\n\x1a\n"


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["draw-figures", *words])


@pytest.fixture
def drawings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to draw into, in place of the committed one."""
    folder = tmp_path / "drawings"
    monkeypatch.setattr(figures_cli, "DRAWINGS", folder)
    return folder


def test_it_draws_what_is_committed_and_says_that_nothing_changed(app: Flask) -> None:
    result = run(app, "wall-push-up")
    assert (result.exit_code, result.output) == (0, "wall-push-up: 5 drawn, 0 changed\n")


def test_without_a_name_every_scene_is_drawn(app: Flask, drawings: Path) -> None:
    assert run(app).exit_code == 0
    drawn = {
        str(path.relative_to(drawings)): path.read_text("utf-8") for path in drawings.rglob("*.*")
    }
    assert drawn == {
        f"{slug}/{name}": svg
        for slug, scene in SCENES.items()
        for name, svg in draw_all(scene).items()
    }


def test_a_drawing_that_the_scene_has_no_longer_goes(app: Flask, drawings: Path) -> None:
    old = drawings / "midback-stretch" / "9.svg"
    old.parent.mkdir(parents=True)
    old.write_text("<svg/>")
    assert run(app, "midback-stretch").output == "midback-stretch: 4 drawn, 4 changed\n"
    assert not old.exists()


def test_a_sheet_shows_every_frame_of_the_scenes_asked_for(app: Flask, tmp_path: Path) -> None:
    svg, png = tmp_path / "sheet.svg", tmp_path / "sheet.png"
    assert run(app, "resisted-rows", "--sheet", str(svg)).output == f"{svg}: 3 frames\n"
    assert svg.read_text("utf-8").count("<svg") == 4
    assert run(app, "resisted-rows", "--grey", "--sheet", str(png)).exit_code == 0
    assert png.read_bytes().startswith(PNG)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("no-such-scene",), "There are: lower-neck"),
        (("--grey",), "Give --sheet FILE, too."),
        (("--sheet", "sheet.gif"), "must end in .png or .svg"),
        (("--sheet", "/no/such/folder/sheet.svg"), "The drawing cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said(app: Flask, words: tuple[str, ...], sentence: str) -> None:
    result = run(app, *words)
    assert result.exit_code != 0
    assert sentence in result.output


def test_a_broken_scene_is_named_with_what_is_wrong(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hop.json").write_text('{"title": "Hop", "jumps": 3}')
    monkeypatch.setattr(figures_cli, "SCENES", tmp_path)
    result = run(app, "hop")
    assert result.exit_code == 1
    assert "hop.json: " in result.output
    assert "jumps" in result.output
