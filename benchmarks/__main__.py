"""``make bench``: measure, print each figure beside its goal, write benchmarks/results.json."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

from benchmarks.caseload import measure_caseload
from benchmarks.clinic import make_clinic, table, write_results
from benchmarks.editor import measure_redraws
from benchmarks.exercises import made_texts
from benchmarks.figures import measure_figures
from benchmarks.pages import measure_pages
from benchmarks.paper import measure_paper
from benchmarks.search import search_catalogue
from benchmarks.sign_in import measure_sign_in


def main() -> None:
    logging.getLogger("homestretch.requests").disabled = True  # nothing between the tables
    with tempfile.TemporaryDirectory(prefix="homestretch-bench-") as folder:
        app, clinic = make_clinic(Path(folder))
        rows = measure_pages(app, clinic, Path(folder))
        print(table(rows))
        searches = search_catalogue(app, clinic, made_texts())
        print(table(searches))
        papers = measure_paper(app, clinic)
        print(table(papers))
        redraws = measure_redraws(app)
        print(table(redraws))
        sign_ins = measure_sign_in(app, clinic)
        print(table(sign_ins))
    drawings = measure_figures()
    print(table(drawings))
    caseloads = measure_caseload()
    for database, compared in caseloads.items():
        print(f"{database}, caseload\n{table(compared)}")
    results: dict[str, object] = {"pages": rows, "search, 10,000 exercises": searches}
    results |= {"paper": papers, "drawings": drawings, "redraws in the pose editor": redraws}
    results |= {"wrong sign-ins": sign_ins, "caseload": caseloads}
    write_results(Path(__file__).with_name("results.json"), results)


if __name__ == "__main__":  # the processes that measure memory read this file, too
    main()
