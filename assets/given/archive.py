"""The archive: every file unchanged under the SHA-256 of its bytes, readable by its owner alone.

It holds what citizens wrote, so nothing of it is copied anywhere else unless somebody asks for it. How each file came stands
in its manifest (`manifest.py`), on disk before the file itself has its name.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from assets.given.manifest import Contents, Origin, note_origin, read_manifest, sync_folder
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

    def has(self, sha256: str) -> bool:
        """Returns True if the bytes with that hash are kept."""
        return self.path_of(sha256).is_file()

    def hashes(self) -> Iterator[str]:
        """Yields the hashes of all bytes that are kept."""
        return (file.name for file in self.root.glob("[0-9a-f][0-9a-f]/*"))

    def manifest(self) -> Contents:
        """Returns what the manifest states. Raises ManifestError when it can't be read."""
        return read_manifest(self.root)

    def keep(self, content: bytes, origin: Origin) -> str:
        """Stores the bytes if they are not there yet. Returns their SHA-256. Raises OSError when the disk refuses."""
        sha256 = hashlib.sha256(content).hexdigest()
        target = self.path_of(sha256)
        # The size tells a file that a full disk or a crash had cut off before it had its name.
        if target.is_file() and target.stat().st_size == len(content):
            return sha256
        with self._part_of(target) as (part, stream):
            stream.write(content)
            _finish(part, stream)
            note_origin(self.root, sha256, len(content), origin, datetime.now(UTC))
            reached("archive.before_rename")
        reached("archive.kept")
        return sha256

    def adopt(self, file: Path) -> bool:
        """Copies a file of another archive, named by its hash, whose origin the manifest of that one states.

        Returns False where the bytes are kept already. Raises OSError when the disk refuses.
        """
        target = self.path_of(file.name)
        if target.is_file() and target.stat().st_size == file.stat().st_size:
            return False
        with self._part_of(target) as (part, stream), file.open("rb") as source:
            shutil.copyfileobj(source, stream)
            _finish(part, stream)
        return True

    @contextlib.contextmanager
    def _part_of(self, target: Path) -> Iterator[tuple[Path, IO[bytes]]]:
        """Yields a file under another name, which has the name of the target afterwards unless an error comes."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        for folder in (self._parts, target.parent):
            folder.mkdir(exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=self._parts)
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                yield part, stream
            part.replace(target)
            sync_folder(target.parent)
        except BaseException:
            part.unlink(missing_ok=True)
            raise

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


def _finish(part: Path, stream: IO[bytes]) -> None:
    """All that was written is on disk, for its owner to read."""
    stream.flush()
    os.fsync(stream.fileno())
    part.chmod(0o400)
