"""The points of an inspection and the annexes in the template: a sentence and a table each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assets.reports.document.template_parts import (
    CENTRE,
    TEXT_WIDTH,
    Column,
    add,
    add_body,
    add_table,
    begin_if,
    end,
)
from assets.reports.words.annexes import COLUMNS
from assets.reports.words.indicator_points import WORD_COLUMNS
from assets.reports.words.points import POINT_COLUMNS

#: Width in mm of the columns of an annex; what is left goes to the procedure. A dossier code takes two lines in any of them.
_WIDTHS = {
    **{"place": 8, "code": 23, "unit": 21, "received": 17, "due": 17, "ended": 17, "since": 17},
    **{"desk": 20, "papers": 28, "kind": 20, "province": 18, "national": 18, "reason": 32, "waits_for": 24},
    **{"late_days": 15, "days": 15},
}
_POINT_UNIT = 44
_POINT_PROCEDURE = 80
_WORDS = {"procedure", "procedure_code", "reason"} | WORD_COLUMNS
#: Width in mm of the columns of a point's table by its name, where they are not those of all points.
_OWN_WIDTHS: Mapping[str, Mapping[str, float]] = {
    "indicators": {"indicator": 72},
    "indicator_units": {"unit": 31},
    "indicator_gaps": {"indicator": 50},
    "definitions": {"rule_set": 55},
    "checklist": {"item": 54, "unit": 24, "answer": 31, "former": 27},
    "targets": {"unit": 42, "indicator": 58},
}
_ANNEX_NUMBERS = {"place", "late_days", "days"}


def add_point(document: Any, catalogue: Any, name: str, has_text: bool = True) -> None:
    """A sentence, and the table by unit or procedure where there is anything to count."""
    if has_text:
        add_body(document, f"{{{{ points.{name}.text }}}}")
    begin_if(document, f"points.{name}.rows")
    columns = {"columns": catalogue["point_columns"]}
    add_table(document, columns, f"points.{name}.lines", _point_columns(name), total=f"points.{name}.total")
    end(document)


def _point_columns(name: str) -> list[Column]:
    columns = POINT_COLUMNS[name]
    wide: dict[str, float] = {
        "unit": _POINT_UNIT,
        "procedure": _POINT_PROCEDURE,
        "procedure_code": 22,
        "reason": 46,
    }
    if len(columns) == 4 and "reason" not in columns:
        wide["unit"] = wide["procedure"] = _POINT_PROCEDURE
    wide |= _OWN_WIDTHS.get(name, {})
    left = TEXT_WIDTH - sum(wide[column] for column in columns if column in wide)
    counts = [column for column in columns if column not in wide]
    width = left / len(counts)
    return [(column, f"row.{column}", wide.get(column, width), column not in _WORDS) for column in columns]


def add_annexes(document: Any, catalogue: Any) -> None:
    """The first rows of every list, on a page of their own, and how many more the workbook has."""
    words = catalogue["template"]
    add(document, words["annex"], "Heading 1", CENTRE).paragraph_format.page_break_before = True
    for name in COLUMNS:
        add(document, f"{{{{ annexes.{name}.title }}}}", "Heading 2")
        begin_if(document, f"annexes.{name}.rows")
        add_table(
            document,
            {"columns": catalogue["annex_columns"]},
            f"annexes.{name}.rows",
            _annex_columns(name),
            style="Small Table Text",
        )
        end(document, "else")
        add_body(document, words["none"])
        end(document)
        begin_if(document, f"annexes.{name}.note")
        add_body(document, f"… {{{{ annexes.{name}.note }}}}.").runs[0].italic = True
        end(document)


def _annex_columns(name: str) -> list[Column]:
    columns = COLUMNS[name]
    procedure = TEXT_WIDTH - sum(_WIDTHS[column] for column in columns if column in _WIDTHS)
    return [
        (column, f"row.{column}", _WIDTHS.get(column, procedure), column in _ANNEX_NUMBERS)
        for column in columns
    ]
