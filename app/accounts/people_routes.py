"""The list of people, for administrators."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app import policy
from app.access import allow
from app.accounts import service
from app.accounts.blueprint import pages
from app.accounts.forms import FindPersonForm
from app.accounts.words import ROLES
from app.paging import page_asked_for


@pages.route("/people", methods=["GET", "POST"])
@allow(policy.is_admin)
def people() -> ResponseReturnValue:
    """The list; a search is sent by POST, so that no name stands in an address."""
    form = FindPersonForm()
    words = form.words.data if form.validate_on_submit() else ""
    page = service.search_people(words) if words else service.list_people(page_asked_for())
    body = render_template(
        "accounts/people.html",
        form=form,
        page=page,
        words=words,
        role_names=ROLES,
        form_errors=form.problems,
    )
    return body, 422 if form.errors else 200
