"""A handout's code and its readers."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select

from app.audit.service import About, Actor, record
from app.catalogue.checks import check_code
from app.catalogue.models import Handout, HandoutCode
from app.catalogue.revisions import insert_unique
from app.catalogue.rules import CODE_ALPHABET, normal_code
from app.catalogue.service import CODE_TAKEN
from app.database import db
from app.errors import Conflict, RuleBroken

MADE_SIGNS = 5


def make_code() -> str:
    """A code that no handout has or had: 28 million of them can be told apart on paper."""
    while True:
        code = "".join(secrets.choice(CODE_ALPHABET) for _sign in range(MADE_SIGNS))
        if not db.session.scalar(select(HandoutCode.code).where(HandoutCode.code == code)):
            return code


def share_handout(
    handout: Handout, code: str, *, is_public: bool, based_on: int, by: Actor, now: datetime
) -> bool:
    """Give the handout a code and its readers; false where it has just these.

    Every code that it had still leads to it. Raises RuleBroken for a code of another handout, and
    Conflict where somebody changed the handout after ``based_on``.
    """
    code = normal_code(code)
    db.session.refresh(handout, ["code", "is_public", "version"], with_for_update=True)
    changed = [
        name
        for name, new in (("code", code), ("is_public", is_public))
        if getattr(handout, name) != new
    ]
    if not changed:
        return False
    if handout.version != based_on:
        raise Conflict(handout)
    if code != handout.code:
        check_code(code)
        _take_code(handout, code, by, now)
    handout.code, handout.is_public, handout.version = code, is_public, handout.version + 1
    record("share-handout", About("handout", handout.id), by=by, now=now, changed=changed)
    return True


def _take_code(handout: Handout, code: str, by: Actor, now: datetime) -> None:
    """Take an own earlier code again, or a new one."""
    owner = select(HandoutCode.handout_id).where(HandoutCode.code == code)
    if db.session.scalar(owner) == handout.id:
        return
    given = HandoutCode(code=code, handout_id=handout.id, given_at=now, given_by=by.id)
    if not insert_unique(given):
        raise RuleBroken(CODE_TAKEN, field="code")


def list_former_codes(handout: Handout) -> list[str]:
    """The codes that it had before, the oldest first."""
    statement = (
        select(HandoutCode.code)
        .where(HandoutCode.handout_id == handout.id, HandoutCode.code != handout.code)
        .order_by(HandoutCode.given_at, HandoutCode.code)
    )
    return list(db.session.scalars(statement))
