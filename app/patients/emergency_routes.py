"""Emergency access: asked for with a reason, ended, and seen by those who have to know of it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import policy
from app.access import allow, allow_on, shows_besides, signed_in_person
from app.accounts.limits import give_back
from app.accounts.rules import TooManyTries
from app.accounts.showing import TOO_OFTEN
from app.audit.service import About
from app.clock import now
from app.database import db
from app.errors import RuleBroken
from app.patients import emergencies
from app.patients.blueprint import pages
from app.patients.emergencies import EmergencyHandle, EmergencyNotice
from app.patients.emergency_forms import EmergencyForm
from app.patients.models import Patient


@pages.route("/patients/emergency", methods=["GET", "POST"])
@allow(policy.can_open_in_emergency)
def emergency() -> ResponseReturnValue:
    """First whose record, then why: then it is open for an hour."""
    form = EmergencyForm()
    me, found = signed_in_person(), tuple[Patient, ...]()
    if form.is_submitted():
        is_whole = form.validate()
        if form.words.errors:
            return _page(form, found)
        try:
            counted = emergencies.begin_search(me, now())
        except TooManyTries:
            form.words.errors = [TOO_OFTEN]
            return _page(form, found, 429)
        found = emergencies.find_for_emergency(form.words.data or "", me)
        form.offer(found)
        if found and request.form.get("do") == "open":
            patient = form.chosen(found)
            if patient and is_whole and _begin(form, patient):
                db.session.commit()
                give_back(counted)
                return redirect(url_for("home.patient", patient_id=patient.id), 303)
        elif not found:
            form.words.errors = [
                _("No patient of another therapist has exactly this name or record number.")
            ]
        emergencies.record_search(found, by=me, now=now())
        db.session.commit()
    return _page(form, found)


def _page(
    form: EmergencyForm, found: tuple[Patient, ...], status: int = 422
) -> ResponseReturnValue:
    body = render_template(
        "patients/emergency.html", form=form, found=found, form_errors=form.problems
    )
    return body, status if form.errors else 200


def _begin(form: EmergencyForm, patient: Patient) -> bool:
    try:
        emergencies.begin_emergency(
            form.row_id, patient, form.reason.data or "", by=signed_in_person(), now=now()
        )
    except RuleBroken as error:
        form.put_back(error, "reason")
        return False
    return True


@pages.post("/patients/emergency/end")
@allow(policy.can_open_in_emergency)
def end_emergency() -> ResponseReturnValue:
    emergencies.end_emergency(by=signed_in_person(), now=now())
    db.session.commit()
    flash(_("The emergency access has ended."), "success")
    return redirect(url_for("home.caseload"), 303)


@pages.post("/patients/emergencies/<uuid:emergency_id>/seen")
@allow_on(emergencies.find_emergency, policy.can_acknowledge_emergency)
def acknowledge_emergency(found: EmergencyHandle) -> ResponseReturnValue:
    emergencies.acknowledge_emergency(found, by=signed_in_person(), now=now())
    db.session.commit()
    return redirect(url_for("home.start"), 303)


@pages.app_template_global()
def emergencies_to_see() -> tuple[EmergencyNotice, ...]:
    """For the pages that somebody's day begins with."""
    unseen = emergencies.list_unseen_emergencies(signed_in_person())
    if unseen:
        shows_besides(About("emergency"))
    return unseen
