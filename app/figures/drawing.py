"""From a scene to the SVG of one frame."""

from __future__ import annotations

from app.errors import N_, RuleBroken
from app.figures.band import Band
from app.figures.figure import figure_layers
from app.figures.ink import Element, Layer, Pen, inked
from app.figures.palette import PEOPLE
from app.figures.poses import Pose
from app.figures.scene import Frame, Scene
from app.figures.sight import Sight
from app.figures.skeleton import stand


def draw_frame(scene: Scene, number: int) -> str:
    """The SVG document of frame ``number``, counted from 1. The same scene gives the same
    bytes. Raises RuleBroken when there is no such frame."""
    if not 1 <= number <= len(scene.frames):
        raise RuleBroken(N_("There is no picture %(number)s."), number=number)
    frame = scene.frames[number - 1]
    return document(scene, frame.alt, frame_elements(scene, frame))


def document(scene: Scene, alt: str, elements: list[Element]) -> str:
    """An SVG document of the scene's size, with ``alt`` as its title."""
    size = {"width": str(scene.width), "height": str(scene.height)}
    root = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {scene.width} {scene.height}",
            **size,
            "role": "img",
        },
        (Element("title", {}, text=alt), *elements),
    )
    return root.svg() + "\n"


def frame_elements(scene: Scene, frame: Frame) -> list[Element]:
    """What a frame shows, from far to near, its marks last."""
    pen = Pen(frame.view)
    skeleton = stand(frame.pose)
    sight = Sight(pen, skeleton, scene.width)
    layers = arranged(picture_layers(scene, frame, sight, frame.pose), frame)
    marks = [element for mark in frame.marks for element in mark.elements(sight)]
    return [inked([element for layer in layers for element in layer.elements]), *marks]


def picture_layers(scene: Scene, frame: Frame, sight: Sight, pose: Pose) -> list[Layer]:
    """The layers of the things of a frame, and of its person in ``pose``, unsorted."""
    layers = figure_layers(sight.skeleton, pose, sight.pen, PEOPLE[scene.person])
    bands = [prop for prop in frame.props if isinstance(prop, Band)]
    for prop in frame.props:
        if not isinstance(prop, Band):
            layers += prop.layers(sight)
    depths = {layer.name: layer.depth + frame.layers.get(layer.name, 0.0) for layer in layers}
    for band in bands:
        if band.behind not in depths:
            raise RuleBroken(N_("There is no layer named %(name)s."), name=band.behind)
        layers += band.layers(sight, depths[band.behind] - 0.005)
    for name in frame.layers.keys() - {layer.name for layer in layers}:
        raise RuleBroken(N_("There is no layer named %(name)s."), name=name)
    return layers


def arranged(layers: list[Layer], frame: Frame) -> list[Layer]:
    """Layers from far to near, with the frame's own wishes."""
    return sorted(layers, key=lambda layer: layer.depth + frame.layers.get(layer.name, 0.0))
