"""The clinical record: who did what, any day again, two revisions side by side."""

from __future__ import annotations

from flask import Flask

from tests.factories import Cast
from tests.paper.reading import Pdf
from tests.plans.conftest import Approve, Visit
from tests.plans.desk import Desk
from tests.plans.made import note_knee_pain
from tests.support import TestClock
from tests.visitor import Visitor


def entries(visitor: Visitor) -> list[str]:
    rows = visitor.page.select(
        "section[aria-labelledby=entries-title] li .row-main > p:first-child"
    )
    return [" ".join(row.get_text(" ").split()).partition(" ·")[0] for row in rows]


def test_the_record_names_who_did_what_and_shows_any_day_again(
    app: Flask, approved: Approve, visit: Visit, cast: Cast, clock: TestClock
) -> None:
    with app.app_context():
        note_knee_pain(cast.theo, cast.pia)
    made = approved()
    seen = visit(cast.pia).open(made.path).tag("main").select("article")
    clock.move(days=1)
    theo = visit(cast.theo).open(made.path).submit("Change the plan")
    Desk(theo, made.path).press("Approve the plan", title="Renamed", **{"rows-0-note": "Slowly."})
    clock.move(minutes=20)
    theo.open(made.path).follow("Stop Wall push-up").submit("Stop it now", reason="A splinter.")
    clock.move(days=1)
    theo = visit(cast.theo).open(made.path).follow("Clinical record")
    assert entries(theo) == [
        "Theo stopped: Wall push-up",
        "Theo approved revision 2",
        "Theo approved revision 1",
        "Theo answered a warning: Midback stretch",
        "Theo began the plan",
    ]
    theo.submit("Show it", day="2026-03-02")
    assert [str(tag) for tag in theo.tag("main").select("article")] == [str(tag) for tag in seen]
    assert entries(theo)[0] == "Theo approved revision 1"
    theo.submit("Show it", day="2026-03-03", time="12:10")
    assert "Renamed, revision 2" in theo.text
    assert "Do not do it any more." not in theo.text
    assert entries(theo) == ["Theo approved revision 2"]
    theo.submit("Show it", day="2026-03-03", time="")
    assert "Wall push-up. Stopped on March 3, 2026. Do not do it any more." in theo.text
    paper = theo.client.get(str(theo.tag("a[href*='as-of.pdf']")["href"]))
    said = " ".join(Pdf(paper.data).text.split())
    assert "Record copy, not for use" in said
    assert "Do not do it any more." in said
    theo.submit("Show it", day="2026-03-01")
    assert "Nothing of this plan was approved then." in theo.text
    for nonsense in ("day=x", "day=2026-03-02&time=25:00", "day=0001-01-01", "day=9999-12-31"):
        assert theo.open(f"{made.path}/as-of?{nonsense}").path == f"{made.path}/record"
    theo.open(f"{made.path}/as-of.pdf?day=2026-03-01", expect=404)


def test_two_revisions_stand_side_by_side(approved: Approve, theo: Visitor) -> None:
    made = approved()
    theo.open(made.path).submit("Change the plan")
    desk = Desk(theo, made.path)
    desk.press(f"do=remove:{desk.ids[5]}")
    desk.press("Approve the plan", **{"rows-0-note": "Slowly."})
    theo.open(f"{made.path}/differences")
    rows = {row.h3.get_text(): row for row in theo.page.select(".diff-row") if row.h3}
    assert list(rows) == ["Lower neck and upper back stretch", "Resisted rows"]
    old, new = rows["Lower neck and upper back stretch"].select(".diff-text")
    assert not old.select("del")
    assert new.select("ins")[0].get_text() == "New: \nNote: Slowly."
    assert rows["Resisted rows"].select(".diff-text")[1].get_text(strip=True) == "(nothing)"
    theo.submit("Show them", old="2", new="2")
    assert "Both say the same." in theo.text
    theo.open(f"{made.path}/differences?old=9", expect=404)


def test_a_thread_reads_as_a_line(approved: Approve, theo: Visitor) -> None:
    made = approved()
    for low in ("9", "9", "10"):
        theo.open(made.path).submit("Change the plan")
        Desk(theo, made.path).press("Approve the plan", **{"rows-3-repetitions_low": low})
    theo.open(f"{made.path}/record")
    title = next(h for h in theo.page.select("h3") if h.get_text() == "Wall push-up")
    line = title.find_next_sibling("ol")
    assert line is not None
    said = [" ".join(li.get_text(" ").split()) for li in line.select("li")]
    assert [one.partition(" · ")[0] for one in said] == [
        "Revision 1, March 2, 2026: Repeat 8 to 12 times",
        "Revision 2, March 2, 2026: Repeat 9 to 12 times",
        "Revision 4, March 2, 2026: Repeat 10 to 12 times",
    ]
    assert said[0].endswith("From March 2, 2026")
