"""What every editor of an exercise has on its desk: uploads, conditions, drawings, and its page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from app.catalogue import service
from app.catalogue.checks import check_exercise
from app.catalogue.drawings import list_drawings
from app.catalogue.editing import Round, play_round
from app.catalogue.forms import ExerciseForm
from app.catalogue.hints import Sketch, find_hints
from app.catalogue.picture_editing import by_scene, form_maker, press, take_uploads
from app.catalogue.picture_store import find_pictures
from app.catalogue.rules import ExerciseText
from app.database import db

Played = Round[ExerciseForm, ExerciseText]


class EditorDesk:
    """To be opened before anything else is read: see :func:`take_uploads`."""

    def __init__(self, form: type[ExerciseForm] = ExerciseForm) -> None:
        self._form = form
        self._uploads = take_uploads()
        self.conditions = service.condition_names()
        self._drawings = list_drawings()

    def play(
        self,
        start: dict[str, Any],
        publish: Callable[[ExerciseForm, ExerciseText], ResponseReturnValue],
    ) -> Played | ResponseReturnValue:
        """One round of the editor (see :func:`play_round`)."""
        make_form = form_maker(self.conditions, self._drawings, self._uploads, self._form)
        return play_round(make_form, start, partial(press, uploads=self._uploads), _read, publish)

    def show(
        self, template: str, played: Played, slug: str = "", **more: object
    ) -> ResponseReturnValue:
        """What is shown next. ``slug`` names the exercise whose drawings come first."""
        form = played.form
        sketch = Sketch(form.data)
        page = render_template(
            template,
            form=form,
            form_errors=form.problems,
            focus=played.focus,
            text=played.text,
            grade=sketch.grade,
            hints=find_hints(sketch),
            conditions=self.conditions,
            pictures=find_pictures(form.pictures),
            drawings=by_scene(self._drawings, slug),
            **more,
        )
        db.session.commit()  # of the pictures that were uploaded
        return page, played.status


def _read(form: ExerciseForm) -> ExerciseText:
    """The typed text with its pictures, checked."""
    text = form.exercise_text(find_pictures(form.pictures))
    check_exercise(text)
    return text
