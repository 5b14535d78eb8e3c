"""The answer to somebody who asks for a PDF: once made, or "unchanged", or "come back soon"."""

from __future__ import annotations

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.paper.document import Document
from app.paper.press import Busy, Press

PRESS = Press()
LARGE = "large"
PAPERS = ("a4", "letter")


def paper_asked(usual: str) -> str:
    """``?size=``: the paper's format, the clinic's usual one where nothing sensible is asked."""
    asked = request.args.get("size", "")
    return asked if asked in PAPERS else usual


def large_asked() -> bool:
    """``?print=``: whether the letters are to be large."""
    return request.args.get("print") == LARGE


def answer(document: Document, name: str, *, caching: str = "no-store") -> ResponseReturnValue:
    """The PDF as a download called ``name``; 304 without making it where the reader has it."""
    response = Response(mimetype="application/pdf")
    response.set_etag(document.fingerprint)
    response.headers["Cache-Control"] = caching
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    if request.if_none_match.contains(document.fingerprint):
        response.status_code = 304
        return response
    try:
        response.set_data(PRESS.print(document))
    except Busy as busy:
        page = render_template(
            "shared/error.html",
            title=_("Many people are printing right now"),
            sentence=_("Please try again in a few seconds."),
            status=503,
        )
        return page, 503, {"Retry-After": str(busy.seconds)}
    return response
