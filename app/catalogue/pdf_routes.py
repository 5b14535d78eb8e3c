"""A handout as PDF, for everybody."""

from __future__ import annotations

from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.access import public
from app.catalogue import service
from app.catalogue.code_box import find_readable, unknown_code
from app.catalogue.handout_routes import pages
from app.catalogue.paper import handout_document
from app.catalogue.picture_store import picture_of
from app.clock import today
from app.config import Settings
from app.paper.answer import answer, large_asked, paper_asked


@pages.get("/handouts/<code>.pdf")
@public
def handout_pdf(code: str) -> ResponseReturnValue:
    """The same for everybody, so whoever kept it only asks whether it changed.

    One that is for staff alone is kept by nobody.
    """
    found = find_readable(code)
    if found is None:
        return unknown_code(code)
    if code != found.code:
        size, letters = request.args.get("size"), request.args.get("print")
        return redirect(url_for(".handout_pdf", code=found.code, size=size, print=letters), 301)
    settings: Settings = current_app.extensions["homestretch_settings"]
    document = handout_document(
        found,
        service.list_exercises_by_slug(found.text.exercises),
        clinic=settings,
        address=settings.base_url + url_for(".handout", code=found.code),
        day=today(),
        paper=paper_asked(settings.paper),
        large=large_asked(),
        picture_of=picture_of,
    )
    caching = "no-cache" if found.is_public else "no-store"
    return answer(document, f"handout-{found.code}", caching=caching)
