"""The landing zone: which files lie there, and which of them are whole.

Here: finding files below any place fsspec knows (local, SFTP, S3, HTTP). Not here: what is in them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import fsspec

from assets.exports.texts import key

# A file that changed less than this long ago may still be written; it is looked at once more.
_RECENT_SECONDS = 3.0
_LOOK_AGAIN_AFTER_SECONDS = 1.0
_UNFINISHED = (".part", ".tmp", ".partial", ".crdownload", ".filepart", ".swp", "~")


class LandingError(RuntimeError):
    """The landing zone can't be looked at. The message is one Vietnamese sentence."""


@dataclass(frozen=True)
class LandedFile:
    """A file as it lies there; `path` is relative to the landing root, its first part is the source."""

    source: str
    path: str
    size: int
    modified_ns: int  # since 1970 UTC; 0 where the place does not tell


@dataclass(frozen=True)
class Scan:
    """What lies in the landing zone: whole files, and those left for the next run or never read."""

    files: list[LandedFile]
    unfinished: list[str]
    unknown_folders: list[str]


class LandingZone:
    """The folder that the portals' exports are put into."""

    def __init__(self, url: str) -> None:
        try:
            # A file address may come with its blanks and accents encoded, as browsers and Python write it.
            self._system, self._root = fsspec.core.url_to_fs(unquote(url) if url.startswith("file:") else url)
        except (ImportError, ValueError, OSError) as error:
            raise LandingError(
                f"Không mở được nơi nhận tệp {url} ({str(error).rstrip('.')}); hãy dùng một thư mục hoặc địa chỉ mà"
                " fsspec hiểu, và cài thư viện mà fsspec cần cho địa chỉ đó."
            ) from error
        self.url = url

    def scan(
        self, sources: Collection[str], sleep: Callable[[float], None] = time.sleep, now: float | None = None
    ) -> Scan:
        """All files in order of path; a file that is still growing is left out."""
        if not self._system.isdir(self._root):
            raise LandingError(
                f"Không thấy thư mục nhận tệp {self.url}; hãy tạo thư mục hoặc chỉ đúng chỗ bằng --landing."
            )
        found = self._list()
        clock = time.time() if now is None else now
        recent = {file.path for file in found.values() if clock - file.modified_ns / 1e9 < _RECENT_SECONDS}
        unfinished = {path for path in found if _is_unfinished(path)}
        if recent - unfinished:
            sleep(_LOOK_AGAIN_AFTER_SECONDS)
            again = self._list()
            unfinished |= {path for path in recent if again.get(path) != found[path]}
        unknown = {file.source for file in found.values() if file.source not in sources}
        files = [
            found[path] for path in sorted(found) if path not in unfinished and found[path].source in sources
        ]
        return Scan(files, sorted(unfinished), sorted(unknown))

    def read(self, file: LandedFile) -> bytes | None:
        """The bytes; None when the file changed since it was listed, or is gone."""
        place = f"{self._root.rstrip('/')}/{file.path}"
        try:
            content: bytes = self._system.cat_file(place)
            info = self._system.info(place)
        except FileNotFoundError:
            return None
        unchanged = len(content) == file.size and (_size(info), _modified_ns(info)) == (
            file.size,
            file.modified_ns,
        )
        return content if unchanged else None

    def _list(self) -> dict[str, LandedFile]:
        self._system.invalidate_cache()
        details: dict[str, dict[str, Any]] = self._system.find(self._root, detail=True)
        files = {}
        for place, info in details.items():
            path = place[len(self._root) :].lstrip("/")
            parts = path.split("/")
            if len(parts) < 2 or any(part.startswith((".", "~$")) for part in parts):
                continue
            files[path] = LandedFile(parts[0], path, _size(info), _modified_ns(info))
        return files


def _is_unfinished(path: str) -> bool:
    return key(path).endswith(_UNFINISHED)


def _size(info: dict[str, Any]) -> int:
    return int(info.get("size") or 0)


def _modified_ns(info: dict[str, Any]) -> int:
    when = info.get("mtime") or info.get("LastModified") or info.get("modified") or info.get("created") or 0
    return int((when.timestamp() if isinstance(when, datetime) else float(when)) * 1e9)
