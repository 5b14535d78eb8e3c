"""The parts that several papers have, as plain data for the templates in templates/shared/."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from app.paper.text import Runs, rich

Part = dict[str, Any]


def frame(
    *, title: str, clinic: str, foot: Iterable[str], paper: str, large: bool, record: bool = False
) -> Part:
    """What every page needs. ``record``: say on each of them that it is not for use."""
    locale = get_locale()
    return {
        "name": title,
        "title": title,
        "clinic": clinic,
        "foot": " · ".join(foot),
        "page": _("Page"),
        "of": _("of"),
        "paper": paper,
        "large": large,
        "record": _("Record copy, not for use") if record else "",
        "lang": locale.language if locale else "en",
        "region": locale.territory if locale else None,
    }


def section(title: str, paragraphs: Iterable[str]) -> Part | None:
    """A titled part; None where nothing is to be said."""
    said = list(paragraphs)
    return {"title": title, "paragraphs": said} if said else None


def qr_code(drawing: str, title: str, words: Runs) -> Part:
    return {"drawing": drawing, "alt": title, "words": words}


def labelled(label: str, words: str) -> Runs | None:
    """A bold label with what it is about; None where there is nothing."""
    return [(label, True), (f" {words}", False)] if words else None


def exercise(number: int, title: str, **parts: Any) -> Part:
    """An exercise; what is not given is not there. ``withheld`` ones have ``when`` alone."""
    nothing: Part = {
        "dose": "",
        "when": "",
        "position": "",
        "purpose": "",
        "needs": None,
        "note": None,
        "warnings": [],
        "variants": [],
        "late": False,
        "withheld": False,
    }
    return {"number": number, "title": title, **nothing, **parts}


def variant(title: str, steps: Iterable[Any], add: Callable[[str | None], str]) -> Part:
    """One way to do it. ``steps`` have a text, a picture's SHA-256 or None, and its words."""
    return {
        "title": title,
        "steps": [
            {"text": step.text, "picture": add(step.picture), "alt": step.picture_alt}
            for step in steps
        ],
    }


def warning(sentence: str) -> Runs:
    return [(_("Warning:"), True), (f" {sentence}", True)]


def needs(equipment: Iterable[str]) -> Runs | None:
    return labelled(_("You need:"), ", ".join(equipment))


def questions(clinic: str, phone: str, emergency: str) -> Runs:
    """Whom to call; on every paper that a patient takes home."""
    return rich(
        _(
            "<strong>Questions?</strong> Call %(clinic)s: <strong>%(phone)s</strong>. "
            "In an emergency, call <strong>%(emergency)s</strong>."
        ),
        clinic=clinic,
        phone=phone,
        emergency=emergency,
    )
