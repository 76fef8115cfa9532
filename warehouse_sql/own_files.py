"""Files and folders in motcua's home that are for their owner alone.

Here: making them so, and closing those that an older version left open. Not here: what is in them.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO


def own_file(file: Path) -> IO[str]:
    """Opens a file for appending that only its owner may open: nobody else can hold a lock on it."""
    opened = os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="ascii")
    if os.fstat(opened.fileno()).st_mode & 0o077:
        os.fchmod(opened.fileno(), 0o600)
    return opened


def own_folder(folder: Path) -> Path:
    """Returns the folder, made if need be and closed to everybody but its owner."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)
    return folder
