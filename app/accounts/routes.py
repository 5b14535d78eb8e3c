"""Signing in and out."""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import logout_user

from app import policy
from app.access import allow, public, signed_in, signed_in_person
from app.accounts import (
    account_routes,
    devices,
    link_routes,
    passkey_routes,
    people_routes,
    second_factor_routes,
    sessions,
)
from app.accounts.blueprint import pages
from app.accounts.forms import SignInForm
from app.accounts.half_way import enter_or_ask
from app.accounts.rules import TRIES_WITHIN, TooManyTries
from app.accounts.showing import TOO_OFTEN
from app.accounts.signing import check_password_of
from app.clock import now
from app.database import db
from app.redirects import safe_path

__all__ = [
    "account_routes",
    "link_routes",
    "pages",
    "passkey_routes",
    "people_routes",
    "second_factor_routes",
]


@pages.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    form = SignInForm()
    status = 422
    if form.validate_on_submit():
        try:
            account = check_password_of(
                form.email.data or "",
                form.password.data or "",
                now(),
                devices=devices.known_people(),
            )
        except TooManyTries:
            status = 429
            form.password.errors = [TOO_OFTEN]
        else:
            if account:
                return enter_or_ask(account, form.next.data, own_device=form.own_device.data)
            form.password.errors = [_("The e-mail address or the password is not right.")]
    elif not form.is_submitted():
        if signed_in():
            return redirect(url_for("home.start"), 303)
        form.next.data = safe_path(request.args.get("next"))
    form.password.data = None
    body = render_template("accounts/sign_in.html", form=form, form_errors=form.problems)
    if not form.errors:
        return body
    waiting = {"Retry-After": str(int(TRIES_WITHIN.total_seconds()))} if status == 429 else {}
    return body, status, waiting


@pages.post("/sign-out")
@allow(policy.is_signed_in)
def sign_out() -> ResponseReturnValue:
    sessions.sign_out(signed_in_person(), now())
    db.session.commit()
    logout_user()
    session.clear()
    response = redirect(url_for("home.welcome"), 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
