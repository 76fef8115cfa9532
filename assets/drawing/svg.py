"""Charts as SVG, drawn offline with the shipped font: no machine's own fonts change where a text stands."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from assets.drawing.fonts import FAMILY, FOLDER


def svg(chart: Any, format_locale: dict[str, Any] | None = None) -> str:
    """Returns an Altair chart as SVG that names the font; the same chart gives the same text."""
    import vl_convert  # noqa: PLC0415 - paid only by who draws

    _font_is_known()
    drawn = json.loads(chart.to_json())
    drawn.setdefault("config", {})["font"] = f"{FAMILY}, sans-serif"
    picture: str = vl_convert.vegalite_to_svg(drawn, format_locale=format_locale)
    return picture


@cache
def _font_is_known() -> None:
    import vl_convert  # noqa: PLC0415

    vl_convert.register_font_directory(str(FOLDER))
