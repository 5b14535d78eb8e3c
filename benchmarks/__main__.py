"""``make bench``: measure, print each figure beside its goal, write benchmarks/results.json."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.caseload import measure_caseload
from benchmarks.clinic import make_clinic, table, write_results
from benchmarks.pages import measure_pages
from benchmarks.search import made_texts, search_catalogue


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="homestretch-bench-") as folder:
        app, clinic = make_clinic(Path(folder))
        rows = measure_pages(app, clinic)
        print(table(rows))
        searches = search_catalogue(app, clinic, made_texts())
        print(table(searches))
    caseloads = measure_caseload()
    for database, compared in caseloads.items():
        print(f"{database}, caseload\n{table(compared)}")
    results = {"pages": rows, "search, 10,000 exercises": searches, "caseload": caseloads}
    write_results(Path(__file__).with_name("results.json"), results)


main()
