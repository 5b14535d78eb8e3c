"""Commands for pictures: draw them from their scenes, and take new drawings into the catalogue."""

from __future__ import annotations

import json
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

from app.catalogue.drawings import DRAWINGS, SCENES
from app.errors import NOT_READY, RuleBroken
from app.figures import Scene, contact_sheet, draw_all, load_scene

SHEET_PPI = 200


@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option(
    "--sheet",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar="FILE",
    help="Draw one sheet of all frames, 36 mm wide each, to FILE (.png or .svg), and nothing else.",
)
@click.option("--grey", is_flag=True, help="Draw the sheet as a black-and-white printer does.")
def draw_figures(slugs: tuple[str, ...], sheet: Path | None, grey: bool) -> None:
    """Draw the frames and films of scenes into static/pictures/.

    SLUG names a scene of seed_data/pictures/; without one all are drawn. Plans never change by
    this: `flask update-pictures` makes new exercise revisions of what was drawn anew.
    """
    if grey and sheet is None:
        raise click.UsageError("--grey is for a sheet. Give --sheet FILE, too.")
    if sheet is not None and sheet.suffix.lower() not in (".png", ".svg"):
        raise click.BadParameter("the file's name must end in .png or .svg.", param_hint="--sheet")
    scenes = {slug: _load(slug) for slug in slugs or _all_slugs()}
    try:
        if sheet is not None:
            _write_sheet(sheet, contact_sheet(scenes.values(), grey))
            click.echo(f"{sheet}: {sum(len(s.frames) for s in scenes.values())} frames")
        else:
            for slug, scene in scenes.items():
                click.echo(_write_drawings(DRAWINGS / slug, scene))
    except OSError as error:
        raise click.ClickException(f"The drawing cannot be written: {error}.") from error


def update_pictures() -> None:
    """Publish a new exercise revision wherever a drawing in use was drawn anew.

    Plans keep the revision, and so the pictures, that they have until their therapist takes over
    the new one. Pictures that an admin chose or uploaded are left alone.
    """
    from app.audit.service import Operator
    from app.catalogue.drawings import renew_pictures
    from app.clock import now
    from app.database import db

    try:
        renewed = renew_pictures(by=Operator(), now=now())
        db.session.commit()
    except DBAPIError as error:
        raise click.ClickException(NOT_READY) from error
    for title, number in renewed:
        click.echo(f"{title}: revision {number}")
    if not renewed:
        click.echo("Every picture is up to date.")


def _all_slugs() -> list[str]:
    return sorted(path.stem for path in SCENES.glob("*.json"))


def _load(slug: str) -> Scene:
    if slug not in _all_slugs():
        known = ", ".join(_all_slugs())
        raise click.BadParameter(f"there is no scene {slug!r}. There are: {known}.")
    try:
        return load_scene(SCENES / f"{slug}.json")
    except RuleBroken as error:
        raise click.ClickException(f"{slug}.json: {error}") from error


def _write_drawings(folder: Path, scene: Scene) -> str:
    """Make ``folder`` hold the scene's drawings and no other; gives a line about it."""
    drawn = draw_all(scene)
    folder.mkdir(parents=True, exist_ok=True)
    there = {path.name: path.read_bytes() for path in folder.glob("*.svg")}
    changed = [name for name, svg in drawn.items() if there.get(name) != svg.encode()]
    for name in changed:
        (folder / name).write_text(drawn[name], encoding="utf-8", newline="\n")
    for name in there.keys() - drawn.keys():
        (folder / name).unlink()
    return f"{folder.name}: {len(drawn)} drawn, {len(changed)} changed"


def _write_sheet(path: Path, svg: str) -> None:
    if path.suffix.lower() == ".svg":
        path.write_text(svg, encoding="utf-8", newline="\n")
        return
    import typst  # its SVG renderer is resvg; it is here for the paper anyway

    picture = json.dumps(svg, ensure_ascii=False)
    page = f"#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes({picture}))"
    path.write_bytes(typst.compile(page.encode(), format="png", ppi=SHEET_PPI))
