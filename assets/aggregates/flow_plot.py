"""A small picture of the daily flow: received, resolved, newly overdue on the last days."""

from __future__ import annotations

from datetime import date

import polars as pl
from sqlalchemy import Connection

from assets.drawing.lines import draw_lines
from warehouse_sql.frames import read_frame
from warehouse_sql.sql_files import statements_of_file

_DAYS = 90
_COLOURS = {"Tiếp nhận": "#4c78a8", "Giải quyết": "#54a24b", "Mới quá hạn": "#e45756"}


def flow_plot(connection: Connection, through: date) -> str:
    """Returns SVG of the last 90 days up to and with `through`, all units together (ii06)."""
    (statement,) = statements_of_file("mart/recent_flow.sql")
    rows = read_frame(connection, statement, through=through, days=_DAYS).sort("date")
    lines = {
        kind: (colour, rows.filter(pl.col("kind") == kind)["count"].to_list())
        for kind, colour in _COLOURS.items()
    }
    return draw_lines(rows["date"].unique(maintain_order=True).to_list(), lines, "hồ sơ / ngày")
