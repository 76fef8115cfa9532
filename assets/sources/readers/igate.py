"""VNPT iGate's pages of dossiers: {"content": [...], "exportedAt"} or the bare list.

Times are ISO in UTC, or epoch milliseconds, and become local (Asia/Ho_Chi_Minh, +7). Texts come as lists
of translations, of which 228 is Vietnamese. `applicant` is never looked into.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import chain
from typing import Any

import polars as pl

from assets.given.cleaning import NESTED, scalar, text_columns
from assets.given.dates import parse_utc
from assets.given.json_file import must_share_a_key, values_by_name
from assets.given.json_pieces import Listed, listed_in_pieces, listed_whole, numbered
from assets.given.texts import key
from assets.given.unreadable import InDoubtError
from assets.sources.canonical import DOSSIER_SCHEMA, stated_by
from assets.sources.place import places_in_json
from assets.sources.readers.columns import (
    DateField,
    assemble,
    clocks,
    date_fields,
    first_unreadable,
    mapped,
    statuses,
    unreadable_columns,
)
from assets.sources.readers.export_time import export_time
from assets.sources.readers.field_shapes import json_shapes
from assets.sources.readers.pages import rest_of_list
from assets.sources.readers.tally import Tally, odd_statuses, unknown_codes, unknown_names
from assets.sources.reading import Reading, packed_rows
from assets.sources.shape import Shape
from assets.sources.source import Source
from warehouse_sql.messages import message

_EXPECTED = message("trang hồ sơ iGate có “content”, hoặc danh sách hồ sơ")
_VIETNAMESE = (228, "228")
_DATES = {
    "submitted_at": "appliedDate",
    "received_at": "acceptedDate",
    "appointment": "appointmentDate",
    "due": "dueDate",
    "ended_at": "completedDate",
    "returned_at": "returnedDate",
    "supplement_requested_at": "additionalRequirementDate",
}
_NAME = "igate"
_COLUMNS = stated_by(_NAME)
#: Canonical column -> where the portal keeps it.
SENDER_NAMES = {name: field for name, field in _DATES.items() if name in _COLUMNS} | {
    "dossier_code": "code",
    "status_raw": "dossierStatus",
    "due_at": "dueDate",
    "unit_name": "agency.name",
    "procedure_code": "procedure.code",
    "procedure_name": "procedure.translate",
}
# Known, and left alone: the citizen, the portal's inner workings, and what other fields say better.
_NOT_READ = (
    "id dossierTaskStatus dossierMenuTaskRemind applicant procedureLevel agencyLevel dossierReceivingKind "
    "dossierProgress processingTime processingTimeUnit task currentTask paymentMethod undefindedCompleteTime "
    "countDutypaidCert"
)
_KNOWN = frozenset(
    {"code", "dossierStatus", "procedure", "procedureProcessDefinition", "agency", "applyMethod"}
    | {*_DATES.values(), *_NOT_READ.split()}
)
_SHAPED = (
    *("code", "dossierStatus", "procedure", "procedureProcessDefinition", "agency", "applyMethod"),
    *_DATES.values(),
)
_CODES = ("applyMethod", "processingTime", "processingTimeUnit / timesheet")
_NOTHING: Mapping[str, Any] = {}
_Records = Sequence[dict[str, Any]]


def read(content: bytes, source: Source, path: str) -> Reading:
    """Returns the dossiers of one page."""
    # After the handler, for while it runs what was read so far is still in memory.
    with suppress(InDoubtError):
        return _read(listed_in_pieces(content, "content"), source, path)
    return _read(listed_whole(content, "content", _EXPECTED), source, path)


def _read(listed: Listed, source: Source, path: str) -> Reading:
    first = next(listed.batches)
    must_share_a_key(first, _KNOWN, _EXPECTED, is_whole=listed.is_whole)
    tally = Tally()
    batches = numbered(chain([first], listed.batches))
    rows = packed_rows(_dossiers(records, row, source, tally) for row, records in batches)
    exported_at, remarks = export_time(source, path, parse_utc, fields=listed.envelope)
    rest = rest_of_list(listed.envelope, rows.height)
    codes = [remark for of in _CODES for remark in unknown_codes(tally, of)]
    more = unknown_names(tally) + odd_statuses(tally, "dossierStatus", source) + codes
    return Reading(
        "dossiers",
        rows,
        exported_at=exported_at,
        columns=_COLUMNS,
        is_whole=not rest,
        remarks=listed.remarks + remarks + rest + more,
        shapes=tally.shapes,
    )


def _object(holder: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Returns the object of that name; one without fields where there is none."""
    value = holder.get(name)
    return value if isinstance(value, dict) else _NOTHING


def _name(value: object) -> str | None:
    """Returns the Vietnamese text of a translated name: a list of translations, one of them, or plain text."""
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list):
        return scalar(value)
    other = None
    for item in value:
        if isinstance(item, dict) and (name := item.get("name")):
            if item.get("languageId") in _VIETNAMESE:
                return scalar(name)
            other = other or name
    return scalar(other)


