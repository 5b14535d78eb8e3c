"""The files that a new clinic starts with."""

import json
from pathlib import Path
from typing import Any

SEED = Path(__file__).parents[2] / "seed_data"
ORDER = (
    "lower-neck-and-upper-back-stretch",
    "midback-stretch",
    "shoulder-rolls",
    "wall-push-up",
    "resisted-shoulder-blade-squeeze",
    "resisted-rows",
)


def load(name: str) -> Any:
    return json.loads((SEED / name).read_text(encoding="utf-8"))
