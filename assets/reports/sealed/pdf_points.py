"""The points of an inspection and the annexes as the sealed issue shows them: sentences, headings, cells and widths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assets.reports.reading.figures import Figures
from assets.reports.words.annexes import MOST_PRINTED, annexes
from assets.reports.words.form_texts import FormWords, texts
from assets.reports.words.indicator_points import WORD_COLUMNS
from assets.reports.words.points import POINT_COLUMNS, form_lines, has_total, point_texts
from assets.reports.words.shortcomings import edited_texts, shortcomings

# Widths of columns; what has none shares what is left.
_WIDTHS = {
    **{"place": "8mm", "code": "36mm", "unit": "24mm", "received": "17mm", "due": "17mm", "ended": "17mm"},
    **{"since": "17mm", "late_days": "15mm", "days": "15mm", "desk": "27mm", "papers": "34mm"},
    **{"kind": "21mm", "province": "18mm", "national": "18mm", "reason": "34mm", "waits_for": "28mm"},
}
_POINT_WIDTHS = {"unit": "46mm", "procedure": "1fr", "procedure_code": "22mm", "reason": "50mm"}
_OWN_WIDTHS = {
    "indicators": {"indicator": "80mm"},
    "indicator_units": {"unit": "38mm"},
    "indicator_gaps": {"indicator": "55mm"},
    "definitions": {"rule_set": "62mm"},
    "targets": {"indicator": "60mm"},
    "checklist": {"item": "58mm", "unit": "26mm", "answer": "30mm", "former": "28mm"},
}
_WORDS = {*_POINT_WIDTHS, *WORD_COLUMNS}
_COUNTS = {"place", "late_days", "days"}


def points(figures: Figures, words: FormWords) -> Mapping[str, Any]:
    """Returns each point by name: text, heads, rows, widths and which columns are words."""
    heads = texts(words.lang)["point_columns"]
    return {
        name: {
            "text": point.text,
            "heads": [heads[column] for column in POINT_COLUMNS[name]],
            "rows": [[row[column] for column in POINT_COLUMNS[name]] for row in point.rows],
            "widths": _point_widths(name),
            "has_total": has_total(name, point),
            "numbers": [column not in _WORDS for column in POINT_COLUMNS[name]],
        }
        for name, point in point_texts(figures, words).items()
    }


def _point_widths(name: str) -> list[str]:
    """Where procedures stand, what is left is theirs; else the counts share it."""
    columns = POINT_COLUMNS[name]
    of_counts = "24mm" if "procedure" in columns else "1fr"
    widths = _POINT_WIDTHS | _OWN_WIDTHS.get(name, {})
    return [widths.get(column, of_counts) for column in columns]


def listed(figures: Figures, words: FormWords) -> Sequence[Mapping[str, Any]]:
    """Returns the annexes in their order: title, heads, rows, widths, and a note on what is not printed."""
    heads = texts(words.lang)["annex_columns"]
    return [
        {
            "title": annex.title,
            "note": f"… {annex.note}." if annex.note else "",
            "heads": [heads[column] for column in annex.columns],
            "rows": [[row[column] for column in annex.columns] for row in annex.rows],
            "widths": [_WIDTHS.get(column, "1fr") for column in annex.columns],
            "has_total": False,
            "numbers": [column in _COUNTS for column in annex.columns],
        }
        for annex in annexes(figures, words, MOST_PRINTED)
    ]


def what_to_do(figures: Figures, words: FormWords) -> Mapping[str, Any]:
    """Returns what to look at, a sentence each; and who is to do what, with the sheet that has the list."""
    points = shortcomings(figures, words)
    return {
        "review": [item["text"] for item in points],
        "todo": [
            [
                item["who"],
                item["todo"],
                words.say("points.whole", sheet=item["sheet"]) if item["sheet"] else "",
            ]
            for item in points
        ],
        "form_lines": form_lines(figures, words),
        "edited": edited_texts(figures, words),
        "headings": texts(words.lang)["headings"],
        "none": words.say("template.no_shortcomings"),
        "no_findings": words.say("template.no_findings"),
        "annex": words.say("template.annex"),
    }
