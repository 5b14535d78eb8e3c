"""A handout by the code that somebody typed, and the answer to a code that leads nowhere."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app import policy
from app.access import signed_in, signed_in_person
from app.audit.service import About, record_refusal
from app.catalogue import service
from app.catalogue.models import Handout
from app.clock import now

MAX_SHOWN_CODE = 60


def find_readable(code: str) -> Handout | None:
    """The handout, where there is one and this person may read it.

    One that is hidden from them is answered like one that is not there, and recorded.
    """
    found = service.find_handout(code)
    person = signed_in_person() if signed_in() else None
    if found is None or policy.can_read_handout(person, found):
        return found
    about = About("handout", found.id)
    record_refusal(request.endpoint or "", about, by=person, now=now(), reason="staff only")
    return None


def unknown_code(typed: str) -> ResponseReturnValue:
    """The code box again, with what may help to read the paper."""
    shown = typed[:MAX_SHOWN_CODE].strip()
    return render_template("home/find.html", typed=shown, unknown=True), 404
