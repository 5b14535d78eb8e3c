"""How long a picture takes to be drawn: every frame, every film, and what an editor's nudge costs.

Run alone: ``python -m benchmarks.figures``.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from app.catalogue.drawings import SCENES
from app.figures import draw_film, draw_frame, scene_from_data
from benchmarks.clinic import table

ROUNDS = 5


def measure_figures() -> list[dict[str, object]]:
    """Milliseconds on one core, of the processor's time; the goal is for the slowest."""
    data = [json.loads(path.read_text("utf-8")) for path in sorted(SCENES.glob("*.json"))]
    scenes = [scene_from_data(one) for one in data]
    frames = [
        _milliseconds(partial(draw_frame, scene, number))
        for scene in scenes
        for number in range(1, len(scene.frames) + 1)
    ]
    films = [
        _milliseconds(partial(draw_film, scene, number))
        for scene in scenes
        for number in range(1, len(scene.films) + 1)
    ]
    redraws = [_milliseconds(partial(_redraw, one)) for one in data]
    return [
        _row("a frame", frames, 30),
        _row("a film", films, 400),
        _row("an editor's redraw: scene read, frame drawn", redraws, 100),
    ]


def _redraw(data: dict[str, Any]) -> str:
    return draw_frame(scene_from_data(data), 1)


def _milliseconds(draw: Callable[[], object]) -> float:
    times = []
    for _round in range(ROUNDS):
        began = time.process_time()
        draw()
        times.append((time.process_time() - began) * 1000)
    return statistics.median(times)


def _row(what: str, times: list[float], goal: int) -> dict[str, object]:
    return {
        "drawing": what,
        "median ms": round(statistics.median(times), 1),
        "slowest ms": round(max(times), 1),
        "goal": f"≤ {goal}",
    }


if __name__ == "__main__":
    print(table(measure_figures()))
