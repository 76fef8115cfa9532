"""The archive: every file unchanged under the SHA-256 of its bytes, readable by its owner alone.

It holds what citizens wrote, so nothing of it is copied anywhere else.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path


class Archive:
    """Files under `root`/ab/abcd…; folders have mode 0700, files 0400."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path_of(self, sha256: str) -> Path:
        """Where the bytes with that hash are kept."""
        return self.root / sha256[:2] / sha256

    def keep(self, content: bytes) -> str:
        """Stores the bytes if they are not there yet; their SHA-256. OSError when the disk refuses."""
        sha256 = hashlib.sha256(content).hexdigest()
        target = self.path_of(sha256)
        # The size tells a file that a full disk or a crash had cut off before it had its name.
        if target.is_file() and target.stat().st_size == len(content):
            return sha256
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        target.parent.mkdir(exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=target.parent)
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            part.chmod(0o400)
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        return sha256

    def read(self, sha256: str) -> bytes:
        """The bytes with that hash."""
        return self.path_of(sha256).read_bytes()
