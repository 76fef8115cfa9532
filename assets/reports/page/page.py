"""The report as one HTML page that needs nothing else: styles, charts, data and script are in it."""

from __future__ import annotations

import base64
import hashlib
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from assets.drawing.fonts import FAMILY, font_faces
from assets.reports.page.draw import draw_flow, draw_stock
from assets.reports.page.embedded import (
    day_marks,
    embedded,
    gap_days,
    sectors_in_use,
    unit_keys,
    units_in_use,
)
from assets.reports.page.lists import PRINTED_ROWS, listings
from assets.reports.page.values import ALL, Values
from assets.reports.reading.figures import CURRENT, VIETNAMESE, Figures
from assets.reports.reading.months import months
from assets.reports.reading.sections import LEAST_BATCH, LEAST_STAGE, MOST_LISTED
from assets.reports.reading.timing import FALSE_SHARE, LEAST_TRIALS, Judged
from assets.reports.statements.queries import number
from assets.reports.words import wording
from assets.reports.words.annexes import COLUMNS
from assets.reports.words.claim_rows import claim_table
from assets.reports.words.finding_rows import finding_table
from assets.reports.words.form_texts import FormWords
from assets.reports.words.indicator_points import WORD_COLUMNS
from assets.reports.words.points import POINT_COLUMNS, form_lines, point_texts
from assets.reports.words.sealed_words import SealedWords
from assets.reports.words.shortcomings import shortcomings
from assets.reports.words.texts import Manner, texts

_TEMPLATES = Path(__file__).with_name("templates")
#: The one script that the page lets run.
SCRIPT = _TEMPLATES / "page.js"
# Where the page has more on a point to look at.
_PLACES = {
    "overdue": "phu-luc-2",
    "late": "phu-luc-1",
    "slow": "tien-do",
    "stopped": "dung-cho",
    "hand_over": "chua-tra",
    "papers": "giay-to",
    "catalogue": "danh-muc",
    "online": "kenh",
    "edited": "can-kiem-tra",
    "delays": "do-tre",
    "portal": "hai-cong",
    "quarantine": "co-so",
    "feeds": "co-so",
    "checks": "bieu",
}


