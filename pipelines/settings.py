"""Settings: where motcua keeps its things, from the environment (MOTCUA_…) with defaults for a first try."""

from __future__ import annotations

from datetime import time
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from assets.alerts.life import LifeSettings
from assets.alerts.resources import Notifier
from assets.given.office_file import OfficeFiles
from assets.sources.corrections import with_corrections
from assets.sources.sources import Source, load_sources
from warehouse_sql.embedded import embedded_url


class Settings(BaseSettings):
    """MOTCUA_ and a name in capitals: MOTCUA_HOME, MOTCUA_SOURCES…; an empty value is not set."""

    model_config = SettingsConfigDict(env_prefix="MOTCUA_", env_ignore_empty=True)

    home: Path = Path(".motcua")
    warehouse_url: str | None = None
    landing: str | None = None
    sources: Path | None = None
    units: Path | None = None
    calendar: Path | None = None
    office_hours: str | None = None
    corrections: Path | None = None
    report_template: Path | None = None
    notify: SecretStr | None = None
    notify_file: Path | None = None
    board_url: str | None = None
    run_by: time = time(7, 30)
    alert_hold_runs: int = Field(default=2, ge=1)
    alert_quiet_runs: int = Field(default=3, ge=1)

    @property
    def root(self) -> Path:
        """The home as an absolute path."""
        return self.home.expanduser().resolve()

    @property
    def archive(self) -> Path:
        """Where every export is kept under its SHA-256."""
        return self.root / "archive"

    @property
    def data_docs(self) -> Path:
        """Where the pages of the audits are kept."""
        return self.root / "data-docs"

    @property
    def dagster_home(self) -> Path:
        """Where Dagster keeps its runs."""
        return self.root / "dagster"

    @property
    def landing_url(self) -> str:
        """Where the portals' exports are put: a folder or any address fsspec knows."""
        return self.landing or str(self.root / "landing")

    def url(self) -> str:
        """The warehouse: the one given, or the embedded server, started if need be."""
        if self.warehouse_url:
            return self.warehouse_url
        self.root.mkdir(parents=True, exist_ok=True)
        return embedded_url(self.root)

    def source_list(self) -> dict[str, Source]:
        """The sources: built in, or the list an office gave, with the office's corrections.

        SourceConfigError or OfficeFileError names what is wrong in them.
        """
        return with_corrections(load_sources(self.sources), self.corrections)

    def office_files(self) -> OfficeFiles:
        """The office's own units and days, read and checked when they are loaded."""
        return OfficeFiles(self.units, self.calendar, self.office_hours)

    def notifier(self) -> Notifier:
        """Alerts and notices, with the channels of MOTCUA_NOTIFY and MOTCUA_NOTIFY_FILE."""
        return Notifier(
            addresses=self.notify.get_secret_value() if self.notify else None,
            file=self.notify_file,
            life=LifeSettings(hold_runs=self.alert_hold_runs, quiet_runs=self.alert_quiet_runs),
            board=self.board_url,
            by=self.run_by,
            home=self.root,
            calendar=self.calendar,
        )
