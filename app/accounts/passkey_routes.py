"""Passkeys: what a browser is asked (JSON, for our script), and the page to add and remove them."""

from __future__ import annotations

from uuid import UUID

from flask import Response, abort, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from app import policy
from app.access import allow, public, signed_in_person
from app.accounts import devices, half_way, second_factor, service
from app.accounts.blueprint import device_words, pages
from app.accounts.ceremonies import Site
from app.accounts.forms import AddPasskeyForm
from app.accounts.fresh import freshly_signed_in
from app.accounts.models import Account
from app.accounts.passkeys import (
    add_passkey,
    ask_known,
    ask_new,
    check_passkey,
    list_passkeys,
    remove_passkey,
)
from app.accounts.rules import Asked, TooManyTries, is_staff
from app.accounts.showing import TOO_OFTEN, settings, show, tell_the_owner
from app.audit.service import Actor
from app.clock import now
from app.database import db

NO_ANSWER = _l("Your browser gave us no passkey. It has to run our script; or use another way.")
NOT_RIGHT = _l("This passkey was not accepted. Try again, or use another way.")


@pages.post("/sign-in/passkey")
@public
def sign_in_passkey() -> ResponseReturnValue:
    """After the password: which of their passkeys somebody may use, or that they may make one."""
    account = half_way.who_is_half_way()
    if account is None:
        return redirect(url_for(".sign_in"), 303)
    if not second_factor.has_second_factor(account.id):
        return _question(ask_new(account, now(), site=_site()))
    return _ask_known(account.id, Asked.SIGN_IN, devices.known_people().get(account.id))


@pages.post("/account/confirm/passkey")
@allow(policy.is_signed_in)
def confirm_passkey() -> ResponseReturnValue:
    """The same for somebody who shows once more who they are."""
    me = signed_in_person()
    return _ask_known(me.id, Asked.CONFIRM, str(me.session_id))


@pages.post("/account/passkeys/new")
@allow(policy.is_signed_in)
@freshly_signed_in
def new_passkey() -> ResponseReturnValue:
    """What a browser has to know to make one."""
    account = service.find_account(signed_in_person().id) or abort(404)
    return _question(ask_new(account, now(), site=_site()))


@pages.route("/account/passkeys", methods=["GET", "POST"])
@allow(policy.is_signed_in)
@freshly_signed_in
def passkeys() -> ResponseReturnValue:
    """Add one (``do=passkey``), or remove one (``do=remove:<id>``)."""
    me = signed_in_person()
    account = service.find_account(me.id) or abort(404)
    form = AddPasskeyForm()
    do, _colon, which = request.form.get("do", "").partition(":")
    if do == "passkey" and form.validate():
        codes = added_passkey(me.id, form.passkey, form.name.data or "", by=me)
        if codes is not None:
            db.session.commit()
            tell_the_owner(account)
            flash(_("The passkey is added. You can use it from now on."), "success")
            here = url_for(".passkeys")
            return show_codes_then(codes, here) if codes else redirect(here, 303)
    elif do == "remove":
        _remove(account, which)
        return redirect(url_for(".passkeys"), 303)
    elif request.method == "POST" and do != "passkey":
        abort(400)
    if not form.is_submitted():
        form.name.data = device_words()
    return show(
        "accounts/passkeys.html",
        form,
        keys=list_passkeys(me.id),
        has_app=second_factor.has_app(me.id),
        may_remove_all=not is_staff(me.roles),
    )


def is_passkey_right(
    account_id: UUID,
    field: HiddenField,
    purpose: Asked,
    device: str | None,
    by: Actor | None = None,
) -> bool:
    """Whether the form's passkey answers what this browser was asked; else the form says so."""
    if not field.data:
        field.errors = [NO_ANSWER]
        return False
    if check_passkey(
        account_id, _taken_question(), field.data, purpose, now(),
        site=_site(), device=device, by=by,
    ):  # fmt: skip
        return True
    field.errors = [NOT_RIGHT]
    return False


def added_passkey(
    account_id: UUID, field: HiddenField, name: str, *, by: Actor
) -> list[str] | None:
    """The recovery codes that come with the form's new passkey; None, and the form says why."""
    if not field.data:
        field.errors = [NO_ANSWER]
        return None
    codes = add_passkey(
        account_id, _taken_question(), field.data, name, site=_site(), by=by, now=now()
    )
    if codes is None:
        field.errors = [NOT_RIGHT]
    return codes


def show_codes_then(codes: list[str], then: str | None) -> ResponseReturnValue:
    """They wait in the owner's cookie, so that a second click or a lost page loses none."""
    session.pop(half_way.SECRET, None)
    session[half_way.CODES] = {"codes": codes, "then": then}
    return redirect(url_for(".recovery_codes"), 303)


def _remove(account: Account, which: str) -> None:
    try:
        passkey_id = UUID(which)
    except ValueError:
        abort(404)
    is_removed = remove_passkey(account, passkey_id, by=signed_in_person(), now=now())
    db.session.commit()
    if is_removed:
        tell_the_owner(account)
        flash(_("The passkey is removed. Every other device is signed out."), "success")


def _ask_known(account_id: UUID, purpose: Asked, device: str | None) -> ResponseReturnValue:
    try:
        asked = ask_known(account_id, purpose, now(), site=_site(), device=device)
    except TooManyTries:
        return {"trouble": str(TOO_OFTEN)}, 429
    return _question(asked) if asked else abort(404)


def _question(asked: tuple[UUID, str]) -> Response:
    session[half_way.QUESTION], question = asked[0].hex, asked[1]
    return Response(question, mimetype="application/json")


def _taken_question() -> UUID | None:
    question = session.pop(half_way.QUESTION, None)
    return UUID(question) if question else None


def _site() -> Site:
    return Site.of(settings())
