"""A page of trends: what runs took, quarantine and overdue dossiers over time. Static, without anything from elsewhere.

Here: reading and drawing. Not here: the command that writes it (`cli/status.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import Engine, text

from assets.drawing.svg import svg
from assets.run_log import RUN_STATUSES
from warehouse_sql.messages import language, message, spoken
from warehouse_sql.sql_files import statements_of_file

_TEMPLATES = Path(__file__).parent / "templates"
_WIDTH, _HEIGHT = 760, 180
#: How numbers on the axes are written, by language; "en" as vega does by itself.
_NUMBERS = {"vi": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " ₫"]}}
_Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Chart:
    """A heading and its picture as SVG; empty where there is nothing to draw."""

    title: str
    svg: str


def trends_page(engine: Engine, since: date, now: datetime) -> str:
    """Returns the page as HTML, in the language of the process."""
    with engine.connect() as connection:
        runs, steps, quarantine, overdue = (
            [dict(row) for row in connection.execute(text(statement), {"since": since}).mappings()]
            for statement in statements_of_file("ops/trends.sql")
        )
    for row in runs:
        row["status"] = spoken(RUN_STATUSES[row["status"]])
    environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("trends.html.jinja").render(
        language=language(),
        title=spoken(message("Xu hướng của kho")),
        made=spoken(message("Từ ngày {since:day}, lập lúc {at:instant}.", since=since, at=now)),
        nothing=spoken(message("Chưa có số liệu.")),
        charts=[
            _chart(message("Thời gian của mỗi lần chạy (giây)"), runs, "started_at", "seconds", "status"),
            _chart(message("Thời gian của từng bước (giây)"), steps, "started_at", "seconds", "step"),
            _chart(message("Số dòng đọc trong mỗi lần chạy"), runs, "started_at", "rows_read"),
            _chart(message("Bộ nhớ cao nhất của mỗi lần chạy (MiB)"), runs, "started_at", "peak_memory_mib"),
            _chart(message("Dòng đang cách ly theo nguồn"), quarantine, "day", "open_rows", "source"),
            _chart(
                message("Hồ sơ quá hạn chưa giải quyết xong theo bộ quy tắc"),
                overdue,
                "day",
                "overdue",
                "rule_set",
            ),
        ],
    )


def _chart(title: str, rows: _Rows, x: str, y: str, colour: str | None = None) -> Chart:
    # Slow to import (a second), and needed by this page alone.
    import altair as alt  # noqa: PLC0415

    values = [
        {name: _plain(row[name]) for name in (x, y, colour) if name} for row in rows if row[y] is not None
    ]
    if not values:
        return Chart(spoken(title), "")
    chart = (
        alt.Chart(alt.Data(values=values), width=_WIDTH, height=_HEIGHT)
        .mark_line(strokeWidth=1.5, point=alt.OverlayMarkDef(size=15))
        .encode(
            x=alt.X(f"{x}:T", title=None, axis=alt.Axis(format="%d/%m/%Y", labelOverlap=True)),
            y=alt.Y(f"{y}:Q", title=None),
        )
    )
    if colour:
        chart = chart.encode(color=alt.Color(f"{colour}:N", title=None, legend=alt.Legend(orient="bottom")))
    return Chart(spoken(title), svg(chart, _NUMBERS.get(language())))


def _plain(value: Any) -> object:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value
