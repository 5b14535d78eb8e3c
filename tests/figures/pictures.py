"""What the figure tests look at: every scene that we ship, and every pose that is ever drawn."""

from __future__ import annotations

from pathlib import Path

from app.figures import Film, Frame, Scene, load_scene
from app.figures.film import sampled_poses
from app.figures.poses import Pose

ROOT = Path(__file__).parents[2]
SLUGS = (
    "lower-neck-and-upper-back-stretch",
    "midback-stretch",
    "shoulder-rolls",
    "wall-push-up",
    "resisted-shoulder-blade-squeeze",
    "resisted-rows",
)
SCENES: dict[str, Scene] = {
    slug: load_scene(ROOT / "seed_data" / "pictures" / f"{slug}.json") for slug in SLUGS
}


def frames() -> list[tuple[str, int, Frame]]:
    """Each frame with its exercise and its number."""
    return [
        (slug, number, frame)
        for slug, scene in SCENES.items()
        for number, frame in enumerate(scene.frames, start=1)
    ]


def films() -> list[tuple[str, int, Film]]:
    """Each film with its exercise and its number."""
    return [
        (slug, number, film)
        for slug, scene in SCENES.items()
        for number, film in enumerate(scene.films, start=1)
    ]


def moments() -> list[tuple[str, Frame, Pose]]:
    """Each pose that is drawn, in frames and in films, with the frame that shows its view."""
    still = [(f"{slug} {number}", frame, frame.pose) for slug, number, frame in frames()]
    moving = [
        (f"{slug} film {number}, moment {k}", film.frames[0], pose)
        for slug, number, film in films()
        for k, pose in enumerate(sampled_poses(film))
    ]
    return still + moving
