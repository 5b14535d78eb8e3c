"""What every template gets: who reads it, the way around, how it is shown. It asks no database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request

from app import policy
from app.access import SignedIn, emergency_shown, signed_in, signed_in_person
from app.config import Settings
from app.errors import N_
from app.language import language_and_direction

TEXT_SIZES = ("normal", "large", "largest")
TEXT_SIZE_COOKIE = "text-size"
MOST_ITEMS = 5


@dataclass(frozen=True)
class Place:
    """Somewhere to go: its stable address, its name (untranslated), and whom it is for."""

    path: str
    label: str
    is_for: Callable[[SignedIn], bool]
    more: tuple[str, ...] = ()

    def holds(self, path: str) -> bool:
        return any(f"{path}/".startswith(f"{start}/") for start in (self.path, *self.more))


@dataclass(frozen=True)
class NavItem:
    url: str
    label: str
    current: bool


def _needs_help_link(person: SignedIn) -> bool:
    return not policy.is_staff(person)


# In the order of the page. A patient sees three of them, a therapist and an admin four.
PLACES = (
    Place("/patients", N_("Patients"), policy.is_therapist, ("/plans", "/templates")),
    Place("/today", N_("Today"), policy.is_patient, ("/plans",)),
    Place("/catalogue", N_("Catalogue"), policy.can_read_catalogue),
    Place("/handouts", N_("Handouts"), policy.can_read_catalogue),
    Place("/people", N_("People"), policy.is_admin, ("/audit",)),
    Place("/help", N_("Help"), _needs_help_link),
    Place("/account", N_("Account"), policy.is_signed_in),
)
LESS_USED = "/handouts"  # it can be reached from the catalogue, too


def init_app(app: Flask) -> None:
    settings: Settings = app.extensions["homestretch_settings"]

    @app.context_processor
    def give_every_template() -> dict[str, Any]:
        person = signed_in_person() if signed_in() else None
        code, direction = language_and_direction()
        return {
            "settings": settings,
            "person": person,
            "emergency": emergency_shown(),
            "nav": places_of(person, request.path) if person else [],
            "home_url": landing_of(person) if person else "/",
            "text_size": text_size_of(request.cookies.get(TEXT_SIZE_COOKIE)),
            "request_id": g.get("request_id", ""),
            "language": code,
            "text_direction": direction,
        }


def places_of(person: SignedIn, path: str) -> list[NavItem]:
    """Where this person may go, at most five places; the one that ``path`` lies in is current."""
    places = [place for place in PLACES if place.is_for(person)]
    if len(places) > MOST_ITEMS:
        places = [place for place in places if place.path != LESS_USED]
    current = next((place for place in places if place.holds(path)), None)
    return [NavItem(place.path, place.label, place is current) for place in places]


def landing_of(person: SignedIn) -> str:
    """The page that somebody's work begins on."""
    if policy.is_therapist(person):
        return "/patients"
    return "/today" if policy.is_patient(person) else "/catalogue"


def text_size_of(cookie: str | None) -> str:
    """The text size that the reader chose; whatever else the cookie says is Normal."""
    return cookie if cookie in TEXT_SIZES else TEXT_SIZES[0]
