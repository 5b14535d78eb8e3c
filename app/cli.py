"""Commands for whoever looks after the server: ``flask --app app <command>``."""

from __future__ import annotations

import click
from flask import Flask, current_app
from sqlalchemy.exc import DBAPIError

from app import audit_cli, figures_cli, migrating, people_cli
from app.config import Settings, SettingsError
from app.errors import NOT_READY


def init_app(app: Flask) -> None:
    app.cli.command("add-person")(people_cli.add_person)
    app.cli.command("invite")(people_cli.invite)
    app.cli.command("seed")(seed)
    app.cli.command("check-settings")(check_settings)
    app.cli.command("verify-audit")(audit_cli.verify_audit)
    app.cli.command("anchor-audit")(audit_cli.anchor_audit)
    app.cli.command("send-mail")(send_mail)
    app.cli.command("draw-figures")(figures_cli.draw_figures)
    app.cli.command("update-pictures")(figures_cli.update_pictures)


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
