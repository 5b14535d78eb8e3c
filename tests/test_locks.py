"""Whether the offline check of what we use finds what it looks for."""

from __future__ import annotations

import pytest

from app.config import ROOT
from tests.locks import (
    DEVELOPMENT,
    NOT_KNOWN,
    RUNTIME,
    disagreements,
    installed_faults,
    licence_fault,
    main,
    read_lock,
)

HASH = f"--hash=sha256:{'a' * 64}"


def test_our_locks_are_well_and_what_nobody_knows_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What is installed here is no part of it: that may be newer while somebody works."""
    for lock in (RUNTIME, DEVELOPMENT):
        pins, odd = read_lock((ROOT / lock).read_text("utf-8"))
        assert not odd
        assert len(pins) > 30
    main()
    assert capsys.readouterr().out.endswith(f"{NOT_KNOWN}\n")
    assert "make holes" in NOT_KNOWN


@pytest.mark.parametrize(
    "line",
    [
        "flask==3.1.3",
        f"flask>=3.1.3 {HASH}",
        f"flask @ https://example.org/flask.whl {HASH}",
        "-e .",
        "--no-index",
        "git+https://example.org/flask",
        "flask==3.1.3 --hash=md5:00",
    ],
)
def test_a_line_that_pins_nothing_is_named(line: str) -> None:
    pins, odd = read_lock(f"# made by us\nwerkzeug==3.1 \\\n    {HASH}\n    # via flask\n{line}\n")
    assert list(pins) == ["werkzeug"]
    assert [one.rpartition(": ")[2] for one in odd] == [line[:80].rpartition(": ")[2]]


def test_locks_that_disagree_are_named() -> None:
    served, _odd = read_lock(f"flask==3.1 {HASH}\nodd==1 {HASH}")
    other, _odd = read_lock(f"flask==3.2 {HASH}")
    assert list(disagreements(["Flask>=3.3", "pytest"], served, other)) == [
        "flask is 3.1 to serve with, and not for the tests",
        "odd is 1 to serve with, and not for the tests",
        "Flask>=3.3 is asked for, and the lock has 3.2",
        "pytest is asked for, and the lock has None",
    ]


def test_what_is_installed_is_compared() -> None:
    pins, _odd = read_lock(f"flask==0.1 {HASH}\nno-such-package==1 {HASH}")
    missing, wrong = sorted(installed_faults(pins, pins), key=len, reverse=True)
    assert "0.1 in the lock" in missing + wrong
    assert "no-such-package 1 is not installed" in missing + wrong


@pytest.mark.parametrize(
    ("licence", "is_served", "is_well"),
    [
        ("MIT", True, True),
        ("LGPL-3.0-only", True, True),
        ("GPL-3.0-or-later", False, True),
        ("GPL-3.0-or-later", True, False),
        ("AGPL-3.0-only", False, False),
        ("Business Source License 1.1", False, False),
        ("", False, False),
    ],
)
def test_a_licence_that_will_not_do_is_named(licence: str, is_served: bool, is_well: bool) -> None:
    assert (licence_fault("x", licence, is_served=is_served) == "") == is_well
