"""Scenes that an admin posed anew. Their rows are frozen by triggers, like revisions."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import Account
from app.database import Base


class SceneVersion(Base):
    """One saved version of a scene. Number 1 is the scene's file, so saved ones begin at 2.

    ``scene`` is its slug, ``data`` what :func:`app.figures.scene_to_data` gives, ``drawings`` the
    SHA-256 of each of its pictures by file name.
    """

    __tablename__ = "scene_versions"
    __table_args__ = (UniqueConstraint("scene", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    scene: Mapped[str] = mapped_column(String(80))
    number: Mapped[int]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    drawings: Mapped[dict[str, str]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id), index=True)
