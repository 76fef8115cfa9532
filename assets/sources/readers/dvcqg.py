"""The national portal's synchronisation: DongBoHoSoMC (dossiers) and CapNhatTienDoHoSoMC (steps).

An envelope {"service", "isUpdating", "data": [...]} or the bare list, gzip-packed or not. Almost all
values are text; times are local (Asia/Ho_Chi_Minh) as yyyyMMddHHmmss or ISO. The holder's name, papers,
telephone and address (ChuHoSo, DinhDanhCHS, ...) and free text are never read.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import chain
from typing import Any

import polars as pl

from assets.given.cleaning import NESTED, text_columns
from assets.given.dates import parse_national
from assets.given.json_file import must_share_a_key, other_form, records_of, values_by_name
from assets.given.json_pieces import Listed, listed_in_pieces, listed_whole, numbered
from assets.given.texts import key, normalise
from assets.given.unreadable import InDoubtError
from assets.sources.canonical import DOSSIER_SCHEMA, STEP_ATTRIBUTES, STEP_SCHEMA, stated_by
from assets.sources.place import PlaceOf, places_in_json
from assets.sources.readers.columns import (
    assemble,
    clocks,
    date_fields,
    first_unreadable,
    mapped,
    other_codes,
    payment,
    statuses,
    switch,
    unreadable_columns,
)
from assets.sources.readers.dvcqg_lists import electronic_results, fees, papers, remarks_on_fees, supplements
from assets.sources.readers.export_time import export_time
from assets.sources.readers.field_shapes import json_shapes
from assets.sources.readers.tally import Tally, odd_statuses, unknown_codes, unknown_names
from assets.sources.reading import Reading, packed_rows
from assets.sources.shape import Shape
from assets.sources.source import Source
from warehouse_sql.messages import message

_EXPECTED = message("gói DongBoHoSoMC hoặc CapNhatTienDoHoSoMC có “data”, hoặc danh sách bản ghi")
_DOSSIERS, _STEPS = "dongbohosomc", "capnhattiendohosomc"
_TEXTS = {
    "dossier_code": "MaHoSo",
    "status_raw": "TrangThaiHoSo",
    "procedure_code": "MaTTHC",
    "procedure_name": "TenTTHC",
    "field_code": "MaLinhVuc",
    "field_name": "TenLinhVuc",
    "unit_name": "DonViXuLy",
    "other_code": "MaHoSoKhac",
}
_DATES = {
    "submitted_at": "NgayNopHoSo",
    "received_at": "NgayTiepNhan",
    "due_at": "NgayHenTra",
    "ended_at": "NgayKetThucXuLy",
    "returned_at": "NgayTra",
    "refused_at": "NgayTuChoi",
}
_CODES = {
    "channel": "KenhThucHien",
    "payment_online": "DuocThanhToanTrucTuyen",
    "is_digitised": "HoSoCoThanhPhanSoHoa",
    "is_identified": "TaiKhoanDuocXacThucVoiVNeID",
    "result_by_post": "HinhThuc",
}
_LISTS = (
    "TaiLieuNop DanhSachTepDinhKemKhac DanhSachLePhi DanhSachHoSoBoSung DanhSachGiayToKetQua DSKetNoiCSDL"
)
# Known, and left alone: about the citizen, free text, or of no use to any report.
_NOT_READ = (
    "ChuHoSo SoGiayToChuHoSo LoaiDoiTuong MaDoiTuong DinhDanhCHS ThongTinKhac Email Fax SoDienThoai "
    "TrichYeuHoSo ThongTinTra GhiChu NoiNopHoSo SoBienNhan"
)
_KNOWN_DOSSIER = frozenset(
    [*_TEXTS.values(), *_DATES.values(), *_CODES.values(), *_LISTS.split(), *_NOT_READ.split()]
)
_STEP_TEXTS = {
    "dossier_code": "MaHoSo",
    "status_raw": "TrangThai",
    "department": "PhongBanXuLy",
    "position": "ChucDanh",
}
_STEP_DATES = {"processed_at": "ThoiDiemXuLy", "started_at": "NgayBatDau", "due_at": "NgayKetThucTheoQuyDinh"}
_KNOWN_STEP = frozenset([*_STEP_TEXTS.values(), *_STEP_DATES.values(), "NguoiXuLy", "NoiDungXuLy"])
#: Canonical column -> the portal's own name of it, of dossiers and of steps.
SENDER_NAMES = _TEXTS | _DATES | _CODES
SENDER_NAMES_OF_STEPS = _STEP_TEXTS | _STEP_DATES
_SHAPED = (*_TEXTS.values(), *_DATES.values(), *_CODES.values(), *_LISTS.split())
_STEP_SHAPED = (*_STEP_TEXTS.values(), *_STEP_DATES.values())
_NAME = "dvcqg"
#: What a code stands for, and the type of that.
_Meaning = tuple[Callable[[str], object], type[pl.DataType]]


def read(content: bytes, source: Source, path: str) -> Reading:
    """Returns the dossiers or the steps of one file."""
    # After the handler, for while it runs what was read so far is still in memory.
    with suppress(InDoubtError):
        return _read(listed_in_pieces(content, "data"), source, path)
    return _read(listed_whole(content, "data", _EXPECTED), source, path)


def _read(listed: Listed, source: Source, path: str) -> Reading:
    first = next(listed.batches)
    is_steps = _are_steps(listed, first, path)
    must_share_a_key(first, _KNOWN_STEP if is_steps else _KNOWN_DOSSIER, _EXPECTED, is_whole=listed.is_whole)
    tally = Tally()
    batches = numbered(chain([first], listed.batches))
    if is_steps:
        rows = packed_rows(_steps(records, row, source, tally) for row, records in batches)
        columns = stated_by(_NAME, STEP_ATTRIBUTES) | {"dossier_code"}
    else:
        rows = packed_rows(_dossiers(records, row, source, tally) for row, records in batches)
        columns = stated_by(_NAME)
    exported_at, remarks = export_time(source, path, parse_national, fields=listed.envelope)
    return Reading(
        "steps" if is_steps else "dossiers",
        rows,
        exported_at=exported_at,
        columns=columns,
        remarks=listed.remarks + remarks + _remarks(tally, source, is_steps=is_steps),
        shapes=tally.shapes,
    )


def _are_steps(listed: Listed, values: list[Any], path: str) -> bool:
    """Returns whether the list is one of steps."""
    service = listed.envelope.get("service")
    if isinstance(service, str) and service.strip():
        if key(service) not in (_DOSSIERS, _STEPS):
            raise other_form(_EXPECTED)
        return key(service) == _STEPS
    if not listed.is_whole:
        raise InDoubtError  # any record may tell
    if not any(records_of(values)):  # nothing to tell by but the name
        return _STEPS in key(normalise(path).rsplit("/", 1)[-1])
    return _look_like_steps(records_of(values))


def _remarks(tally: Tally, source: Source, *, is_steps: bool) -> list[str]:
    of_status = "TrangThai" if is_steps else "TrangThaiHoSo"
    codes = [remark for of in _CODES.values() for remark in unknown_codes(tally, of)]
    return [
        *unknown_names(tally),
        *odd_statuses(tally, of_status, source),
        *codes,
        *remarks_on_fees(tally.unread_fees),
    ]


def _look_like_steps(records: list[dict[str, Any]]) -> bool:
    step_keys = {"ThoiDiemXuLy", "TrangThai"}
    has_step_key = any(step_keys & record.keys() for record in records)
    return has_step_key and not any("TrangThaiHoSo" in record for record in records)


def _columns(by_name: dict[str, list[Any]], names: dict[str, str]) -> dict[str, list[Any]]:
    return {column: by_name[name] for column, name in names.items()}


def _dossiers(records: list[dict[str, Any]], first_row: int, source: Source, tally: Tally) -> pl.DataFrame:
    height = len(records)
    tally.add_names(records, _KNOWN_DOSSIER)
    by_name = values_by_name(records, _SHAPED)
    columns = text_columns(_columns(by_name, _TEXTS))
    written = text_columns(_columns(by_name, _DATES | _CODES), NESTED)
    dates = date_fields({name: written[name] for name in _DATES}, _DATES, parse_national)
    columns |= {name: field.instants for name, field in dates.items()} | clocks(dates)
    columns["other_code"] = other_codes(columns["other_code"])
    ever_accepted = dates["received_at"].texts.is_not_null()
    columns["status"] = statuses(columns["status_raw"], ever_accepted, source)
    tally.add_statuses(columns["status_raw"])
    meanings: dict[str, _Meaning] = {
        "channel": (source.channel, pl.Int16),
        "payment_online": (payment, pl.Int16),
    }
    for name, of in _CODES.items():
        meaning, dtype = meanings.get(name, (switch, pl.Boolean))
        columns[name] = mapped(written[name], meaning, dtype)
        tally.add_unread(of, written[name], columns[name])
    columns["fee_amount"], unread_fees = fees(records)
    tally.unread_fees += unread_fees
    columns["has_electronic_result"] = electronic_results(records)
    columns["has_household_book"], columns["has_identity_copy"] = papers(records)
    columns["supplements"], nested_unreadable = supplements(records)
    # The row's own dates come before those inside its list of supplements.
    unreadable = nested_unreadable | first_unreadable(dates.values())
    columns |= unreadable_columns(unreadable, height)
    columns["row_number"] = pl.int_range(first_row, first_row + height, eager=True)
    tally.add_shapes(json_shapes(by_name, _DATES.values()))
    return assemble(DOSSIER_SCHEMA, columns, height)


def _steps(records: list[dict[str, Any]], first_row: int, source: Source, tally: Tally) -> pl.DataFrame:
    height = len(records)
    tally.add_names(records, _KNOWN_STEP)
    by_name = values_by_name(records, _STEP_SHAPED)
    columns = text_columns(_columns(by_name, _STEP_TEXTS))
    written = text_columns(_columns(by_name, _STEP_DATES), NESTED)
    dates = date_fields(written, _STEP_DATES, parse_national)
    columns |= {name: field.instants for name, field in dates.items()}
    # A step does not say whether the dossier was accepted; that it was handled implies so.
    accepted = pl.Series([True], dtype=pl.Boolean).new_from_index(0, height)
    columns["status"] = statuses(columns["status_raw"], accepted, source)
    tally.add_statuses(columns["status_raw"])
    columns |= unreadable_columns(first_unreadable(dates.values()), height)
    columns["row_number"] = pl.int_range(first_row, first_row + height, eager=True)
    tally.add_shapes(json_shapes(by_name, _STEP_DATES.values()))
    return assemble(STEP_SCHEMA, columns, height)


def _places(_: bytes | None, source: Source, kind: str | None) -> PlaceOf:
    return places_in_json("data", SENDER_NAMES_OF_STEPS if kind == "steps" else SENDER_NAMES)


SHAPE = Shape(
    name=_NAME,
    suffixes=(".json", ".json.gz"),
    kinds=frozenset({"json"}),
    read=read,
    parse_dates=parse_national,
    columns=lambda _: {key(name): column for column, name in SENDER_NAMES.items()},
    places=_places,
)
