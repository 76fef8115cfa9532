"""The landing zone: which files lie there, and which of them are whole.

Here: which files are ready to be read. Not here: how a place is asked (`landing_files.py`, `landing_http.py`), and what
is in the files.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from assets.exports.landed import LandedFile, LandingError
from assets.exports.landing_address import open_place, shown_address
from assets.given.texts import key
from warehouse_sql.messages import message

# A file that changed less than this long ago may still be written; it is looked at once more. Another machine's clock
# may be wrong by minutes.
_RECENT_SECONDS = 3.0
_RECENT_SECONDS_ELSEWHERE = 600.0
_LOOK_AGAIN_AFTER_SECONDS = 1.0
_UNFINISHED = (".part", ".tmp", ".partial", ".crdownload", ".filepart", ".swp", "~")


@dataclass(frozen=True)
class Scan:
    """What lies in the landing zone: whole files, those left for the next run or never read, and what failed."""

    files: list[LandedFile]
    unfinished: list[str]
    unknown_folders: list[str]
    errors: list[str] = field(default_factory=list)


class LandingZone:
    """The folder that the portals' exports are put into."""

    def __init__(self, url: str) -> None:
        self._place = open_place(url)
        self.url = url

    def scan(
        self, sources: Collection[str], sleep: Callable[[float], None] = time.sleep, now: float | None = None
    ) -> Scan:
        """Returns all files in order of path; a file that is still growing is left out."""
        if not self._place.exists():
            raise LandingError(
                message(
                    "Không thấy thư mục nhận tệp {place}; hãy tạo thư mục hoặc chỉ đúng chỗ bằng --landing.",
                    place=shown_address(self.url),
                )
            )
        listing = self._place.list(sources)
        files = listing.files
        clock = time.time() if now is None else now
        unfinished = {path for path in files if _is_unfinished(path)}
        recent = [
            file for file in files.values() if file.path not in unfinished and self._is_recent(file, clock)
        ]
        if recent:
            sleep(_LOOK_AGAIN_AFTER_SECONDS)
            again = self._place.look_again(recent, sources)
            unfinished |= {file.path for file in recent if again.get(file.path) != file}
        unknown = listing.unknown_folders | {file.source for file in files.values()} - set(sources)
        ready = [
            files[path] for path in sorted(files) if path not in unfinished and files[path].source in sources
        ]
        return Scan(ready, sorted(unfinished), sorted(unknown), sorted(listing.errors))

    def read(self, file: LandedFile) -> bytes | None:
        """Returns the bytes, or None when the file changed since it was listed, or is gone.

        Raises OSError when it can't be opened, RefusedFileError for what is no plain file of this landing zone, or too
        large.
        """
        return self._place.read(file)

    def _is_recent(self, file: LandedFile, clock: float) -> bool:
        age = clock - file.modified_ns / 1e9
        if self._place.is_remote:
            return not file.modified_ns or age < _RECENT_SECONDS_ELSEWHERE
        return age < _RECENT_SECONDS


def _is_unfinished(path: str) -> bool:
    return key(path).endswith(_UNFINISHED)
