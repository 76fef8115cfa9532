"""The landing zone as a Dagster resource: where exports are put, kept, and what sources they are of.

No `from __future__ import annotations` here: Dagster reads the annotations of fields.
"""

from pathlib import Path
from typing import Any, cast

import dagster as dg
from pydantic import Field

from assets.exports.landed import LandingError
from assets.exports.landing import LandingZone
from assets.given.archive import Archive
from assets.sources.corrections import with_corrections
from assets.sources.source import Source
from assets.sources.sources import load_sources
from warehouse_sql.messages import message


class LandingResource(dg.ConfigurableResource[Any]):
    """The folder that the portals' exports are put into, and the archive that keeps them."""

    # Folder or address. Not configuration, which Dagster would keep and show: it may hold a password.
    url: dg.ResourceDependency[str | None] = Field(default=cast(Any, None), repr=False)
    archive_path: str | None = Field(default=None, description="Folder in which every file is kept.")
    sources_path: str | None = Field(
        default=None, description="List of sources in place of the built-in one."
    )
    corrections_path: str | None = Field(default=None, description="The office's corrections of single rows.")
    arrived_when_exported: bool = Field(
        default=False, description="Files arrived when they were exported: for a first load of old files."
    )

    def zone(self) -> LandingZone:
        """The landing zone. LandingError when it can't be opened or nobody said where it is."""
        if self.url is None:
            raise LandingError(message("Chưa có nơi nhận tệp; hãy đặt MOTCUA_LANDING hoặc dùng --landing."))
        return LandingZone(self.url)

    def archive(self) -> Archive:
        """Where every file is kept. LandingError when nobody said where."""
        if self.archive_path is None:
            raise LandingError(message("Chưa có kho lưu; hãy đặt MOTCUA_HOME."))
        return Archive(Path(self.archive_path))

    def source_list(self) -> dict[str, Source]:
        """The sources by name. SourceConfigError or OfficeFileError names what is wrong in the lists."""
        sources = load_sources(Path(self.sources_path) if self.sources_path else None)
        return with_corrections(sources, Path(self.corrections_path) if self.corrections_path else None)
