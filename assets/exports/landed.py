"""A file of the landing zone, and the errors of one that can't be read.

Here: what every kind of place (`landing_files.py`, `landing_http.py`) returns and raises. Not here: the places.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Protocol

from warehouse_sql.errors import OutOfReachError
from warehouse_sql.messages import message

# In a log or a message these would forge lines or colours; half a surrogate pair stands for a byte that is no UTF-8.
_UNFIT = re.compile(r"[\\\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
#: A file is read into memory as a whole; a larger one is not read at all.
MAX_FILE_BYTES = 1024**3


class LandingError(RuntimeError):
    """The landing zone can't be looked at. The message is one Vietnamese sentence."""


class LandingOutOfReachError(LandingError, OutOfReachError):
    """The server of the landing zone does not answer now. The message is one Vietnamese sentence."""


class RefusedFileError(OSError):
    """A file that can't be read or must not be. The message is one Vietnamese sentence that says what to do."""


@dataclass(frozen=True)
class LandedFile:
    """A file as it lies there; `path` is relative to the landing root, its first part is the source.

    `path` is fit for messages: what is not printable in it is written as \\x0a or \\u202e, a backslash doubled. `place`
    is the address itself, where it is known. What a web server does not say of a file is empty: its size None, its time
    0, its ETag None. Where it says neither a time nor an ETag, the file was read: `sha256` is the hash of its content.
    """

    source: str
    path: str
    size: int | None
    modified_ns: int  # since 1970 UTC
    place: str = field(default="", compare=False)
    etag: str | None = None
    sha256: str | None = None


@dataclass(frozen=True)
class Listing:
    """What lies below the root of a place: files by path, folders of no known source, and sentences on what failed."""

    files: dict[str, LandedFile]
    unknown_folders: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)


class LandingPlace(Protocol):
    """Where files lie: folders of this machine, a bucket, an SFTP or a web server.

    Methods raise LandingError where the place as a whole can't be looked at.
    """

    @property
    def is_remote(self) -> bool:
        """Returns True where the clock that writes the times of files is not this machine's."""

    def exists(self) -> bool:
        """Returns True if the root is a folder."""

    def list(self, sources: Collection[str]) -> Listing:
        """Returns all files, and of files of `sources` what they look like."""

    def look_again(self, files: Iterable[LandedFile], sources: Collection[str]) -> dict[str, LandedFile]:
        """Returns the files as they are now, by path; those that are gone are left out."""

    def read(self, file: LandedFile) -> bytes | None:
        """Returns the bytes, or None when the file is not as it was listed any more. Raises OSError or RefusedFileError."""


def shown_path(path: str) -> str:
    """Returns the path with everything escaped that a terminal or a log would not show as it is."""
    return _UNFIT.sub(_escaped, path)


def is_hidden(path: str) -> bool:
    """Returns True for what programs keep for themselves: names that begin with a dot or as Office's lock files do."""
    return any(part.startswith((".", "~$")) for part in path.split("/"))


def refuse_too_large(size: int | None) -> None:
    """Raises RefusedFileError for a file beyond the limit."""
    if size is not None and size > MAX_FILE_BYTES:
        raise RefusedFileError(
            message(
                "Tệp lớn hơn {limit:number} byte là giới hạn cho phép; hãy xuất theo kỳ ngắn hơn rồi gửi lại.",
                limit=MAX_FILE_BYTES,
            )
        )


#: Refuses what is no plain file of its source: RefusedFileError.
Guard = Callable[[str, LandedFile], None]


def _escaped(match: re.Match[str]) -> str:
    mark = ord(match[0])
    if match[0] == "\\":
        return "\\\\"
    if 0xDC80 <= mark <= 0xDCFF:  # as Python reads a byte that is no UTF-8
        mark -= 0xDC00
    return f"\\x{mark:02x}" if mark < 0x100 else f"\\u{mark:04x}"
