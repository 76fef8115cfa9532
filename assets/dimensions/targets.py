"""Targets that offices set themselves: what a file of them means, what it changes, and that written.

Here: words to units and indicators, and the table mart.target. Not here: how a file is written (`targets_file.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection, text

from assets.dimensions.calendar import period_bounds
from assets.dimensions.known_units import KnownUnit, KnownUnits
from assets.dimensions.targets_file import TargetError, TargetRow, read_target_rows, shown
from assets.given.texts import key
from warehouse_sql.messages import message

_CODE = re.compile(r"(?:chỉ tiêu |chỉ số )?(\d[.,]\d[a-z]?)\b.*")


@dataclass(frozen=True)
class Target:
    """One target; `unit_code` "all" stands for all units together."""

    unit_code: str
    unit_valid_from: date
    unit_name: str
    indicator: str
    year: int
    target: Decimal

    @property
    def key(self) -> tuple[str, date, str, int]:
        """Of the table."""
        return self.unit_code, self.unit_valid_from, self.indicator, self.year


@dataclass(frozen=True)
class Change:
    """A target that is new (`old` is None) or differs from the one in force."""

    target: Target
    old: Decimal | None


def read_targets(connection: Connection, content: bytes, path: str) -> list[Target]:
    """Returns the targets of a file by the units and indicators that the warehouse knows.

    Raises TargetError for the first wrong row.
    """
    rows = read_target_rows(content, path)
    known = _Known(connection)
    targets: list[Target] = []
    places: dict[tuple[str, date, str, int], str] = {}
    for row in rows:
        target = known.target(row)
        if target.key in places:
            raise TargetError(
                message(
                    "{file}: {place}, chỉ tiêu “{indicator}” năm {year} của {unit_name} đã có ở {places}; hãy giữ "
                    "lại một hàng.",
                    file=row.file,
                    place=row.place,
                    indicator=shown(row.indicator),
                    year=row.year,
                    unit_name=target.unit_name,
                    places=places[target.key],
                )
            )
        places[target.key] = row.place
        targets.append(target)
    return targets


def changes(connection: Connection, targets: Iterable[Target]) -> list[Change]:
    """Returns what taking them over would change, in their order."""
    in_force = {
        (row.unit_code, row.unit_valid_from, row.indicator, row.year): row.target
        for row in connection.execute(
            text("select unit_code, unit_valid_from, indicator, year, target from mart.target")
        )
    }
    changes = [Change(target, in_force.get(target.key)) for target in targets]
    return [change for change in changes if change.old != change.target.target]


def write_targets(connection: Connection, targets: Iterable[Target], source: str) -> int:
    """Writes what differs from what is in force, in the caller's transaction. Returns how many. Others stay as they are."""
    count = 0
    for change in targets:
        written = connection.execute(
            text(
                "insert into mart.target as t (unit_code, unit_valid_from, indicator, year, target, source)"
                " values (:code, :valid_from, :indicator, :year, :target, :source)"
                " on conflict (unit_code, unit_valid_from, indicator, year) do update"
                " set target = excluded.target, source = excluded.source, set_at = excluded.set_at"
                " where t.target <> excluded.target"
            ),
            {
                "code": change.unit_code,
                "valid_from": change.unit_valid_from,
                "indicator": change.indicator,
                "year": change.year,
                "target": change.target,
                "source": source,
            },
        )
        count += written.rowcount
    return count


class _Known:
    """What the warehouse knows when a file is read: units and indicators."""

    def __init__(self, connection: Connection) -> None:
        self._units = KnownUnits(connection)
        self._indicators: dict[str, str] = {}
        shares = connection.execute(
            text("select code, official_code, title_vi, is_share from core.indicator order by code")
        ).all()
        self._not_shares = {row.code for row in shares if not row.is_share}
        for row in shares:
            for word in (row.code, row.official_code or row.code, row.title_vi):
                self._indicators[key(word)] = row.code
        rule_sets = connection.execute(text("select rule_set from core.rule_set order by 1")).scalars()
        self._indicators |= {f"on_time:{name}": f"on_time:{name}" for name in rule_sets}

    def target(self, row: TargetRow) -> Target:
        """Returns the target that a row means."""
        unit = self._unit(row)
        return Target(unit.code, unit.valid_from, unit.name, self._indicator(row), row.year, row.target)

    def _indicator(self, row: TargetRow) -> str:
        written = key(row.indicator)
        code = _CODE.fullmatch(written)
        indicator = self._indicators.get(written) or self._indicators.get(
            code[1].replace(",", ".") if code else ""
        )
        if indicator in self._not_shares:
            raise TargetError(
                message(
                    "{file}: {place}, chỉ tiêu “{indicator}” không phải tỷ lệ nên không giao mức theo %; hãy xóa "
                    "hàng này.",
                    file=row.file,
                    place=row.place,
                    indicator=shown(row.indicator),
                )
            )
        if indicator is None:
            known = sorted({*self._indicators.values()} - self._not_shares)
            raise TargetError(
                message(
                    "{file}: {place}, chỉ tiêu “{indicator}” không có; hãy dùng một trong: {known}.",
                    file=row.file,
                    place=row.place,
                    indicator=shown(row.indicator),
                    known=", ".join(known),
                )
            )
        return indicator

    def _unit(self, row: TargetRow) -> KnownUnit:
        start, end = period_bounds("year", row.year)
        by_code = self._units.by_code(row.unit_code, start, end) if row.unit_code else None
        by_name = self._units.by_name(row.unit_name, start, end) if row.unit_name else None
        if by_code and by_name and by_code != by_name:
            raise TargetError(
                message(
                    "{file}: {place}, mã đơn vị “{code}” năm {year} là {name}, không phải “{given}”; hãy sửa mã "
                    "hoặc tên.",
                    file=row.file,
                    place=row.place,
                    code=shown(row.unit_code or ""),
                    year=row.year,
                    name=by_code.name,
                    given=shown(row.unit_name or ""),
                )
            )
        unit = by_code if row.unit_code else by_name
        if unit is None:
            called, given = (
                (message("mã đơn vị"), row.unit_code) if row.unit_code else (message("đơn vị"), row.unit_name)
            )
            raise TargetError(
                message(
                    "{file}: {place}, {called} “{unit}” không có trong danh sách đơn vị năm {year}, hoặc có nhiều; "
                    "hãy ghi mã đơn vị hành chính (core.dim_unit) hoặc tên đầy đủ.",
                    file=row.file,
                    place=row.place,
                    called=called,
                    unit=shown(given or ""),
                    year=row.year,
                )
            )
        return unit
