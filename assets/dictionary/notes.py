"""What the dictionary says of a column besides its description: unit, portals that state it, a made-up example.

And what columns of functions mean, which the database keeps no description of: `results.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from assets.sources.canonical import DOSSIER_ATTRIBUTES, STEP_ATTRIBUTES
from warehouse_sql.dictionary.comments import Description
from warehouse_sql.dictionary.texts import texts
from warehouse_sql.yaml_files import read_yaml

_FOLDER = Path(__file__).parent
_NONE = Description("", "")
_LOCAL = Description("local time of Vietnam", "giờ Việt Nam")
_INSTANT = Description("instant, shown in the session's time zone", "thời điểm, hiện theo múi giờ của phiên")
_DOSSIERS = Description("dossiers", "hồ sơ")
_WHOLE = ("smallint", "integer", "bigint", "numeric")
#: The first that fits: name, types (empty: any), unit.
_UNITS: tuple[tuple[str, tuple[str, ...], Description], ...] = (
    ("", ("timestamp without time zone",), _LOCAL),
    ("", ("timestamp with time zone",), _INSTANT),
    ("", ("date",), Description("day", "ngày")),
    (r"fee_amount", (), Description("dong", "đồng")),
    (r"working_days|days_left|^window_days$", _WHOLE, Description("working days", "ngày làm việc")),
    (r"_days$", _WHOLE, Description("days", "ngày")),
    (r"minutes?$", _WHOLE, Description("minutes of office hours", "phút giờ làm việc")),
    (r"^seconds$|_seconds$", (), Description("seconds", "giây")),
    (r"_bytes$", _WHOLE, Description("bytes", "byte")),
    (r"share$|^ratio$|^weight$|probability|^p_value$|^q_value$", (), Description("share of 1", "phần của 1")),
    (r"^moves$", (), Description("percentage points", "điểm phần trăm")),
    (r"^limit_value$", (), Description("as limit_unit says", "theo limit_unit")),
    (r"^online_limit_value$", (), Description("as online_limit_unit says", "theo online_limit_unit")),
    (r"^rows|_rows$|row_count", _WHOLE, Description("rows", "dòng")),
    (r"^files|_files$|file_count", _WHOLE, Description("files", "tệp")),
    (
        r"^(received|resolved|pending|overdue|newly_overdue|became_overdue|fell_due|carried_over|with_)",
        _WHOLE,
        _DOSSIERS,
    ),
    (r"dossier_count|open_count|dossiers", _WHOLE, _DOSSIERS),
)
_EXAMPLES = {
    "date": "2023-07-17",
    "timestamp without time zone": "2023-07-17 09:00:00",
    "timestamp with time zone": "2023-07-17 18:30:00+07",
    "time without time zone": "07:30:00",
    "boolean": "true",
    "interval": "1 day",
}


def unit_of(name: str, sql_type: str) -> Description:
    """Returns the unit of a column in both languages; empty where it has none."""
    fits = (
        unit
        for pattern, types, unit in _UNITS
        if (not types or sql_type in types) and re.search(pattern, name)
    )
    return next(fits, _NONE)


def portals_of(name: str, meaning_en: str) -> tuple[str, ...]:
    """Returns the shapes of files that can say it, where the column is an attribute that a portal states."""
    shapes = {
        shape
        for each in (*DOSSIER_ATTRIBUTES, *STEP_ATTRIBUTES)
        if each.name == name and f"{each.en}." == meaning_en
        for shape in each.shapes
    }
    return tuple(sorted(shapes))


def example_of(owner: str, name: str, sql_type: str) -> str:
    """Returns a made-up value: that of `schema.object.column`, else of the column's name, else of its type."""
    examples = _yaml("examples.yaml")
    example = examples.get(f"{owner}.{name}", examples.get(name, _EXAMPLES.get(sql_type, "")))
    return str(example)


def result_text(owner: str, name: str, meanings: Mapping[tuple[str, str], Description]) -> Description:
    """Returns what a column of a function's result means; empty where nobody says it."""
    of_function = _yaml("results.yaml").get(owner, {})
    own = of_function.get("columns", {}).get(name)
    if own:
        return Description(own, texts().get(own, ""))
    alike = (meanings[other, name] for other in of_function.get("like", ()) if (other, name) in meanings)
    return next(alike, _NONE)


def result_texts() -> set[str]:
    """Returns the English texts that only columns of functions have."""
    return {en for each in _yaml("results.yaml").values() for en in each.get("columns", {}).values()}


@cache
def _yaml(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = read_yaml(_FOLDER / name)
    return loaded
