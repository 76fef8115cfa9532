"""Charts as SVG, drawn offline and the same for the same rows; each with a sentence that says what it shows."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assets.reports.figures import Row
from assets.reports.vietnamese import day, number, percent

_WIDTH = 420
_FONT = "Arial, Helvetica, sans-serif"
_BLUE, _RED, _GREEN, _GREY = "#1f5f99", "#b3261e", "#3d7a3d", "#555555"
#: More units than that would be a wall; the table has them all.
MOST_UNITS = 40
_WORST_NAMED = 3


@dataclass(frozen=True)
class Chart:
    """`svg` is safe to put into a page as it is; `says` is its text alternative."""

    svg: str
    says: str


def timeliness_chart(form: Sequence[Row]) -> Chart | None:
    """The share of dossiers resolved early or on time by unit, the lowest first; None when none was resolved."""
    resolved = [row for row in form if row["resolved_total"] > 0]
    if not resolved:
        return None
    lowest = sorted(resolved, key=lambda row: (_share(row), row["unit_code"]))[:MOST_UNITS]
    whole = sum(row["resolved_total"] for row in resolved)
    timely = sum(_timely(row) for row in resolved)
    values = [
        {
            "unit": f"{place:03}",
            "name": row["unit_name"],
            "share": 100 * _share(row),
            "said": percent(_timely(row), row["resolved_total"]),
        }
        for place, row in enumerate(lowest)
    ]
    worst = "; ".join(f"{value['name']} {value['said']}" for value in values[:_WORST_NAMED])
    says = f"Biểu đồ tỷ lệ trước hạn và đúng hạn theo đơn vị. Chung {percent(timely, whole)}; thấp nhất: {worst}."
    return Chart(_svg(_lollipops(values, 100 * timely / whole)), says)


def overdue_chart(days: Sequence[Row]) -> Chart | None:
    """The stock of overdue dossiers and what it gained and lost, by day; None for less than two days."""
    if len(days) < 2:  # a line needs two points
        return None
    values = [
        {
            "day": row["date"].isoformat(),
            "open": row["overdue_open"],
            "new": row["newly_overdue"],
            "cleared": -row["overdue_cleared"],
        }
        for row in days
    ]
    highest = max(days, key=lambda row: (row["overdue_open"], -row["date"].toordinal()))
    says = (
        f"Biểu đồ hồ sơ quá hạn theo ngày. Từ {number(days[0]['overdue_open'])} hồ sơ cuối ngày {day(days[0]['date'])}"
        f" đến {number(days[-1]['overdue_open'])} hồ sơ cuối ngày {day(days[-1]['date'])}; cao nhất"
        f" {number(highest['overdue_open'])} hồ sơ cuối ngày {day(highest['date'])}. Trong kỳ mới quá hạn"
        f" {number(sum(row['newly_overdue'] for row in days))}, hết quá hạn"
        f" {number(sum(row['overdue_cleared'] for row in days))}."
    )
    return Chart(_svg(_stock_and_flow(values)), says)


def _timely(row: Row) -> int:
    return int(row["resolved_early"] + row["resolved_on_time"])


def _share(row: Row) -> float:
    return _timely(row) / int(row["resolved_total"])


def _lollipops(values: list[dict[str, Any]], overall: float) -> Any:
    import altair as alt  # noqa: PLC0415 - a second, paid only by who draws

    lowest = min(value["share"] for value in values)
    span = max(100 - lowest, 1.0)
    scale = alt.Scale(domain=[max(0.0, lowest - span * 0.15), 100.0], nice=False)
    # Two units may share a name: rows are told apart by their place, and labelled by name.
    names = json.dumps({value["unit"]: value["name"] for value in values})
    y = alt.Y(
        "unit:N",
        sort=None,
        title=None,
        axis=alt.Axis(labelExpr=f"({names})[datum.value]", labelLimit=150, grid=True, ticks=False),
    )
    x = alt.X("share:Q", scale=scale, title="% trước hạn và đúng hạn", axis=alt.Axis(labelExpr=_COMMA))
    base = alt.Chart(alt.Data(values=values))
    line = (
        alt.Chart(alt.Data(values=[{"overall": overall}]))
        .mark_rule(color=_GREY, strokeDash=[4, 3])
        .encode(x=alt.X("overall:Q", scale=scale, title="% trước hạn và đúng hạn"))
    )
    points = base.mark_point(filled=True, size=70, color=_BLUE, opacity=1).encode(x=x, y=y)
    labels = base.mark_text(align="left", dx=8, fontSize=11).encode(x=x, y=y, text="said:N")
    return alt.layer(line, points, labels).properties(width=_WIDTH - 190, height=alt.Step(20))


_COMMA = "replace(datum.label, '.', ',')"
_DOTS = "replace(format(abs(datum.value), ',d'), /,/g, '.')"


def _stock_and_flow(values: list[dict[str, Any]]) -> Any:
    import altair as alt  # noqa: PLC0415

    base = alt.Chart(alt.Data(values=values))
    x = alt.X("day:T", title=None, axis=alt.Axis(format="%d/%m", labelOverlap=True, grid=False))
    stock = (
        base.mark_area(
            line={"color": _BLUE, "strokeWidth": 1.5}, color=_BLUE, opacity=0.18, interpolate="step-after"
        )
        .encode(x=x, y=alt.Y("open:Q", title="đang quá hạn", axis=alt.Axis(labelExpr=_DOTS, tickMinStep=1)))
        .properties(width=_WIDTH - 50, height=130)
    )
    width = max(1.0, min(8.0, (_WIDTH - 50) / len(values) * 0.8))
    flow_title = "hết ↓   mới ↑"
    flow = alt.layer(
        *(
            base.mark_bar(color=colour, width=width).encode(
                x=x, y=alt.Y(f"{name}:Q", title=flow_title, axis=alt.Axis(labelExpr=_DOTS, tickMinStep=1))
            )
            for name, colour in (("new", _RED), ("cleared", _GREEN))
        )
    ).properties(width=_WIDTH - 50, height=100)
    return alt.vconcat(stock, flow, spacing=8).resolve_scale(x="shared")


def _svg(chart: Any) -> str:
    import vl_convert  # noqa: PLC0415

    chart = chart.configure(font=_FONT, background="#ffffff", autosize={"type": "pad"}).configure_axis(
        labelFontSize=11, titleFontSize=11, titleFontWeight="normal", labelColor="#222", titleColor="#222"
    )
    drawn: str = vl_convert.vegalite_to_svg(chart.configure_view(stroke=None).to_json())
    # As wide as there is room; the whole picture has one text alternative, its parts have none.
    drawn = re.sub(r' (?:width|height)="[\d.]+"', "", drawn, count=2)
    return re.sub(r' (?:aria-[\w-]+|role)="[^"]*"', "", drawn)
