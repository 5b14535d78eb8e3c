"""Tagging many exercises at once."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app import policy
from app.access import allow, signed_in_person
from app.catalogue.draft_routes import is_reviewed
from app.catalogue.handout_routes import pages
from app.catalogue.search import known_tags, read_wanted, search_exercises
from app.catalogue.search_words import Facet
from app.catalogue.tag_forms import TagForm
from app.catalogue.tagging import MAX_TAGGED, Tagged, change_tags
from app.catalogue.words import GOALS
from app.clock import now
from app.database import db
from app.errors import RuleBroken
from app.paging import page_asked_for


@pages.route("/catalogue/tags", methods=["GET", "POST"])
@allow(policy.can_edit_catalogue)
def tags() -> ResponseReturnValue:
    """The search's list, to be ticked."""
    form, wanted = TagForm(), read_wanted(request.args, after=page_asked_for())
    if is_reviewed():
        form.leave_to_review()
    if form.validate_on_submit():
        remove = request.form.get("do") == "remove"
        try:
            done = change_tags(form.ids, form.tag, remove=remove, by=signed_in_person(), now=now())
        except RuleBroken as error:
            form.put_back(error, "value")
        else:
            db.session.commit()
            _tell(done)
            return redirect(url_for(".tags", after=wanted.after, **wanted.parameters), 303)
    found = search_exercises(wanted, MAX_TAGGED)
    shown = {str(exercise.id) for exercise in found.page.items}
    page = render_template(
        "catalogue/tags.html",
        form=form,
        form_errors=form.problems,
        found=found,
        ticked=shown if request.args.get("all") else set(form.exercises.data or ()),
        known=sorted({*known_tags(Facet.AREA, Facet.EQUIPMENT), *map(str, GOALS.values())}),
    )
    return page, 422 if form.problems else 200


def _tell(done: Tagged) -> None:
    said = [
        ngettext("%(num)s exercise is changed.", "%(num)s exercises are changed.", done.changed)
    ]
    if done.unchanged:
        said.append(ngettext("%(num)s was so already.", "%(num)s were so already.", done.unchanged))
    flash(" ".join(said), "success" if done.changed else "info")
    if done.refused:
        titles = ", ".join(done.refused)
        sentence = _("Left as they are, because something would be missing: %(titles)s.",
                     titles=titles)  # fmt: skip
        flash(sentence, "warning")
