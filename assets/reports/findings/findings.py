"""What inspections found: recorded, closed, and measured before and after by a named indicator.

Here: the table ops.finding and its figures. Not here: how a finding is written in a report (`finding_rows.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Connection, text

from assets.dimensions.known_units import KnownUnits
from assets.given.texts import key, normalise, shown
from assets.reports.statements.queries import RECORDED
from assets.reports.statements.rows import RecordedRow
from assets.reports.statements.running import rows_of
from warehouse_sql.messages import message
from warehouse_sql.sql_files import statements_of_file
from warehouse_sql.yaml_files import read_yaml


class FindingRow(RecordedRow):
    """A finding with what its indicator was before and after: shares of 1, counts or days by its kind."""

    before_value: Decimal | None
    after_value: Decimal | None
    #: The days that after_value is of; None where nothing is known of days after the baseline.
    after_from: date | None
    after_to: date | None
    kind: str | None
    state: str
    indicator_vi: str | None
    indicator_en: str | None


# Indicators besides those of core.indicator.
_INDICATORS = read_yaml(Path(__file__).with_name("indicators.yaml"))
STATES = ("open", "overdue", "closed")


class FindingError(ValueError):
    """A finding can't be recorded or closed. The message is one Vietnamese sentence that says what to do."""


@dataclass(frozen=True)
class NewFinding:
    """A finding as people say it; `unit` is a code or a name, `baseline_value` a share of 1 or a count."""

    inspection: str
    unit: str
    finding: str
    measure: str
    due_on: date
    created_on: date
    baseline_from: date
    baseline_to: date
    indicator: str | None = None
    baseline_value: Decimal | None = None


@dataclass(frozen=True)
class Indicator:
    """A named indicator; `kind` is share (of 1), count or days. Fewer are better, or more."""

    code: str
    title_vi: str
    title_en: str
    kind: str
    is_fewer_better: bool = False


def indicators(connection: Connection) -> dict[str, Indicator]:
    """Returns all named indicators by their code."""
    listed = [
        Indicator(row.code, row.title_vi, row.title_en, "share" if row.is_share else "days", not row.is_share)
        for row in connection.execute(
            text("select code, title_vi, title_en, is_share from core.indicator order by code")
        )
    ]
    for (rule_set,) in connection.execute(text("select rule_set from core.rule_set order by rule_set")):
        listed += [_of_rule_set(Indicator(**entry), rule_set) for entry in _INDICATORS["of_rule_sets"]]
    listed += [Indicator(**entry) for entry in _INDICATORS["own"]]
    return {indicator.code: indicator for indicator in listed}


def _of_rule_set(indicator: Indicator, rule_set: str) -> Indicator:
    return replace(
        indicator,
        code=f"{indicator.code}:{rule_set}",
        title_vi=indicator.title_vi.format(rule_set=rule_set),
        title_en=indicator.title_en.format(rule_set=rule_set),
    )


def add_finding(connection: Connection, new: NewFinding) -> int:
    """Records a finding in the caller's transaction. Returns its number. Raises FindingError, which says what is wrong."""
    if new.baseline_from > new.baseline_to:
        raise FindingError(
            message(
                "Kỳ được kiểm tra từ {baseline_from:day} đến {baseline_to:day} không hợp lệ; hãy ghi ngày đầu "
                "trước hoặc bằng ngày cuối.",
                baseline_from=new.baseline_from,
                baseline_to=new.baseline_to,
            )
        )
    for name, given in (
        (message("đợt kiểm tra"), new.inspection),
        (message("kết luận"), new.finding),
        (message("biện pháp"), new.measure),
    ):
        if not normalise(given):
            raise FindingError(message("Thiếu {name}; hãy ghi một câu.", name=name))
    unit = KnownUnits(connection).find(new.unit, new.baseline_from, new.baseline_to)
    if unit is None:
        raise FindingError(
            message(
                "Đơn vị “{unit}” không có trong danh sách đơn vị của kỳ được kiểm tra, hoặc có nhiều; hãy ghi mã "
                "đơn vị hành chính (core.dim_unit) hoặc tên đầy đủ.",
                unit=shown(new.unit),
            )
        )
    indicator = _indicator(connection, new.indicator) if new.indicator else None
    finding_id: int = connection.execute(
        text(
            "insert into ops.finding (inspection, unit_code, unit_valid_from, finding, measure, due_on, indicator,"
            " baseline_from, baseline_to, baseline_value, created_on) values (:inspection, :unit_code,"
            " :unit_valid_from, :finding, :measure, :due_on, :indicator, :baseline_from, :baseline_to,"
            " :baseline_value, :created_on) returning finding_id"
        ),
        {
            "inspection": normalise(new.inspection),
            "unit_code": unit.code,
            "unit_valid_from": unit.valid_from,
            "finding": normalise(new.finding),
            "measure": normalise(new.measure),
            "due_on": new.due_on,
            "indicator": indicator,
            "baseline_from": new.baseline_from,
            "baseline_to": new.baseline_to,
            "baseline_value": new.baseline_value,
            "created_on": new.created_on,
        },
    ).scalar_one()
    return finding_id


def _indicator(connection: Connection, written: str) -> str:
    known = indicators(connection)
    by_word = {key(word): code for code, indicator in known.items() for word in (code, indicator.title_vi)}
    if (indicator_code := by_word.get(key(written))) is None:
        raise FindingError(
            message(
                "Chỉ tiêu “{indicator}” không có; hãy dùng một trong: {known} (xem “motcua findings indicators”).",
                indicator=shown(written),
                known=", ".join(known),
            )
        )
    return indicator_code


