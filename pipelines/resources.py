"""Resources as wired here: what is not said to them they take from the settings when a run starts.

No `from __future__ import annotations` here: Dagster reads the annotations of fields.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import dagster as dg

from assets.alerts.resources import Notifier
from assets.exports.landing import LandingZone
from assets.exports.resources import LandingResource
from assets.given.archive import Archive
from assets.given.office_file import OfficeFiles
from assets.run_log import RunLog
from assets.sources.source import Source
from assets.sources.sources import BUILT_IN
from pipelines.settings import Settings
from quality.resources import AuditResource
from warehouse_sql.resources import WarehouseResource


class Warehouse(WarehouseResource):
    """The warehouse of the settings, unless a URL is given: MOTCUA_WAREHOUSE_URL or the embedded server."""

    def address(self) -> str:
        return self.url or Settings().url()

    def prefix(self) -> str | None:
        return self.role_prefix or Settings().warehouse_role_prefix()


class Landing(LandingResource):
    """Landing zone, archive and list of sources of the settings, unless they are given."""

    def zone(self) -> LandingZone:
        return LandingZone(self.url or Settings().landing_url)

    def archive(self) -> Archive:
        return super().archive() if self.archive_path else Archive(Settings().archive)

    def source_list(self) -> dict[str, Source]:
        return super().source_list() if self.sources_path else Settings().source_list()


class Audit(AuditResource):
    """The audit whose pages are kept where the settings say, unless that is given."""

    def pages(self) -> Path | None:
        return super().pages() or Settings().data_docs


@dg.resource(description="What came of the steps of this run, for ops.run.")
def run_log(_: dg.InitResourceContext) -> RunLog:
    return RunLog()


@dg.resource(description="Files of the office's own on top of the built-in lists.")
def office_files(_: dg.InitResourceContext) -> OfficeFiles:
    return Settings().office_files()


@dg.resource(description="Alerts and notices, with the channels of the environment.")
def notifier(_: dg.InitResourceContext) -> Notifier:
    return Settings().notifier()


def default_resources() -> dict[str, Any]:
    """By the environment: nothing is read, started or connected before a step asks for it."""
    return {
        "warehouse": Warehouse(),
        "landing": Landing(),
        "audit": Audit(),
        "run": run_log,
        "office": office_files,
        "notifier": notifier,
    }


def resources_of(
    settings: Settings,
    run: RunLog,
    landing: str | None = None,
    arrived_when_exported: bool = False,
    accepted: Sequence[str] = (),
    teller: Notifier | None = None,
) -> dict[str, Any]:
    """Those of given settings, for a run in this process. Starts the embedded server if need be.

    They are made by functions: configuration, and so a password in an address, would be kept with the run.
    """
    url = settings.url()

    @dg.resource
    def warehouse(_: dg.InitResourceContext) -> Iterator[WarehouseResource]:
        with Warehouse(url=url).until_the_end() as opened:
            yield opened

    @dg.resource
    def landing_zone(_: dg.InitResourceContext) -> LandingResource:
        return Landing(
            url=landing or settings.landing_url,
            archive_path=str(settings.archive),
            sources_path=str(settings.sources or BUILT_IN),
            corrections_path=str(settings.corrections) if settings.corrections else None,
            arrived_when_exported=arrived_when_exported,
        )

    @dg.resource
    def audit(_: dg.InitResourceContext) -> AuditResource:
        return Audit(pages_path=str(settings.data_docs), accepted=list(accepted))

    @dg.resource
    def log(_: dg.InitResourceContext) -> RunLog:
        return run

    @dg.resource
    def office(_: dg.InitResourceContext) -> OfficeFiles:
        return settings.office_files()

    @dg.resource
    def told(_: dg.InitResourceContext) -> Notifier:
        return teller or settings.notifier()

    return {
        **{"warehouse": warehouse, "landing": landing_zone, "audit": audit, "run": log, "office": office},
        "notifier": told,
    }
