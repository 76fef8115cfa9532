"""Which unit a word in a file of people means: a code, or a name as they write it, in a stretch of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

from assets.dimensions.load_units import unit_aliases
from assets.dimensions.names import alias_key, bare_key, plain_key, split_unit_name, unit_key
from assets.dimensions.resolve import resolve_unit
from assets.dimensions.units import BEGINNING
from assets.given.texts import key, plain

ALL = "all"
ALL_NAME = "Tất cả đơn vị"
_ALL_WORDS = ("all", "tat ca", "tat ca don vi", "toan bo", "toan don vi")


@dataclass(frozen=True)
class KnownUnit:
    """A unit of one list, in use from `valid_from` until the day before `valid_to`; code "all" is all together."""

    code: str
    valid_from: date
    valid_to: date
    name: str
    organisation_code: str | None
    is_inferred: bool


ALL_UNITS = KnownUnit(ALL, BEGINNING, date.max, ALL_NAME, None, False)


class KnownUnits:
    """The units that the warehouse knows, and the provinces of its sources."""

    def __init__(self, connection: Connection) -> None:
        self._units = [
            KnownUnit(*row)
            for row in connection.execute(
                text(
                    "select unit_code, valid_from, valid_to, unit_name, organisation_code, is_inferred"
                    " from core.dim_unit order by valid_from desc, unit_code"
                )
            )
        ]
        self._provinces: list[tuple[str, date]] = [
            (row.province_code, row.list_from)
            for row in connection.execute(
                text("select distinct province_code, list_from from core.source_province order by 2 desc, 1")
            )
        ]
        self._aliases = unit_aliases(connection)

    def find(self, code_or_name: str, start: date, end: date) -> KnownUnit | None:
        """Returns the unit of a code or a name in use between two days, or None where none or several fit."""
        return self.by_code(code_or_name, start, end) or self.by_name(code_or_name, start, end)

    def by_code(self, code: str, start: date, end: date) -> KnownUnit | None:
        """Returns the unit of a code, GSO or of its organisation; of two lists that of the later one."""
        if key(code) == ALL:
            return ALL_UNITS
        wanted = {key(code), key(code).zfill(5)}  # a workbook takes 00091 for a number
        return next(
            (
                unit
                for unit in self._between(start, end)
                if key(unit.code) in wanted
                or (unit.organisation_code and key(unit.organisation_code) in wanted)
            ),
            None,
        )

    def by_name(self, name: str, start: date, end: date) -> KnownUnit | None:
        """Returns the unit of a name, within the provinces of the sources."""
        if plain(name) in _ALL_WORDS:
            return ALL_UNITS
        units = {(unit.code, unit.valid_from): unit for unit in self._between(start, end)}
        own = plain_key(unit_key(split_unit_name(name)[0]))
        for list_from in dict.fromkeys(list_from for _, list_from in self._provinces):
            answers = {
                resolve_unit(name, province, list_from, self._aliases)
                for province, of in self._provinces
                if of == list_from
            }
            known = {
                (answer.unit_code, answer.valid_from) for answer in answers if answer.is_known
            } & units.keys()
            # An old name stands for the successor too, which is another unit with targets of its own.
            alias = self._aliases.get((alias_key(name), list_from))
            matches = [
                units[unit_key]
                for unit_key in sorted(known)
                if unit_key == (alias, list_from) or own.endswith(_bare(units[unit_key].name))
            ]
            if matches:
                return matches[0] if len(matches) == 1 else None
        inferred = [unit for unit in units.values() if unit.is_inferred and key(unit.name) == key(name)]
        return inferred[0] if len(inferred) == 1 else None

    def _between(self, start: date, end: date) -> list[KnownUnit]:
        """Returns the units in use on a day of these, those of the later list first."""
        return [unit for unit in self._units if unit.valid_from <= end and unit.valid_to > start]


def _bare(name: str) -> str:
    return plain_key(bare_key(unit_key(name)))
