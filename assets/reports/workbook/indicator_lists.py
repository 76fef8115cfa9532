"""The indicators of QĐ 766 by unit, what each rule set makes of the period, and targets, as sheets."""

from __future__ import annotations

from typing import Any

from assets.reports.reading.figures import Figures
from assets.reports.statements.rows import DefinitionRow, IndicatorRow
from assets.reports.words import indicator_points as said
from assets.reports.words.form_texts import FormWords
from assets.reports.workbook.listing import Column, List


def indicator_lists(figures: Figures, words: FormWords) -> list[List[Any]]:
    """Returns indicators of all units together and of each; rule sets; targets where there are any."""
    points = said.indicator_points(figures, words)
    targets: list[Column[dict[str, str]]] = [
        ("point_columns.unit", 34, lambda row: row["unit"]),
        ("point_columns.indicator", 50, lambda row: row["indicator"]),
        ("point_columns.assigned", 12, lambda row: row["assigned"]),
        ("point_columns.value", 14, lambda row: row["value"]),
        ("point_columns.state", 16, lambda row: row["state"]),
    ]
    text = " ".join((points["indicators"].text, points["indicator_gaps"].text))
    lists: list[List[Any]] = [
        List("lists.indicators_sheet", words.say("lists.indicators_title"), text, _indicators(words), figures.indicators),
        List("lists.definitions_sheet", words.say("lists.definitions_title"), points["definitions"].text,
             _definitions(words), figures.definitions),
    ]  # fmt: skip
    if figures.targets:
        title, rows = words.say("lists.targets_title"), points["targets"].rows
        lists.append(List("lists.targets_sheet", title, points["targets"].text, targets, rows))
    return lists


def _indicators(words: FormWords) -> list[Column[IndicatorRow]]:
    def unit(row: IndicatorRow) -> str:
        if row["is_all"]:
            return words.say("indicators.of_all")
        return row["unit_name"] or words.say("points.divided")

    def count(row: IndicatorRow, name: str) -> Any:
        value = row[name]  # type: ignore[literal-required]
        return None if value is None else int(value) if row["is_share"] or name == "denominator" else value

    return [
        ("point_columns.unit", 34, unit),
        ("point_columns.indicator", 40, lambda row: said.title(row, words)),
        ("lists.numerator", 12, lambda row: count(row, "numerator")),
        ("lists.denominator", 12, lambda row: count(row, "denominator")),
        ("lists.unknown", 16, lambda row: row["unknown_count"]),
        ("point_columns.value", 12, lambda row: said.value_text(row, words)),
        ("point_columns.target", 10, lambda row: said.share_text(row["target"], words)),
        ("point_columns.score", 10, lambda row: said.score_text(row, words)),
        ("lists.rank", 8, lambda row: row["rank"]),
        ("lists.ranked_count", 12, lambda row: None if row["rank"] is None else row["ranked_count"]),
        ("point_columns.why", 70, lambda row: said.reason(row, words)),
        ("lists.formula", 70, lambda row: row["formula_vi"] if words.lang == "vi" else row["formula_en"]),
    ]


def _definitions(words: FormWords) -> list[Column[DefinitionRow]]:
    return [
        ("point_columns.rule_set", 60, lambda row: said.rule_set_title(row, words)),
        ("point_columns.timed", 16, lambda row: row["resolved_timed"]),
        ("point_columns.in_time", 16, lambda row: row["resolved_in_time"]),
        ("point_columns.late", 16, lambda row: row["resolved_late"]),
        ("point_columns.overdue", 16, lambda row: row["pending_overdue"]),
        (
            "point_columns.value",
            14,
            lambda row: words.percent(row["resolved_in_time"], row["resolved_timed"]),
        ),
        ("point_columns.moves", 16, lambda row: said.moves_text(row, words)),
    ]
