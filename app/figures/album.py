"""All files of a scene: what is committed, and what a test draws again."""

from __future__ import annotations

from app.figures.drawing import draw_frame
from app.figures.film import draw_film
from app.figures.scene import Scene


def frame_file(number: int) -> str:
    """The file name of frame ``number``, counted from 1."""
    return f"{number}.svg"


def film_file(number: int) -> str:
    """The file name of film ``number``, counted from 1."""
    return "film.svg" if number == 1 else f"film-{number}.svg"


def is_film(name: str) -> bool:
    """Whether the file of this name holds a film."""
    return name.startswith("film")


def draw_all(scene: Scene) -> dict[str, str]:
    """Every SVG document of a scene by its file name."""
    frames = {frame_file(n): draw_frame(scene, n) for n in range(1, len(scene.frames) + 1)}
    films = {film_file(n): draw_film(scene, n) for n in range(1, len(scene.films) + 1)}
    return frames | films
