"""Dagster's records in a PostgreSQL of one's own, however its address is spelled and whatever its time zone is.

Imported only where such records are used: dagster-postgres is an extra of motcua.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from dagster._core.storage.config import PostgresStorageConfig
from dagster._serdes import ConfigurableClassData
from dagster_postgres import DagsterPostgresStorage
from sqlalchemy.engine import URL, make_url


class PostgresRecords(DagsterPostgresStorage):
    """The storage of dagster-postgres at an address of any spelling."""

    @classmethod
    def from_config_value(  # type: ignore[override]
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> DagsterPostgresStorage:
        """Returns the storage at the address that the configuration names."""
        address = _address(config_value["postgres_url"]).render_as_string(hide_password=False)
        adapted = cast("PostgresStorageConfig", {**config_value, "postgres_url": address})
        return DagsterPostgresStorage.from_config_value(inst_data, adapted)


def _address(url: str) -> URL:
    """Returns the address with the driver and the time zone that dagster-postgres counts on.

    SQLAlchemy 2.1 takes psycopg 3 where no driver is named, which refuses a statement of dagster-postgres (`NOTIFY` with a
    parameter). Moments are stored as the session's local time and read as UTC.
    """
    address = make_url(re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql+psycopg2://", url))
    options = [part for part in (address.query.get("options"), "-c timezone=UTC") if isinstance(part, str)]
    return address.update_query_dict({"options": " ".join(options)})
