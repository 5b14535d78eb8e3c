"""The catalogue's part: conditions, exercises, their drafts and drawings, tags, handouts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import uuid4

from PIL import Image
from werkzeug.datastructures import FileStorage

from app.catalogue.drafts import submit_draft
from app.catalogue.service import list_exercises_by_slug
from app.clock import now
from app.database import db
from tests.attack.clinic import Clinic
from tests.attack.payloads import PAYLOADS
from tests.attack.remote import Remote
from tests.browser.prepare import exercise_path
from tests.factories import CastMember
from tests.plans.made import acting


@dataclass
class Texts:
    """The addresses of an exercise and of the handout with it, of everything, and of drafts."""

    exercise: str
    handout: str
    paths: list[str]
    drafts: list[str]


def write_catalogue(clinic: Clinic, aud: Remote, bea: Remote, author: CastMember) -> Texts:
    drawing = _write_scene(aud)
    for _ in PAYLOADS:
        aud.open("/catalogue/conditions").submit("Add")
    exercise, retired, merged = (_write_exercise(aud) for _ in PAYLOADS)
    for _ in PAYLOADS:
        aud.open("/catalogue/tags").submit("Add the tag", facet="area", exercises=_id_of(exercise))
    aud.open(f"{retired}/retire").submit("Retire this exercise")
    aud.open(f"{merged}/merge").submit("do=find", words="x onerror")
    aud.submit("Merge for ever", other=_id_of(exercise))
    handouts = [_write_handout(aud, "T680", exercise)]
    handouts.append(_write_handout(aud, _id_of(handouts[0])))
    aud.open(f"{handouts[1]}/edit").submit("Publish")
    aud.open(f"{handouts[1]}/share").submit("Save", readers="staff", code="Z99")
    handouts[1] = aud.path
    drafts = _write_drafts(clinic, aud, bea, author)
    paths = [exercise, retired, *handouts, drawing, *drafts]
    return Texts(exercise, handouts[0], paths, drafts)


def _id_of(path: str) -> str:
    return path.rpartition("/")[2]


def _write_exercise(aud: Remote) -> str:
    """With a caution, and with a picture that was uploaded under an odd name."""
    aud.open(f"/catalogue/new?copy_of={_id_of(exercise_path(aud, 'Wall push-up'))}")
    aud.submit("do=add:cautions")
    condition = "cautions-0-condition"
    (first, *_more) = (
        tag["value"] for tag in aud.page.select(f"[name={condition}] option") if "x on" in tag.text
    )
    caution: dict[str, Any] = {condition: first, "cautions-0-level": "precaution"}
    aud.submit("do=picture:variants-0-steps-0", **caution)
    aud.upload("do=pictured:variants-0-steps-0", "variants-0-steps-0-upload", _picture())
    return aud.submit("do=publish").path


def _picture() -> FileStorage:
    drawn = BytesIO()
    Image.new("RGB", (90, 60), "teal").save(drawn, "PNG")
    drawn.seek(0)
    return FileStorage(drawn, filename="<img src=x onerror=alert(1)>.png", content_type="image/png")


def _write_handout(aud: Remote, copied: str, more: str = "") -> str:
    aud.open(f"/handouts/new?copy_of={copied}")
    if more:
        aud.submit("do=find", words="x onerror").press("put:")
    return aud.submit("do=publish", readers="public").path


def _write_scene(aud: Remote) -> str:
    """The words of the picture in their box, the title in what the page carries."""
    aud.open("/catalogue/scenes/resisted-rows?picture=2")
    scene = json.loads(str(aud.tag("[name=scene]")["value"]))
    scene["title"] = " ".join(PAYLOADS)
    aud.submit("Save as a new version", scene=json.dumps(scene))
    return aud.path


def _write_drafts(clinic: Clinic, aud: Remote, bea: Remote, author: CastMember) -> list[str]:
    """Two that came back from another admin; one of them was written again."""
    with clinic.app.app_context():
        (known,) = list_exercises_by_slug(["midback-stretch"])
        made = [
            submit_draft(uuid4(), known.text, known, based_on=1, by=acting(author), now=now()).id
            for _ in range(2)
        ]
        db.session.commit()
    paths = [f"/catalogue/drafts/{id}" for id in made]
    for path in paths:
        bea.open(path).submit("Send it back")
    aud.open(f"{paths[0]}/edit").submit("do=publish")
    return paths
