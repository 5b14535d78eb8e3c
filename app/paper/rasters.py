"""How many pixels a PNG or a WebP has, by its first bytes; without a picture library."""

from __future__ import annotations

PNG = b"\x89PNG\r\n\x1a\n"


def size_of(media_type: str, content: bytes) -> tuple[int, int] | None:
    """(width, height); None for what is not what it is called, and for any other type."""
    if media_type == "image/png" and content[:8] == PNG and content[12:16] == b"IHDR":
        return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    if media_type == "image/webp" and content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp_size(content)
    return None


def _webp_size(content: bytes) -> tuple[int, int] | None:
    """Of the two kinds that the picture store keeps: plain, and with parts to be seen through."""

    def number(start: int, end: int) -> int:
        return int.from_bytes(content[start:end], "little")

    match content[12:16]:
        case b"VP8 ":
            return number(26, 28) & 0x3FFF, number(28, 30) & 0x3FFF
        case b"VP8X":
            return number(24, 27) + 1, number(27, 30) + 1
    return None
