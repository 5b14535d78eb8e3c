"""How a patient gets in: the page, and the letter with the link as a QR code."""

from __future__ import annotations

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import policy
from app.access import allow_on, signed_in_person
from app.accounts.links import token_of
from app.accounts.mails import invitation_mail
from app.accounts.models import Link
from app.accounts.paper import invitation_document
from app.accounts.showing import post_and_tell
from app.clock import day_of, now, today
from app.config import Settings
from app.database import db
from app.errors import RuleBroken
from app.paper.answer import answer, large_asked, paper_asked
from app.patients import invitations, service
from app.patients.blueprint import pages
from app.patients.forms import InvitePatientForm
from app.patients.models import Patient


@pages.route("/patients/<uuid:patient_id>/invitation", methods=["GET", "POST"])
@allow_on(service.find_patient, policy.can_invite_patient)
def invitation(patient: Patient) -> ResponseReturnValue:
    """Invite by mail or by letter, send once more, withdraw."""
    person = patient.person
    form = InvitePatientForm(email=person.email if person and person.has_mail else "")
    if form.is_submitted() and (done := _do(patient, form)):
        return done
    body = render_template(
        "patients/invitation.html",
        form=form,
        patient=patient,
        link=invitations.open_invitation(patient, now()),
        form_errors=form.problems,
    )
    return body, 422 if form.errors else 200


@pages.get("/patients/<uuid:patient_id>/invitation.pdf")
@allow_on(service.find_patient, policy.can_invite_patient)
def invitation_pdf(patient: Patient) -> ResponseReturnValue:
    """The letter of the link that is open now."""
    link, person = invitations.open_invitation(patient, now()), patient.person
    token = token_of(link) if link else None
    if link is None or person is None or token is None:
        return redirect(url_for(".invitation", patient_id=patient.id), 303)
    settings = _settings()
    document = invitation_document(
        name=patient.name,
        sign_in_name=person.email,
        clinic=settings.clinic_name,
        phone=settings.clinic_phone,
        emergency=settings.emergency_number,
        address=_address(link),
        last_day=day_of(link.expires_at, settings.time_zone),
        day=today(),
        paper=paper_asked(settings.paper),
        large=large_asked(),
    )
    return answer(document, "invitation")


def _do(patient: Patient, form: InvitePatientForm) -> ResponseReturnValue | None:
    """What the pressed button says; None where the form is to be shown again."""
    me, do = signed_in_person(), request.form.get("do")
    try:
        match do:
            case "withdraw":
                invitations.withdraw_from_patient(patient, by=me, now=now())
                flash(_("The link of the invitation works no more."), "success")
            case "mail" | "letter":
                if do == "mail" and not form.validate():
                    return None
                email = form.email.data or "" if do == "mail" else ""
                link, is_new = invitations.invite_patient(
                    patient, email, id=form.row_id, by=me, now=now()
                )
            case _:
                abort(400)
    except RuleBroken as error:
        if error.field != "email" or not _asks_for_address(patient):
            raise
        db.session.rollback()
        form.put_back(error, "email")
        return None
    db.session.commit()
    if do == "mail" and is_new:
        post_and_tell(invitation_mail(link, _address(link), _settings()))
    if do == "letter":
        flash(_("The letter is ready. Print it and give it to the patient by hand."), "success")
    return redirect(url_for(".invitation", patient_id=patient.id), 303)


def _asks_for_address(patient: Patient) -> bool:
    return patient.person is None or patient.person.is_invited


def _address(link: Link) -> str:
    return _settings().base_url + url_for("accounts.invitation", token=token_of(link))


def _settings() -> Settings:
    settings: Settings = current_app.extensions["homestretch_settings"]
    return settings