def _texts(records: _Records) -> dict[str, pl.Series]:
    procedures = [_object(record, "procedure") for record in records]
    sectors = [_object(item, "sector") for item in procedures]
    agencies = [_object(record, "agency") for record in records]
    processes = [
        _object(_object(record, "procedureProcessDefinition"), "processDefinition") for record in records
    ]
    values = {
        "dossier_code": [record.get("code") for record in records],
        "procedure_code": [item.get("code") for item in procedures],
        "procedure_name": [_name(item.get("translate") or item.get("name")) for item in procedures],
        "field_code": [item.get("code") for item in sectors],
        "field_name": [_name(item.get("name")) for item in sectors],
        "unit_code": [item.get("code") for item in agencies],
        "unit_name": [_name(item.get("name")) for item in agencies],
        "status_code": [_code(record.get("dossierStatus")) for record in records],
        "status_name": [_name(_object(record, "dossierStatus").get("name")) for record in records],
        "method_code": [_code(record.get("applyMethod")) for record in records],
        "method_name": [_name(_object(record, "applyMethod").get("name")) for record in records],
        "limit": [scalar(item.get("processingTime"), NESTED) for item in processes],
        "limit_unit": [item.get("processingTimeUnit") for item in processes],
        "limit_sheet": [_name(_object(item, "timesheet").get("name")) for item in processes],
    }
    return text_columns(values)


def _code(value: object) -> str | None:
    """Returns the number of {id, name}, or what stands in their place."""
    return scalar(value.get("id") if isinstance(value, dict) else value)


def _dossiers(records: _Records, first_row: int, source: Source, tally: Tally) -> pl.DataFrame:
    height = len(records)
    by_name = values_by_name(records, _SHAPED)
    columns = _texts(records)
    dates = _date_fields(by_name)
    columns |= {name: field.instants for name, field in dates.items()}
    # An unreadable due date must not be papered over by the appointment.
    due, appointment = dates["due"], dates["appointment"]
    due_texts = due.texts.zip_with(due.texts.is_not_null(), appointment.texts)
    columns["due_at"] = due.instants.zip_with(due.texts.is_not_null(), appointment.instants)
    dates_kept = {"due_at": DateField(due.name, due_texts, columns["due_at"]), "ended_at": dates["ended_at"]}
    columns |= clocks(dates_kept)
    columns["status_raw"] = _first_given(columns["status_code"], columns["status_name"])
    ever_accepted = dates["received_at"].texts.is_not_null()
    columns["status"] = statuses(columns["status_raw"], ever_accepted, source)
    tally.add_names(records, _KNOWN)
    tally.add_statuses(columns["status_raw"])
    columns["channel"] = _channels(columns["method_code"], columns["method_name"], source, tally)
    columns |= _limits(columns["limit"], columns["limit_unit"], columns["limit_sheet"], tally)
    columns |= unreadable_columns(first_unreadable(dates.values()), height)
    columns["row_number"] = pl.int_range(first_row, first_row + height, eager=True)
    tally.add_shapes(json_shapes(by_name, _DATES.values()))
    return assemble(DOSSIER_SCHEMA, columns, height)


def _date_fields(by_name: Mapping[str, list[Any]]) -> dict[str, DateField]:
    values = {column: by_name[name] for column, name in _DATES.items()}
    return date_fields(text_columns(values, NESTED), _DATES, parse_utc)


def _first_given(first: pl.Series, other: pl.Series) -> pl.Series:
    return first.zip_with(first.is_not_null(), other)


def _channels(codes: pl.Series, names: pl.Series, source: Source, tally: Tally) -> pl.Series:
    """Returns the postal service by its name, whatever the number; else by the number, else by the name."""
    raw = _first_given(codes, names)
    by_words = mapped(names, source.channel_by_words, pl.Int16)
    channel = _first_given(by_words, mapped(raw, source.channel, pl.Int16))
    tally.add_unread("applyMethod", raw, channel)
    return channel


def _limits(written: pl.Series, units: pl.Series, sheets: pl.Series, tally: Tally) -> dict[str, pl.Series]:
    """Returns the time limit of the procedure: number and working_day, day or hour."""
    value = pl.col("limit").str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    both = pl.concat_str(pl.col("limit_unit"), pl.lit(" / "), pl.col("limit_sheet").fill_null(""))
    read = pl.DataFrame([written, units, sheets]).select(
        pl.when(value.is_finite() & (value >= 0)).then(value).alias("value"),
        pl.when(pl.col("limit").is_not_null()).then(both).alias("said"),  # null without a unit, too
    )
    values, raw = read["value"], read["said"]
    unit = mapped(raw, _limit_unit, pl.String)
    tally.add_unread("processingTime", written, values)
    tally.add_unread("processingTimeUnit / timesheet", raw, unit)
    return {"limit_value": values, "limit_unit": unit}


def _limit_unit(written: str) -> str | None:
    unit, _, sheet = key(written).partition(" /")
    if unit == "h":
        return "hour"
    days = {"ngày làm việc": "working_day", "ngày": "day"}
    return days.get(sheet.strip()) if unit == "d" else None


SHAPE = Shape(
    name=_NAME,
    suffixes=(".json", ".json.gz"),
    kinds=frozenset({"json"}),
    read=read,
    parse_dates=parse_utc,
    columns=lambda _: {key(name): column for column, name in SENDER_NAMES.items()},
    places=lambda _content, _source, _kind: places_in_json("content", SENDER_NAMES),
)
