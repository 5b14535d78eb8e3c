"""One round of an editor, the same for exercises and handouts: row buttons, preview, publish."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request
from flask.typing import ResponseReturnValue

from app.catalogue.forms import ExerciseForm, put_back_at
from app.catalogue.handout_forms import HandoutForm
from app.errors import Conflict, RuleBroken

EditorForm = TypeVar("EditorForm", bound=ExerciseForm | HandoutForm)
Text = TypeVar("Text")


@dataclass
class Round(Generic[EditorForm, Text]):
    """What the page shows next.

    ``text`` is what was typed, where it may be published; ``focus`` the place that a row button
    changed; ``is_stale`` that somebody else published meanwhile. The form then says that it is
    based on what they published, so that the next press of the button replaces it knowingly.
    """

    form: EditorForm
    text: Text | None = None
    focus: str = ""
    is_stale: bool = False

    @property
    def status(self) -> int:
        return 409 if self.is_stale else 422 if self.form.problems else 200


def play_round(
    make_form: Callable[..., EditorForm],
    start: dict[str, Any],
    press: Callable[[dict[str, Any], str], str | None],
    read: Callable[[EditorForm], Text],
    publish: Callable[[EditorForm, Text], ResponseReturnValue],
) -> Round[EditorForm, Text] | ResponseReturnValue:
    """Take what was sent, if anything was, and say what comes next; an answer if all is done.

    ``press`` does what a row button says to the form's values, ``read`` makes the checked value,
    ``publish`` saves it. Whatever button it was, what was typed is still there.
    """
    if request.method != "POST":
        return Round(make_form(data=start))
    form = make_form()
    button = request.form.get("do", "")
    values = form.data
    if focus := press(values, button):
        return Round(make_form(formdata=None, data=values), focus=focus)
    played: Round[EditorForm, Text] = Round(form)
    if form.validate():
        try:
            played.text = read(form)
            if button == "publish":
                return publish(form, played.text)
        except RuleBroken as error:
            put_back_at(form, error, "title")
        except Conflict as conflict:
            played.is_stale = True
            form.based_on.data = str(getattr(conflict.theirs, "number", ""))
    return played
