"""Which unit and which procedure a name in an export stands for.

Here: names to keys of the dimensions, with the candidates where the answer is not sure. Not here: the lists
themselves (`units.py`, `procedures.py`) and how names are compared (`names.py`).
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import polars as pl

from assets.dimensions.names import (
    alias_key,
    bare_key,
    differs_by_missing_marks,
    plain_key,
    procedure_key,
    split_unit_name,
    unit_key,
)
from assets.dimensions.units import BEGINNING, REFORM, successor_frame, unit_frame

# From the surest to the least sure way of being called alike.
_LEVELS = ("name_key", "bare_key", "plain_key", "plain_bare_key")
_AS_WRITTEN, _WITHOUT_MARKS = _LEVELS[:2], _LEVELS[2:]
_PLAIN_DISTRICT = re.compile(r"^(?:thanh pho|thi xa|huyen|quan) (?=\w)")
_COMMUNE = re.compile(r"^(?:xã|phường|thị trấn|đặc khu|xa|phuong|thi tran|dac khu) ")

Aliases = Mapping[tuple[str, date], str]


@dataclass(frozen=True)
class UnitAnswer:
    """The unit a name stands for; `is_known` False: an inferred member stands in, see `candidates`."""

    unit_code: str
    valid_from: date
    is_known: bool
    candidates: tuple[str, ...] = ()


@dataclass
class _Province:
    """The units of one province in one list, by each of the keys."""

    by_key: dict[str, dict[str, list[dict[str, Any]]]] = field(
        default_factory=lambda: {level: defaultdict(list) for level in _LEVELS}
    )


@cache
def _provinces() -> dict[tuple[str, date], _Province]:
    provinces: dict[tuple[str, date], _Province] = defaultdict(_Province)
    for unit in unit_frame().iter_rows(named=True):
        keys = provinces[unit["province_code"], unit["valid_from"]].by_key
        for level in _LEVELS[:3]:
            keys[level][unit[level]].append(unit)
        keys["plain_bare_key"][plain_key(unit["bare_key"])].append(unit)
    return dict(provinces)


@cache
def _units() -> dict[tuple[str, date], dict[str, Any]]:
    return {(unit["unit_code"], unit["valid_from"]): unit for unit in unit_frame().iter_rows(named=True)}


@cache
def _successors() -> dict[str, tuple[str, bool]]:
    frame = successor_frame().filter(pl.col("is_default") & pl.col("new_code").is_not_null())
    return {
        old: (new, full) for old, new, full in frame.select("old_code", "new_code", "is_full").iter_rows()
    }


def resolve_unit(name: str, province: str, list_from: date, aliases: Aliases | None = None) -> UnitAnswer:
    """Returns the unit called `name` in `province` (code in that list) in the list in force from `list_from`.

    What an office itself says of the name in that list comes first: `aliases`, by key and list. A name that only the
    other list knows is taken from there: an old name after the reform stands for the unit that took the old one over
    as a whole.
    """
    key, known_aliases = alias_key(name), aliases or {}
    if (code := known_aliases.get((key, list_from))) and _units()[code, list_from][
        "province_code"
    ] == province:
        return UnitAnswer(code, list_from, True)
    own, above = split_unit_name(name)
    candidates: tuple[str, ...] = ()
    # A name that the other list has as it is written is that unit's before it is a careless spelling of another.
    for levels in (_AS_WRITTEN, _WITHOUT_MARKS):
        matches = _matches(own, above, province, list_from, levels)
        if len(matches) == 1:
            return UnitAnswer(matches[0]["unit_code"], list_from, True)
        if answer := _alias_of_other_list(known_aliases, key, province, list_from):
            return answer
        if matches:
            candidates = tuple(sorted(unit["unit_code"] for unit in matches))
            break
        answer, candidates = _in_other_list(own, above, province, list_from, levels)
        if answer:
            return answer
        if candidates:
            break
    candidates = candidates or _near(own, above, province, list_from)
    return UnitAnswer(_inferred_code(name, province, list_from), list_from, False, candidates)


def _near(own: str, above: str | None, province: str, list_from: date) -> tuple[str, ...]:
    """Returns the units with the same letters and other diacritics: what a person who looks at the name may want."""
    matches = _matches(own, above, province, list_from, _WITHOUT_MARKS, is_strict=False)
    return tuple(sorted(unit["unit_code"] for unit in matches))


def _alias_of_other_list(aliases: Aliases, key: str, province: str, list_from: date) -> UnitAnswer | None:
    other = REFORM if list_from == BEGINNING else BEGINNING
    code = aliases.get((key, other))
    if code is None:
        return None
    there = _units()[code, other]["province_code"]
    return _as_of(code, list_from) if there in _provinces_in_other_list(province, list_from) else None


def _matches(
    own: str,
    above: str | None,
    province: str,
    list_from: date,
    levels: tuple[str, ...],
    *,
    is_strict: bool = True,
) -> list[dict[str, Any]]:
    """Returns the units that fit best: by name with its level, else without level, else with diacritics left out.

    Unless `is_strict` is False, a diacritic that is there has to be the unit's own.
    """
    units = _provinces().get((province, list_from))
    key = unit_key(own)
    if units is None or not key:
        return []
    for level, wanted, communes_only in _tries(key):
        units_of_key = units.by_key[level].get(wanted, []) if level in levels else []
        if communes_only:
            units_of_key = [unit for unit in units_of_key if unit["level"] == "commune"]
        if is_strict and level in _WITHOUT_MARKS:
            units_of_key = [unit for unit in units_of_key if differs_by_missing_marks(key, unit["bare_key"])]
        if units_of_key and level == "bare_key" and communes_only:
            units_of_key = [*units_of_key, *_of_own_level(units, key, units_of_key)]
        if units_of_key:
            return _within(units_of_key, above, list_from)
    return []


def _of_own_level(units: _Province, key: str, matches: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Returns units of the level that is written, a diacritic left out: as likely as one whose level has changed."""
    return [
        unit
        for unit in units.by_key["plain_key"].get(plain_key(key), [])
        if unit not in matches and differs_by_missing_marks(key, unit["bare_key"])
    ]


