"""Whatever a pose editor sends: it is drawn, or it is refused with a sentence."""

from __future__ import annotations

import copy
import json
from math import isfinite
from typing import Any
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import RuleBroken
from app.figures import draw_film, draw_frame, scene_from_data
from app.figures.hand_shapes import SHAPES
from app.figures.skeleton import BONES, stand
from app.figures.vectors import length, minus
from tests.figures.pictures import ROOT

ROWS = json.loads((ROOT / "seed_data/pictures/resisted-rows.json").read_text(encoding="utf-8"))

numbers = st.one_of(st.integers(-200, 200), st.floats(-200, 200), st.sampled_from([0, 0.0, -0.0]))
places = st.lists(numbers, min_size=3, max_size=3)
angles = st.floats(-720, 720)
arms = st.fixed_dictionaries(
    {},
    optional={
        "hand": places,
        "elbow": places,
        "fingers": places,
        "palm": places,
        "shape": st.sampled_from(sorted(SHAPES)),
    },
)
legs = st.fixed_dictionaries({}, optional={"foot": places, "knee": places, "toes": places})
poses = st.fixed_dictionaries(
    {},
    optional={
        "pelvis": places,
        **dict.fromkeys(("lean", "bend", "neck", "nod", "shrug", "reach"), angles),
        "arms": arms,
        "arm_r": arms,
        "arm_l": arms,
        "legs": legs,
        "leg_l": legs,
    },
)
views = st.fixed_dictionaries(
    {},
    optional={
        "yaw": angles,
        "pitch": angles,
        "scale": st.floats(0.1, 30),
        "look_at": places,
        "centre": st.lists(numbers, min_size=2, max_size=2),
    },
)


def scene_with(pose: dict[str, Any], view: dict[str, Any]) -> dict[str, Any]:
    data = copy.deepcopy(ROWS)
    data["poses"]["pull"] = pose
    data["views"] = dict.fromkeys(data["views"], view)
    return data  # type: ignore[no-any-return]  # it is what json.loads gave


@settings(max_examples=60, deadline=None)
@given(poses, views)
def test_any_pose_from_any_side_is_drawn_or_refused(
    pose: dict[str, Any], view: dict[str, Any]
) -> None:
    try:
        scene = scene_from_data(scene_with(pose, view))
        pictures = [draw_frame(scene, 1), draw_frame(scene, 2), draw_film(scene, 1)]
    except RuleBroken:
        return
    for picture in pictures:
        ElementTree.fromstring(picture)
        assert "nan" not in picture
        assert "inf" not in picture
    body = stand(scene.frames[1].pose)
    for (a, b), true_length in BONES.items():
        bone = length(minus(body[a], body[b]))
        assert isfinite(bone)
        assert abs(bone / true_length - 1) <= 0.005
