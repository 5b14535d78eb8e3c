"""Every failure becomes a page with plain words, a request id and a way on."""

from __future__ import annotations

import logging

from flask import Flask, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, SecurityError

from app.access import record_unsure_form, signed_in, signed_in_person
from app.accounts.emergencies import had_emergency
from app.audit.service import About
from app.database import db
from app.errors import Conflict, RuleBroken
from app.forms import typed_fields
from app.wording import sentence_of

log = logging.getLogger("homestretch.failures")


def init_app(app: Flask) -> None:
    app.register_error_handler(CSRFError, _unsure_who_sent_it)
    app.register_error_handler(SecurityError, _not_our_host)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(RuleBroken, _rule_broken)
    app.register_error_handler(Conflict, _conflict)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(Exception, _unexpected)


def page(status: int, title: str, sentence: str) -> ResponseReturnValue:
    """The failure page. What was begun is rolled back before it is drawn."""
    db.session.rollback()
    body = render_template("shared/error.html", title=title, sentence=sentence, status=status)
    return body, status


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or (error.code or 500) < 400:
        return error.get_response()
    if isinstance(cause := getattr(error, "original_exception", None), OperationalError):
        return _database_away(cause)
    if g.get("send_again"):
        return _send_again(401)
    if error.code == 404 and request.method == "POST" and _has_emergency_ended():
        return _send_again(403, emergency_ended=True)
    title, sentence = {
        400: (_("We could not read that"), _("Go back, check what you entered and try again.")),
        403: (_("You may not open this page"), _("It is for people with another role.")),
        404: (
            _("We could not find this page"),
            _("Check the address, or start again from the first page."),
        ),
        405: (_("This page cannot do that"), _("Go back and use the buttons of the page.")),
        413: (_("That was too much at once"), _("Send a shorter text or a smaller file.")),
    }.get(error.code or 500, (_("That did not work"), _("Go back and try again.")))
    return page(error.code or 500, title, sentence)


def _not_our_host(error: SecurityError) -> ResponseReturnValue:
    """Asked under a name that is not this site's: a page's links would need the right one."""
    return _("There is no such site here."), 400, {"Content-Type": "text/plain; charset=utf-8"}


def _unsure_who_sent_it(error: CSRFError) -> ResponseReturnValue:
    """The form's token is missing or old. Our own page may offer to send the same words again."""
    record_unsure_form()
    if request.headers.get("Origin", "").rstrip("/") == request.host_url.rstrip("/"):
        return _send_again(400)
    return page(
        400,
        _("We could not be sure that this came from you"),
        _("Open the page again and repeat what you did."),
    )


def _send_again(status: int, *, emergency_ended: bool = False) -> ResponseReturnValue:
    """Show what was typed, ready to be sent again: nothing is lost when a session ends."""
    db.session.rollback()
    typed = typed_fields(without=("password", "again", "code", "passkey"))
    body = render_template(
        "shared/send_again.html",
        typed=typed,
        signed_out=not signed_in(),
        emergency_ended=emergency_ended,
    )
    return body, status


def _has_emergency_ended() -> bool:
    """Whether this was refused only since an emergency access is over."""
    about: About | None = g.get("refused")
    if about is None or about.patient_id is None or not signed_in():
        return False
    me = signed_in_person()
    lasts = me.emergency is not None and me.emergency.patient_id == about.patient_id
    return not lasts and had_emergency(me.session_id, about.patient_id)


def _rule_broken(error: RuleBroken) -> ResponseReturnValue:
    return page(422, _("That cannot be done"), sentence_of(error))


def _conflict(error: Conflict) -> ResponseReturnValue:
    return page(
        409,
        _("Somebody else changed this at the same time"),
        _("Go back, open the page again and look at what they saved."),
    )


def _database_away(error: OperationalError) -> ResponseReturnValue:
    log.error("database unavailable, request %s", g.get("request_id", ""), exc_info=error)
    return page(503, _("We cannot reach our records right now"), _("Please try again in a minute."))


def _unexpected(error: Exception) -> ResponseReturnValue:
    if current_app.testing:
        raise error
    log.error("unexpected, request %s", g.get("request_id", ""), exc_info=error)
    return page(
        500, _("Something went wrong on our side"), _("Nothing was saved. Please try again.")
    )
