"""A package that only a comparison needs: installed beside ours, gone afterwards, in no lock."""

from __future__ import annotations

import importlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def borrowed(package: str, version: str) -> Iterator[bool]:
    """Whether ``package`` can be imported for as long as this lasts; says why where it cannot."""
    with tempfile.TemporaryDirectory(prefix="homestretch-borrowed-") as folder:
        trouble = _install(f"{package}=={version}", folder)
        sys.path.append(folder)  # last: what we have ourselves is not replaced
        try:
            trouble = trouble or _import(package)
            if trouble:
                print(f"Not compared with {package}: {trouble}", file=sys.stderr)
            yield not trouble
        finally:
            sys.path.remove(folder)


def _install(requirement: str, folder: str) -> str:
    """What went wrong; nothing where nothing did."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(
        [*pip, "--target", folder, requirement], capture_output=True, text=True, check=False
    )
    said = done.stderr.strip().splitlines() or [f"pip stopped with {done.returncode}"]
    return said[-1] if done.returncode else ""


def _import(package: str) -> str:
    """A package may be there and still lack a library of the system."""
    try:
        importlib.import_module(package)
    except (ImportError, OSError) as error:
        return str(error).splitlines()[0]
    return ""
