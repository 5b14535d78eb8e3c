"""One's own account: what is known, and what its owner may change."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app import policy
from app.access import SignedIn, allow, signed_in_person
from app.accounts import credentials, invitations, mails, passkeys, service, sessions
from app.accounts.blueprint import pages
from app.accounts.entering import start_session
from app.accounts.forms import ChoosePasswordForm, ConfirmForm, NewEmailForm
from app.accounts.fresh import freshly_signed_in
from app.accounts.links import token_of
from app.accounts.passkey_routes import is_passkey_right
from app.accounts.rules import Asked, TooManyTries
from app.accounts.second_factor import check_code, has_second_factor
from app.accounts.showing import TOO_OFTEN, settings, show
from app.accounts.signing import check_password_of
from app.accounts.words import ROLES
from app.audit.service import About, record
from app.clock import now
from app.database import db
from app.errors import RuleBroken
from app.mail import post_later
from app.redirects import safe_path


@pages.get("/account")
@allow(policy.is_signed_in)
def account() -> ResponseReturnValue:
    me = signed_in_person()
    mine = service.find_account(me.id)
    return render_template(
        "accounts/account.html",
        me=me,
        role_names=ROLES,
        sessions=sessions.list_sessions(mine, now()) if mine else [],
        has_second_factor=has_second_factor(me.id),
    )


@pages.post("/account/sessions")
@allow(policy.is_signed_in)
def end_sessions() -> ResponseReturnValue:
    """Sign out one device (``do=end:<id>``), or all but this one; never this one."""
    me = signed_in_person()
    do, _colon, which = request.form.get("do", "").partition(":")
    if do not in ("end", "end-others"):
        abort(400)
    try:
        only = UUID(which) if do == "end" else None
    except ValueError:
        abort(404)
    ended = sessions.end_sessions(me.id, now(), only=only, besides=me.session_id)
    if ended:
        record("end-sessions", About("account", me.id), by=me, now=now(), reason=f"{ended} ended")
    db.session.commit()
    flash(
        ngettext("%(num)d device is signed out.", "%(num)d devices are signed out.", ended),
        "success",
    )
    return redirect(url_for(".account"), 303)


@pages.route("/account/confirm", methods=["GET", "POST"])
@allow(policy.is_signed_in)
def confirm() -> ResponseReturnValue:
    """Show once more who is there, before something that a thief would like to change."""
    me, form = signed_in_person(), ConfirmForm()
    asks_code = not settings().demo and has_second_factor(me.id)
    has_passkeys = asks_code and bool(passkeys.list_passkeys(me.id))
    if form.validate_on_submit():
        try:
            if _is_me(form, me, asks_code=asks_code):
                sessions.verify_session(me, now())
                db.session.commit()
                return redirect(safe_path(form.next.data) or url_for(".account"), 303)
        except TooManyTries:
            form.password.errors = [TOO_OFTEN]
    elif not form.is_submitted():
        form.next.data = safe_path(request.args.get("next"))
    return show("accounts/confirm.html", form, asks_code=asks_code, has_passkeys=has_passkeys)


def _is_me(form: ConfirmForm, me: SignedIn, *, asks_code: bool) -> bool:
    """Whether password and code are right; else the form says which one is not."""
    device = str(me.session_id)
    typed, mine = form.password.data or "", {me.id: device}
    if not check_password_of(me.email, typed, now(), devices=mine, by=me):
        form.password.errors = [_("This is not your password.")]
        return False
    if not asks_code:
        return True
    if request.form.get("do") == "passkey":
        return is_passkey_right(me.id, form.passkey, Asked.CONFIRM, device, by=me)
    code, keys = form.code.data or "", settings().second_factor_keys
    if not check_code(me.id, code, now(), keys=keys, device=device, by=me):
        form.code.errors = [_("This code is not right, or was used already.")]
        return False
    return True


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
    me, form, status = signed_in_person(), NewEmailForm(), 422
    if form.validate_on_submit():
        try:
            link, is_new = credentials.ask_new_email(
                me, form.email.data or "", id=form.row_id, now=now()
            )
        except RuleBroken as error:
            form.put_back(error, "email")
        except TooManyTries:
            form.email.errors, status = [TOO_OFTEN], 429
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
    return show("accounts/email.html", form, status, me=me)
