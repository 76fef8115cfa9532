"""The landing zone as steps have it: where exports are put and kept, and what sources they are of.

Not a configurable resource: Dagster keeps configuration with the run, and the address may hold a password.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from assets.exports.landing import LandingZone
from assets.exports.reading import ReadFiles
from assets.given.archive import Archive
from assets.run_log import PartsEnded
from assets.sources.source import Source
from assets.sources.sources import load_sources


@dataclass(frozen=True)
class Landing:
    """The folder or address that the portals' exports are put into, and the archive that keeps every file.

    `source_list` returns the sources by name; SourceConfigError or OfficeFileError names what is wrong in the lists.
    `arrived_when_exported` is for a first load of old files; `accepts_clock_ahead`: a person lets in files whose export
    time lies after their arrival. `by_workers` returns what reads new files elsewhere than in this process.
    """

    url: str = field(repr=False)
    archive: Archive
    source_list: Callable[[], dict[str, Source]] = load_sources
    arrived_when_exported: bool = False
    accepts_clock_ahead: bool = False
    by_workers: Callable[[PartsEnded], ReadFiles] | None = field(default=None, repr=False)

    def zone(self) -> LandingZone:
        """Returns the landing zone. Raises LandingError when it can't be opened."""
        return LandingZone(self.url)

    def read_files(self, ended: PartsEnded) -> ReadFiles | None:
        """Returns what reads new files, None where this process does; `ended` receives what that took of workers."""
        return self.by_workers(ended) if self.by_workers else None
