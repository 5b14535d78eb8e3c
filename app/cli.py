"""Commands for whoever looks after the server: ``flask --app app <command>``."""

from __future__ import annotations

import sys
from uuid import UUID

import click
from flask import Flask, current_app
from sqlalchemy.exc import DBAPIError

from app import audit_cli, figures_cli, migrating
from app.config import Settings, SettingsError
from app.errors import NOT_READY, RuleBroken
from app.policy import Role


def init_app(app: Flask) -> None:
    app.cli.command("add-person")(add_person)
    app.cli.command("seed")(seed)
    app.cli.command("check-settings")(check_settings)
    app.cli.command("verify-audit")(audit_cli.verify_audit)
    app.cli.command("anchor-audit")(audit_cli.anchor_audit)
    app.cli.command("send-mail")(send_mail)
    app.cli.command("draw-figures")(figures_cli.draw_figures)
    app.cli.command("update-pictures")(figures_cli.update_pictures)


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
    from app.accounts import service as accounts
    from app.audit.service import Operator
    from app.clock import now
    from app.database import db
    from app.patients import service as patients

    granted = {Role(role) for role in roles}
    try:
        patient = patients.find_patient(patient_id) if patient_id else None
        if patient_id and patient is None:
            raise click.ClickException(f"There is no patient with the id {patient_id}.")
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


def check_settings() -> None:
    """Say whether `make serve` would serve patients' real data with these settings."""
    try:
        Settings.load_for_serving()
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


@click.option("--demo", is_flag=True, help="Add made-up people and patients, for trying it out.")
@click.option("--upgrade", is_flag=True, help="First do what `flask db upgrade` does.")
def seed(demo: bool, upgrade: bool) -> None:
    """Fill a new database: conditions, the exercises and handouts of seed_data/.

    What is there already stays as it is.
    """
    from app import seeding

    try:
        if upgrade:
            import flask_migrate

            migrating.enable(current_app)
            flask_migrate.upgrade()
        for line in seeding.seed(demo=demo):
            click.echo(line)
    except (seeding.NotForPatients, SettingsError) as error:
        raise click.ClickException(str(error)) from error
    except DBAPIError as error:
        raise click.ClickException(NOT_READY) from error


def send_mail() -> None:
    """Send what waits in the mail folder, because the server was away or none was set."""
    from app.mail import post_spooled

    settings: Settings = current_app.extensions["homestretch_settings"]
    if not settings.smtp_url:
        raise click.ClickException("No mail server is set. Set HOMESTRETCH_SMTP_URL.")
    sent, left = post_spooled(settings)
    click.echo(f"{sent} sent, {left} left.")
    if left:
        raise click.ClickException("The mail server did not take everything. Try again later.")


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
