"""A therapist's patients: the list, the record, conditions and care team."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import policy
from app.access import allow, allow_on, signed_in_person
from app.accounts.models import Account
from app.catalogue.models import Condition
from app.catalogue.service import list_conditions
from app.clock import now
from app.database import db
from app.errors import Conflict, RuleBroken
from app.paging import page_asked_for
from app.patients import reads, service
from app.patients.forms import (
    AddPatientForm,
    ChangeTeamForm,
    EditPatientForm,
    FindPatientForm,
    NoteConditionForm,
)
from app.patients.models import Patient

pages = Blueprint("patients", __name__)


@pages.route("/patients", methods=["GET", "POST"])
@allow(policy.can_list_patients)
def index() -> ResponseReturnValue:
    """The list; a search is sent by POST, so that no name stands in an address."""
    me, form = signed_in_person(), FindPatientForm()
    words = form.words.data if form.validate_on_submit() else ""
    if words:
        page = reads.search_my_patients(me.id, words)
    else:
        page = reads.list_my_patients(me.id, page_asked_for())
    body = render_template(
        "patients/index.html", form=form, page=page, words=words, form_errors=form.problems
    )
    return body, 422 if form.errors else 200


@pages.route("/patients/new", methods=["GET", "POST"])
@allow(policy.can_add_patient)
def new() -> ResponseReturnValue:
    me, form = signed_in_person(), AddPatientForm()
    namesake = None
    if form.validate_on_submit():
        name, birth_date, record_number = form.details
        if not form.sure.data:
            namesake = reads.find_namesake(me.id, name, birth_date, besides=form.row_id)
        if namesake is None:
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


@pages.route("/patients/<uuid:patient_id>/conditions", methods=["GET", "POST"])
@allow_on(service.find_patient, policy.can_edit_patient)
def conditions(patient: Patient) -> ResponseReturnValue:
    """Note a condition, end one, or put one back that was ended."""
    form = NoteConditionForm()
    known = list_conditions()
    current = {noted.condition_id for noted in service.current_conditions(patient)}
    form.offer(condition for condition in known if condition.id not in current)
    if form.validate_on_submit() and _change_conditions(patient, form, known):
        db.session.commit()
        return redirect(url_for("home.patient", patient_id=patient.id) + "#conditions", 303)
    body = render_template(
        "patients/conditions.html",
        form=form,
        patient=patient,
        current=service.current_conditions(patient),
        past=service.past_conditions(patient),
        form_errors=form.problems,
    )
    return body, 422 if form.errors else 200


def _change_conditions(patient: Patient, form: NoteConditionForm, known: list[Condition]) -> bool:
    """Do what the button says; False where the form has to be shown again."""
    me = signed_in_person()
    do, row_id = _button()
    if do == "note":
        chosen = next((c for c in known if str(c.id) == form.condition.data), None)
        if chosen is None:
            form.condition.errors = [_("Choose a condition from the list.")]
            return False
        service.note_condition(patient, chosen, by=me, now=now())
        return True
    noted = next((noted for noted in patient.conditions if str(noted.id) == row_id), None)
    if noted is None:
        abort(404)
    if do == "end":
        service.end_condition(patient, noted, by=me, now=now())
        flash(_("Ended. You can put it back below."), "success")
    elif do == "put-back":
        service.note_condition(patient, noted.condition, by=me, now=now())
    else:
        abort(400)
    return True


@pages.route("/patients/<uuid:patient_id>/care-team", methods=["GET", "POST"])
@allow_on(service.find_patient, policy.can_edit_patient)
def care_team(patient: Patient) -> ResponseReturnValue:
    """Add a therapist to the team, or take one off it."""
    form = ChangeTeamForm()
    therapists = reads.list_therapists()
    form.offer(therapist for therapist in therapists if therapist.id not in patient.team)
    leaving = False
    if form.validate_on_submit():
        me = signed_in_person()
        do, member_id = _button()
        leaving = do == "remove" and member_id == str(me.id) and "sure" not in request.form
        if not leaving and _change_team(patient, form, therapists):
            db.session.commit()
            if do == "remove" and member_id == str(me.id):
                flash(_("You are no longer on this patient's care team."), "success")
                return redirect(url_for("patients.index"), 303)
            return redirect(url_for("patients.care_team", patient_id=patient.id), 303)
    body = render_template(
        "patients/care_team.html",
        form=form,
        patient=patient,
        leaving=leaving,
        form_errors=form.problems,
    )
    return body, 422 if form.errors else 200


def _change_team(patient: Patient, form: ChangeTeamForm, therapists: list[Account]) -> bool:
    """Do what the button says; False where the form has to be shown again."""
    me = signed_in_person()
    do, member_id = _button()
    if do == "add":
        chosen = next((t for t in therapists if str(t.id) == form.therapist.data), None)
        if chosen is None:
            form.therapist.errors = [_("Choose a therapist from the list.")]
            return False
        service.add_to_team(patient, chosen, by=me, now=now())
        return True
    if do != "remove":
        abort(400)
    try:
        service.remove_from_team(patient, UUID(member_id), by=me, now=now())
    except RuleBroken as error:
        form.put_back(error, "therapist")
        return False
    except ValueError:
        abort(404)
    return True


def _button() -> tuple[str, str]:
    """What the pressed button does, and to which row: ``do=end:<id>``."""
    do, _colon, row_id = request.form.get("do", "").partition(":")
    return do, row_id
