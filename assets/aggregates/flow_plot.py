"""A small picture of the daily flow: received, resolved, newly overdue on the last days."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from assets.drawing.svg import svg
from warehouse_sql.frames import read_frame
from warehouse_sql.sql_files import statements_of_file

_DAYS = 90
_COLOURS = {"Tiếp nhận": "#4c78a8", "Giải quyết": "#54a24b", "Mới quá hạn": "#e45756"}


def flow_plot(connection: Connection, through: date) -> str:
    """Returns SVG of the last 90 days up to and with `through`, all units together (ii06)."""
    # Slow to import (a second), and needed only when something changed.
    import altair as alt  # noqa: PLC0415

    (statement,) = statements_of_file("mart/recent_flow.sql")
    rows = read_frame(connection, statement, through=through, days=_DAYS)
    values = [
        {"day": row["date"].isoformat(), "kind": row["kind"], "count": row["count"]}
        for row in rows.to_dicts()
    ]
    chart = (
        alt.Chart(alt.Data(values=values), width=640, height=180)
        .mark_line(strokeWidth=1.5)
        .encode(
            x=alt.X("day:T", title=None, axis=alt.Axis(format="%d/%m", labelOverlap=True)),
            y=alt.Y("count:Q", title="hồ sơ / ngày"),
            color=alt.Color(
                "kind:N",
                title=None,
                scale=alt.Scale(domain=list(_COLOURS), range=list(_COLOURS.values())),
                legend=alt.Legend(orient="top"),
            ),
        )
    )
    return svg(chart)
