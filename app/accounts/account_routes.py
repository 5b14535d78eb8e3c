"""One's own account: what is known, and what its owner may change."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import policy
from app.access import allow, signed_in_person
from app.accounts import credentials, invitations, mails, service, sessions
from app.accounts.blueprint import pages
from app.accounts.entering import start_session
from app.accounts.forms import ChoosePasswordForm, ConfirmForm, NewEmailForm
from app.accounts.fresh import freshly_signed_in
from app.accounts.links import token_of
from app.accounts.rules import TooManyTries
from app.accounts.showing import settings, show
from app.accounts.signing import check_password_of
from app.accounts.words import ROLES
from app.clock import now
from app.database import db
from app.errors import RuleBroken
from app.mail import post_later
from app.redirects import safe_path


@pages.get("/account")
@allow(policy.is_signed_in)
def account() -> ResponseReturnValue:
    return render_template("accounts/account.html", me=signed_in_person(), role_names=ROLES)


@pages.route("/account/confirm", methods=["GET", "POST"])
@allow(policy.is_signed_in)
def confirm() -> ResponseReturnValue:
    """Show once more who is there, before something that a thief would like to change."""
    me, form = signed_in_person(), ConfirmForm()
    if form.validate_on_submit():
        try:
            known = {me.id: str(me.session_id)}
            if check_password_of(me.email, form.password.data or "", now(), devices=known):
                sessions.verify_session(me, now())
                db.session.commit()
                return redirect(safe_path(form.next.data) or url_for(".account"), 303)
            form.password.errors = [_("This is not your password.")]
        except TooManyTries:
            form.password.errors = [_("That was tried too often. Wait five minutes and try again.")]
    elif not form.is_submitted():
        form.next.data = safe_path(request.args.get("next"))
    return show("accounts/confirm.html", form)


@pages.route("/account/password", methods=["GET", "POST"])
@allow(policy.is_signed_in)
@freshly_signed_in
def password() -> ResponseReturnValue:
    me, form = signed_in_person(), ChoosePasswordForm()
    if form.validate_on_submit():
        mine = service.find_account(me.id)
        try:
            chosen = invitations.checked_hash(form.password.data or "", mine) if mine else ""
        except RuleBroken as error:
            form.put_back(error, "password")
        else:
            changed = credentials.change_password(me, chosen, now())
            start_session(changed)
            if changed.has_mail:
                post_later([mails.password_changed_mail(changed.email, settings())], settings())
            flash(_("Your password is changed. Every other device is signed out."), "success")
            return redirect(url_for(".account"), 303)
    return show("accounts/password.html", form)


@pages.route("/account/email", methods=["GET", "POST"])
@allow(policy.is_signed_in)
@freshly_signed_in
def email() -> ResponseReturnValue:
    """The new address gets a link; until somebody opens it, nothing changes."""
    me, form = signed_in_person(), NewEmailForm()
    if form.validate_on_submit():
        try:
            link, is_new = credentials.ask_new_email(
                me, form.email.data or "", id=form.row_id, now=now()
            )
        except RuleBroken as error:
            form.put_back(error, "email")
        else:
            taken = service.find_by_email(link.email) is not None
            db.session.commit()
            address = settings().base_url + url_for(".new_address", address_token=token_of(link))
            told = (
                mails.taken_email_mail(link.email, settings())
                if taken
                else mails.new_email_mail(link, address, settings())
            )
            if is_new:
                post_later([told], settings())
            flash(_("We sent a mail to %(email)s. Open the link in it.", email=link.email))
            return redirect(url_for(".account"), 303)
    return show("accounts/email.html", form, me=me)
