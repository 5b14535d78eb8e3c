"""The blueprint that the plan's route files share, and what every one of their pages needs."""

from __future__ import annotations

from flask import Blueprint, current_app

from app.catalogue.words import KINDS, POSITIONS
from app.clock import now
from app.config import Settings
from app.plans import words
from app.plans.approval import Clinic
from app.plans.reads import Moment
from app.plans.sheet import Safety

pages = Blueprint("plans", __name__)


def settings() -> Settings:
    found: Settings = current_app.extensions["homestretch_settings"]
    return found


def moment() -> Moment:
    """This instant, and the phone numbers that hold now."""
    mine = settings()
    return Moment(now(), mine.time_zone, Safety(mine.clinic_phone, mine.emergency_number))


def clinic() -> Clinic:
    mine = settings()
    return Clinic(mine.clinic_name, mine.clinic_phone, mine.emergency_number)


@pages.app_context_processor
def words_of_plans() -> dict[str, object]:
    """Doses and days in words, for every template that shows them."""
    return {"words": words, "kinds": KINDS, "positions": POSITIONS}
