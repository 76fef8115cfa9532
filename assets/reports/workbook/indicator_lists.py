"""The indicators of QĐ 766 by unit, what each rule set makes of the period, and targets, as sheets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assets.reports.reading.figures import Figures
from assets.reports.statements.rows import DefinitionRow, IndicatorRow
from assets.reports.words.form_texts import FormWords
from assets.reports.words.indicator_points import (
    moves_text,
    reason,
    rule_set_title,
    score_text,
    share_text,
    title,
    value_text,
)
from assets.reports.words.point import Point
from assets.reports.workbook.listing import Column, List


def indicator_lists(figures: Figures, words: FormWords, inspected: Mapping[str, Point]) -> list[List[Any]]:
    """Returns indicators of all units together and of each; rule sets; targets where there are any.

    `inspected` holds the points in words, as `point_texts` returns them.
    """
    targets: list[Column[dict[str, str]]] = [
        ("point_columns.unit", 34, lambda row: row["unit"]),
        ("point_columns.indicator", 50, lambda row: row["indicator"]),
        ("point_columns.assigned", 12, lambda row: row["assigned"]),
        ("point_columns.value", 14, lambda row: row["value"]),
        ("point_columns.state", 16, lambda row: row["state"]),
    ]
    text = " ".join((inspected["indicators"].text, inspected["indicator_gaps"].text))
    lists: list[List[Any]] = [
        List("lists.indicators_sheet", words.say("lists.indicators_title"), text, _indicators(words), figures.indicators),
        List("lists.definitions_sheet", words.say("lists.definitions_title"), inspected["definitions"].text,
             _definitions(words), figures.definitions),
    ]  # fmt: skip
    if figures.targets:
        point, heading = inspected["targets"], words.say("lists.targets_title")
        lists.append(List("lists.targets_sheet", heading, point.text, targets, point.rows))
    return lists


def _indicators(words: FormWords) -> list[Column[IndicatorRow]]:
    def unit(row: IndicatorRow) -> str:
        if row["is_all"]:
            return words.say("indicators.of_all")
        return row["unit_name"] or words.say("points.divided")

    def count(row: IndicatorRow, name: str) -> Any:
        value = row[name]  # type: ignore[literal-required]
        # a sum of days as whole ones: their quotient is what is read
        return None if value is None else round(value)

    return [
        ("point_columns.unit", 34, unit),
        ("point_columns.indicator", 40, lambda row: title(row, words)),
        ("lists.numerator", 14, lambda row: count(row, "numerator")),
        ("lists.denominator", 14, lambda row: count(row, "denominator")),
        ("lists.unknown", 16, lambda row: row["unknown_count"]),
        ("point_columns.value", 12, lambda row: value_text(row, words)),
        ("point_columns.target", 10, lambda row: share_text(row["target"], words)),
        ("point_columns.score", 10, lambda row: score_text(row, words)),
        ("lists.rank", 8, lambda row: row["rank"]),
        ("lists.ranked_count", 12, lambda row: None if row["rank"] is None else row["ranked_count"]),
        ("point_columns.why", 70, lambda row: reason(row, words)),
        ("lists.formula", 70, lambda row: row["formula_vi"] if words.lang == "vi" else row["formula_en"]),
    ]


def _definitions(words: FormWords) -> list[Column[DefinitionRow]]:
    return [
        ("point_columns.rule_set", 60, lambda row: rule_set_title(row, words)),
        ("point_columns.timed", 16, lambda row: row["resolved_timed"]),
        ("point_columns.in_time", 16, lambda row: row["resolved_in_time"]),
        ("point_columns.late", 16, lambda row: row["resolved_late"]),
        ("point_columns.overdue", 16, lambda row: row["pending_overdue"]),
        (
            "point_columns.value",
            14,
            lambda row: words.percent(row["resolved_in_time"], row["resolved_timed"]),
        ),
        ("point_columns.moves", 16, lambda row: moves_text(row, words)),
    ]
