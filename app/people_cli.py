"""Commands that let people in: with a password, or with a link to choose one."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from uuid import UUID, uuid4

import click
from flask import current_app, url_for
from sqlalchemy.exc import DBAPIError

from app.accounts import invitations
from app.accounts import service as accounts
from app.accounts.links import token_of
from app.accounts.mails import invitation_mail
from app.accounts.models import Link
from app.audit.service import Operator
from app.clock import now
from app.config import Settings, SettingsError
from app.database import db
from app.errors import NOT_READY, RuleBroken
from app.mail import Posted, post
from app.patients import service as patients
from app.patients.invitations import invite_patient
from app.patients.models import Patient
from app.policy import Role


@click.argument("email")
@click.option("--name", help="The person's name; a patient's own if --patient is given.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([role.value for role in Role]),
    help="What the person may be; give it again for several.",
)
@click.option(
    "--patient",
    "patient_id",
    type=click.UUID,
    help="The id of the patient whose account this is (it stands on the patient's page).",
)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add_person(
    email: str,
    name: str | None,
    roles: tuple[str, ...],
    patient_id: UUID | None,
    password_stdin: bool,
) -> None:
    """Let somebody sign in with EMAIL.

    Asks for the password twice, unless --password-stdin is given.
    """
    granted = {Role(role) for role in roles}
    try:
        patient = _find_patient(patient_id) if patient_id else None
        if patient:
            patients.check_can_link(patient)
            granted.add(Role.PATIENT)
            name = name or patient.name
        if not name:
            raise click.ClickException("Give the person's name with --name.")
        db.session.rollback()  # nobody else waits while somebody types
        password = _read_password(password_stdin)
        by, instant = Operator(), now()
        account = accounts.add_person(email, name, granted, password, by=by, now=instant)
        if patient:
            patients.link_account(patient, account, by=by, now=instant)
        db.session.commit()
    except (RuleBroken, SettingsError) as error:
        raise click.ClickException(str(error)) from error
    except DBAPIError as error:
        raise click.ClickException(NOT_READY) from error
    click.echo(f"{account.name} can sign in now as {account.email}.")


@click.argument("email")
@click.option("--name", help="The person's name; not needed with --patient.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([Role.THERAPIST.value, Role.ADMIN.value]),
    help="What the person may be; give it again for both.",
)
@click.option(
    "--patient",
    "patient_id",
    type=click.UUID,
    help="The id of the patient to invite (it stands on the patient's page).",
)
def invite(email: str, name: str | None, roles: tuple[str, ...], patient_id: UUID | None) -> None:
    """Send somebody a link with which they choose a password.

    Where no mail server takes the mail, the link is shown here, once. An invitation that was sent
    before works no more.
    """
    try:
        if patient_id:
            link = _invite_patient(email, patient_id)
        elif name:
            link = _invite_colleague(email, name, map(Role, roles))
        else:
            raise click.ClickException("Give the person's name with --name.")
        db.session.commit()
    except (RuleBroken, SettingsError) as error:
        raise click.ClickException(str(error)) from error
    except DBAPIError as error:
        raise click.ClickException(NOT_READY) from error
    _post(link)


def _invite_patient(email: str, patient_id: UUID) -> Link:
    link, _new = invite_patient(
        _find_patient(patient_id), email, id=uuid4(), by=Operator(), now=now()
    )
    return link


def _invite_colleague(email: str, name: str, roles: Iterable[Role]) -> Link:
    by, instant, granted = Operator(), now(), frozenset(roles)
    account = accounts.find_by_email(email)
    if account is None or not account.is_invited:
        account = invitations.add_invited(email, name, granted, by=by, now=instant)
    elif granted and granted != account.roles:
        raise click.ClickException("Invited already, with other roles. Change them under People.")
    link, _new = invitations.send_invitation(account, email, id=uuid4(), by=by, now=instant)
    return link


def _post(link: Link) -> None:
    settings: Settings = current_app.extensions["homestretch_settings"]
    with current_app.test_request_context(base_url=settings.base_url):
        address = settings.base_url + url_for("accounts.invitation", token=token_of(link))
        mail = invitation_mail(link, address, settings)
    posted = post([mail], settings)
    if posted is Posted.SENT:
        click.echo(f"A mail is on its way to {mail.to}.")
        return
    why = "No mail server is set" if posted is Posted.NO_SERVER else "The mail server is away"
    click.echo(f"{why}. The mail waits in the server's folder.")
    click.echo(f"Or give this link to {mail.to}. It is not shown again:\n{address}")


def _find_patient(patient_id: UUID) -> Patient:
    patient = patients.find_patient(patient_id)
    if patient is None:
        raise click.ClickException(f"There is no patient with the id {patient_id}.")
    return patient


def _read_password(from_stdin: bool) -> str:
    if from_stdin:
        try:
            return sys.stdin.buffer.readline().decode().rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise click.ClickException("The password is not UTF-8 text.") from error
    if not sys.stdin.isatty():
        raise click.ClickException("There is no terminal to ask on. Use --password-stdin.")
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password
