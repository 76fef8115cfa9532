"""An office's own word on units (MOTCUA_UNITS): names that its exports write, and weights of divided units.

A file of two lists, each entry with the document it goes back to:

    aliases:
      - {name: TTHC Nhà Bàng, unit_code: "30502", valid_from: 1900-01-01, source: Công văn 12/UBND}
    weights:
      - {old_code: "30334", new_code: "30316", weight: 0.7, source: Công văn 13/UBND}
      - {old_code: "30334", new_code: "30325", weight: 0.3, source: Công văn 13/UBND}

Here: reading and checking it. Not here: what the names are compared by (`names.py`).
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl

from assets.dimensions.names import alias_key
from assets.dimensions.units import BEGINNING, REFORM, successor_frame, unit_frame
from assets.given.office_file import EntryPlace, OfficeFileError, list_entries, read_yaml
from warehouse_sql.messages import message

_WHAT = message("đơn vị")
_ALIAS = ("name", "unit_code", "valid_from", "source")
_WEIGHT = ("old_code", "new_code", "weight", "source")
# Shares are written with few digits: three times 0.333 is meant to be the whole.
_TOLERANCE = 0.001


@dataclass(frozen=True)
class Alias:
    """A name as exports write it and the unit it stands for."""

    key: str
    name: str
    unit_code: str
    valid_from: date
    source: str


@dataclass(frozen=True)
class Weight:
    """The share of a divided unit that one of its successors took over."""

    old_code: str
    new_code: str
    share: float
    source: str


@dataclass(frozen=True)
class OfficeUnits:
    """What an office says of units; nothing by default."""

    aliases: tuple[Alias, ...] = ()
    weights: tuple[Weight, ...] = field(default=())


def load_office_units(path: Path | None) -> OfficeUnits:
    """Returns the file, checked against the lists of units. Raises OfficeFileError, which names file, entry and value."""
    content = None if path is None else read_yaml(path, _WHAT)
    if path is None or content is None:
        return OfficeUnits()
    if not isinstance(content, dict) or not content.keys() <= {"aliases", "weights"}:
        odd = sorted(str(name) for name in content if name not in ("aliases", "weights")) if content else []
        named = message(", không có khóa “{odd}”", odd=odd[0]) if isinstance(content, dict) else ""
        raise OfficeFileError(
            message(
                "Tệp {what} {path} phải có các khóa aliases và weights{named}.",
                what=_WHAT,
                path=path,
                named=named,
            )
        )
    return OfficeUnits(_aliases(path, content.get("aliases")), _weights(path, content.get("weights")))


def _aliases(path: Path, entries: object) -> tuple[Alias, ...]:
    aliases: dict[tuple[str, date], Alias] = {}
    for place, entry in list_entries(path, _WHAT, entries, "aliases"):
        values = place.texts(entry, _ALIAS)
        start = place.day("valid_from", values["valid_from"])
        if start not in (BEGINNING, REFORM):
            raise place.wrong(
                "valid_from",
                message(
                    "cần {beginning} hoặc {reform}, đang là “{start}”",
                    beginning=BEGINNING,
                    reform=REFORM,
                    start=start,
                ),
            )
        code, key = values["unit_code"], alias_key(values["name"])
        if (code, start) not in _units():
            raise place.wrong(
                "unit_code",
                message("danh mục đơn vị từ {start} không có mã “{code}”", start=start, code=code),
            )
        if not key:
            raise place.wrong("name", message("cần một tên, đang là “{name}”", name=values["name"]))
        if (key, start) in aliases:
            raise place.wrong("name", message("tên “{name}” đã có ở mục khác", name=values["name"]))
        aliases[key, start] = Alias(key, values["name"], code, start, values["source"])
    return tuple(aliases.values())


def _weights(path: Path, entries: object) -> tuple[Weight, ...]:
    stated: dict[str, dict[str, Weight]] = defaultdict(dict)
    last: dict[str, EntryPlace] = {}
    for place, entry in list_entries(path, _WHAT, entries, "weights"):
        weight = _weight(place, place.texts(entry, _WEIGHT))
        if weight.new_code in stated[weight.old_code]:
            raise place.wrong(
                "new_code",
                message(
                    "cặp “{old_code}”, “{new_code}” đã có ở mục khác",
                    old_code=weight.old_code,
                    new_code=weight.new_code,
                ),
            )
        stated[weight.old_code][weight.new_code] = weight
        last[weight.old_code] = place
    for old, shares in stated.items():
        total = sum(weight.share for weight in shares.values())
        if missing := sorted(_divided()[old] - shares.keys()):
            raise last[old].wrong(
                "old_code",
                message("đơn vị “{old}” còn thiếu phần của “{missing}”", old=old, missing=", ".join(missing)),
            )
        if abs(total - 1) > _TOLERANCE:
            raise last[old].wrong(
                "weight",
                message("các phần của “{old}” phải có tổng là 1, đang là {total:g}", old=old, total=total),
            )
    return tuple(weight for shares in stated.values() for weight in shares.values())


def _weight(place: EntryPlace, values: dict[str, str]) -> Weight:
    old, new = values["old_code"], values["new_code"]
    if old not in _divided():
        raise place.wrong(
            "old_code",
            message("“{old}” không phải mã của đơn vị bị chia ngày {reform}", old=old, reform=REFORM),
        )
    if new not in _divided()[old]:
        known = ", ".join(sorted(_divided()[old]))
        raise place.wrong(
            "new_code",
            message(
                "“{new}” không nhận phần nào của “{old}” (chỉ có {known})", new=new, old=old, known=known
            ),
        )
    try:
        share = float(values["weight"])
    except ValueError:
        share = math.nan
    if not 0 <= share <= 1:
        raise place.wrong(
            "weight", message("cần một số từ 0 đến 1, đang là “{weight}”", weight=values["weight"])
        )
    return Weight(old, new, share, values["source"])


@cache
def _units() -> frozenset[tuple[str, date]]:
    return frozenset(unit_frame().select("unit_code", "valid_from").iter_rows())


@cache
def _divided() -> dict[str, set[str]]:
    """Returns the successors of each unit that was divided."""
    parts = successor_frame().filter(~pl.col("is_full") & pl.col("new_code").is_not_null())
    successors: dict[str, set[str]] = defaultdict(set)
    for old, new in parts.select("old_code", "new_code").iter_rows():
        successors[old].add(new)
    return dict(successors)
