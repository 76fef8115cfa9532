"""How things stand: sources and their freshness, the last run, files, quarantine, alerts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, text

from assets.exports.clock_ahead import counted_sentence
from warehouse_sql.masking import masked
from warehouse_sql.sql_files import statements_of_file

_MESSAGES = ("message", "error", "last_error")


def read_status(engine: Engine) -> dict[str, Any]:
    """Returns plain rows by topic; instants have a time zone."""
    with engine.connect() as connection:
        last_run = _rows(connection, "ops/last_run.sql")
        covered = connection.execute(text("select mart.horizon()")).scalar_one()
        return {
            "covered_through": covered.isoformat() if covered else None,
            "last_run": last_run[0] if last_run else None,
            "sources": _rows(connection, "ops/source_status.sql"),
            "feed_gaps": _rows(connection, "ops/feed_gap.sql"),
            "drift": _rows(connection, "ops/recent_drift.sql"),
            "clock_ahead": counted_sentence(connection),
            "failed_files": _rows(connection, "ops/failed_file.sql"),
            "quarantine": _rows(connection, "ops/open_quarantine.sql"),
            "alerts": _rows(connection, "ops/open_alert.sql"),
            "undelivered": _rows(connection, "ops/undelivered.sql"),
        }


def _rows(connection: Connection, file: str) -> list[Mapping[str, Any]]:
    (statement,) = statements_of_file(file)
    return [_without_secrets(row) for row in connection.execute(text(statement)).mappings()]


def _without_secrets(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Messages are masked before they are stored, but not yet by version 0.1."""
    return {
        name: masked(value) if name in _MESSAGES and isinstance(value, str) else value
        for name, value in row.items()
    }
