"""Settings: what they are without any, and which weak ones are refused, with what sentence."""

from __future__ import annotations

import re
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path

import pytest

from app.config import PREFIX, ROOT, Settings, SettingsError

STRONG = "3o8vVxw1jTnq0Zb6mYhLk2Rd9Ue7CsFg4PaQtXiN5Bf"
OTHER = STRONG[::-1]


def environment(folder: Path, **settings: str) -> dict[str, str]:
    return {f"{PREFIX}INSTANCE_DIR": str(folder)} | {
        f"{PREFIX}{name}": value for name, value in settings.items()
    }


def serving(folder: Path, **changes: str) -> dict[str, str]:
    """The least that a real clinic sets."""
    enough = {
        "SECRET_KEY": STRONG,
        "AUDIT_KEY": OTHER,
        "BASE_URL": "https://clinic.example",
        "CLINIC_NAME": "Riverside Clinic",
        "CLINIC_PHONE": "555-0142",
        "EMERGENCY_NUMBER": "911",
    }
    return environment(folder, **(enough | changes))


def test_no_setting_is_needed_for_a_try(tmp_path: Path) -> None:
    settings = Settings.load(environment(tmp_path))
    assert settings.database_url == f"sqlite:///{tmp_path}/homestretch.sqlite3"
    assert settings.base_url == "http://127.0.0.1:5000"
    assert not settings.demo
    assert not settings.secure


def test_the_address_follows_the_port(tmp_path: Path) -> None:
    settings = Settings.load(environment(tmp_path) | {"PORT": "8080"})
    assert settings.base_url == "http://127.0.0.1:8080"


def test_a_key_is_made_once_and_kept_for_its_owner_only(tmp_path: Path) -> None:
    first = Settings.load(environment(tmp_path)).secret_key
    assert len(first) >= 64
    assert Settings.load(environment(tmp_path)).secret_key == first
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "audit-key").stat().st_mode) == 0o600
    made = sorted(path.name for path in tmp_path.iterdir())
    assert made == ["audit-key", "second-factor-key", "secret-key"]


def test_first_starts_at_the_same_moment_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as threads:
        keys = set(
            threads.map(lambda _n: Settings.load(environment(tmp_path)).secret_key, range(64))
        )
    assert len(keys) == 1
    assert keys != {""}


def test_a_setting_may_stand_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(f"{STRONG}\n", encoding="utf-8")
    assert Settings.load(environment(tmp_path, SECRET_KEY_FILE=str(path))).secret_key == STRONG


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"TIME_ZONE": "Vienna"}, "TIME_ZONE"),
        ({"TIME_ZONE": "../etc/passwd"}, "TIME_ZONE"),
        ({"PAPER": "a5"}, "PAPER"),
        ({"PROXY_HOPS": "-1"}, "PROXY_HOPS"),
        ({"PROXY_HOPS": "6"}, "PROXY_HOPS"),
        ({"PROXY_HOPS": "9" * 5000}, "PROXY_HOPS"),
        ({"PROXY_HOPS": "²"}, "PROXY_HOPS"),
        ({"SECRET_KEY_FILE": "/nowhere/key"}, "SECRET_KEY_FILE"),
        ({"INSTANCE_DIR": "/dev/null/instance"}, "INSTANCE_DIR"),
    ],
)
def test_a_wrong_setting_is_named_in_a_sentence(
    tmp_path: Path, settings: dict[str, str], named: str
) -> None:
    with pytest.raises(SettingsError, match=rf"^{PREFIX}{named}\b.*\.$"):
        Settings.load(environment(tmp_path, **settings))


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="SECRET_KEY_FILE cannot be read"):
        Settings.load(environment(tmp_path, SECRET_KEY_FILE=str(tmp_path / "key")))


@pytest.mark.parametrize("value", ["0", "", "yes", "true"])
def test_only_a_1_makes_a_demonstration(tmp_path: Path, value: str) -> None:
    assert not Settings.load(environment(tmp_path, DEMO=value)).demo
    assert Settings.load(environment(tmp_path, DEMO="1")).demo


def test_a_clinic_that_set_everything_is_served_securely(tmp_path: Path) -> None:
    settings = Settings.load_for_serving(serving(tmp_path, TRUSTED_HOSTS="a.example b.example"))
    assert settings.secure
    assert settings.trusted_hosts == ("a.example", "b.example")


@pytest.mark.parametrize(
    "name",
    ["SECRET_KEY", "AUDIT_KEY", "BASE_URL", "CLINIC_NAME", "CLINIC_PHONE", "EMERGENCY_NUMBER"],
)
@pytest.mark.parametrize("value", ["", "  "])
def test_serving_needs_what_only_the_clinic_knows(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"Set {PREFIX}{name} "):
        Settings.load_for_serving(serving(tmp_path, **{name: value}))


