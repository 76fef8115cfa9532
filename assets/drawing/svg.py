"""Charts as SVG, drawn offline with the shipped font: no machine's own fonts change where a text stands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from assets.drawing.fonts import FAMILY, FOLDER

_SMALLEST: dict[str, Any] = {
    "data": {"values": [{"x": 1}]},
    "mark": "line",
    "encoding": {"x": {"field": "x"}},
}


def svg(chart: Any, format_locale: dict[str, Any] | None = None) -> str:
    """Returns a chart, of Altair or as Vega-Lite takes it, as SVG that names the font; the same chart gives the same text."""
    import vl_convert  # noqa: PLC0415 - paid only by who draws

    _font_is_known()
    drawn = dict(chart) if isinstance(chart, Mapping) else json.loads(chart.to_json())
    drawn["config"] = {**drawn.get("config", {}), "font": f"{FAMILY}, sans-serif"}
    picture: str = vl_convert.vegalite_to_svg(drawn, format_locale=format_locale)
    return picture


def start_drawing() -> None:
    """Starts what draws, which takes half a second, mostly outside Python: for a thread of its own, before there is a chart."""
    svg(_SMALLEST)


@cache
def _font_is_known() -> None:
    import vl_convert  # noqa: PLC0415

    vl_convert.register_font_directory(str(FOLDER))
