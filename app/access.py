"""Default deny: a view says who may use it, or nobody may. Every refusal is recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, NoReturn, TypeVar, cast
from uuid import UUID

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from app.audit.service import About, record_refusal
from app.clock import now
from app.policy import Role, is_admin, is_patient, is_therapist

View = Callable[..., ResponseReturnValue]
Thing = TypeVar("Thing")
MARK = "homestretch_access"


@dataclass(frozen=True)
class SignedIn:
    """The person behind a request, read in one statement with the session (Flask-Login's user)."""

    id: UUID
    email: str
    name: str
    roles: frozenset[Role]
    session_id: UUID
    token: str = field(repr=False)
    seen_at: datetime
    verified_at: datetime | None = None

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie: the session's token, not the person's id."""
        return self.token

    @property
    def is_admin(self) -> bool:
        return is_admin(self)

    @property
    def is_therapist(self) -> bool:
        return is_therapist(self)

    @property
    def is_patient(self) -> bool:
        return is_patient(self)


def public(view: View) -> View:
    """Anyone may use this view, signed in or not."""
    setattr(view, MARK, "public")
    return view


def allow(may: Callable[[SignedIn], bool]) -> Callable[[View], View]:
    """People for whom ``may(person)`` holds; others get 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            if not signed_in():
                return ask_to_sign_in()
            if not may(signed_in_person()):
                refuse(403, About(_kind(), None), "role")
            return view(*args, **kwargs)

        setattr(guarded, MARK, may.__name__)
        return guarded

    return decorate


def allow_on(
    find: Callable[..., Thing | None], may: Callable[[SignedIn, Thing], bool]
) -> Callable[[View], View]:
    """Load what the address names with ``find(**address parts)`` and hand it to the view.

    ``find`` takes every part, so none goes unchecked. What is hidden from this person answers
    404, like what does not exist.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**parts: Any) -> ResponseReturnValue:
            if not signed_in():
                return ask_to_sign_in()
            thing = find(**parts)
            if thing is None:
                abort(404)
            if not may(signed_in_person(), thing):
                refuse(404, _about(thing), "not theirs")
            return view(thing)

        setattr(guarded, MARK, f"{may.__name__} of {find.__name__}")
        return guarded

    return decorate


def signed_in() -> bool:
    return bool(current_user.is_authenticated)


def signed_in_person() -> SignedIn:
    """The person behind this request; only in views that are not public."""
    return cast(SignedIn, current_user._get_current_object())


def refuse(status: int, about: About, reason: str) -> NoReturn:
    """Record that this person was refused, and answer ``status``."""
    person = signed_in_person() if signed_in() else None
    record_refusal(request.endpoint or "", about, by=person, now=now(), reason=reason)
    abort(status)


def ask_to_sign_in() -> ResponseReturnValue:
    """Send a reader to the sign-in page and back; keep what a writer typed (401)."""
    record_refusal(request.endpoint or "", About(_kind()), by=None, now=now(), reason="signed out")
    if request.method in ("GET", "HEAD"):
        here = request.full_path.rstrip("?")
        return redirect(url_for("accounts.sign_in", next=here), 303)
    g.send_again = True
    return abort(401)


def init_app(app: Flask) -> None:
    """Refuse, before anything else, every view that says nothing of who may use it."""

    @app.before_request
    def require_mark() -> Response | None:
        if request.endpoint is None:
            return None
        view = current_app.view_functions[request.endpoint]
        if not hasattr(view, MARK):
            refuse(403, About(_kind()), "no rule for this view")
        return None


def _kind() -> str:
    return (request.blueprint or "")[:40]


def _about(thing: Any) -> About:
    patient = getattr(thing, "patient", thing)
    return About(
        type(thing).__name__.lower().removesuffix("handle")[:40],
        getattr(thing, "id", None),
        getattr(patient, "id", None) if hasattr(patient, "team") else None,
    )
