"""Stocks out of flows: mart.overdue_daily and mart.timeliness_month, from the first day that changed."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, Engine, text

from assets.exports.completeness import refresh_feeds
from warehouse_sql.boundaries import reached
from warehouse_sql.sql_files import run_file

_SETTING = "covered_through"


def refresh_aggregates(engine: Engine) -> date | None:
    """Sums the touched stocks again up to the horizon. Returns that day, None before the first export."""
    refresh_feeds(engine)
    with engine.begin() as connection:
        through = horizon(connection)
        if through is None:
            return None
        run_file(connection, "mart/rename_inferred_units.sql")
        covered = _covered_through(connection)
        touched = connection.execute(text("select exists (select 1 from mart.touched_cell)")).scalar_one()
        if not touched and through == covered:
            return through
        run_file(connection, "mart/refresh_overdue_daily.sql", through=through, covered=covered)
        reached("aggregates.half_summed")
        run_file(connection, "mart/refresh_timeliness_month.sql", through=through, covered=covered)
        connection.execute(text("truncate mart.touched_cell"))
        connection.execute(
            text(
                "insert into ops.setting values (:name, :value)"
                " on conflict (name) do update set value = excluded.value"
            ),
            {"name": _SETTING, "value": through.isoformat()},
        )
        reached("aggregates.before_commit")
    reached("aggregates.committed")
    return through


def horizon(connection: Connection) -> date | None:
    """Returns the last day that figures count (landing.horizon); None before the first export."""
    day: date | None = connection.execute(text("select landing.horizon()")).scalar_one()
    return day


def _covered_through(connection: Connection) -> date | None:
    """Returns the horizon when the stocks were last summed."""
    value = connection.execute(
        text("select value from ops.setting where name = :name"), {"name": _SETTING}
    ).scalar_one_or_none()
    return date.fromisoformat(value) if value else None
