"""Findings as a table of texts, for the sealed issue, the page and the command line."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from assets.reports.findings.findings import FindingRow
from assets.reports.reading.figures import Figures
from assets.reports.words.sealed_words import SealedWords


class FindingTexts(FindingRow):
    """A finding with its words and figures as the language writes them."""

    indicator_text: str
    before_text: str
    after_text: str
    state_text: str


def finding_table(figures: Figures, words: SealedWords) -> list[list[Any]]:
    """Returns rows of number, unit, finding (its inspection and period first), measure, due, indicator, before, after,
    state and whether it is overdue.
    """
    return [
        [
            str(row["finding_id"]),
            row["unit_name"],
            f"{row['inspection']} ({words.day(row['baseline_from'])} – {words.day(row['baseline_to'])}): {row['finding']}",
            row["measure"],
            words.day(row["due_on"]),
            row["indicator_text"],
            row["before_text"],
            row["after_text"],
            row["state_text"],
            row["state"] == "overdue",
        ]
        for row in with_texts(figures.findings, words)
    ]


def with_texts(rows: Sequence[FindingRow], words: SealedWords) -> list[FindingTexts]:
    """Returns the rows of `findings.read_findings` with indicator_text, before_text, after_text and state_text."""
    return [
        FindingTexts(
            **row,
            indicator_text=(row["indicator_vi"] if words.lang == "vi" else row["indicator_en"]) or "–",
            before_text=_value(row["before_value"], row["kind"], words),
            after_text=_value(row["after_value"], row["kind"], words),
            state_text=_state(row, words),
        )
        for row in rows
    ]


def _value(value: Decimal | None, kind: str | None, words: SealedWords) -> str:
    if value is None:
        return "–"
    if kind == "share":
        return words.share(value)
    if kind == "days":
        days = f"{value:.1f}"
        return words.say("days", days=days.replace(".", ",") if words.lang == "vi" else days)
    return words.number(int(value))


def _state(row: FindingRow, words: SealedWords) -> str:
    state: str = words.texts["finding_states"][row["state"]]
    return f"{state} {words.day(row['closed_on'])}" if row["closed_on"] else state
