"""Signing in and out, one's own account, and the list of people."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_user, logout_user

from app import policy
from app.access import allow, public, shows, signed_in, signed_in_person
from app.accounts import service
from app.accounts.forms import FindPersonForm, SignInForm
from app.accounts.words import ROLES
from app.audit.service import About
from app.clock import now
from app.database import db
from app.paging import page_asked_for
from app.redirects import safe_path

pages = Blueprint("accounts", __name__)


@pages.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    form = SignInForm()
    if form.validate_on_submit():
        former = signed_in_person() if signed_in() else None
        person = service.sign_in(
            form.email.data or "", form.password.data or "", now(), instead_of=former
        )
        if person:
            db.session.commit()
            session.clear()
            login_user(person)
            return redirect(safe_path(form.next.data) or url_for("home.start"), 303)
        form.password.errors = [_("The e-mail address or the password is not right.")]
    elif not form.is_submitted():
        if signed_in():
            return redirect(url_for("home.start"), 303)
        form.next.data = safe_path(request.args.get("next"))
    form.password.data = None
    status = 422 if form.errors else 200
    return render_template("accounts/sign_in.html", form=form, form_errors=form.problems), status


@pages.post("/sign-out")
@allow(policy.is_signed_in)
def sign_out() -> ResponseReturnValue:
    service.sign_out(signed_in_person(), now())
    db.session.commit()
    logout_user()
    session.clear()
    response = redirect(url_for("home.welcome"), 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@pages.get("/account")
@allow(policy.is_signed_in)
def account() -> ResponseReturnValue:
    return render_template("accounts/account.html", me=signed_in_person(), role_names=ROLES)


@pages.route("/people", methods=["GET", "POST"])
@allow(policy.is_admin)
def people() -> ResponseReturnValue:
    """The list; a search is sent by POST, so that no name stands in an address."""
    shows(About("people"))
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
