"""The pose editor: the list of scenes, and one of them on the desk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from app import policy
from app.access import allow, signed_in_person
from app.catalogue import scene_words
from app.catalogue.drawings import list_drawings
from app.catalogue.forms import whole_number
from app.catalogue.handout_routes import pages
from app.catalogue.posing import Desk, edited, fields_of, is_even, pressed
from app.catalogue.posing_views import STAGE, camera_of, dragged, drawn, handles_in, read_drags
from app.catalogue.scene_forms import SceneForm, desk_fields
from app.catalogue.scenes import (
    KnownScene,
    draw_for_keeping,
    find_scene,
    list_scenes,
    save_scene,
)
from app.clock import now
from app.database import db
from app.errors import Conflict, RuleBroken
from app.figures import Frame, frame_file, scene_from_text, scene_to_text

MOST_VERSIONS = 12
"""Older versions that the page links to."""


@dataclass
class Round:
    """What the page shows next. ``theirs`` is what somebody else saved meanwhile."""

    form: SceneForm
    desk: Desk
    theirs: KnownScene | None = None

    @property
    def their_pictures(self) -> list[tuple[int, Frame, str]]:
        """What they drew otherwise: number, frame and the picture's SHA-256."""
        if self.theirs is None:
            return []
        return [
            (number, frame, self.theirs.drawings[frame_file(number)])
            for number, frame in enumerate(self.theirs.scene.frames, start=1)
            if frame not in self.desk.scene.frames[number - 1 : number]
        ]

    @property
    def status(self) -> int:
        return 409 if self.theirs else 422 if self.form.problems else 200


@pages.get("/catalogue/scenes")
@allow(policy.can_edit_catalogue)
def scenes() -> ResponseReturnValue:
    pictures = {picture.source: picture.sha256 for picture in list_drawings()}
    listed = [
        (one, one.drawings.get(frame_file(1)) or pictures.get(f"{one.slug}/{frame_file(1)}"))
        for one in list_scenes()
    ]
    return render_template("catalogue/scenes.html", scenes=listed)


@pages.route("/catalogue/scenes/<slug>", methods=["GET", "POST"])
@allow(policy.can_edit_catalogue)
def scene(slug: str) -> ResponseReturnValue:
    newest = find_scene(slug) or abort(404)
    if request.method == "POST":
        db.session.rollback()  # drawing takes a while: nobody waits for this transaction
        return _play(newest)
    version = whole_number(request.args.get("version"), 1)
    shown = (find_scene(slug, version) or abort(404)) if version else newest
    last = len(shown.scene.frames)
    number = whole_number(request.args.get("picture"), 1, last) or 1
    return _page(newest, _begin(newest, Desk(shown.scene, number)), shown.number)


def _begin(newest: KnownScene, desk: Desk) -> Round:
    """The editor as it is opened."""
    desk = replace(desk, alike=is_even(desk.frame.pose))
    return Round(SceneForm(formdata=None, data=desk_fields(desk, "", newest.number)), desk)


def _play(newest: KnownScene) -> ResponseReturnValue:
    """Take what was sent and say what comes next. Whatever button it was, nothing is lost."""
    form = SceneForm()
    try:
        desk = form.desk()
        try:
            played = _work(newest.slug, form, desk)
            return _page(newest, played) if isinstance(played, Round) else played
        except RuleBroken as error:
            form.put_back(error, "thing")
            return _page(newest, Round(form, desk))
    except RuleBroken as error:  # no page of ours sends such a scene
        played = _begin(newest, Desk(newest.scene))
        played.form.put_back(error, "alt")
        return _page(newest, played)


def _work(slug: str, form: SceneForm, desk: Desk) -> Round | ResponseReturnValue:
    """Do what the boxes, the handle and the button say; an answer where all is done."""
    button, based_on = request.form.get("do", "draw"), whole_number(form.based_on.data) or 0
    if button == "undo" and form.before.data:
        scene = scene_from_text(form.before.data)
        after = replace(desk, scene=scene, number=min(desk.number, len(scene.frames)))
    elif form.validate():
        after = edited(desk, form.data)
        for drag in read_drags(form.drag.data):
            after = dragged(after, drag)
        after = pressed(after.tidy(), button, form.thing.data or "")
    else:
        return Round(form, desk)
    before = form.before.data or ""
    if after.number != desk.number:
        before = ""
    elif after.scene != desk.scene:
        before = scene_to_text(desk.scene)
    played = Round(SceneForm(formdata=None, data=desk_fields(after, before, based_on)), after)
    if button == "save":
        try:
            return _save(slug, after, based_on, form.row_id)
        except Conflict as conflict:
            db.session.rollback()
            played.theirs = cast(KnownScene, conflict.theirs)
            played.form.based_on.data = str(played.theirs.number)
    return played


def _save(slug: str, desk: Desk, based_on: int, id: UUID) -> ResponseReturnValue:
    drawings = draw_for_keeping(desk.scene)
    saved = save_scene(
        slug, desk.scene, drawings, based_on=based_on, id=id, by=signed_in_person(), now=now()
    )
    db.session.commit()
    if saved.number == based_on:
        flash(_("Nothing changed: the drawing is the same as before."), "info")
    else:
        said = _("Version %(number)s is saved. No exercise shows it yet.", number=saved.number)
        flash(said, "success")
    return redirect(url_for(".scene", slug=slug, picture=desk.number), 303)


def _page(newest: KnownScene, played: Round, opened: int = 0) -> ResponseReturnValue:
    """``opened`` is the version that was opened just now."""
    form, desk = played.form, played.desk
    pictures = drawn(desk, {view: str(scene_words.VIEWS[view]) for view in ("side", "front")})
    size = {"picture": (desk.scene.width, desk.scene.height)}
    stages = [
        {
            "view": view,
            "label": scene_words.VIEWS[view],
            "size": size.get(view, STAGE),
            "scale": camera_of(desk, view).scale,
            "drawing": Markup(pictures[view]),  # noqa: S704  # nosec B704: app.figures escapes what it writes
            "handles": handles_in(desk, view),
        }
        for view in ("side", "front", "picture")
    ]
    older = range(max(1, newest.number - MOST_VERSIONS), newest.number)
    page = render_template(
        "catalogue/scene.html",
        newest=newest,
        opened=opened or newest.number,
        older=older,
        form=form,
        form_errors=form.problems,
        desk=desk,
        rows=fields_of(desk),
        stages=stages,
        theirs=played.theirs,
        their_pictures=played.their_pictures,
        said=scene_words,
    )
    return page, played.status
