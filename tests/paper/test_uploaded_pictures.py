"""What the picture store keeps of an upload is printed: its own WebP, whatever was sent."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from app.catalogue.uploads import read_upload
from app.paper.rasters import size_of
from tests.paper.sheets import print_sheet, row, sheet_of, six_texts


def kept(mode: str, size: tuple[int, int] = (70, 40)) -> bytes:
    """An upload as the picture store keeps it; ``RGBA`` has parts to be seen through."""
    sent = BytesIO()
    Image.new(mode, size, (170, 51, 17, 120)[: len(mode)]).save(sent, "PNG")
    return read_upload(BytesIO(sent.getvalue())).content


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_an_upload_is_on_the_paper(mode: str, words: None) -> None:
    content = kept(mode)
    paper = print_sheet(
        sheet_of((row(six_texts()[0]),)), pictures=lambda sha: ("image/webp", content)
    )
    images = [
        obj for obj in paper.file.objects
        if isinstance(obj, pikepdf.Stream) and obj.get("/Subtype") == "/Image"
    ]  # fmt: skip
    assert (70, 40) in [(int(image.Width), int(image.Height)) for image in images]


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("size", [(1, 1), (70, 40), (1200, 300)])
def test_the_size_is_read_from_the_first_bytes(mode: str, size: tuple[int, int]) -> None:
    assert size_of("image/webp", kept(mode, size)) == size


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("image/webp", b""),
        ("image/webp", b"RIFF\0\0\0\0WEBPVP9 "),
        ("image/png", b"RIFF\0\0\0\0WEBPVP8 "),
        ("image/gif", b"GIF89a"),
    ],
)
def test_what_is_not_what_it_is_called_has_no_size(media_type: str, content: bytes) -> None:
    assert size_of(media_type, content) is None