def _tries(key: str) -> Iterator[tuple[str, str, bool]]:
    """Yields which key to look for, as what, and whether only communes are meant.

    Without a level word any level fits; with one, only a changed level of commune ("xã" that became "phường").
    """
    bare, plain = bare_key(key), plain_key(key)
    has_level = bare != key
    is_commune = _COMMUNE.match(key) is not None
    yield "name_key", key, False
    if not has_level or is_commune:
        yield "bare_key", bare, has_level
    yield "plain_key", plain, False
    if not has_level or is_commune:
        yield "plain_bare_key", plain_key(bare), has_level
    # The level word itself may lack its diacritics; "Phuong Thinh" may also be Phương Thịnh without a level.
    if not has_level and (match := _COMMUNE.match(plain)):
        yield "plain_bare_key", plain[match.end() :], True


def _within(matches: list[dict[str, Any]], above: str | None, list_from: date) -> list[dict[str, Any]]:
    """Of several units those whose superior unit is the one named."""
    if len(matches) > 1 and above:
        wanted = bare_key(unit_key(above))
        for is_called in (_is_same, _is_same_without_marks):
            inside = [unit for unit in matches if is_called(wanted, _superior(unit, list_from))]
            if inside:
                return inside
    return matches


def _is_same(written: str, name_key: str) -> bool:
    return bare_key(written) == bare_key(name_key)


def _is_same_without_marks(written: str, name_key: str) -> bool:
    return _plain_bare(written) == _plain_bare(name_key) and differs_by_missing_marks(
        written, bare_key(name_key)
    )


def _plain_bare(key: str) -> str:
    return _PLAIN_DISTRICT.sub("", plain_key(bare_key(key)))


def _superior(unit: dict[str, Any], list_from: date) -> str:
    above = _units().get((unit["parent_code"] or "", list_from))
    return above["name_key"] if above else ""


def _in_other_list(
    own: str, above: str | None, province: str, list_from: date, levels: tuple[str, ...]
) -> tuple[UnitAnswer | None, tuple[str, ...]]:
    """Returns the unit; where there is none, after the reform, those that took over what the name stood for."""
    other = REFORM if list_from == BEGINNING else BEGINNING
    successors = [
        unit["unit_code"]
        for there in _provinces_in_other_list(province, list_from)
        for unit in _matches(own, above, there, other, levels)
    ]
    if len(successors) == 1 and (answer := _as_of(successors[0], list_from)):
        return answer, ()
    heirs = {new for old in successors for new in _heirs().get(old, ())} if list_from == REFORM else set()
    return None, tuple(sorted(heirs))


@cache
def _heirs() -> dict[str, tuple[str, ...]]:
    """Returns all successors of each old unit that has any."""
    heirs: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for old, new in successor_frame().select("old_code", "new_code").drop_nulls().iter_rows():
        heirs[old] += (new,)
    return dict(heirs)


def _provinces_in_other_list(province: str, list_from: date) -> list[str]:
    """Returns what the province of one list became in the other, or came from."""
    if list_from == BEGINNING:
        return [_successors().get(province, (province, True))[0]]
    return sorted(old for old, (new, _) in _successors().items() if new == province and len(old) == 2)


def _as_of(code: str, list_from: date) -> UnitAnswer | None:
    """Returns a unit of the other list: a new one stays itself, an old one is what took it over as a whole."""
    if list_from == BEGINNING:
        return UnitAnswer(code, REFORM, True)
    successor = _successors().get(code)
    return UnitAnswer(successor[0], REFORM, True) if successor and successor[1] else None


def _inferred_code(name: str, province: str, list_from: date) -> str:
    own, above = split_unit_name(name)
    key = "|".join([province, list_from.isoformat(), unit_key(own) or name, unit_key(above or "")])
    return _inferred(key)


def _inferred(key: str) -> str:
    return "x-" + hashlib.md5(key.encode(), usedforsecurity=False).hexdigest()[:10]


def resolve_procedures(
    names: Iterable[str], catalogue: Mapping[str, str], pairs: Iterable[tuple[str, str]]
) -> dict[str, tuple[str, str, bool]]:
    """name -> (name_key, procedure_code, is_known) for names that come without a code.

    `catalogue` maps name_key to code; `said` are the pairs (code, name) that exports make. The catalogue wins;
    of several codes one name was paired with, the first in order: the same whatever came first.
    """
    learned: dict[str, str] = {}
    for code, paired_name in pairs:
        key = procedure_key(paired_name)
        learned[key] = min(code, learned.get(key, code))
    answers = {}
    for name in names:
        key = procedure_key(name)
        code_of_name = catalogue.get(key) or learned.get(key)
        answers[name] = (key, code_of_name or _inferred(key), code_of_name is not None)
    return answers
