"""The pages of a patient's record; several modules add to them."""

from __future__ import annotations

from flask import Blueprint, request

from app.patients.models import PatientCondition
from app.patients.words import condition_words

pages = Blueprint("patients", __name__)


def pressed() -> tuple[str, str]:
    """What the pressed button does, and to which row: ``do=end:<id>``."""
    do, _colon, row_id = request.form.get("do", "").partition(":")
    return do, row_id


@pages.app_template_filter("condition_name")
def condition_name(noted: PatientCondition) -> str:
    """As plans name it in their warnings."""
    return condition_words(noted.condition.name, noted.facts.side)
