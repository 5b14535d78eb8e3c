"""Files that somebody with bad intentions, or none, would upload. Made here, byte by byte."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from functools import cache
from io import BytesIO

from PIL import Image

Made = Callable[[], bytes]
PNG = b"\x89PNG\r\n\x1a\n"
GPS = 0x8825
PLACE = b"geheimer Garten 7"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(
    width: int, height: int, pixels: bytes = b"", before: bytes = b"", after: bytes = b""
) -> bytes:
    """A grey PNG that says it is so large; ``before`` and ``after`` stand round its pixels."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(pixels))
    return PNG + head + before + body + after + chunk(b"IEND", b"")


def picture(kind: str, size: tuple[int, int] = (300, 200), **options: object) -> bytes:
    """A real picture."""
    file = BytesIO()
    Image.radial_gradient("L").resize(size).convert("RGB").save(file, kind, **options)
    return file.getvalue()


def photograph() -> bytes:
    """A JPEG that lies on its side and says where and by whom it was taken."""
    image = Image.new("RGB", (400, 300), "#1f7a78")
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x013B] = PLACE.decode()
    gps = exif.get_ifd(GPS)
    gps[1], gps[2] = "N", (47.0, 30.0, 12.5)
    file = BytesIO()
    image.save(file, "JPEG", exif=exif, comment=PLACE)
    return file.getvalue()


def text_bomb(count: int = 60) -> bytes:
    """A PNG of a few dozen kB whose texts unpack to ``count`` megabytes."""
    one = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b" " * 1_000_000, 9))
    return png(1, 1, b"\0\0", before=one * count, after=one * count)


def profile_bomb() -> bytes:
    """A PNG whose colour profile unpacks to 100 MB."""
    profile = b"x\0\0" + zlib.compress(b"\0" * 100_000_000, 1)
    return png(1, 1, b"\0\0", before=chunk(b"iCCP", profile))


def pixel_bomb(width: int, height: int) -> bytes:
    """A tiny PNG that says it has this many pixels."""
    return png(width, height, b"\0" * 1000)


SVG = b"""<svg xmlns="http://www.w3.org/2000/svg"><script>alert(document.cookie)</script></svg>"""
HTML = b"<!doctype html><script>alert(1)</script>"
GIF_SCRIPT = b"GIF89a/*\x01\x00\x00\x00\x00\x00*/=1;alert(1)//"
REFUSED: dict[str, tuple[str, Made]] = {
    "a drawing with a script": ("drawing.svg", lambda: SVG),
    "a drawing named PNG": ("drawing.png", lambda: SVG),
    "a page named PNG": ("page.png", lambda: HTML),
    "a page behind a signature": ("page.png", lambda: PNG + HTML),
    "a GIF that is a script, too": ("both.gif", lambda: GIF_SCRIPT),
    "a GIF named JPEG": ("both.jpg", lambda: GIF_SCRIPT),
    "2.5 thousand million pixels": ("tiny.png", lambda: pixel_bomb(50_000, 50_000)),
    "9 million pixels": ("tiny.png", lambda: pixel_bomb(9_000, 1_000)),
    "texts that unpack": ("text.png", lambda: text_bomb()),
    "a profile that unpacks": ("profile.png", lambda: profile_bomb()),
    "half a picture": ("half.png", lambda: picture("PNG")[:-400]),
    "half a photograph": ("half.jpg", lambda: picture("JPEG")[:600]),
    "a WebP of nothing": ("nothing.webp", lambda: b"RIFF\x10\x00\x00\x00WEBPVP8 " + b"\0" * 20),
    "nothing": ("empty.png", lambda: b""),
    "too much": ("large.png", lambda: picture("PNG") + b"\0" * (5 * 1024 * 1024)),
}
TAKEN: dict[str, tuple[str, Made]] = {
    "a name that climbs": ("../../../etc/cron.d/x.png", lambda: picture("PNG")),
    "a name with a new line": ("a\r\nX-Evil: 1\r\n\r\n.png", lambda: picture("PNG")),
    "a picture that is an archive, too": ("zip.png", lambda: picture("PNG") + b"PK\x03\x04" + HTML),
    "a picture with a script behind": ("both.jpg", lambda: picture("JPEG") + HTML),
    "a photograph that says where": ("garden.jpg", lambda: photograph()),
    "many pixels of WebP": ("large.webp", lambda: picture("WEBP", (3000, 2000), method=0)),
    "many pixels, progressive": (
        "large.jpg",
        lambda: picture("JPEG", (4000, 3100), progressive=True),
    ),
    "many pixels": ("large.png", lambda: picture("PNG", (3400, 2500))),
}


@cache
def content(name: str) -> bytes:
    """The bytes of one of them; made when they are wanted, because some take a while."""
    return (REFUSED | TAKEN)[name][1]()
