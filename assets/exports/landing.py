"""The landing zone: which files lie there, and which of them are whole.

Here: finding files below any place fsspec knows (local, SFTP, S3, HTTP). Not here: what is in them.
"""

from __future__ import annotations

import re
import stat
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import fsspec

from assets.given.texts import key

# In a log or a message these would forge lines or colours; half a surrogate pair stands for a byte that is no UTF-8.
_UNFIT = re.compile(r"[\\\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
# A file that changed less than this long ago may still be written; it is looked at once more.
_RECENT_SECONDS = 3.0
_LOOK_AGAIN_AFTER_SECONDS = 1.0
#: A file is read into memory as a whole; a larger one is not read at all.
MAX_FILE_BYTES = 1024**3
_UNFINISHED = (".part", ".tmp", ".partial", ".crdownload", ".filepart", ".swp", "~")


class LandingError(RuntimeError):
    """The landing zone can't be looked at. The message is one Vietnamese sentence."""


class RefusedFileError(OSError):
    """A file that is not to be opened at all. The message is one Vietnamese sentence that says what to do."""


@dataclass(frozen=True)
class LandedFile:
    """A file as it lies there; `path` is relative to the landing root, its first part is the source.

    `path` is fit for messages: what is not printable in it is written as \\x0a or \\u202e, a backslash doubled. `place`
    is the address itself, where it is known.
    """

    source: str
    path: str
    size: int
    modified_ns: int  # since 1970 UTC; 0 where the place does not tell
    place: str = field(default="", compare=False)


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
        """The bytes; None when the file changed since it was listed, or is gone.

        OSError when it can't be opened; RefusedFileError for what is no plain file of this landing zone, or too large.
        """
        place = file.place or f"{self._root.rstrip('/')}/{file.path}"
        if self._is_local():
            self._must_be_a_file_within(place, file)
        if file.size > MAX_FILE_BYTES:
            raise RefusedFileError(
                f"Tệp lớn hơn {MAX_FILE_BYTES:,} byte là giới hạn cho phép; hãy xuất theo kỳ ngắn hơn rồi gửi lại."
            )
        try:
            with self._system.open(place, "rb") as stream:
                content: bytes = stream.read(file.size + 1)  # one that grows is not read to its end
            info = self._system.info(place)
        except FileNotFoundError:
            return None
        unchanged = len(content) == file.size and (_size(info), _modified_ns(info)) == (
            file.size,
            file.modified_ns,
        )
        return content if unchanged else None

    def _is_local(self) -> bool:
        protocol = self._system.protocol
        return "file" in ((protocol,) if isinstance(protocol, str) else protocol)

    def _must_be_a_file_within(self, place: str, file: LandedFile) -> None:
        """Refuses links that lead out of the folder of the source, pipes and devices (reading these may never end)."""
        path = Path(place)
        # The folder of a source may itself be a link: that is the office's own choice.
        folder = (Path(self._root) / file.source).resolve()
        try:
            real = path.resolve(strict=True)
        except (FileNotFoundError, NotADirectoryError):
            if path.is_symlink():
                raise RefusedFileError(
                    "Liên kết (symlink) không trỏ tới tệp nào; hãy chép chính tệp đó vào nơi nhận."
                ) from None
            return  # gone: the caller finds out
        except (OSError, RuntimeError) as error:  # a link to itself
            raise RefusedFileError(
                "Liên kết (symlink) đi vòng tròn; hãy chép chính tệp đó vào nơi nhận."
            ) from error
        if not real.is_relative_to(folder):
            raise RefusedFileError(
                "Liên kết (symlink) trỏ ra ngoài thư mục của nguồn; hãy chép chính tệp đó vào nơi nhận."
            )
        if not stat.S_ISREG(real.stat().st_mode):
            raise RefusedFileError("Không phải là tệp thường; hãy gửi tệp do cổng xuất ra.")

    def _list(self) -> dict[str, LandedFile]:
        self._system.invalidate_cache()
        details: dict[str, dict[str, Any]] = self._system.find(self._root, detail=True)
        files = {}
        for place, info in details.items():
            path = place[len(self._root) :].lstrip("/")
            parts = path.split("/")
            if len(parts) < 2 or any(part.startswith((".", "~$")) for part in parts):
                continue
            told = _UNFIT.sub(_escaped, path)
            of_file = self._behind_link(place) if info.get("islink") else info
            files[told] = LandedFile(told.split("/")[0], told, _size(of_file), _modified_ns(of_file), place)
        return files

    def _behind_link(self, place: str) -> dict[str, Any]:
        """What `read` will see: a listing tells the time of the link itself."""
        try:
            info: dict[str, Any] = self._system.info(place)
        except OSError:  # it leads nowhere, which `read` says
            return {}
        return info


def _escaped(found: re.Match[str]) -> str:
    mark = ord(found[0])
    if found[0] == "\\":
        return "\\\\"
    if 0xDC80 <= mark <= 0xDCFF:  # as Python reads a byte that is no UTF-8
        mark -= 0xDC00
    return f"\\x{mark:02x}" if mark < 0x100 else f"\\u{mark:04x}"


def _is_unfinished(path: str) -> bool:
    return key(path).endswith(_UNFINISHED)


def _size(info: dict[str, Any]) -> int:
    return int(info.get("size") or 0)


def _modified_ns(info: dict[str, Any]) -> int:
    when = info.get("mtime") or info.get("LastModified") or info.get("modified") or info.get("created") or 0
    return int((when.timestamp() if isinstance(when, datetime) else float(when)) * 1e9)
