"""Stocks out of flows: mart.overdue_daily and mart.timeliness_month, from the first day that changed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, Engine, text

from assets.exports.completeness import refresh_feeds
from warehouse_sql.boundaries import reached
from warehouse_sql.kept_settings import keep_setting, kept_setting
from warehouse_sql.sql_files import run_file

_SETTING = "covered_through"


def refresh_aggregates(engine: Engine) -> date | None:
    """Sums what the facts of a run left, such as a day on which no source stated anything; judges the feeds.

    Returns the horizon, None before the first export.
    """
    refresh_feeds(engine)
    with engine.begin() as connection:
        through = sum_up(connection)
    reached("aggregates.committed")
    return through


def sum_up(connection: Connection) -> date | None:
    """Sums the touched stocks again up to the horizon, in the transaction that publishes the facts (`derive_facts`).

    From its end on readers see what arrived until now: `landing.known_through`. Returns the horizon, None before the first
    export.
    """
    through = horizon(connection)
    if through is None:
        return None
    run_file(connection, "mart/rename_inferred_units.sql")
    covered = _covered_through(connection)
    touched = connection.execute(text("select exists (select 1 from mart.touched_cell)")).scalar_one()
    if touched or through != covered:
        run_file(connection, "mart/refresh_overdue_daily.sql", through=through, covered=covered)
        reached("aggregates.half_summed")
        run_file(connection, "mart/refresh_timeliness_month.sql", through=through, covered=covered)
        connection.execute(text("truncate mart.touched_cell"))
        keep_setting(connection, _SETTING, through.isoformat())
    keep_setting(connection, "known_through", _last_arrival(connection).isoformat())
    reached("aggregates.before_commit")
    return through


def _last_arrival(connection: Connection) -> datetime:
    moment: datetime = connection.execute(
        text("select max(received_at) from landing.export_file where status = 'loaded'")
    ).scalar_one()
    return moment


def horizon(connection: Connection) -> date | None:
    """Returns the last day that figures are to count (landing.horizon); None before the first export."""
    day: date | None = connection.execute(text("select landing.horizon()")).scalar_one()
    return day


def _covered_through(connection: Connection) -> date | None:
    """Returns the horizon when the stocks were last summed."""
    value = kept_setting(connection, _SETTING)
    return date.fromisoformat(value) if value else None