def render_page(figures: Figures, workbook: str) -> str:
    """Returns the page; `workbook` is the name of the file next to it that holds all rows."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,  # names of units and files come from outside
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    manner = Manner(figures.request.lang)
    environment.filters |= {
        "number": manner.number,
        "day": manner.day,
        "instant": manner.instant,
        "within": wording.kind_within,
        "say": lambda template, **values: str(template).format(**values),
    }
    style = environment.get_template("style.css.jinja").render(
        printed=PRINTED_ROWS, font_faces=Markup(font_faces()), font=FAMILY
    )
    script = SCRIPT.read_text(encoding="utf-8")
    return environment.get_template("bao-cao.html.jinja").render(
        **_context(figures),
        workbook=workbook,
        style=Markup(style),
        script=Markup(script),
        # Nothing but this very style and this very script may do anything, and nothing may be asked for anywhere: the
        # font is in the style.
        policy=f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "font-src data:; "
        "base-uri 'none'; form-action 'none'",
    )


def _hash(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def _context(figures: Figures) -> dict[str, Any]:
    manner, in_period, lists = Manner(figures.request.lang), months(figures), listings(figures)
    return {
        "figures": figures,
        "s": figures.sections,
        **_claims_and_findings(figures),
        "w": wording,
        "t": texts(figures.request.lang),
        "official": texts(VIETNAMESE),
        "percent": manner.percent,
        "probability": manner.probability,
        "total": {name: sum(number(row, name) for row in figures.form) for name, _ in wording.FORM_COLUMNS},
        "v": Values(figures, in_period),
        "all": ALL,
        "units": units_in_use(figures),
        "sectors": sectors_in_use(figures),
        "keys": unit_keys(figures),
        "unit_nos": {(row["unit_code"], row["valid_from"]): row["unit_no"] for row in figures.sections.units},
        "has_divided": any(row["unit_no"] is None for row in figures.sections.cells),
        "months": in_period,
        "month_stock": _month_stock(figures),
        "lists": lists,
        "charts": _charts(figures),
        "sentence": _sentence(figures),
        "points": shortcomings(figures, FormWords(figures.request.lang)),
        "places": _PLACES,
        **_inspected(figures),
        "per_thousand": manner.per_thousand,
        "printed": PRINTED_ROWS,
        "most_listed": MOST_LISTED,
        "batch_counts": {row["unit_no"]: row for row in figures.sections.batch_counts},
        "finding": lambda judged: _finding(judged, texts(figures.request.lang)["timing"]),
        "is_current": figures.request.unit_view == CURRENT,
        "least": {"batch": LEAST_BATCH, "stage": LEAST_STAGE, "trials": LEAST_TRIALS, "false": FALSE_SHARE},
        "data": Markup(embedded(figures, lists, in_period)),
    }


def _inspected(figures: Figures) -> dict[str, Any]:
    """Returns the points of an inspection: their sentences and tables, and the sheets that have their lists."""
    words = FormWords(figures.request.lang)
    return {
        "inspected": point_texts(figures, words),
        "point_columns": POINT_COLUMNS,
        "word_columns": {"procedure", "reason"} | WORD_COLUMNS,
        "headings": texts(figures.request.lang)["forms"]["point_columns"],
        "form_lines": form_lines(figures, words),
        "sheets": {name: words.say(f"lists.{name}_sheet") for name in COLUMNS},
    }


def _claims_and_findings(figures: Figures) -> dict[str, Any]:
    """Returns what claims.jinja and findings.jinja are made of."""
    words = SealedWords(figures.request.lang)
    return {
        "sealed": words.texts,
        "claims": claim_table(figures, words),
        "findings": finding_table(figures, words),
    }


def _sentence(figures: Figures) -> Markup:
    """Returns the sentence of the inspection, its figures marked so that the page can put in those of a choice."""
    marked = {
        name: Markup('<span data-say="{}">{}</span>').format(name, value)
        for name, value in {"units": wording.units(figures), **wording.inspection_figures(figures)}.items()
    }
    return Markup(wording.inspection_pattern(figures)).format(**marked)


def _charts(figures: Figures) -> list[dict[str, Any]]:
    """Returns stock and flow by day; none for less than two days."""
    days = figures.days
    if len(days) < 2:
        return []
    words, m = texts(figures.request.lang)["overdue"], Manner(figures.request.lang)
    stock, new, cleared = (
        [row[name] for row in days] for name in ("overdue_open", "newly_overdue", "overdue_cleared")
    )
    highest = max(days, key=lambda row: (row["overdue_open"], -row["date"].toordinal()))
    marks, gaps = day_marks(figures), gap_days(figures)
    return [
        {
            "svg": Markup(draw_stock(stock, marks, gaps, m.number)),
            "says": words["says_stock"].format(
                first=m.number(stock[0]),
                first_day=m.day(days[0]["date"]),
                last=m.number(stock[-1]),
                last_day=m.day(days[-1]["date"]),
                most=m.number(highest["overdue_open"]),
                most_day=m.day(highest["date"]),
            ),
            "caption": words["stock"],
        },
        {
            "svg": Markup(draw_flow(new, cleared, marks, gaps, m.number)),
            "says": words["says_flow"].format(new=m.number(sum(new)), cleared=m.number(sum(cleared))),
            "caption": words["flow"],
        },
    ]


def _month_stock(figures: Figures) -> dict[Any, dict[str, int]]:
    """Returns overdue flow and the stocks at the end by reporting month, as far as days have figures."""
    by_month: dict[Any, dict[str, int]] = {}
    for month, days in groupby(figures.days, key=lambda row: row["reporting_month"]):
        rows = list(days)
        by_month[month] = {
            "newly_overdue": sum(row["newly_overdue"] for row in rows),
            "overdue_cleared": sum(row["overdue_cleared"] for row in rows),
            "overdue_open": rows[-1]["overdue_open"],
            "pending": rows[-1]["pending"],
        }
    return by_month


def _finding(judged: Judged, words: Any) -> str:
    if judged.adjusted is None:
        return str(words["too_few"])
    return str(words["stands_out" if judged.stands_out else "alike"])
