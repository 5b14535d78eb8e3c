"""Settings and a clock for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from app.config import Settings

NOON = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
"""Monday 2 March 2026, noon in the test clinic's zone (New York)."""


class TestClock:
    """A clock that stands still until a test moves it."""

    __test__ = False

    def __init__(self, instant: datetime = NOON) -> None:
        self.instant = instant

    def __call__(self) -> datetime:
        return self.instant

    def move(self, **by: float) -> None:
        """``clock.move(days=3)``"""
        self.instant += timedelta(**by)


def make_settings(database_url: str, instance_dir: Path, **changes: object) -> Settings:
    """The test clinic's settings."""
    values: dict[str, object] = {
        "database_url": database_url,
        "secret_key": "a key for tests only, long enough to be one",
        "audit_key": "another-key-for-tests-only,-for-the-audit",
        "instance_dir": instance_dir,
        "second_factor_keys": ("a-second-key-for-tests-only-as-long-as-the-other",),
        "clinic_name": "Riverside Clinic",
        "clinic_phone": "555-0100",
        "emergency_number": "911",
        "time_zone": ZoneInfo("America/New_York"),
        # All tests of a run share one: databases are copied, and their pictures never change.
        "picture_store_url": (instance_dir.parent / "pictures").as_uri(),
    }
    return Settings(**(values | changes))  # type: ignore[arg-type]  # values are those of Settings
