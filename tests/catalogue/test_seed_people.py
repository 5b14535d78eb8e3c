"""The conditions and the demo people that a new clinic starts with."""

import json
from pathlib import Path
from typing import Any

from app.policy import Role

SEED = Path(__file__).parents[2] / "seed_data"


def load(name: str) -> Any:
    return json.loads((SEED / name).read_text(encoding="utf-8"))


def test_conditions_are_names_with_their_slugs_knee_pain_first() -> None:
    conditions = load("conditions.json")
    assert conditions[0] == {"slug": "knee-pain", "name": "knee pain"}
    assert all(c == {"slug": c["name"].replace(" ", "-"), "name": c["name"]} for c in conditions)
    assert len({c["slug"] for c in conditions}) == len(conditions)


def test_the_demo_people_are_the_promised_ones() -> None:
    roles = {person["email"]: person["roles"] for person in load("demo.json")["people"]}
    assert roles == {
        "admin@example.org": [Role.ADMIN],
        "therapist@example.org": [Role.THERAPIST],
        "second.therapist@example.org": [Role.THERAPIST],
        "patient@example.org": [Role.PATIENT],
        "new.patient@example.org": [Role.PATIENT],
    }


def test_everybody_in_the_demo_is_plainly_invented() -> None:
    demo = load("demo.json")
    assert all(one["name"].endswith(" Demo") for one in (*demo["people"], *demo["patients"]))
    assert all(patient["record_number"].startswith("DEMO-") for patient in demo["patients"])


def test_the_demo_patients_show_two_therapists_knee_pain_and_no_account() -> None:
    patients = load("demo.json")["patients"]
    known = {condition["slug"] for condition in load("conditions.json")}
    assert all(set(patient["conditions"]) <= known for patient in patients)
    assert {p["account"]: (p["therapist"], "knee-pain" in p["conditions"]) for p in patients} == {
        "patient@example.org": ("therapist@example.org", False),
        "new.patient@example.org": ("therapist@example.org", True),
        None: ("second.therapist@example.org", False),
    }
