"""The second factor: asked at sign in, set up there by staff, and looked after in one's account."""

from __future__ import annotations

import segno
from flask import abort, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from app import policy
from app.access import allow, public, signed_in_person
from app.accounts import devices, half_way, passkeys, second_factor, service
from app.accounts.blueprint import device_words, pages
from app.accounts.forms import CodeForm, PasskeyForm
from app.accounts.fresh import freshly_signed_in
from app.accounts.models import Account
from app.accounts.passkey_routes import added_passkey, is_passkey_right, show_codes_then
from app.accounts.rules import Asked, TooManyTries, is_staff
from app.accounts.showing import TOO_OFTEN, settings, show, tell_the_owner
from app.audit.service import Operator
from app.clock import now
from app.database import db
from app.forms import Form
from app.redirects import safe_path


@pages.route("/sign-in/code", methods=["GET", "POST"])
@public
def code() -> ResponseReturnValue:
    """After the password: a code of the app, or a recovery code."""
    account = half_way.who_is_half_way()
    if account is None or not second_factor.has_second_factor(account.id):
        return redirect(url_for(".sign_in"), 303)
    form: Form = CodeForm()
    status, device = 422, devices.known_people().get(account.id)
    if request.form.get("do") == "passkey":
        form = PasskeyForm()
        if form.validate() and is_passkey_right(account.id, form.passkey, Asked.SIGN_IN, device):
            return half_way.go_all_the_way(account)
    elif form.validate_on_submit():
        try:
            if second_factor.check_code(
                account.id, form.code.data or "", now(), keys=_keys(), device=device
            ):
                return half_way.go_all_the_way(account)
            form.code.errors = [_("This code is not right, or was used already.")]
        except TooManyTries:
            form.code.errors, status = [TOO_OFTEN], 429
    return show(
        "accounts/code.html",
        form,
        status,
        **_both(form),
        has_app=second_factor.has_app(account.id),
        has_passkeys=bool(passkeys.list_passkeys(account.id)),
    )


@pages.route("/sign-in/set-up", methods=["GET", "POST"])
@public
def set_up() -> ResponseReturnValue:
    """Staff choose their second factor before they get in for the first time."""
    account = half_way.who_is_half_way()
    if account is None or second_factor.has_second_factor(account.id):
        return redirect(url_for(".sign_in"), 303)
    by = Operator(account.id, frozenset(account.roles))
    form: Form = CodeForm()
    codes = None
    if request.form.get("do") == "passkey":
        form = PasskeyForm()
        if form.validate():
            codes = added_passkey(account.id, form.passkey, device_words(), by=by)
    elif form.validate_on_submit():
        second_factor.lock_account(account.id)
        codes = (
            []
            if second_factor.has_second_factor(account.id)
            else second_factor.set_up(
                account.id, _secret(), form.code.data or "", keys=_keys(), by=by, now=now()
            )
        )
        if codes is None:
            form.code.errors = [_wrong_code()]
    if codes is not None:
        if not codes:  # somebody else with this password was faster
            db.session.rollback()
            return redirect(url_for(".sign_in"), 303)
        then = half_way.go_all_the_way(account).location
        return show_codes_then(codes, then)
    return _set_up_page("accounts/set_up.html", form, account)


@pages.route("/account/second-factor", methods=["GET", "POST"])
@allow(policy.is_signed_in)
@freshly_signed_in
def authenticator() -> ResponseReturnValue:
    """Set it up, replace it, make new recovery codes; patients may go without."""
    me, form = signed_in_person(), CodeForm()
    account = service.find_account(me.id) or abort(404)
    do = request.form.get("do")
    if request.method == "POST":
        if do == "remove" and not is_staff(me.roles):
            second_factor.remove(account, by=me, now=now())
            db.session.commit()
            tell_the_owner(account)
            flash(_("From now on your password is enough."), "success")
            return redirect(url_for(".account"), 303)
        if do == "remove-app":
            second_factor.remove_app(account, by=me, now=now())
            db.session.commit()
            tell_the_owner(account)
            flash(
                _("The app is removed, and every other device is signed out. From now on you sign "
                  "in with a passkey."),
                "success",
            )  # fmt: skip
            return redirect(url_for(".account"), 303)
        codes = None
        if do == "codes" and second_factor.has_second_factor(me.id):
            codes = second_factor.new_recovery_codes(me.id, by=me, now=now())
        elif do == "set-up" and form.validate():
            codes = second_factor.set_up(
                me.id, _secret(), form.code.data or "", keys=_keys(), by=me, now=now()
            )
            if codes is None:
                form.code.errors = [_wrong_code()]
        elif do != "set-up":
            abort(400)
        if codes:
            db.session.commit()
            tell_the_owner(account)
            return show_codes_then(codes, url_for(".account"))
    return _set_up_page("accounts/authenticator.html", form, account)


@pages.route("/account/recovery-codes", methods=["GET", "POST"])
@allow(policy.is_signed_in)
def recovery_codes() -> ResponseReturnValue:
    """The codes that were just made, until their owner says that they are kept."""
    shown = session.get(half_way.CODES)
    if shown is None:
        return redirect(url_for(".account"), 303)
    form = Form()
    if form.validate_on_submit():
        session.pop(half_way.CODES)
        return redirect(safe_path(shown["then"]) or url_for(".account"), 303)
    return show("accounts/recovery_codes.html", form, codes=shown["codes"])


def _set_up_page(template: str, form: Form, account: Account) -> ResponseReturnValue:
    secret = _secret()
    drawing = segno.make_qr(
        second_factor.address_for_app(secret, account.email, settings().clinic_name), error="m"
    )
    return show(
        template,
        form,
        **_both(form),
        has_one=second_factor.has_second_factor(account.id),
        has_app=second_factor.has_app(account.id),
        has_passkeys=bool(passkeys.list_passkeys(account.id)),
        codes_left=second_factor.count_recovery_codes(account.id),
        may_remove=not is_staff(account.roles),
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        drawing=Markup(drawing.svg_inline(border=4, omitsize=True, svgclass="qr-drawing")),  # noqa: S704  # nosec B704: segno draws squares, and writes no text
    )


def _both(form: Form) -> dict[str, Form]:
    """The two forms of the page; one of them was sent, or none."""
    return {
        "code_form": form if isinstance(form, CodeForm) else CodeForm(formdata=None),
        "passkey_form": form if isinstance(form, PasskeyForm) else PasskeyForm(formdata=None),
    }


def _secret() -> str:
    """The secret that this browser is being shown; nothing is kept of it before its first code."""
    if half_way.SECRET not in session:
        session[half_way.SECRET] = second_factor.new_secret()
    return str(session[half_way.SECRET])


def _wrong_code() -> str:
    words: str = _("This code is not right. Enter the one that the app shows now.")
    return words


def _keys() -> tuple[str, ...]:
    return settings().second_factor_keys
