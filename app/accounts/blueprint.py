"""The pages of people and their accounts; several modules add to them."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("accounts", __name__)
