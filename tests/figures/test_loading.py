"""A scene that is wrong is refused with a sentence, never drawn."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from app.errors import RuleBroken
from app.figures import draw_film, draw_frame, load_scene, scene_from_data
from app.figures.hand_shapes import SHAPES
from tests.figures.pictures import ROOT, SCENES

WALL = json.loads((ROOT / "seed_data/pictures/wall-push-up.json").read_text(encoding="utf-8"))


def changed(*path: str | int, to: Any) -> dict[str, Any]:
    """The wall push-up with one value replaced."""
    data = copy.deepcopy(WALL)
    inner = data
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = to
    return data  # type: ignore[no-any-return]  # it is what json.loads gave


@pytest.mark.parametrize(
    "data",
    [
        [],
        {},
        changed("person", to="nobody"),
        changed("size", to=[300]),
        changed("size", to=[300, 10**9]),
        changed("size", to=["300", "320"]),
        changed("colour", to="red"),
        changed("views", "side", to={"yaw": "left"}),
        changed("views", "side", to={"yaw": float("nan")}),
        changed("views", "side", to={"yaw": 10**12}),
        changed("views", "side", to={"look_at": [1, 2]}),
        changed("poses", "long arms", "like", to="nothing"),
        changed("poses", "long arms", "arms", to={"shape": "octopus"}),
        changed("poses", "long arms", "lean", to=True),
        changed("poses", "long arms", "wings", to=1),
        changed("props", to=[{"kind": "sofa"}]),
        changed("props", to=[{"kind": "mat", "start": 0, "end": 10}]),
        changed("frames", 0, "alt", to=""),
        changed("frames", 0, "alt", to="   "),
        changed("frames", 0, "pose", to="gone"),
        changed("frames", 0, "view", to="gone"),
        changed("frames", 0, "layers", to={"shirt": "up"}),
        changed("frames", 0, "marks", to=[{"kind": "arrow"}]),
        changed("frames", 0, "marks", to=[{"kind": "ring", "at": "head", "radius": 0}]),
        changed("frames", 0, "marks", to=[{"kind": "guide", "places": "head"}]),
        changed("views", "side", to={"scale": 50}),
        changed("variants", to={"standing": [9]}),
        changed("variants", to={"standing": []}),
        changed("films", 0, "frames", to=[1, 9]),
        changed("films", 0, "seconds", to=0),
        changed("films", 0, "alt", to=""),
        changed("films", 0, "variants", to=["flying"]),
    ],
)
def test_a_wrong_scene_is_refused(data: object) -> None:
    with pytest.raises(RuleBroken) as refused:
        scene_from_data(data)
    assert str(refused.value)


@pytest.mark.parametrize(
    "data",
    [
        changed("frames", 0, "marks", to=[{"kind": "ring", "at": "third_arm", "radius": 9}]),
        changed("frames", 0, "layers", to={"sombrero": 1}),
        changed("poses", "long arms", "arms", to={"fingers": [0, 0, 0]}),
        changed(
            "props",
            to=[
                {"kind": "band", "places": [[0, 0, 0], [1, 0, 0]], "slack": 1, "behind": "nothing"}
            ],
        ),
    ],
)
def test_a_scene_that_cannot_be_drawn_is_refused_when_it_is_drawn(data: object) -> None:
    with pytest.raises(RuleBroken):
        draw_frame(scene_from_data(data), 1)


def test_a_label_with_letters_that_we_cannot_draw_is_refused() -> None:
    mark = {"kind": "label", "at": "head", "words": "Ω"}
    with pytest.raises(RuleBroken):
        draw_frame(scene_from_data(changed("frames", 0, "marks", to=[mark])), 1)


def test_a_file_that_is_no_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scene.json"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(RuleBroken):
        load_scene(path)


@pytest.mark.parametrize("number", [0, -1, 5])
def test_there_is_no_frame_or_film_beyond_the_last(number: int) -> None:
    with pytest.raises(RuleBroken):
        draw_frame(SCENES["wall-push-up"], number)
    with pytest.raises(RuleBroken):
        draw_film(SCENES["wall-push-up"], number)


def test_what_is_said_of_both_arms_is_mirrored_on_the_left() -> None:
    pose = SCENES["wall-push-up"].frames[0].pose
    assert pose.arm_r.hand is not None
    assert pose.arm_l.hand == (pose.arm_r.hand[0], pose.arm_r.hand[1], -pose.arm_r.hand[2])
    assert pose.arm_l.shape == pose.arm_r.shape == SHAPES["flat"]


def test_a_pose_like_another_keeps_what_it_does_not_change() -> None:
    long, bent = (SCENES["wall-push-up"].frames[n].pose for n in (0, 2))
    assert bent.arm_r == long.arm_r
    assert bent.pelvis != long.pelvis
