"""Charts of the document as PNG, drawn offline at twice the size they are shown, each with its text alternative."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assets.reports.statements.rows import CountsRow, DayRow, FormRow
from assets.reports.words.form_texts import FormWords

#: More units than that do not fit on a page; the table has them all.
MOST_UNITS = 30
_WIDTH = 600  # CSS pixels, as wide as the text of an A4 page
_SCALE = 2
_FONT = "Arial, Liberation Sans, Helvetica, sans-serif"
_BLUE, _GREY, _INK = "#1f5f99", "#555555", "#222222"
_WORST_NAMED = 3


@dataclass(frozen=True)
class Picture:
    """`says` is the text alternative."""

    png: bytes
    description: str


def timeliness_picture(form: Sequence[FormRow], words: FormWords) -> Picture | None:
    """Returns the share resolved early or on time by unit, the lowest first, or None when nothing was resolved."""
    resolved = [row for row in form if row["resolved_total"] > 0]
    if not resolved:
        return None
    lowest = sorted(resolved, key=lambda row: (_share(row), row["unit_code"]))[:MOST_UNITS]
    whole, timely = sum(row["resolved_total"] for row in resolved), sum(map(_timely, resolved))
    values = [
        {
            "unit": f"{n:03}",
            "name": row["unit_name"],
            "share": 100 * _share(row),
            "label": words.percent(_timely(row), row["resolved_total"]),
        }
        for n, row in enumerate(lowest)
    ]  # fmt: skip
    overall = words.percent(timely, whole)
    worst = "; ".join(f"{value['name']} {value['label']}" for value in values[:_WORST_NAMED])
    spec = _timeliness(values, 100 * timely / whole, words)
    return Picture(_png(spec), words.say("charts.timely_says", share=overall, worst=worst))


def overdue_picture(days: Sequence[DayRow], words: FormWords) -> Picture | None:
    """Returns the stock of open and overdue dossiers by day, or None for less than two days."""
    if len(days) < 2:  # a line needs two points
        return None
    highest = max(days, key=lambda row: (row["overdue_open"], -row["date"].toordinal()))
    description = words.say(
        "charts.overdue_says",
        first=words.number(days[0]["overdue_open"]),
        first_day=words.day(days[0]["date"]),
        last=words.number(days[-1]["overdue_open"]),
        last_day=words.day(days[-1]["date"]),
        most=words.number(highest["overdue_open"]),
        most_day=words.day(highest["date"]),
    )
    values = [{"day": row["date"].isoformat(), "open": row["overdue_open"]} for row in days]
    return Picture(_png(_overdue(values, words)), description)


def _timely(row: CountsRow) -> int:
    return int(row["resolved_early"] + row["resolved_on_time"])


def _share(row: CountsRow) -> float:
    return _timely(row) / int(row["resolved_total"])


def _timeliness(values: list[dict[str, Any]], overall: float, words: FormWords) -> dict[str, Any]:
    lowest = min(value["share"] for value in values)
    scale = {"domain": [max(0.0, lowest - max(100 - lowest, 1.0) * 0.15), 100.0], "nice": False}
    decimal = "datum.label" if words.is_english else "replace(datum.label, '.', ',')"
    # Two units may share a name: rows are distinguished by their place, and labelled by name.
    names = f"({json.dumps({value['unit']: value['name'] for value in values})})[datum.value]"
    axis = {"labelExpr": names, "labelLimit": 190, "grid": False, "ticks": False}
    x = {
        "type": "quantitative",
        "scale": scale,
        "title": words.say("charts.timely_title"),
        "axis": {"labelExpr": decimal, "tickCount": 6},
    }
    y = {"field": "unit", "type": "nominal", "sort": None, "title": None, "axis": axis}
    return {
        "data": {"values": values},
        "width": _WIDTH - 210,
        "height": {"step": 18},
        "layer": [
            {
                "data": {"values": [{"overall": overall}]},
                "mark": {"type": "rule", "color": _GREY, "strokeDash": [4, 3]},
                "encoding": {"x": x | {"field": "overall"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 70, "color": _BLUE, "opacity": 1},
                "encoding": {"x": x | {"field": "share"}, "y": y},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 8, "fontSize": 11, "color": _INK},
                "encoding": {
                    "x": x | {"field": "share"},
                    "y": y,
                    "text": {"field": "label", "type": "nominal"},
                },
            },
        ],
    }


def _overdue(values: list[dict[str, Any]], words: FormWords) -> dict[str, Any]:
    mark = "," if words.is_english else "."
    thousands = f"replace(format(datum.value, ',d'), /,/g, '{mark}')"
    x_axis = {"format": words.say("charts.day_format"), "labelOverlap": True, "grid": False}
    y_axis = {"labelExpr": thousands, "tickMinStep": 1}
    return {
        "data": {"values": values},
        "width": _WIDTH - 80,
        "height": 170,
        "mark": {
            "type": "area",
            "line": {"color": _BLUE, "strokeWidth": 1.5},
            "color": _BLUE,
            "opacity": 0.18,
            "interpolate": "step-after",
        },
        "encoding": {
            "x": {"field": "day", "type": "temporal", "title": None, "axis": x_axis},
            "y": {
                "field": "open",
                "type": "quantitative",
                "title": words.say("charts.overdue_title"),
                "axis": y_axis,
            },
        },
    }


def _png(spec: dict[str, Any]) -> bytes:
    import vl_convert  # noqa: PLC0415 - a second, paid only by who draws

    axis = {
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "labelColor": _INK,
        "titleColor": _INK,
    }
    config = {"font": _FONT, "background": "#ffffff", "axis": axis, "view": {"stroke": None}}
    drawn: bytes = vl_convert.vegalite_to_png(spec | {"config": config}, scale=_SCALE)
    return drawn
