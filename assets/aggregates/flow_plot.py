"""A small picture of the daily flow: received, resolved, newly overdue on the last days."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection

from assets.drawing.svg import svg
from warehouse_sql.frames import read_frame
from warehouse_sql.sql_files import statements_of_file

_DAYS = 90
_COLOURS = {"Tiếp nhận": "#4c78a8", "Giải quyết": "#54a24b", "Mới quá hạn": "#e45756"}
# As Vega-Lite takes it: every night draws it, and Altair, which would write it, takes a third of a second to import.
_CHART: dict[str, Any] = {
    "width": 640,
    "height": 180,
    "mark": {"type": "line", "strokeWidth": 1.5},
    "encoding": {
        "x": {
            **{"field": "day", "type": "temporal", "title": None},
            "axis": {"format": "%d/%m", "labelOverlap": True},
        },
        "y": {"field": "count", "type": "quantitative", "title": "hồ sơ / ngày"},
        "color": {
            **{"field": "kind", "type": "nominal", "title": None, "legend": {"orient": "top"}},
            "scale": {"domain": list(_COLOURS), "range": list(_COLOURS.values())},
        },
    },
}


def flow_plot(connection: Connection, through: date) -> str:
    """Returns SVG of the last 90 days up to and with `through`, all units together (ii06)."""
    (statement,) = statements_of_file("mart/recent_flow.sql")
    rows = read_frame(connection, statement, through=through, days=_DAYS)
    values = [
        {"day": row["date"].isoformat(), "kind": row["kind"], "count": row["count"]}
        for row in rows.to_dicts()
    ]
    return svg(_CHART | {"data": {"values": values}})
