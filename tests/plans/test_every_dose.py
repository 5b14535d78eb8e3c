"""Whatever a clinician sets in a dose, the patient reads: on every page and on paper."""

from __future__ import annotations

import re

from tests.paper.reading import Pdf
from tests.plans.desk import Desk, at
from tests.visitor import Visitor

EVERYTHING = at(
    0,
    {
        "hold_low": "16",
        "hold_high": "18",
        "repetitions_low": "2",
        "repetitions_high": "3",
        "sets": "3",
        "rest": "45",
        "side": "left",
        "load": "red band",
        "last_day": "2026-03-05",
    },
)
SAID = ("16 to 18 seconds", "2 to 3 times", "3", "45 seconds", "left", "red band", "March 5, 2026")


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).lower()


def test_every_part_of_a_dose_is_on_every_page_and_on_paper(desk: Desk, pia: Visitor) -> None:
    desk.approve(**EVERYTHING)
    first = str(pia.open("/today").page.select("a.today-row")[0]["href"])
    texts = {path: pia.open(path).text for path in ("/today", first, desk.path)}
    texts["print"] = pia.open(f"{desk.path}/print").text
    for name, visitor, path in (("pdf", pia, ".pdf"), ("summary", desk.visitor, "/summary.pdf")):
        response = visitor.open(desk.path + path).response
        assert response is not None
        texts[name] = Pdf(response.get_data()).text
    left_out = {
        (where, said)
        for where, text in texts.items()
        for said in SAID
        if said.lower() not in squeezed(text)
    }
    assert not left_out
