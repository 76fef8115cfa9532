"""The report as one HTML page that needs nothing else: styles and charts are in it, and no script."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from assets.reports import vietnamese, wording
from assets.reports.charts import MOST_UNITS, overdue_chart, timeliness_chart
from assets.reports.claim_rows import claim_table
from assets.reports.figures import Figures, Row
from assets.reports.finding_rows import finding_table
from assets.reports.sealed_words import Words

#: At most so many rows of a list are shown; the workbook has all.
MOST_ROWS = 200
_TEMPLATES = Path(__file__).with_name("templates")


def render_page(figures: Figures, workbook: str) -> str:
    """The page; `workbook` is the name of the file beside it that holds all rows."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,  # names of units and files come from outside
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "number": vietnamese.number,
        "day": vietnamese.day,
        "instant": vietnamese.instant,
        "lateness": wording.lateness,
        "last_desk": wording.last_desk,
    }
    return environment.get_template("bao-cao.html.jinja").render(**_context(figures), workbook=workbook)


def _context(figures: Figures) -> dict[str, Any]:
    timeliness, overdue = timeliness_chart(figures.form), overdue_chart(figures.days)
    return {
        "figures": figures,
        **_beside(figures),
        "w": wording,
        "percent": vietnamese.percent,
        "total": {name: sum(row[name] for row in figures.form) for name, _ in wording.FORM_COLUMNS},
        "most_rows": MOST_ROWS,
        "most_units": MOST_UNITS,
        "timeliness": timeliness and {"svg": Markup(timeliness.svg), "says": timeliness.says},
        "overdue_days": overdue and {"svg": Markup(overdue.svg), "says": overdue.says},
        "months": _months(figures),
        "edited_counts": [
            (name, sum(row["kind"] == kind for row in figures.edited))
            for kind, name in wording.EDITED_KINDS.items()
        ],
    }


def _beside(figures: Figures) -> dict[str, Any]:
    """What claims.jinja and findings.jinja are made of."""
    words = Words(figures.request.lang)
    return {
        "beside": words.texts,
        "claims": claim_table(figures, words),
        "findings": finding_table(figures, words),
    }


def _months(figures: Figures) -> list[Row]:
    """Overdue stock and flow by reporting month (15 to 14), as far as the period goes."""
    found: list[Row] = []
    for _, days in groupby(figures.days, key=lambda row: row["reporting_month"]):
        rows = list(days)
        found.append(
            {
                "first": rows[0]["date"],
                "last": rows[-1]["date"],
                "newly_overdue": sum(row["newly_overdue"] for row in rows),
                "overdue_cleared": sum(row["overdue_cleared"] for row in rows),
                "overdue_open": rows[-1]["overdue_open"],
                "pending": rows[-1]["pending"],
            }
        )
    return found
