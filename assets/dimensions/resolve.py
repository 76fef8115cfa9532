"""Which unit and which procedure a name in an export stands for.

Here: names to keys of the dimensions, with the candidates where the answer is not sure. Not here: the lists
themselves (`units.py`, `procedures.py`) and how names are compared (`names.py`).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import polars as pl

from assets.dimensions.names import bare_key, plain_key, procedure_key, split_unit_name, unit_key
from assets.dimensions.units import BEGINNING, REFORM, successor_frame, unit_frame

_LEVELS = ("name_key", "bare_key", "plain_key")


@dataclass(frozen=True)
class UnitAnswer:
    """The unit a name stands for; `is_known` False: an inferred member stands in, see `candidates`."""

    unit_code: str
    valid_from: date
    is_known: bool
    candidates: tuple[str, ...] = ()


@dataclass
class _Province:
    """The units of one province in one list, by each of the three keys."""

    by_key: dict[str, dict[str, list[dict[str, Any]]]] = field(
        default_factory=lambda: {level: defaultdict(list) for level in _LEVELS}
    )


@cache
def _provinces() -> dict[tuple[str, date], _Province]:
    found: dict[tuple[str, date], _Province] = defaultdict(_Province)
    for unit in unit_frame().iter_rows(named=True):
        keys = found[unit["province_code"], unit["valid_from"]].by_key
        for level in _LEVELS:
            keys[level][unit[level]].append(unit)
    return dict(found)


@cache
def _unit_names() -> dict[tuple[str, date], str]:
    frame = unit_frame()
    return {
        (code, start): key
        for code, start, key in frame.select("unit_code", "valid_from", "name_key").iter_rows()
    }


@cache
def _successors() -> dict[str, tuple[str, bool]]:
    frame = successor_frame().filter(pl.col("is_default") & pl.col("new_code").is_not_null())
    return {
        old: (new, full) for old, new, full in frame.select("old_code", "new_code", "is_full").iter_rows()
    }


def resolve_unit(name: str, province: str, list_from: date) -> UnitAnswer:
    """The unit called `name` in `province` (code in that list) in the list in force from `list_from`.

    A name that only the other list knows is taken from there: an old name after the reform stands for the unit
    that took the old one over as a whole.
    """
    own, above = split_unit_name(name)
    found = _matches(own, above, province, list_from)
    if len(found) == 1:
        return UnitAnswer(found[0]["unit_code"], list_from, True)
    if found:
        codes = tuple(sorted(unit["unit_code"] for unit in found))
        return UnitAnswer(_inferred_code(name, province, list_from), list_from, False, codes)
    return _in_other_list(own, above, province, list_from) or UnitAnswer(
        _inferred_code(name, province, list_from), list_from, False
    )


def _matches(own: str, above: str | None, province: str, list_from: date) -> list[dict[str, Any]]:
    """The units that fit best: by name with its level, else without level, else without diacritics."""
    units = _provinces().get((province, list_from))
    key = unit_key(own)
    if units is None or not key:
        return []
    bare = bare_key(key)
    tries = [("name_key", key), ("plain_key", plain_key(key))]
    # Without a level word any level fits; with one, only a changed level of commune ("xã" that became "phường").
    tries.insert(1, ("bare_key", bare))
    for level, wanted in tries:
        found = units.by_key[level].get(wanted, [])
        if level == "bare_key" and bare != key:
            found = [unit for unit in found if unit["level"] == "commune" and _is_commune(key)]
        if found:
            return _within(found, above, list_from)
    return []


def _is_commune(key: str) -> bool:
    return key.startswith(("xã ", "phường ", "thị trấn ", "đặc khu "))


def _within(found: list[dict[str, Any]], above: str | None, list_from: date) -> list[dict[str, Any]]:
    """Of several units those whose superior unit is the one named; of a commune and its town, the commune."""
    if len(found) > 1 and above:
        wanted = bare_key(unit_key(above))
        names = _unit_names()
        inside = [
            unit
            for unit in found
            if bare_key(names.get((unit["parent_code"] or "", list_from), "")) == wanted
        ]
        return inside or found
    return found


def _in_other_list(own: str, above: str | None, province: str, list_from: date) -> UnitAnswer | None:
    if list_from == BEGINNING:
        new_province = _successors().get(province, (province, True))[0]
        found = _matches(own, above, new_province, REFORM)
        return UnitAnswer(found[0]["unit_code"], REFORM, True) if len(found) == 1 else None
    old_provinces = sorted(
        old for old, (new, _) in _successors().items() if new == province and len(old) == 2
    )
    found = [unit for old in old_provinces for unit in _matches(own, above, old, BEGINNING)]
    if len(found) != 1:
        return None
    successor = _successors().get(found[0]["unit_code"])
    return UnitAnswer(successor[0], REFORM, True) if successor and successor[1] else None


def _inferred_code(name: str, province: str, list_from: date) -> str:
    own, above = split_unit_name(name)
    key = "|".join([province, list_from.isoformat(), unit_key(own) or name, unit_key(above or "")])
    return _inferred(key)


def _inferred(key: str) -> str:
    return "x-" + hashlib.md5(key.encode(), usedforsecurity=False).hexdigest()[:10]


def resolve_procedures(
    names: Iterable[str], catalogue: Mapping[str, str], said: Iterable[tuple[str, str]]
) -> dict[str, tuple[str, str, bool]]:
    """name -> (name_key, procedure_code, is_known) for names that come without a code.

    `catalogue` maps name_key to code; `said` are the pairs (code, name) that exports make. The catalogue wins;
    of several codes one name was paired with, the first in order: the same whatever came first.
    """
    learned: dict[str, str] = {}
    for code, said_name in said:
        key = procedure_key(said_name)
        learned[key] = min(code, learned.get(key, code))
    answers = {}
    for name in names:
        key = procedure_key(name)
        found = catalogue.get(key) or learned.get(key)
        answers[name] = (key, found or _inferred(key), found is not None)
    return answers
