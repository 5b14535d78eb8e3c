"""Looking for a patient in an emergency is no way to leaf through the clinic."""

from __future__ import annotations

from tests.access_world import World, audit_rows, last_audit_seq
from tests.support import TestClock

ASK = "/patients/emergency"


def test_ten_searches_in_five_minutes_are_enough_for_an_emergency(
    world: World, clock: TestClock
) -> None:
    """Record numbers often count up: R-1, R-2, R-3 …"""
    its, tess = world.things["pia"], world.browsers["tess"]
    for number in range(10):
        tess.open(ASK).submit("Find", words=f"R-{number}", expect=422)
    seen = last_audit_seq(world.app)
    tess.submit("Find", words=its.canary, expect=429)
    assert tess.errors == ["That was tried too often. Wait five minutes and try again."]
    assert f"Pia {its.canary}" not in tess.text
    assert tess.value_of("words") == its.canary
    (row,) = audit_rows(world.app, seen)
    assert (row.action, row.outcome, row.reason) == (
        "find-for-emergency", "refused", "too many tries",
    )  # fmt: skip
    world.browsers["theo"].open(ASK).submit("Find", words=world.things["paul"].canary)
    clock.move(minutes=5)
    tess.open(ASK).submit("Find", words=its.canary)
    assert f"Pia {its.canary}" in tess.text


def test_whoever_opens_a_record_has_not_searched_in_vain(world: World) -> None:
    its, tess = world.things["pia"], world.browsers["tess"]
    for _ in range(8):
        tess.open(ASK).submit("Find", words=its.canary)
        tess.submit("Open the record for 60 minutes", patient=its.patient_id, reason="Pain")
