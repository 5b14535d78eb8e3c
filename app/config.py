"""Settings from the environment, checked at start; every setting is listed in docs/settings.md."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

PREFIX = "HOMESTRETCH_"
ROOT = Path(__file__).resolve().parent.parent
PAPERS = ("a4", "letter")
NEW_YORK = ZoneInfo("America/New_York")
STORES = ("s3", "gs", "az", "file")
KEYS = ("SECRET_KEY", "AUDIT_KEY")
NEEDED = (*KEYS, "BASE_URL", "CLINIC_NAME", "CLINIC_PHONE", "EMERGENCY_NUMBER")
MADE_UP = {"CLINIC_NAME": "Homestretch Clinic", "CLINIC_PHONE": "555-0100"}
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class SettingsError(RuntimeError):
    """A setting is missing, weak or wrong; the message says which one and what to set."""


@dataclass(frozen=True)
class Settings:
    """What one clinic sets. Times of day and "today" are those of ``time_zone``."""

    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    audit_key: str = field(repr=False)
    instance_dir: Path
    base_url: str = "http://127.0.0.1:5000"
    clinic_name: str = MADE_UP["CLINIC_NAME"]
    clinic_phone: str = MADE_UP["CLINIC_PHONE"]
    emergency_number: str = "911"
    time_zone: ZoneInfo = NEW_YORK
    paper: str = "letter"
    demo: bool = False
    proxy_hops: int = 0
    trusted_hosts: tuple[str, ...] = ()
    picture_store_url: str = ""
    review_exercises: bool = False
    secret_key_fallbacks: tuple[str, ...] = field(default=(), repr=False)
    audit_key_fallbacks: tuple[str, ...] = field(default=(), repr=False)
    smtp_url: str = ""
    mail_from: str = ""
    second_factor_keys: tuple[str, ...] = ()

    @classmethod
    def load(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Read the settings; a missing key is made and kept in the instance folder.

        Raises :class:`SettingsError` with a sentence for the first wrong one.
        """
        read = _Reader(environ)
        demo = read("DEMO") == "1"
        # Of its own: patients' real data never come into the demonstration's database.
        usual_dir = ROOT / "instance" / "demo" if demo else ROOT / "instance"
        instance_dir = Path(read("INSTANCE_DIR", str(usual_dir))).resolve()
        try:
            instance_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(f"{PREFIX}INSTANCE_DIR cannot be made: {error}.") from error
        database = instance_dir / "homestretch.sqlite3"
        return cls(
            database_url=read("DATABASE_URL", f"sqlite:///{database}"),
            secret_key=read("SECRET_KEY") or _kept_key(instance_dir / "secret-key"),
            audit_key=read("AUDIT_KEY") or _kept_key(instance_dir / "audit-key"),
            instance_dir=instance_dir,
            base_url=read("BASE_URL", f"http://127.0.0.1:{environ.get('PORT', '5000')}").rstrip(
                "/"
            ),
            clinic_name=read("CLINIC_NAME", cls.clinic_name),
            clinic_phone=read("CLINIC_PHONE", cls.clinic_phone),
            emergency_number=read("EMERGENCY_NUMBER", cls.emergency_number),
            time_zone=read.zone("TIME_ZONE", cls.time_zone),
            paper=read.choice("PAPER", PAPERS, cls.paper),
            demo=demo,
            proxy_hops=read.number("PROXY_HOPS", 0, 5),
            trusted_hosts=tuple(read("TRUSTED_HOSTS").split()),
            picture_store_url=read.store("PICTURE_STORE_URL"),
            review_exercises=read("REVIEW_EXERCISES") == "1",
            secret_key_fallbacks=tuple(read("SECRET_KEY_FALLBACKS").split()),
            audit_key_fallbacks=tuple(read("AUDIT_KEY_FALLBACKS").split()),
            smtp_url=read.mail_server("SMTP_URL"),
            mail_from=read("MAIL_FROM"),
            second_factor_keys=tuple(
                (
                    read("SECOND_FACTOR_KEYS") or _kept_key(instance_dir / "second-factor-key")
                ).split()
            ),
        )

    @classmethod
    def load_for_serving(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """The same, for patients' real data: refuses what only a demonstration may leave out."""
        read = _Reader(environ)
        if read("DEMO"):
            raise SettingsError("Unset HOMESTRETCH_DEMO: a demonstration is served by `make run`.")
        for name in NEEDED:
            if not read(name):
                raise SettingsError(f"Set {PREFIX}{name} (see docs/settings.md).")
            if read(name) == MADE_UP.get(name):
                raise SettingsError(f"{PREFIX}{name} is the demonstration's. Set your clinic's.")
        settings = cls.load(environ)
        _check_keys(settings)
        base = urlsplit(settings.base_url)
        if not base.hostname or (base.scheme != "https" and base.hostname not in LOOPBACK):
            raise SettingsError(
                f"{PREFIX}BASE_URL must begin with https:// unless it is on this machine."
            )
        # Whoever asks from this machine itself, such as a health check, may leave the name out.
        return replace(settings, trusted_hosts=settings.trusted_hosts or (base.hostname, *LOOPBACK))

    @property
    def audit_keys(self) -> tuple[str, ...]:
        """The key that seals the audit, and those that sealed what is older."""
        return self.audit_key, *self.audit_key_fallbacks

    @property
    def secure(self) -> bool:
        """Whether people reach the site by HTTPS."""
        return self.base_url.startswith("https://")


def is_https(environ: Mapping[str, str]) -> bool:
    """Whether the configured address is one of HTTPS; for what has no settings yet."""
    return _Reader(environ)("BASE_URL").startswith("https://")


class _Reader:
    """Reads one setting from ``NAME``, or from the file that ``NAME_FILE`` points at."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ

    def __call__(self, name: str, default: str = "") -> str:
        path = self.environ.get(f"{PREFIX}{name}_FILE")
        if path:
            try:
                return Path(path).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise SettingsError(f"{PREFIX}{name}_FILE cannot be read: {error}.") from error
        return self.environ.get(f"{PREFIX}{name}", "").strip() or default

    def zone(self, name: str, default: ZoneInfo) -> ZoneInfo:
        key = self(name)
        try:
            return ZoneInfo(key) if key else default
        except (KeyError, ValueError, OSError) as error:
            raise SettingsError(
                f"{PREFIX}{name} is not a time zone. Set one like Europe/Vienna."
            ) from error

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = self(name, default).lower()
        if value not in allowed:
            raise SettingsError(f"{PREFIX}{name} must be one of: {', '.join(allowed)}.")
        return value

    def store(self, name: str) -> str:
        url = self(name)
        if url and urlsplit(url).scheme not in STORES:
            raise SettingsError(
                f"{PREFIX}{name} must begin with {', '.join(f'{s}://' for s in STORES)}."
            )
        return url

    def mail_server(self, name: str) -> str:
        url = self(name)
        if url and urlsplit(url).scheme not in ("smtp", "smtps"):
            raise SettingsError(f"{PREFIX}{name} must begin with smtp:// or smtps://.")
        return url

    def number(self, name: str, default: int, most: int) -> int:
        value = self(name, str(default))
        if not re.fullmatch(r"[0-9]{1,3}", value) or int(value) > most:
            raise SettingsError(f"{PREFIX}{name} must be a whole number from 0 to {most}.")
        return int(value)


def _check_keys(settings: Settings) -> None:
    """Each is strong, and good for one thing. Former keys of the second factor only open what
    nobody used since, and have to be kept for that."""
    former_secrets, former_audits = settings.secret_key_fallbacks, settings.audit_key_fallbacks
    strong = {
        "SECRET_KEY": (settings.secret_key,),
        "SECRET_KEY_FALLBACKS": former_secrets,
        "AUDIT_KEY": (settings.audit_key,),
        "AUDIT_KEY_FALLBACKS": former_audits,
        "SECOND_FACTOR_KEYS": settings.second_factor_keys[:1],
    }
    for name, keys in strong.items():
        for key in keys:
            _check_key(name, key)
    purposes = {
        "SECRET_KEY": {settings.secret_key, *former_secrets},
        "AUDIT_KEY": {settings.audit_key, *former_audits},
        "SECOND_FACTOR_KEYS": {*settings.second_factor_keys},
    }
    for (one, its), (other, theirs) in combinations(purposes.items(), 2):
        if its & theirs:
            raise SettingsError(f"{PREFIX}{one} and {PREFIX}{other} must not be the same.")


def _check_key(name: str, key: str) -> None:
    if len(key) < 32 or len(set(key)) < 10:
        raise SettingsError(
            f"{PREFIX}{name} is too weak. Set 32 or more random characters, e.g. from "
            "`python3 -c 'import secrets; print(secrets.token_urlsafe(48))'`."
        )


def _kept_key(path: Path) -> str:
    """The key in ``path``, made on the first call; two first calls at once agree on one key."""
    if not path.exists():
        with NamedTemporaryFile("w", dir=path.parent) as file:  # readable by its owner only
            file.write(secrets.token_urlsafe(48))
            file.flush()
            with suppress(FileExistsError):
                os.link(file.name, path)  # the whole key, or nothing
    return path.read_text(encoding="utf-8").strip()
