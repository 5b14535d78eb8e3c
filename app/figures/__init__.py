"""Pictures drawn from a table of poses: scenes as data in, SVG documents out.

Pure: the standard library, ``app.errors`` and ``app.text`` only. How it works and how to write a
scene stands in docs/figures.md.
"""

from app.figures.album import draw_all, film_file, frame_file
from app.figures.drawing import draw_frame
from app.figures.film import draw_film
from app.figures.limits import check_sizes
from app.figures.loading import load_scene, scene_from_data, scene_from_text
from app.figures.scene import Film, Frame, Scene
from app.figures.sheet import contact_sheet
from app.figures.writing import scene_to_data, scene_to_text

__all__ = [
    "Film",
    "Frame",
    "Scene",
    "check_sizes",
    "contact_sheet",
    "draw_all",
    "draw_film",
    "draw_frame",
    "film_file",
    "frame_file",
    "load_scene",
    "scene_from_data",
    "scene_from_text",
    "scene_to_data",
    "scene_to_text",
]
