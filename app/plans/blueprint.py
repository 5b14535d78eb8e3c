"""The blueprint that the plan's route files share, and what every one of their pages needs."""

from __future__ import annotations

from flask import Blueprint, current_app
from flask.sansio.blueprints import BlueprintSetupState

from app.catalogue.words import KINDS, POSITIONS
from app.clock import now
from app.config import Settings
from app.plans import words
from app.plans.approval import Clinic
from app.plans.clinic_history import Facts, note_facts
from app.plans.phases import find_phases
from app.plans.reads import Moment
from app.plans.sheet import Safety
from app.plans.steps import next_dose
from app.plans.stop_words import stop_words

NOTED = "homestretch_noted_facts"

pages = Blueprint("plans", __name__)


def settings() -> Settings:
    found: Settings = current_app.extensions["homestretch_settings"]
    return found


def moment() -> Moment:
    """This instant, and the phone numbers that hold now.

    They are kept when they are news, so that what a page showed can be shown again.
    """
    instant, mine = now(), facts()
    if current_app.extensions.get(NOTED) != mine:
        note_facts(mine, instant)
        current_app.extensions[NOTED] = mine
    return Moment(instant, mine.zone, mine.safety)


def facts() -> Facts:
    mine = settings()
    return Facts(Safety(mine.clinic_phone, mine.emergency_number), mine.time_zone)


def clinic() -> Clinic:
    mine = settings()
    return Clinic(mine.clinic_name, mine.clinic_phone, mine.emergency_number)


@pages.record_once
def speak(state: BlueprintSetupState) -> None:
    """Doses, days, kinds and positions in words, for every template and macro that shows them."""
    state.app.jinja_env.globals.update(
        words=words,
        kinds=KINDS,
        positions=POSITIONS,
        stop_words=stop_words,
        find_phases=find_phases,
        next_dose=next_dose,
    )
