"""Commands that watch over the audit: verify it, and keep its ends elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from io import TextIOWrapper
from itertools import islice

import click
from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app.audit import verifying
from app.audit.appending import check_key
from app.audit.checking import Head, find_breaks
from app.clock import now
from app.config import Settings, SettingsError
from app.database import db, reading_only
from app.errors import NOT_READY, RuleBroken
from app.patients.models import Patient

MOST_SHOWN = 100


@click.option(
    "--anchor",
    "anchors",
    multiple=True,
    type=click.File(encoding="ascii"),
    help="A file of `flask anchor-audit`, kept elsewhere; give it again for several.",
)
def verify_audit(anchors: tuple[TextIOWrapper, ...]) -> None:
    """Look whether anybody edited, removed, moved or cut off rows of the audit.

    What was removed together with its chain's head shows only beside an --anchor.
    """
    try:
        with reading_only():
            check_key(db.session.connection())
            kept = [head for file in anchors for head in _read_anchor(file)]
            verifying.read_without_hurry()
            heads, keys = verifying.read_heads(), _settings().audit_keys
            patients = db.session.scalars(select(Patient.id).order_by(Patient.id)).all()
            length = verifying.count_rows()
            with click.progressbar(
                verifying.read_rows(), length=length, label="Reading the audit", width=0
            ) as rows:
                found = list(
                    islice(
                        find_breaks(rows, heads, keys, anchors=kept, expected=patients),
                        MOST_SHOWN + 1,
                    )
                )
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    except DBAPIError as error:
        raise click.ClickException(NOT_READY) from error
    finally:
        db.session.rollback()
    _report(found, length, len(heads) - 1)


@click.argument("file", type=click.File("x", encoding="ascii", lazy=True))
def anchor_audit(file: TextIOWrapper) -> None:
    """Write how all chains of the audit end to FILE, signed. FILE must be new; - is the screen.

    Do it daily, and keep the files on another machine: rows that FILE knows of cannot vanish
    without `flask verify-audit --anchor FILE` saying so.
    """
    settings = _settings()
    try:
        with reading_only():
            verifying.read_without_hurry()
            check_key(db.session.connection())
            anchor = verifying.write_anchor(settings.audit_key, settings.audit_keys, now())
    except (RuleBroken, SettingsError) as error:
        raise click.ClickException(str(error)) from error
    except DBAPIError as error:
        raise click.ClickException(NOT_READY) from error
    finally:
        db.session.rollback()
    file.write(anchor)


def _read_anchor(file: TextIOWrapper) -> list[Head]:
    try:
        return verifying.read_anchor(file.read(), _settings().audit_keys)
    except (RuleBroken, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file.name}: {error}") from error


def _report(breaks: Iterable[object], rows: int, chains: int) -> None:
    shown = list(breaks)
    for one in shown[:MOST_SHOWN]:
        click.echo(one, err=True)
    if len(shown) > MOST_SHOWN:
        click.echo("There is more.", err=True)
    if shown:
        raise click.ClickException("The audit is not as it was written.")
    click.echo(f"{rows} rows in {chains} chains: all are as they were written.")


def _settings() -> Settings:
    found: Settings = current_app.extensions["homestretch_settings"]
    return found
