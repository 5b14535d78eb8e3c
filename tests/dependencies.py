"""``python -m tests.dependencies``: whether anything that we use has a known hole.

pip-audit says "no known vulnerabilities" also of what it could not ask about, as on a machine
without the network. Here what was not asked is said, by name; only known holes fail.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from app.config import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock")
MOST_NAMED = 5


def report(answers: Sequence[Mapping[str, Any]]) -> tuple[list[str], bool]:
    """Lines for a person about pip-audit's ``dependencies``, and whether all is well."""
    holes = [
        f"{one['name']} {one['version']}: {hole['id']}, "
        f"mended in {', '.join(hole['fix_versions']) or 'no version yet'}"
        for one in answers
        for hole in one.get("vulns", ())
    ]
    unasked = sorted(one["name"] for one in answers if "skip_reason" in one)
    lines = [f"A known hole in {hole}." for hole in holes]
    lines.append(f"{len(answers) - len(unasked)} of {len(answers)} packages were asked about.")
    if unasked:
        named = ", ".join(unasked[:MOST_NAMED]) + (" …" if len(unasked) > MOST_NAMED else "")
        lines.append(f"NOT asked, so nothing is known of: {named} ({len(unasked)}).")
    return lines, not holes


def main() -> int:
    """The exit status: 1 for a known hole."""
    well = True
    for lock in LOCKS:
        command = [sys.executable, "-m", "pip_audit", "--requirement", str(Path(ROOT, lock))]
        command += ["--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
            answers = json.loads(done.stdout)["dependencies"]
        except (subprocess.TimeoutExpired, json.JSONDecodeError, KeyError):
            print(f"{lock}: the list of known holes could not be asked. Nothing is known.")
            continue
        lines, is_well = report(answers)
        well = well and is_well
        print(f"{lock}: {' '.join(lines)}")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
