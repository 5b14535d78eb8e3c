"""The first page, help, each role's landing, and a patient's record with its plans."""

from __future__ import annotations

from uuid import uuid4

from flask import abort, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import literal, select

from app import policy
from app.access import allow, allow_on, public, signed_in_person
from app.catalogue.service import list_handouts
from app.clock import today
from app.config import Settings
from app.database import db
from app.home import audit_routes, caseload_routes, exercise_use_routes, find_routes
from app.home.blueprint import pages
from app.home.navigation import TEXT_SIZE_COOKIE, TEXT_SIZES, landing_of
from app.patients.models import Patient
from app.patients.rules import age_on
from app.patients.service import current_conditions, find_patient, past_conditions
from app.plans.lists import list_plans_of_patient
from app.redirects import safe_path

__all__ = ["audit_routes", "caseload_routes", "exercise_use_routes", "find_routes", "pages"]

ONE_YEAR = 365 * 24 * 3600
MOST_STARTS = 3
"""A patient's page has a button for each of so many handouts to start from."""


@pages.get("/")
@public
def welcome() -> ResponseReturnValue:
    """What this is, and the box for the code on a handout."""
    return render_template("home/welcome.html")


@pages.get("/start")
@allow(policy.is_signed_in)
def start() -> ResponseReturnValue:
    return redirect(landing_of(signed_in_person()), 303)


@pages.get("/help")
@public
def help() -> ResponseReturnValue:
    return render_template("home/help.html")


@pages.get("/health")
@public
def health() -> ResponseReturnValue:
    """For the machine that watches this one: answers only where the database does."""
    db.session.scalar(select(literal(1)))
    return {"status": "ok"}


@pages.post("/text-size")
@public
def text_size() -> ResponseReturnValue:
    """Keep the reader's text size in a cookie, and go back to the page they were on."""
    settings: Settings = current_app.extensions["homestretch_settings"]
    size = request.form.get("size", "")
    if size not in TEXT_SIZES:
        abort(400)
    back = (safe_path(request.form.get("next")) or "/").removesuffix("?")
    response = redirect(back, 303)
    response.set_cookie(
        TEXT_SIZE_COOKIE,
        size,
        max_age=ONE_YEAR,
        secure=settings.secure,
        httponly=True,
        samesite="Lax",
    )
    return response


@pages.get("/patients/<uuid:patient_id>")
@allow_on(find_patient, policy.can_see_patient)
def patient(patient: Patient) -> ResponseReturnValue:
    """A patient's record: who they are, what is true of them, their team and their plans."""
    born = patient.birth_date
    handouts = list_handouts(most=MOST_STARTS + 1)
    if len(handouts) > MOST_STARTS:
        handouts = []  # the page for a new plan has a list to choose from
    return render_template(
        "home/patient.html",
        patient=patient,
        today=today(),
        keeps=policy.can_keep_patient(signed_in_person(), patient),
        age=age_on(born, today()) if born else None,
        conditions=current_conditions(patient),
        past_conditions=past_conditions(patient),
        plans=list_plans_of_patient(patient.id),
        handouts=handouts,
        new_plan_ids=[uuid4() for _handout in handouts],
    )