def close_finding(connection: Connection, finding_id: int, closed_on: date, note: str) -> None:
    """Notes that a remedy was accepted, in the caller's transaction.

    Raises FindingError when there is nothing to close.
    """
    row = connection.execute(
        text("select created_on, closed_on from ops.finding where finding_id = :id for update"),
        {"id": finding_id},
    ).one_or_none()
    if row is None:
        raise FindingError(
            message(
                "Không có kết luận số {finding_id}; hãy xem số ở “motcua findings list”.",
                finding_id=finding_id,
            )
        )
    if row.closed_on:
        raise FindingError(
            message(
                "Kết luận số {finding_id} đã đóng ngày {closed_on:day}; không đóng lại được.",
                finding_id=finding_id,
                closed_on=row.closed_on,
            )
        )
    if closed_on < row.created_on:
        raise FindingError(
            message(
                "Ngày đóng {closed_on:day} trước ngày kết luận {created_on:day}; hãy sửa ngày.",
                closed_on=closed_on,
                created_on=row.created_on,
            )
        )
    connection.execute(
        text(
            "update ops.finding set closed_on = :closed_on, closing_note = :note,"
            " closing_recorded_at = clock_timestamp() where finding_id = :id"
        ),
        {"closed_on": closed_on, "note": normalise(note) or None, "id": finding_id},
    )


def read_findings(
    connection: Connection,
    units: Sequence[str],
    recorded_by: str,
    known_at: str,
    on: date,
    period: tuple[date, date] | None = None,
) -> list[FindingRow]:
    """Returns findings of units as recorded by a moment, with before and after of their indicators.

    `recorded_by` (of findings) and `known_at` (of exports) are ISO instants or "infinity", `on` the day by which
    remedies are due or overdue. Without a `period` each is measured after over the days since its baseline, up to the last
    one known or `on`. before_value and after_value are shares of 1, counts or days; None where nothing can be measured.
    Columns besides those of ops/finding_recorded.sql: before_value, after_value, after_from, after_to, kind, state.
    """
    recorded = rows_of(connection, RECORDED, {"units": list(units) or None, "known_at": recorded_by})
    known = indicators(connection)
    before: dict[int, Decimal] = {}
    for start, end in sorted({(row["baseline_from"], row["baseline_to"]) for row in recorded}):
        rows = [
            row
            for row in recorded
            if (row["baseline_from"], row["baseline_to"]) == (start, end) and row["baseline_value"] is None
        ]
        before |= _measured(connection, rows, start, end, known_at)
    through = connection.execute(
        text("select mart.horizon(cast(:known_at as timestamptz))"), {"known_at": known_at}
    ).scalar_one()
    last = on if through is None else min(on, through)
    periods = {row["finding_id"]: period or _since(row["baseline_to"], last) for row in recorded}
    after: dict[int, Decimal] = {}
    for days in sorted({days for days in periods.values() if days}):
        rows = [row for row in recorded if periods[row["finding_id"]] == days]
        after |= _measured(connection, rows, *days, known_at)
    return [
        _finding(
            row,
            before.get(row["finding_id"]) if row["baseline_value"] is None else row["baseline_value"],
            after.get(row["finding_id"]),
            periods[row["finding_id"]],
            known.get(row["indicator"] or ""),
            on,
        )
        for row in recorded
    ]


def _since(baseline_to: date, last: date) -> tuple[date, date] | None:
    """Returns the days after a baseline, up to the last one that is known; None before the first of them."""
    return (baseline_to + timedelta(days=1), last) if last > baseline_to else None


def unmoved(connection: Connection, finding_id: int, on: date) -> FindingRow | None:
    """Returns a finding whose figure, measured since its baseline up to a day, is no better than it was; else None."""
    known = indicators(connection)
    for row in read_findings(connection, (), "infinity", "infinity", on):
        before, after = row["before_value"], row["after_value"]
        if row["finding_id"] != finding_id or before is None or after is None:
            continue
        is_better = after < before if known[row["indicator"] or ""].is_fewer_better else after > before
        return None if is_better else row
    return None


def _finding(
    row: RecordedRow,
    before: Decimal | None,
    after: Decimal | None,
    period: tuple[date, date] | None,
    indicator: Indicator | None,
    on: date,
) -> FindingRow:
    after_from, after_to = period or (None, None)
    return FindingRow(
        **row,
        before_value=before,
        after_value=after,
        after_from=after_from,
        after_to=after_to,
        kind=indicator.kind if indicator else None,
        state=_state(row, on),
        indicator_vi=indicator.title_vi if indicator else None,
        indicator_en=indicator.title_en if indicator else None,
    )


def _measured(
    connection: Connection, rows: Iterable[RecordedRow], start: date, end: date, known_at: str
) -> dict[int, Decimal]:
    """Returns values of the indicators of findings in a period, by the number of the finding."""
    asked = [row for row in rows if row["indicator"]]
    if not asked:
        return {}
    (statement,) = statements_of_file("ops/finding_measure.sql")
    measured = connection.execute(
        text(statement),
        {
            "finding_ids": [row["finding_id"] for row in asked],
            "indicators": sorted({row["indicator"] for row in asked if row["indicator"]}),
            "date_from": start,
            "date_to": end,
            "known_at": known_at,
        },
    )
    values: dict[int, Decimal] = {}
    for number, numerator, denominator in measured:
        if denominator is None and numerator is not None:
            values[number] = numerator
        elif denominator:
            values[number] = round(numerator / denominator, 6)
    return values


def _state(row: RecordedRow, on: date) -> str:
    if row["closed_on"]:
        return "closed"
    return "overdue" if row["due_on"] < on else "open"
