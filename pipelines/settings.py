"""Settings: where motcua keeps its things, from the environment (MOTCUA_…) with defaults for a first try.

Nothing else reads the environment; whoever needs something of it is given it.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from datetime import time
from difflib import get_close_matches
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from assets.alerts.life import LifeSettings
from assets.alerts.resources import Notifier
from assets.given.office_file import OfficeFiles
from assets.sources.corrections import with_corrections
from assets.sources.source import Source
from assets.sources.sources import load_sources
from pipelines.json_logs import LogFormat
from warehouse_sql import boundaries
from warehouse_sql.embedded import embedded_url
from warehouse_sql.masking import mask_settings
from warehouse_sql.messages import Language, Message, message

_PREFIX = "MOTCUA_"
_SECRETS = ("warehouse_url", "analyst_url", "dagster_url", "landing", "notify", "broker")
# What libraries take from the environment by themselves: addresses, and values that are secrets as they are.
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "ALL_PROXY")
_LOGINS = (
    "PGPASSWORD", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AZURE_STORAGE_KEY", "AZURE_STORAGE_SAS_TOKEN",
)  # fmt: skip
_GIVEN_FILES = ("sources", "units", "calendar", "corrections", "report_template")
_COMPLETION = "_MOTCUA_COMPLETE"  # set by the shell that asks what may come next


class Settings(BaseSettings):
    """MOTCUA_ and a name in capitals: MOTCUA_HOME, MOTCUA_SOURCES…; an empty value is not set."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, env_ignore_empty=True)

    home: Path = Path(".motcua")
    warehouse_url: str | None = Field(default=None, repr=False)
    analyst_url: str | None = Field(default=None, repr=False)
    role_prefix: str | None = None
    dagster_url: str | None = Field(default=None, repr=False)
    landing: str | None = Field(default=None, repr=False)
    sources: Path | None = None
    units: Path | None = None
    calendar: Path | None = None
    office_hours: str | None = None
    corrections: Path | None = None
    report_template: Path | None = None
    notify: SecretStr | None = None
    notify_file: Path | None = None
    board_url: str | None = None
    broker: SecretStr | None = None
    worker_lost_seconds: int = Field(default=120, ge=5)
    run_by: time = time(7, 30)
    run_wait: float = Field(default=1800, ge=0)
    retries: int = Field(default=3, ge=0, le=10)
    retry_after: float = Field(default=60, gt=0)
    runs_kept_days: int = Field(default=90, ge=1)
    archive_kept_days: int | None = Field(default=None, ge=1)
    alert_hold_runs: int = Field(default=2, ge=1)
    alert_quiet_runs: int = Field(default=3, ge=1)
    lang: Language = "vi"
    log: LogFormat = "auto"
    debug: str | None = None

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
        """Returns the warehouse: the one given, or the embedded server, started if need be."""
        if self.warehouse_url:
            return self.warehouse_url
        self.root.mkdir(mode=0o755, parents=True, exist_ok=True)
        return embedded_url(self.root)

    def warehouse_role_prefix(self) -> str | None:
        """Returns the prefix of role names on a server of one's own; the embedded server has its own roles."""
        return self.role_prefix if self.warehouse_url else None

    def pauses(self) -> tuple[float, ...]:
        """Returns how many seconds a run waits before it tries again what was out of reach: each pause is twice the last."""
        return tuple(self.retry_after * 2**number for number in range(self.retries))

    def source_list(self) -> dict[str, Source]:
        """Returns the sources: built in, or the list an office gave, with the office's corrections.

        SourceConfigError or OfficeFileError names what is wrong in them.
        """
        return with_corrections(load_sources(self.sources), self.corrections)

    def given_files(self) -> dict[str, Path]:
        """Returns the office's own files that are there, by the variable that names them; those with secrets are left out."""
        named = {name: getattr(self, name) for name in _GIVEN_FILES}
        return {variable_of(name): file for name, file in named.items() if file and file.is_file()}

    def office_files(self) -> OfficeFiles:
        """Returns the office's own units and days, read and checked when they are loaded."""
        return OfficeFiles(self.units, self.calendar, self.office_hours)

    def for_child(self) -> dict[str, str]:
        """Returns the environment of a program that reads these settings again, as `dagster dev` does."""
        return os.environ | {variable_of("home"): str(self.root), "DAGSTER_HOME": str(self.dagster_home)}

    def notifier(self) -> Notifier:
        """Returns alerts and notices, with the channels of MOTCUA_NOTIFY and MOTCUA_NOTIFY_FILE."""
        return Notifier(
            addresses=self.notify.get_secret_value() if self.notify else None,
            file=self.notify_file,
            life=LifeSettings(hold_runs=self.alert_hold_runs, quiet_runs=self.alert_quiet_runs),
            board=self.board_url,
            by=self.run_by,
            home=self.root,
            calendar=self.calendar,
        )


def variable_of(setting: str) -> str:
    """Returns the name in the environment of one setting."""
    return f"{_PREFIX}{setting.upper()}"


def mask_environment() -> None:
    """From now on nothing that this process says holds a secret of its environment, be its settings right or wrong."""
    mask_settings(
        _values_of({*map(variable_of, _SECRETS), *_PROXIES}),
        _values_of(_LOGINS),
    )


def is_debugging() -> bool:
    """Returns True if errors are to be shown with their trace, also those of the settings themselves."""
    return any(_values_of({variable_of("debug")}))


def asked_language() -> str:
    """Returns what MOTCUA_LANG says, right or wrong: it is needed to say what is wrong with the settings."""
    return next(iter(_values_of({variable_of("lang")})), "")


def is_completing() -> bool:
    """Returns True if a shell asks what may come next: then nothing else may be printed."""
    return _COMPLETION in os.environ


def _values_of(variables: Collection[str]) -> list[str]:
    """Returns the values of the environment under these names in capitals, however they are spelled there."""
    return [value for name, value in os.environ.items() if name.upper() in variables and value]


def unknown_variables() -> list[Message]:
    """Returns a sentence for each name of the environment that begins as ours do and that nothing reads."""
    known = {variable_of(setting) for setting in Settings.model_fields} | {boundaries.VARIABLE}
    ours = {name.upper() for name in os.environ if name.upper().startswith(_PREFIX)}
    return [_unknown(variable, known) for variable in sorted(ours - known)]


def _unknown(variable: str, known: Iterable[str]) -> Message:
    own_part = variable.removeprefix(_PREFIX)  # what all have in common makes none of them near
    nearest = get_close_matches(own_part, sorted(name.removeprefix(_PREFIX) for name in known), n=1)
    if nearest:
        return message(
            "Không có biến {variable}; ý bạn là {nearest}?",
            variable=variable,
            nearest=variable_of(nearest[0]),
        )
    return message(
        "Không có biến {variable}; hãy xem các biến ở docs/reference/environment.md.", variable=variable
    )
