"""Whether a few files seem to be new, guessed from their times before the warehouse is asked.

Not here: which files are new (`register.py`).
"""

from __future__ import annotations

import os
from pathlib import Path

from assets.given.manifest import FILE

#: A usual night has a list or a few from each portal.
FEW_FILES = 4
# Looking at more files would cost more than the guess is worth.
_MOST_FILES = 10_000


def few_seem_new(landing: str, archive: Path) -> bool:
    """Returns True if some files of a landing folder, but only few, are younger than what the archive last noted.

    False for a landing zone that is no folder of this machine, and where a file can't be looked at.
    """
    try:
        manifest = archive / FILE
        noted = manifest.stat().st_mtime_ns if manifest.exists() else 0
        seen = younger = 0
        for folder, _, names in os.walk(landing):
            for name in names:
                seen += 1
                stat = Path(folder, name).stat()
                # A copy keeps the time of its original; when it was made, the other one says.
                younger += max(stat.st_mtime_ns, stat.st_ctime_ns) > noted
                if younger > FEW_FILES or seen > _MOST_FILES:
                    return False
    except OSError:
        return False
    return younger > 0
