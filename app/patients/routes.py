"""A patient's record: who it is about, and whether it is in the lists."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import policy
from app.access import allow, allow_on, shows, signed_in_person
from app.audit.service import About
from app.clock import now
from app.database import db
from app.errors import Conflict
from app.forms import Form
from app.patients import (
    condition_routes,
    emergency_routes,
    hand_over_routes,
    invitation_routes,
    reads,
    service,
    team_routes,
)
from app.patients.blueprint import pages
from app.patients.forms import AddPatientForm, EditPatientForm
from app.patients.models import Patient

__all__ = [
    "condition_routes",
    "emergency_routes",
    "hand_over_routes",
    "invitation_routes",
    "pages",
    "team_routes",
]


@pages.route("/patients/new", methods=["GET", "POST"])
@allow(policy.can_add_patient)
def new() -> ResponseReturnValue:
    me, form = signed_in_person(), AddPatientForm()
    namesake = None
    if form.validate_on_submit():
        name, birth_date, record_number = form.details
        if not form.sure.data:
            namesake = reads.find_namesake(me.id, name, birth_date, besides=form.row_id)
        if namesake:
            shows(About("patient", namesake.id, namesake.id))
        else:
            patient = service.add_patient(
                form.row_id, name, birth_date, record_number, by=me, now=now()
            )
            db.session.commit()
            return redirect(url_for("home.patient", patient_id=patient.id), 303)
    body = render_template(
        "patients/new.html", form=form, namesake=namesake, form_errors=form.problems
    )
    return body, 422 if form.errors else 200


@pages.route("/patients/<uuid:patient_id>/edit", methods=["GET", "POST"])
@allow_on(service.find_patient, policy.can_edit_patient)
def edit(patient: Patient) -> ResponseReturnValue:
    form = EditPatientForm(obj=patient, based_on=patient.version)
    theirs = None
    if form.validate_on_submit():
        try:
            service.edit_patient(
                patient, *form.details, based_on=form.version, by=signed_in_person(), now=now()
            )
        except Conflict:
            theirs = patient
            form.show_newest(patient)
        else:
            db.session.commit()
            return redirect(url_for("home.patient", patient_id=patient.id), 303)
    body = render_template(
        "patients/edit.html", form=form, patient=patient, theirs=theirs, form_errors=form.problems
    )
    return body, 409 if theirs else 422 if form.errors else 200


@pages.route("/patients/<uuid:patient_id>/archive", methods=["GET", "POST"])
@allow_on(service.find_patient, policy.can_keep_patient)
def archive(patient: Patient) -> ResponseReturnValue:
    """Take a patient out of the lists, or put them back; nothing of the record goes away."""
    form = Form()
    if not form.validate_on_submit():
        return render_template("patients/archive.html", patient=patient, form_errors=())
    if request.form.get("do") == "bring-back":
        service.bring_back_patient(patient, by=signed_in_person(), now=now())
        flash(_("%(name)s is in your list again.", name=patient.name), "success")
    elif request.form.get("do") == "archive":
        service.archive_patient(patient, by=signed_in_person(), now=now())
    else:
        abort(400)
    db.session.commit()
    return redirect(url_for("home.patient", patient_id=patient.id), 303)
