"""Where the bytes of pictures lie: a folder, or an object store. Written once, never over."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from obstore.store import ObjectStore


class Shelf(Protocol):
    """Keeps bytes under the SHA-256 of them. What is there already stays as it is."""

    def put(self, sha256: str, content: bytes) -> None: ...

    def get(self, sha256: str) -> bytes | None: ...


def open_shelf(url: str, instance_dir: Path) -> Shelf:
    """The shelf at ``url``; where that is empty, a folder of the instance."""
    parts = urlsplit(url)
    if not url:
        return FolderShelf(instance_dir / "pictures")
    if parts.scheme == "file":
        return FolderShelf(Path(unquote(parts.path)))
    from obstore.store import from_url  # only where it is used: it is as large as the rest of us

    return ObjectShelf(from_url(url))


class FolderShelf:
    """A folder on this machine: ``ab/abcdef…``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, sha256: str, content: bytes) -> None:
        path = self._path(sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, prefix=".new-") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            with suppress(FileExistsError):
                os.link(file.name, path)  # the whole picture, or nothing
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def get(self, sha256: str) -> bytes | None:
        try:
            return self._path(sha256).read_bytes()
        except FileNotFoundError:
            return None

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256


class ObjectShelf:
    """A store like Amazon's S3, by the obstore library."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def put(self, sha256: str, content: bytes) -> None:
        from obstore.exceptions import AlreadyExistsError

        with suppress(AlreadyExistsError):
            self._store.put(self._key(sha256), content, mode="create")

    def get(self, sha256: str) -> bytes | None:
        try:
            return bytes(self._store.get(self._key(sha256)).bytes())
        except FileNotFoundError:  # obstore's NotFoundError is one
            return None

    @staticmethod
    def _key(sha256: str) -> str:
        return f"{sha256[:2]}/{sha256}"
