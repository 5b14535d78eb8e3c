"""Default deny: a view says who may use it, or nobody may. Every refusal is recorded, and so is
every look of staff at what is known about a patient."""

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

from app.audit import looks
from app.audit.service import About, record_refusal
from app.clock import now
from app.policy import Emergency, Role, is_admin, is_patient, is_staff, is_therapist

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
    emergency: Emergency | None = None

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
            if (about := _about(thing)).patient_id:
                shows(about)
            return view(thing)

        setattr(guarded, MARK, f"{may.__name__} of {find.__name__}")
        return guarded

    return decorate


def signed_in() -> bool:
    return bool(current_user.is_authenticated)


def signed_in_person() -> SignedIn:
    """The person behind this request; only in views that are not public."""
    return cast(SignedIn, current_user._get_current_object())


def shows(about: About) -> None:
    """This page shows what is known about a patient, or about several: the audit will say so."""
    g.shown = about


def shows_besides(about: About) -> None:
    """The same of a part of the page, where nothing else of the page is recorded."""
    g.setdefault("shown", about)


def emergency_shown() -> Emergency | None:
    """The emergency access that lets this person see what this page shows."""
    about: About | None = g.get("shown")
    lasting = signed_in_person().emergency if about and signed_in() else None
    return lasting if lasting and about and lasting.patient_id == about.patient_id else None


def refuse(status: int, about: About, reason: str) -> NoReturn:
    """Record that this person was refused, and answer ``status``."""
    person = signed_in_person() if signed_in() else None
    g.refused = about
    record_refusal(request.endpoint or "", about, by=person, now=now(), reason=reason)
    abort(status)


def record_unsure_form() -> None:
    """Record that a form was refused, since it is of no page that this session was given."""
    person = signed_in_person() if signed_in() else None
    record_refusal(
        request.endpoint or "", About(_kind()), by=person, now=now(), reason="not of our page"
    )


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
    looks.init_app(app)

    @app.before_request
    def require_mark() -> Response | None:
        if request.endpoint is None:
            return None
        view = current_app.view_functions[request.endpoint]
        if not hasattr(view, MARK):
            refuse(403, About(_kind()), "no rule for this view")
        return None

    @app.after_request
    def record_look(response: Response) -> Response:
        """Before the page leaves: where its row cannot be written, it does not."""
        about = g.pop("shown", None)
        if about and signed_in() and is_staff(person := signed_in_person()):
            looks.note_look(about, by=person, now=now())
        return response


def _kind() -> str:
    return (request.blueprint or "")[:40]


def _about(thing: Any) -> About:
    """A thing is called like its class, unless it says otherwise (``shown_as``)."""
    patient = getattr(thing, "patient", thing)
    kind = getattr(thing, "shown_as", "") or type(thing).__name__.lower().removesuffix("handle")
    return About(
        kind[:40],
        getattr(thing, "id", None),
        getattr(patient, "id", None) if hasattr(patient, "team") else None,
    )
