"""What the pages of accounts share: the settings, the page of a form, what became of a mail."""

from __future__ import annotations

from flask import current_app, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts import mails
from app.accounts.models import Account
from app.config import Settings
from app.forms import Form
from app.mail import Mail, Posted, post, post_later

SECRETS = ("password", "again", "code", "passkey")
TOO_OFTEN = _l("That was tried too often. Wait five minutes and try again.")


def settings() -> Settings:
    found: Settings = current_app.extensions["homestretch_settings"]
    return found


def show(template: str, form: Form, status: int = 422, **words: object) -> ResponseReturnValue:
    """The page with its form; ``status`` is for a form with errors. No secret is written back."""
    for name in SECRETS:
        if name in form:
            form[name].data = None
    body = render_template(template, form=form, form_errors=form.problems, **words)
    return body, status if form.errors else 200


def tell_the_owner(account: Account) -> None:
    """By mail, that the second step was changed; call it once that is committed."""
    if account.has_mail:
        post_later([mails.second_step_changed_mail(account.email, settings())], settings())


def post_and_tell(mail: Mail) -> None:
    """Send a mail in the name of staff, and tell them what became of it."""
    to = mail.to
    match post([mail], settings()):
        case Posted.SENT:
            flash(_("A mail is on its way to %(email)s.", email=to), "success")
        case Posted.NO_SERVER:
            flash(
                _(
                    "No mail server is set. The mail to %(email)s waits in the server’s folder.",
                    email=to,
                ),
                "info",
            )
        case Posted.KEPT:
            flash(
                _("The mail server did not take the mail to %(email)s. The mail is kept, and can "
                  "be sent again later.", email=to),
                "warning",
            )  # fmt: skip
