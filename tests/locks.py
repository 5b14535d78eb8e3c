"""``python -m tests.locks``: what can be said of what we use without asking anybody.

Every package is pinned with its hashes, the two locks agree with each other and with
pyproject.toml, what is installed is what they say, and its licence is one that we may use. Known
holes and withdrawn versions nobody can know offline: that is said (``make holes`` asks).
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from app.config import ROOT

RUNTIME, DEVELOPMENT = "requirements.lock", "requirements-dev.lock"
FREE = re.compile(
    r"\b(MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla|LGPL|Lesser|OFL)\b"
)
ONLY_FOR_TESTS = re.compile(r"\bGPL\b|GNU General Public")
SAID_ELSEWHERE = {
    "axe-playwright-python": "MIT, in its LICENSE file only",
}
NOT_KNOWN = (
    "NOT checked here, because it asks the internet: known holes in what we use, and versions that"
    " their makers withdrew (make holes)."
)


@dataclass(frozen=True)
class Pinned:
    """One package of a lock."""

    name: str
    version: str
    hashes: int


def read_lock(text: str) -> tuple[dict[str, Pinned], list[str]]:
    """What a lock pins, by name, and every line of it that is anything else."""
    pins: dict[str, Pinned] = {}
    odd: list[str] = []
    for block in re.sub(r"\\\n\s*", " ", text).splitlines():
        line = block.split("#", 1)[0].strip()
        found = re.fullmatch(r"([\w.-]+)==([\w.!+]+)((?: +--hash=sha256:[0-9a-f]{64})+)", line)
        if found:
            name = canonicalize_name(found[1])
            pins[name] = Pinned(name, found[2], found[3].count("--hash"))
        elif line:
            odd.append(f"not a pinned package with hashes: {line[:80]}")
    return pins, odd


def disagreements(
    wanted: Iterable[str], runtime: Mapping[str, Pinned], development: Mapping[str, Pinned]
) -> Iterator[str]:
    """Where the locks differ from each other or from the requirements of pyproject.toml."""
    for one in runtime.values():
        other = development.get(one.name)
        if other is None or other.version != one.version:
            yield f"{one.name} is {one.version} to serve with, and not for the tests"
    for requirement in map(Requirement, wanted):
        found = development.get(canonicalize_name(requirement.name))
        if found is None or not requirement.specifier.contains(found.version, prereleases=True):
            yield f"{requirement} is asked for, and the lock has {found and found.version}"


def licence_fault(name: str, words: str, *, is_served: bool) -> str:
    """Why its licence will not do; "" where it will."""
    if FREE.search(words) or (ONLY_FOR_TESTS.search(words) and not is_served):
        return ""
    return f"{name}: its licence ({words or 'none said'}) is not on our list"


def licence_of(name: str, said: PackageMetadata) -> str:
    """What a package says of it, in any of the places where that may stand."""
    lines = [
        *(said.get_all("License-Expression") or ()),
        *(one for one in said.get_all("Classifier") or () if one.startswith("License")),
        *(one[:80] for one in said.get_all("License") or ()),
        SAID_ELSEWHERE.get(name, ""),
    ]
    return " ".join(filter(None, lines))


def installed_faults(pins: Mapping[str, Pinned], served: Collection[str]) -> Iterator[str]:
    """Where what is installed is not what the lock says, or may not be used."""
    for one in pins.values():
        try:
            said = metadata(one.name)
        except PackageNotFoundError:
            yield f"{one.name} {one.version} is not installed, so its licence was not read"
            continue
        if said["Version"] != one.version:
            yield f"{one.name} is {one.version} in the lock, and {said['Version']} is installed"
        if fault := licence_fault(
            one.name, licence_of(one.name, said), is_served=one.name in served
        ):
            yield fault


def main() -> int:
    """The exit status: 1 for a fault."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    runtime, odd = read_lock((ROOT / RUNTIME).read_text("utf-8"))
    development, more_odd = read_lock((ROOT / DEVELOPMENT).read_text("utf-8"))
    faults = [
        *odd,
        *more_odd,
        *disagreements(wanted, runtime, development),
        *installed_faults(development, runtime),
    ]
    for fault in faults:
        print(fault)
    print(f"{len(development)} packages: pinned, with hashes and licences that we may use."
          if not faults else f"{len(faults)} faults in what we use.")  # fmt: skip
    print(NOT_KNOWN)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
