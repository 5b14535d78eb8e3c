"""Where links of mails and letters lead. GET only shows, since mail programs open links, too."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import public
from app.accounts import credentials, invitations, mails
from app.accounts.blueprint import pages
from app.accounts.forms import ChoosePasswordForm, ForgottenForm
from app.accounts.half_way import enter_or_ask
from app.accounts.links import find_link, token_of
from app.accounts.models import Account
from app.accounts.rules import Purpose
from app.accounts.showing import settings, show
from app.clock import now
from app.database import db
from app.errors import RuleBroken
from app.forms import Form
from app.mail import post_later


@pages.route("/invitations/<token>", methods=["GET", "POST"])
@public
def invitation(token: str) -> ResponseReturnValue:
    """Choose a password; the link is used up by that, and its owner is signed in."""
    link = find_link(token, Purpose.INVITATION, now())
    if link is None:
        return _gone()
    form, account = ChoosePasswordForm(), link.account
    is_first = account.is_invited
    if form.validate_on_submit() and (chosen := _chosen_hash(form, account)):
        accepted = invitations.accept_invitation(token, chosen, now())
        if accepted is None:
            return _gone()
        entered = enter_or_ask(accepted)
        if accepted.has_mail and not is_first:  # by a letter, which somebody else may hold
            post_later([mails.password_changed_mail(accepted.email, settings())], settings())
        return entered
    return show("accounts/invitation.html", form, account=account)


@pages.route("/forgotten", methods=["GET", "POST"])
@public
def forgotten() -> ResponseReturnValue:
    """The same answer for everybody; an address that is known gets a mail."""
    form = ForgottenForm()
    if not form.validate_on_submit():
        return show("accounts/forgotten.html", form)
    asked = credentials.ask_reset(form.email.data or "", now())
    if asked:
        link, is_for_somebody = asked
        address = settings().base_url + url_for(".reset", reset_token=token_of(link))
        mail = mails.reset_mail(link, address, settings())
        post_later([mail], settings(), pretend=not is_for_somebody)
    flash(_("If we know this address, a mail with a link is on its way to it. Look there now."))
    return redirect(url_for(".sign_in"), 303)


@pages.route("/reset/<reset_token>", methods=["GET", "POST"])
@public
def reset(reset_token: str) -> ResponseReturnValue:
    """Choose a password in the place of a forgotten one; then sign in with it."""
    link = find_link(reset_token, Purpose.RESET, now())
    if link is None:
        return _gone()
    form, account = ChoosePasswordForm(), link.account
    if form.validate_on_submit() and (chosen := _chosen_hash(form, account)):
        changed = credentials.reset_password(reset_token, chosen, now())
        if changed is None:
            return _gone()
        db.session.commit()
        post_later([mails.password_changed_mail(changed.email, settings())], settings())
        flash(_("Your password is changed. Sign in with it now."), "success")
        return redirect(url_for(".sign_in"), 303)
    return show("accounts/reset.html", form, account=account)


@pages.route("/new-address/<address_token>", methods=["GET", "POST"])
@public
def new_address(address_token: str) -> ResponseReturnValue:
    """The new address says yes; the old one is told."""
    link = find_link(address_token, Purpose.NEW_EMAIL, now())
    if link is None:
        return _gone()
    form = Form()
    if not form.validate_on_submit():
        return show("accounts/new_address.html", form, email=link.email)
    confirmed = credentials.confirm_email(address_token, now())
    if confirmed is None:
        return _gone()
    db.session.commit()
    account, former = confirmed
    if "@" in former:
        post_later([mails.email_changed_mail(former, settings())], settings())
    flash(_("From now on you sign in as %(email)s.", email=account.email), "success")
    return redirect(url_for("home.welcome"), 303)


def _gone() -> ResponseReturnValue:
    """Used, withdrawn, too old or never there: the same answer."""
    db.session.rollback()
    body = render_template(
        "shared/error.html",
        title=_("This link does not work any more"),
        sentence=_("It works once and for a short time. Ask for a new one, or call us."),
        status=404,
    )
    return body, 404


def _chosen_hash(form: ChoosePasswordForm, account: Account) -> str | None:
    """The hash of the password that was typed; None, and the form says why not."""
    try:
        return invitations.checked_hash(form.password.data or "", account)
    except RuleBroken as error:
        form.put_back(error, "password")
        return None