@pytest.mark.parametrize(
    "name",
    [
        *("SECRET_KEY", "AUDIT_KEY", "SECOND_FACTOR_KEYS"),
        *("SECRET_KEY_FALLBACKS", "AUDIT_KEY_FALLBACKS"),
    ],
)
@pytest.mark.parametrize("key", ["short", "a" * 64, "abcabcabc" * 8])
def test_serving_refuses_a_weak_key_and_says_how_to_make_one(
    tmp_path: Path, name: str, key: str
) -> None:
    with pytest.raises(SettingsError, match=rf"{name} is too weak.*token_urlsafe"):
        Settings.load_for_serving(serving(tmp_path, **{name: key}))


def test_a_weak_key_is_not_hidden_by_a_strong_one_beside_it(tmp_path: Path) -> None:
    """The first one encrypts; those behind it may be old and weak, until nothing needs them."""
    third = STRONG[7:] + STRONG[:7]
    with pytest.raises(SettingsError, match="SECOND_FACTOR_KEYS is too weak"):
        Settings.load_for_serving(serving(tmp_path, SECOND_FACTOR_KEYS=f"weak {third}"))
    with pytest.raises(SettingsError, match="SECRET_KEY_FALLBACKS is too weak"):
        Settings.load_for_serving(serving(tmp_path, SECRET_KEY_FALLBACKS=f"{third} weak"))
    kept = Settings.load_for_serving(serving(tmp_path, SECOND_FACTOR_KEYS=f"{third} weak"))
    assert kept.second_factor_keys == (third, "weak")


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"AUDIT_KEY": STRONG}, "SECRET_KEY and HOMESTRETCH_AUDIT_KEY"),
        ({"SECOND_FACTOR_KEYS": f"{STRONG[7:] + STRONG[:7]} {STRONG}"},
         "SECRET_KEY and HOMESTRETCH_SECOND_FACTOR_KEYS"),
        ({"SECOND_FACTOR_KEYS": OTHER}, "AUDIT_KEY and HOMESTRETCH_SECOND_FACTOR_KEYS"),
        ({"SECRET_KEY_FALLBACKS": OTHER}, "SECRET_KEY and HOMESTRETCH_AUDIT_KEY"),
    ],
)  # fmt: skip
def test_serving_refuses_one_key_for_two_purposes(
    tmp_path: Path, changes: dict[str, str], named: str
) -> None:
    with pytest.raises(SettingsError, match=f"{named} must not be the same"):
        Settings.load_for_serving(serving(tmp_path, **changes))


@pytest.mark.parametrize("name", ["CLINIC_NAME", "CLINIC_PHONE"])
def test_serving_refuses_what_the_demonstration_made_up(tmp_path: Path, name: str) -> None:
    made_up = str(getattr(Settings, name.lower()))
    with pytest.raises(SettingsError, match=f"{name} is the demonstration's"):
        Settings.load_for_serving(serving(tmp_path, **{name: made_up}))


def test_no_key_stands_where_settings_are_printed(tmp_path: Path) -> None:
    secrets = {
        name: f"{n}-secret-value"
        for n, name in enumerate(
            ("SECRET_KEY", "AUDIT_KEY", "SECRET_KEY_FALLBACKS", "AUDIT_KEY_FALLBACKS")
        )
    }
    url = "postgresql://clinic:5-secret-value@host/name"
    assert "secret-value" not in repr(
        Settings.load(environment(tmp_path, DATABASE_URL=url, **secrets))
    )


def test_without_trusted_hosts_only_the_sites_own_name_is_served(tmp_path: Path) -> None:
    hosts = Settings.load_for_serving(serving(tmp_path)).trusted_hosts
    assert hosts == ("clinic.example", "127.0.0.1", "localhost", "::1")


@pytest.mark.parametrize("url", ["http://clinic.example", "https://", "clinic.example"])
def test_serving_refuses_an_address_without_https(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match="must begin with https://"):
        Settings.load_for_serving(serving(tmp_path, BASE_URL=url))


def test_serving_on_this_machine_alone_needs_no_https(tmp_path: Path) -> None:
    Settings.load_for_serving(serving(tmp_path, BASE_URL="http://127.0.0.1:8000"))


@pytest.mark.parametrize("value", ["1", "0"])
def test_a_demonstration_is_not_served(tmp_path: Path, value: str) -> None:
    with pytest.raises(SettingsError, match="Unset HOMESTRETCH_DEMO"):
        Settings.load_for_serving(serving(tmp_path, DEMO=value))


def test_the_settings_page_lists_every_setting() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    listed = set(re.findall(rf"^\| `{PREFIX}([A-Z_]+)`", page, re.MULTILINE))
    assert listed == {field.name.upper() for field in fields(Settings)}
