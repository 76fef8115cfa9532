"""VNPT iGate's pages of dossiers: {"content": [...], "exportedAt"} or the bare list.

Times are ISO in UTC, or epoch milliseconds, and become local (Asia/Ho_Chi_Minh, +7). Texts come as lists
of translations, of which 228 is Vietnamese. `applicant` is never looked into.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from assets.exports.canonical import DOSSIER_SCHEMA, Reading
from assets.exports.readers.columns import (
    NESTED,
    DateField,
    assemble,
    first_unreadable,
    ignored_statuses,
    mapped,
    scalar,
    statuses,
    text_column,
    unknown_codes,
    unknown_keys,
    unreadable_columns,
)
from assets.exports.readers.dates import parse_utc
from assets.exports.readers.export_time import export_time
from assets.exports.readers.json_file import load_json, must_share_a_key, other_form, records_of
from assets.exports.sources import Source
from assets.exports.texts import key

_EXPECTED = "trang hồ sơ iGate có “content”, hoặc danh sách hồ sơ"
_VIETNAMESE = 228
_DATES = {
    "submitted_at": "appliedDate",
    "received_at": "acceptedDate",
    "appointment": "appointmentDate",
    "due": "dueDate",
    "ended_at": "completedDate",
    "returned_at": "returnedDate",
    "supplement_requested_at": "additionalRequirementDate",
}
_COLUMNS = frozenset(
    [
        "status_raw",
        "status",
        "channel",
        "procedure_code",
        "procedure_name",
        "field_code",
        "field_name",
        "unit_code",
        "unit_name",
        "submitted_at",
        "received_at",
        "due_at",
        "ended_at",
        "returned_at",
        "supplement_requested_at",
        "limit_value",
        "limit_unit",
    ]
)
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
_Records = Sequence[dict[str, Any]]


def read(content: bytes, source: Source, path: str) -> Reading:
    """The dossiers of one page."""
    value = load_json(content)
    envelope = value if isinstance(value, dict) else {}
    values = envelope.get("content") if isinstance(value, dict) else value
    if not isinstance(values, list):
        raise other_form(_EXPECTED)
    must_share_a_key(values, _KNOWN, _EXPECTED)
    exported_at, remarks = export_time(source, path, parse_utc, fields=envelope)
    frame, more = _dossiers(records_of(values), source)
    return Reading(dossiers=frame, exported_at=exported_at, columns=_COLUMNS, remarks=remarks + more)


def _at(record: object, *names: str) -> Any:
    """The value at the end of a path of keys; None where the path breaks off."""
    for name in names:
        if not isinstance(record, dict):
            return None
        record = record.get(name)
    return record


def _name(value: object) -> str | None:
    """Vietnamese text of a translated name: a list of translations, one of them, or plain text."""
    if isinstance(value, list):
        translations = [item for item in value if isinstance(item, dict) and item.get("name")]
        vietnamese = [item for item in translations if scalar(item.get("languageId")) == str(_VIETNAMESE)]
        best = vietnamese or translations
        return scalar(best[0]["name"]) if best else None
    return _name([value]) if isinstance(value, dict) else scalar(value)


def _texts(records: _Records) -> dict[str, pl.Series]:
    procedures = [_at(record, "procedure") for record in records]
    agencies = [_at(record, "agency") for record in records]
    sectors = [_at(procedure, "sector") for procedure in procedures]
    return {
        "dossier_code": text_column(record.get("code") for record in records),
        "procedure_code": text_column(_at(item, "code") for item in procedures),
        "procedure_name": text_column(
            _name(_at(item, "translate") or _at(item, "name")) for item in procedures
        ),
        "field_code": text_column(_at(item, "code") for item in sectors),
        "field_name": text_column(_name(_at(item, "name")) for item in sectors),
        "unit_code": text_column(_at(item, "code") for item in agencies),
        "unit_name": text_column(_name(_at(item, "name")) for item in agencies),
    }


def _dossiers(records: _Records, source: Source) -> tuple[pl.DataFrame, list[str]]:
    height = len(records)
    columns = _texts(records)
    dates = _date_fields(records)
    columns |= {name: field.instants for name, field in dates.items()}
    # An unreadable due date must not be papered over by the appointment.
    due, appointment = dates["due"], dates["appointment"]
    columns["due_at"] = due.instants.zip_with(due.texts.is_not_null(), appointment.instants)
    columns["status_raw"] = _code_or_name(records, "dossierStatus")
    ever_accepted = dates["received_at"].texts.is_not_null()
    columns["status"] = statuses(columns["status_raw"], ever_accepted, source)
    remarks = unknown_keys(records, _KNOWN)
    remarks += ignored_statuses("dossierStatus", columns["status_raw"], source)
    columns["channel"], channel_remarks = _channels(records, source)
    limits, limit_remarks = _limits(records)
    columns |= limits
    columns |= unreadable_columns(first_unreadable(dates.values()), height)
    columns["row_number"] = pl.int_range(1, height + 1, eager=True)
    return assemble(DOSSIER_SCHEMA, columns, height), remarks + channel_remarks + limit_remarks


def _date_fields(records: _Records) -> dict[str, DateField]:
    found = {}
    for column, name in _DATES.items():
        written = text_column((record.get(name) for record in records), NESTED)
        found[column] = DateField(name, written, parse_utc(written))
    return found


def _code_or_name(records: _Records, field: str) -> pl.Series:
    """The number of {id, name} when it is given, else the name."""
    codes = text_column(_code(record.get(field)) for record in records)
    names = text_column(_name(_at(record, field, "name")) for record in records)
    return codes.zip_with(codes.is_not_null(), names)


def _code(value: object) -> object:
    return value.get("id") if isinstance(value, dict) else value


def _channels(records: _Records, source: Source) -> tuple[pl.Series, list[str]]:
    """The postal service by its name, whatever the number; else by the number, else by the name."""
    raw = _code_or_name(records, "applyMethod")
    names = text_column(_name(_at(record, "applyMethod", "name")) for record in records)
    by_words = mapped(names, source.channel_by_words, pl.Int16)
    by_code = mapped(raw, source.channel, pl.Int16)
    channel = by_words.zip_with(by_words.is_not_null(), by_code)
    return channel, unknown_codes("applyMethod", raw, channel)


def _limits(records: _Records) -> tuple[dict[str, pl.Series], list[str]]:
    """The time limit of the procedure: number and working_day, day or hour."""
    processes = [_at(record, "procedureProcessDefinition", "processDefinition") for record in records]
    written = text_column((_at(item, "processingTime") for item in processes), NESTED)
    values = written.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    values = values.to_frame("value").select(
        pl.when(pl.col("value").is_finite() & (pl.col("value") >= 0)).then(pl.col("value"))
    )["value"]
    units = text_column(_at(item, "processingTimeUnit") for item in processes)
    sheets = text_column(_name(_at(item, "timesheet", "name")) for item in processes)
    said = units.fill_null("") + " / " + sheets.fill_null("")
    raw = said.zip_with(units.is_not_null() & written.is_not_null(), pl.Series([None], dtype=pl.String))
    unit = mapped(raw, _limit_unit, pl.String)
    remarks = unknown_codes("processingTime", written, values)
    remarks += unknown_codes("processingTimeUnit / timesheet", raw, unit)
    return {"limit_value": values, "limit_unit": unit}, remarks


def _limit_unit(said: str) -> str | None:
    unit, _, sheet = key(said).partition(" /")
    if unit == "h":
        return "hour"
    days = {"ngày làm việc": "working_day", "ngày": "day"}
    return days.get(sheet.strip()) if unit == "d" else None
