"""The checklist of what no export tells, in words: what the last inspection answered, what the one before it, and blanks."""

from __future__ import annotations

from collections.abc import Mapping

from assets.reports.findings.checklist import items
from assets.reports.reading.figures import VIETNAMESE, Figures
from assets.reports.statements.rows import CheckRow
from assets.reports.words.form_texts import FormWords
from assets.reports.words.point import Point

CHECKLIST_COLUMNS: Mapping[str, tuple[str, ...]] = {"checklist": ("item", "unit", "answer", "former", "note")}


def checklist_points(figures: Figures, words: FormWords) -> dict[str, Point]:
    """Returns the checklist, by its name in CHECKLIST_COLUMNS: each item with its answers by unit, or a blank."""
    last = [row for row in figures.checklist if row["place"] == 1]
    rows = []
    for item in items().values():
        title = item.title_vi if words.lang == VIETNAMESE else item.title_en
        answers = [row for row in last if row["item"] == item.code]
        rows += [_answered(title, row, words) for row in answers] or [_blank(title, words)]
    text = words.say("checklist.text")
    if last:
        named = "; ".join(dict.fromkeys(row["inspection"] for row in last))
        text = f"{text} {words.say('checklist.answered', inspections=named)}"
    return {"checklist": Point(text, rows)}


def answer_text(answer: str | None, words: FormWords) -> str:
    """Returns an answer in words, or a dash."""
    return words.say(f"checklist.{answer}") if answer else "–"


def _answered(title: str, row: CheckRow, words: FormWords) -> Mapping[str, str]:
    former = answer_text(row["former_answer"], words)
    return {
        "item": title,
        "unit": row["unit_name"],
        "answer": answer_text(row["answer"], words),
        "former": f"{former} ({row['former_inspection']})" if row["former_inspection"] else former,
        "note": row["note"] or "",
    }


def _blank(title: str, words: FormWords) -> Mapping[str, str]:
    return {"item": title, "unit": "", "answer": words.say("checklist.blank"), "former": "–", "note": "…………"}
