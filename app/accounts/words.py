"""Roles in the reader's language."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.policy import Role

ROLES = {
    Role.ADMIN: _l("administrator"),
    Role.THERAPIST: _l("therapist"),
    Role.PATIENT: _l("patient"),
}
