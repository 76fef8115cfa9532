"""An office's corrections (MOTCUA_CORRECTIONS): values of single rows that a source got wrong and can't mend in time.

A list of entries, each with who answers for it:

    - source: dvcqg
      dossier_code: 000.26.33.H01-230717-0001
      field: NgayTra                # as the source calls it, or received_at, due_at, …
      expect: "20231345000000"      # what stands there; (trống) for nothing
      value: "20230718080000"       # what ought to, as the source would write it
      reason: Gõ nhầm tháng, đối chiếu sổ giấy
      by: Bộ phận Một cửa phường Thới Sơn
      on: 2023-08-01

A correction is applied to a row only while `expect` stands there. A file exported on or after `on` that says anything else
makes it a remark of the run: either the source has mended itself, or somebody has to look again.
Here: reading, checking and applying it. It depends on nothing but the row, so the order of files does not matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from assets.given.dates import has_clock
from assets.given.office_file import EntryPlace, list_entries, read_yaml
from assets.given.texts import key, safe_to_show
from assets.sources.canonical import CLOCKS, DATE_COLUMNS
from assets.sources.correction import Correction
from assets.sources.reading import Kind
from assets.sources.shapes import canonical_name, parse_dates
from assets.sources.source import Source
from warehouse_sql.messages import message

_WHAT = message("đính chính")
_KEYS = ("source", "dossier_code", "field", "expect", "value", "reason", "by", "on")
_NOTHING = message("(trống)")
_DATES = frozenset(DATE_COLUMNS)
_TEXTS = frozenset({"dossier_code", "status_raw", "unit_name", "procedure_code", "procedure_name"})


def with_corrections(sources: Mapping[str, Source], path: Path | None) -> dict[str, Source]:
    """Returns the sources, each with its corrections.

    Raises OfficeFileError, which names file, entry and value of what can't be used.
    """
    if path is None:
        return dict(sources)
    by_source: dict[str, list[Correction]] = defaultdict(list)
    seen: set[tuple[str, str, str]] = set()
    for place, entry in list_entries(path, _WHAT, read_yaml(path, _WHAT)):
        values = place.texts(entry, _KEYS)
        source = sources.get(values["source"])
        if source is None:
            raise place.wrong(
                "source",
                message(
                    "nguồn “{source}” không có, hiện có: {sources}",
                    source=values["source"],
                    sources=", ".join(sources),
                ),
            )
        correction = _correction(place, values, source)
        identity = (source.name, correction.dossier_code, correction.field)
        if identity in seen:
            raise place.wrong(
                "field",
                message("“{field}” của hồ sơ này đã được đính chính ở mục khác", field=values["field"]),
            )
        seen.add(identity)
        by_source[source.name].append(correction)
    return {name: replace(source, corrections=tuple(by_source[name])) for name, source in sources.items()}


def _correction(place: EntryPlace, values: Mapping[str, str], source: Source) -> Correction:
    field = canonical_name(source, values["field"])
    if field not in _DATES | _TEXTS:
        raise place.wrong("field", message("không đính chính được trường “{field}”", field=values["field"]))
    expect = None if key(values["expect"]) == _NOTHING else values["expect"]
    value_at = None
    if field in _DATES:
        value_at = parse_dates(source, values["value"])
        if value_at is None:
            raise place.wrong(
                "value",
                message(
                    "“{value}” không phải ngày theo kiểu của nguồn {name}",
                    value=values["value"],
                    name=source.name,
                ),
            )
    elif field == "status_raw" and source.status(values["value"], True) is None:
        raise place.wrong(
            "value",
            message(
                "trạng thái “{value}” không có trong danh mục của nguồn {name}",
                value=values["value"],
                name=source.name,
            ),
        )
    if expect is not None and key(expect) == key(values["value"]):
        raise place.wrong("value", message("giống hệt expect, không có gì để đính chính"))
    return Correction(
        entry=place.entry,
        dossier_code=values["dossier_code"],
        field=field,
        expect=expect,
        expect_at=parse_dates(source, expect) if expect and field in _DATES else None,
        value=values["value"],
        value_at=value_at,
        on=place.day("on", values["on"]),
    )


def corrected(
    frame: pl.DataFrame, kind: Kind, source: Source, day: date
) -> tuple[pl.DataFrame, list[int], list[str]]:
    """Returns a piece of a file of that export day with its corrections, the places (from 0) of the rows that they
    changed, and remarks on those that are no longer due.
    """
    if kind != "dossiers" or not source.corrections:
        return frame, [], []
    by_code: dict[str, list[Correction]] = defaultdict(list)
    for correction in source.corrections:
        by_code[correction.dossier_code].append(correction)
    rows = frame.with_row_index("place").filter(pl.col("dossier_code").is_in(list(by_code))).to_dicts()
    changed: dict[int, dict[str, Any]] = {}
    remarks: list[str] = []
    for row in rows:
        for correction in by_code[row["dossier_code"]]:
            present = changed.get(row["place"], row)
            mended = _mended(present, correction, source)
            if mended is not None:
                changed[row["place"]] = present | mended
            elif day >= correction.on:
                remarks.append(_contradicted(row, correction, source))
    return _changed(frame, changed), sorted(changed), remarks


def _changed(frame: pl.DataFrame, rows: Mapping[int, Mapping[str, Any]]) -> pl.DataFrame:
    if not rows:
        return frame
    places = list(rows)
    mended = pl.DataFrame(
        [{name: rows[place][name] for name in frame.columns} for place in places], frame.schema
    )
    return frame.with_columns(*(frame[name].scatter(places, mended[name]) for name in frame.columns))


def _mended(row: Mapping[str, Any], correction: Correction, source: Source) -> dict[str, Any] | None:
    """Returns the columns that the correction changes, or None where something else than expected stands there."""
    if not _stands_there(row, correction, source):
        return None
    if correction.field in _DATES:
        readable = {} if not _is_unreadable(row, correction, source) else dict.fromkeys(_UNREADABLE)
        return {correction.field: correction.value_at} | readable | _clock(correction)
    if correction.field == "status_raw":
        accepted = row["received_at"] is not None
        return {"status_raw": correction.value, "status": source.status(correction.value, accepted)}
    return {correction.field: correction.value}


def _clock(correction: Correction) -> dict[str, Any]:
    """Returns whether the corrected value has a clock time, where that is kept of the field."""
    if correction.field not in CLOCKS:
        return {}
    value, value_at = pl.Series([correction.value]), pl.Series([correction.value_at])
    return {CLOCKS[correction.field]: has_clock(value, value_at)[0]}


_UNREADABLE = ("unreadable_field", "unreadable_value")


def _is_unreadable(row: Mapping[str, Any], correction: Correction, source: Source) -> bool:
    field = row["unreadable_field"]
    return field is not None and canonical_name(source, field) == correction.field


def _stands_there(row: Mapping[str, Any], correction: Correction, source: Source) -> bool:
    if _is_unreadable(row, correction, source):
        # Readers describe what might name a citizen instead of showing it.
        return correction.expect is not None and key(row["unreadable_value"] or "") in (
            key(correction.expect),
            key(safe_to_show(correction.expect)),
        )
    present = row[correction.field]
    if present is None or correction.expect is None:
        return present is None and correction.expect is None
    if correction.field in _DATES:
        return bool(present == correction.expect_at)
    return key(present) == key(correction.expect)


def _contradicted(row: Mapping[str, Any], correction: Correction, source: Source) -> str:
    present = row[correction.field]
    if _is_unreadable(row, correction, source):
        shown, is_mended = str(row["unreadable_value"]), False
    elif isinstance(present, datetime):
        shown, is_mended = f"{present:%d/%m/%Y %H:%M:%S}", present == correction.value_at
    else:
        shown = _NOTHING if present is None else safe_to_show(str(present))
        is_mended = present is not None and key(str(present)) == key(correction.value)
    what = message(
        "Đính chính {entry} ({dossier_code}, {field})",
        entry=correction.entry,
        dossier_code=correction.dossier_code,
        field=correction.field,
    )
    if is_mended:
        return message("{what}: nguồn đã tự sửa thành “{shown}”; hãy xóa mục này.", what=what, shown=shown)
    return message(
        "{what}: tệp ghi “{shown}”, không phải giá trị chờ sửa, không áp dụng; hãy xem lại mục này.",
        what=what,
        shown=shown,
    )
