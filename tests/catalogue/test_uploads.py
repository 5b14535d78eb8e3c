"""What somebody uploads is looked at before it is decoded, and drawn anew; or refused in words."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from io import BytesIO

import pytest
from PIL import Image

from app.catalogue.uploads import LONGEST_SIDE, MAX_BYTES, read_upload
from app.config import ROOT
from app.errors import RuleBroken
from tests.catalogue.hostile import PLACE, REFUSED, TAKEN, content, photograph, picture

WORDS = {
    "nothing": "This file is empty.",
    "too much": "This file is too large.",
    "9 million pixels": "too many pixels. Choose one of at most 8 million",
    "2.5 thousand million pixels": "too many pixels",
    "half a picture": "cannot be read",
    "a drawing with a script": "SVG drawings too, are refused",
}


def read(content: bytes) -> Image.Image:
    """What is kept of an upload, as a browser would see it."""
    new = read_upload(BytesIO(content))
    shown = Image.open(BytesIO(new.content))
    assert (new.media_type, shown.format, shown.size) == (
        "image/webp", "WEBP", (new.width, new.height),
    )  # fmt: skip
    return shown


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        read_upload(BytesIO(content(name)))
    assert WORDS.get(name, "Choose") in str(refusal.value)
    assert "%(" not in str(refusal.value)


@pytest.mark.parametrize("name", TAKEN)
def test_it_is_drawn_anew_and_nothing_else_of_it_is_kept(name: str) -> None:
    new = read_upload(BytesIO(content(name)))
    assert b"script" not in new.content
    assert b"PK\x03\x04" not in new.content
    assert PLACE not in new.content
    shown = Image.open(BytesIO(new.content))
    assert not shown.getexif()
    assert not {"exif", "xmp", "icc_profile", "comment"} & shown.info.keys()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_picture_is_still_the_picture(kind: str) -> None:
    before = Image.open(BytesIO(picture(kind))).convert("RGB")
    after = read(picture(kind)).convert("RGB")
    assert after.size == before.size
    for place in ((150, 100), (10, 10), (290, 190)):
        near = zip(before.getpixel(place), after.getpixel(place), strict=True)  # type: ignore[arg-type]  # of RGB it is a tuple
        assert all(abs(a - b) < 12 for a, b in near)


def test_a_photograph_stands_upright_without_its_note_to_be_turned() -> None:
    assert read(photograph()).size == (300, 400)


def test_what_is_seen_through_stays_so() -> None:
    file = BytesIO()
    Image.new("RGBA", (20, 20), (200, 0, 0, 0)).save(file, "PNG")
    shown = read(file.getvalue())
    assert shown.mode == "RGBA"
    assert shown.convert("RGBA").getpixel((5, 5))[3] == 0  # type: ignore[index]  # of RGBA it is a tuple


def test_a_palette_becomes_colours() -> None:
    file = BytesIO()
    Image.new("RGB", (40, 40), "#1f7a78").quantize(8).save(file, "PNG")
    red, green, blue = read(file.getvalue()).convert("RGB").getpixel((9, 9))  # type: ignore[misc]  # of RGB it is a tuple
    assert max(abs(red - 0x1F), abs(green - 0x7A), abs(blue - 0x78)) < 12


def test_a_large_picture_is_made_smaller_and_keeps_its_shape() -> None:
    assert read(picture("PNG", (3000, 1500))).size == (LONGEST_SIDE, LONGEST_SIDE // 2)


def test_a_file_of_just_the_greatest_size_is_looked_at() -> None:
    whole = picture("PNG").ljust(MAX_BYTES, b"\0")
    assert read(whole).size == (300, 200)
    with pytest.raises(RuleBroken, match="too large"):
        read_upload(BytesIO(whole + b"\0"))


MEASURE = """
import json, pickle, resource, sys, time
from io import BytesIO
from app.catalogue.uploads import read_upload
from app.errors import RuleBroken

files, small = pickle.load(sys.stdin.buffer)

def seconds(content):
    start = time.process_time()
    try:
        read_upload(BytesIO(content))
    except RuleBroken:
        pass
    return time.process_time() - start

for content in small:  # what is imported on first use stays out of it
    seconds(content)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
taken = {name: seconds(content) for name, content in files.items()}
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(json.dumps([taken, grown / 1024]))
"""


def test_each_costs_less_than_two_seconds_and_all_less_than_100_megabytes() -> None:
    """Of the processor's time, in a process of its own: the work of others does not count."""
    files = {name: content(name) for name in REFUSED | TAKEN}
    small = [picture(kind, (10, 10)) for kind in ("PNG", "JPEG", "WEBP")]
    done = subprocess.run(
        [sys.executable, "-c", MEASURE],
        input=pickle.dumps((files, small)), capture_output=True, cwd=ROOT, check=True,
    )  # fmt: skip
    seconds, megabytes = json.loads(done.stdout)
    assert {name: used for name, used in seconds.items() if used >= 2} == {}
    assert megabytes < 100
