"""``make bench``: measure, print each figure beside its goal, write benchmarks/results.json."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.clinic import make_clinic, table, write_results
from benchmarks.pages import measure_pages


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="homestretch-bench-") as folder:
        app, clinic = make_clinic(Path(folder))
        rows = measure_pages(app, clinic)
    print(table(rows))
    write_results(Path(__file__).with_name("results.json"), {"pages": rows})


main()
