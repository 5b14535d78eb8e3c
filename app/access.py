"""Default deny: a view says who may use it, or nobody may. Every refusal is recorded."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn, ParamSpec, Protocol, TypeVar, cast
from uuid import UUID

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts.service import SignedIn
from app.audit.service import About, record_refusal
from app.clock import now

P = ParamSpec("P")
View = Callable[..., ResponseReturnValue]
Thing = TypeVar("Thing")
MARK = "homestretch_access"


class Found(Protocol):
    """A thing that an address names."""

    @property
    def id(self) -> UUID: ...


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
        type(thing).__name__.lower()[:40],
        getattr(thing, "id", None),
        getattr(patient, "id", None) if hasattr(patient, "team") else None,
    )
