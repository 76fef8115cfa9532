"""The archive: every file unchanged under the SHA-256 of its bytes, readable by its owner alone.

It holds what citizens wrote, so nothing of it is copied anywhere else.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import time
from pathlib import Path

from warehouse_sql.boundaries import reached

# Of a process that was killed: nobody takes so long over one file.
_LEFT_OVER_SECONDS = 3600


class Archive:
    """Files under `root`/ab/abcd…, written in `root`/part; folders have mode 0700, files 0400."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._parts = root / "part"

    def path_of(self, sha256: str) -> Path:
        """Returns where the bytes with that hash are kept."""
        return self.root / sha256[:2] / sha256

    def keep(self, content: bytes) -> str:
        """Stores the bytes if they are not there yet. Returns their SHA-256. Raises OSError when the disk refuses."""
        sha256 = hashlib.sha256(content).hexdigest()
        target = self.path_of(sha256)
        # The size tells a file that a full disk or a crash had cut off before it had its name.
        if target.is_file() and target.stat().st_size == len(content):
            return sha256
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        for folder in (self._parts, target.parent):
            folder.mkdir(exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=self._parts)
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            part.chmod(0o400)
            reached("archive.before_rename")
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        reached("archive.kept")
        return sha256

    def sweep(self) -> None:
        """Removes what a kill left half written; it would hold what citizens wrote, under no name."""
        if not self._parts.is_dir():
            return
        for part in self._parts.iterdir():
            with contextlib.suppress(FileNotFoundError):  # its writer is done with it
                if time.time() - part.stat().st_mtime > _LEFT_OVER_SECONDS:
                    part.unlink()

    def read(self, sha256: str) -> bytes:
        """Returns the bytes with that hash."""
        return self.path_of(sha256).read_bytes()
