"""The one place that reads the clock. Services and rules get ``now`` and ``today`` as arguments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import current_app

from app.config import Settings


def read_clock() -> datetime:
    """The instant, timezone-aware UTC, to the microsecond."""
    return datetime.now(UTC)


def now() -> datetime:
    """This application's instant in UTC; tests hand :func:`create_app` a clock of their own."""
    clock: Callable[[], datetime] = current_app.extensions["homestretch_clock"]
    return clock()


def today() -> date:
    """The clinic's calendar day now."""
    settings: Settings = current_app.extensions["homestretch_settings"]
    return day_of(now(), settings.time_zone)


def day_of(instant: datetime, zone: ZoneInfo) -> date:
    """The clinic's calendar day at ``instant``."""
    return instant.astimezone(zone).date()
