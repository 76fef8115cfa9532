"""Charts of the document as PNG, drawn as the sealed issue draws them, each with its text alternative."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assets.drawing import fonts
from assets.reports.charts import series
from assets.reports.statements.rows import DayRow, FormRow
from assets.reports.words.sealed_words import SealedWords

_TEMPLATE = Path(__file__).with_name("picture.typ")
#: Twice the picture points of a screen.
_DOTS_PER_INCH = 192


@dataclass(frozen=True)
class Picture:
    """`description` is the text alternative."""

    png: bytes
    description: str


def timeliness_picture(form: Sequence[FormRow], lang: str) -> Picture | None:
    """Returns the share resolved early or on time by unit, the lowest first, or None when nothing was resolved."""
    return _picture("timeliness", series.timeliness(form, SealedWords(lang)), lang)


def overdue_picture(days: Sequence[DayRow], lang: str) -> Picture | None:
    """Returns stock and flow of overdue dossiers by day, or None for less than two days."""
    return _picture("overdue_days", series.overdue_days(days, SealedWords(lang)), lang)


def _picture(name: str, chart: Mapping[str, Any] | None, lang: str) -> Picture | None:
    if chart is None:
        return None
    import typst  # noqa: PLC0415 - paid only by who draws

    png: bytes = typst.compile(
        _TEMPLATE,
        root=_TEMPLATE.parent,
        format="png",
        ppi=_DOTS_PER_INCH,
        font_paths=[fonts.FOLDER],
        ignore_system_fonts=True,  # or a machine's own fonts would change letters
        sys_inputs={"chart": name, "data": json.dumps(chart, ensure_ascii=False), "lang": lang},
    )
    return Picture(png, str(chart["says"]))
