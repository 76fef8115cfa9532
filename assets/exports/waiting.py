"""Which files of the landing zone wait for a run, and by which name that state is remembered.

Nothing is read: a file counts as it is listed. Not here: who starts a run for them (`pipelines/landing_sensor.py`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Engine

from assets.exports.landed import LandedFile
from assets.exports.landing import LandingZone
from assets.exports.register import is_known, known_files
from assets.sources.canonical import READER_VERSION


@dataclass(frozen=True)
class Waiting:
    """Whole files that no run took in, in order of path."""

    files: tuple[LandedFile, ...]

    @property
    def sources(self) -> list[str]:
        """Returns the sources that they are of."""
        return sorted({file.source for file in self.files})

    @property
    def digest(self) -> str:
        """Returns a name of this state: of what each file looks like, and of the version of the readers.

        A file that is exported again has another time or ETag, so it never has the name of a state before, whatever it
        is called and whatever stands in it.
        """
        looks = [
            [file.path, file.size, file.modified_ns, file.etag, file.sha256]
            for file in sorted(self.files, key=lambda file: file.path)
        ]
        return hashlib.sha256(json.dumps([READER_VERSION, looks]).encode()).hexdigest()[:32]


def waiting_files(engine: Engine, zone: LandingZone, sources: Collection[str]) -> Waiting:
    """Returns the whole files that the register does not know. Raises LandingError where they can't be listed."""
    known = known_files(engine)
    scan = zone.scan(sources)
    return Waiting(tuple(file for file in scan.files if not is_known(file, known.get(file.path, ()))))
