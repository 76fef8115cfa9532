"""iGate's pages: UTC becomes local time, translated names become text, the applicant stays out."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from assets.given.unreadable import UnreadableExportError
from assets.sources.canonical import DOSSIER_SCHEMA
from assets.sources.reading import Reading
from assets.sources.shapes import read_export
from assets.sources.sources import load_sources

IGATE = load_sources()["igate"]
CODE = "000.31.33.H01-230717-0001"
PATH = "igate/2023-07-31/dossiers.json"
NOON = datetime(2023, 7, 17, 12, 0, 0)


def read(value: object, path: str = PATH) -> Reading:
    return read_export(json.dumps(value, ensure_ascii=False).encode(), IGATE, path)


def one(**fields: object) -> dict[str, Any]:
    frame = read([{"code": CODE, **fields}]).dossiers
    assert frame is not None
    assert dict(frame.schema) == DOSSIER_SCHEMA
    return frame.row(0, named=True)


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2023-07-17T05:00:00.000+0000", NOON),
        ("2023-07-17T05:00:00Z", NOON),
        ("2023-07-17T05:00:00", NOON),
        ("2023-07-17T12:00:00+07:00", NOON),
        (1689570000000, NOON),
        ("1689570000000", NOON),
        (1689570000000.0, NOON),
        ("2023-07-16T17:00:00.000+0000", datetime(2023, 7, 17)),
        ("2023-07-17", datetime(2023, 7, 17)),
        (None, None),
        ("", None),
    ],
)
def test_a_time_in_utc_becomes_local(written: object, instant: datetime | None) -> None:
    row = one(acceptedDate=written)
    assert (row["received_at"], row["unreadable_field"]) == (instant, None)


@pytest.mark.parametrize("written", ["20230717120000", "17/07/2023", "2023-02-30T00:00:00Z", 0, 5, [], "x"])
def test_what_is_no_date_is_unreadable(written: object) -> None:
    row = one(acceptedDate=written)
    assert (row["received_at"], row["unreadable_field"]) == (None, "acceptedDate")


@pytest.mark.parametrize(
    ("due", "appointment", "due_at"),
    [
        ("2023-07-17T05:00:00Z", "2023-07-18T05:00:00Z", NOON),
        (None, "2023-07-17T05:00:00Z", NOON),
        ("", "2023-07-17T05:00:00Z", NOON),
        ("x", "2023-07-17T05:00:00Z", None),
        (None, None, None),
    ],
)
def test_the_due_date_comes_before_the_appointment(
    due: object, appointment: object, due_at: datetime | None
) -> None:
    assert one(dueDate=due, appointmentDate=appointment)["due_at"] == due_at


@pytest.mark.parametrize(
    ("status", "accepted", "raw", "code"),
    [
        ({"id": 0, "name": "Mới đăng ký"}, None, "0", 1),
        ({"id": 1}, "2023-07-17T05:00:00Z", "1", 5),
        ({"id": "2"}, "2023-07-17T05:00:00Z", "2", 4),
        ({"id": 2.0}, "2023-07-17T05:00:00Z", "2", 4),
        ({"id": 3}, "2023-07-17T05:00:00Z", "3", 8),
        ({"id": 4}, "2023-07-17T05:00:00Z", "4", 9),
        ({"id": 5}, "2023-07-17T05:00:00Z", "5", 10),
        ({"id": 6}, "2023-07-17T05:00:00Z", "6", 7),
        ({"id": 6}, None, "6", 3),
        ({"id": 99, "name": "Đang xử lý"}, None, "99", None),
        ({"name": [{"languageId": 228, "name": "Đang xử lý"}]}, None, "Đang xử lý", 4),
        (None, None, None, None),
        ({}, None, None, None),
    ],
)
def test_a_status_means(status: object, accepted: object, raw: str | None, code: int | None) -> None:
    row = one(dossierStatus=status, acceptedDate=accepted)
    assert (row["status_raw"], row["status"]) == (raw, code)


@pytest.mark.parametrize(
    ("method", "channel"),
    [
        ({"id": 0, "name": "Trực tuyến"}, 2),
        ({"id": 1}, 1),
        ({"id": "2"}, 3),
        ({"id": 1, "name": "Bưu chính công ích"}, 3),
        ({"name": [{"languageId": 228, "name": "Trực tuyến"}]}, 2),
        ({"id": 9, "name": "Drone"}, None),
        (None, None),
    ],
)
def test_a_way_of_applying_is_a_channel(method: object, channel: int | None) -> None:
    assert one(applyMethod=method)["channel"] == channel


def test_an_unknown_channel_is_remarked() -> None:
    reading = read([{"code": CODE, "applyMethod": {"id": 9}}] * 3)
    assert reading.remarks == ["applyMethod: mã “9” không có trong danh mục (3 dòng)."]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ([{"languageId": 1, "name": "Birth"}, {"languageId": 228, "name": "Khai sinh"}], "Khai sinh"),
        ([{"languageId": "228", "name": "Khai sinh"}], "Khai sinh"),
        ([{"languageId": 1, "name": "Birth"}], "Birth"),
        ({"languageId": 228, "name": "Khai sinh"}, "Khai sinh"),
        ("Khai sinh", "Khai sinh"),
        ([], None),
        ([None, {"languageId": 228}], None),
        (None, None),
    ],
)
def test_a_name_is_its_vietnamese_text(name: object, text: str | None) -> None:
    row = one(procedure={"code": "1.0", "translate": name, "sector": {"name": name}}, agency={"name": name})
    assert [row[column] for column in ("procedure_name", "field_name", "unit_name")] == [text] * 3


@pytest.mark.parametrize(
    ("time", "unit", "sheet", "read_as"),
    [
        (20, "d", "Ngày làm việc", (20.0, "working_day")),
        ("1.5", "d", "ngày làm việc", (1.5, "working_day")),
        (3, "d", "Ngày", (3.0, "day")),
        (4, "h", None, (4.0, "hour")),
        (4, "d", "Tuần trăng", (4.0, None)),
        ("x", "d", "Ngày", (None, "day")),
        (None, "d", "Ngày", (None, None)),
    ],
)
def test_the_time_limit_has_a_unit(time: object, unit: object, sheet: object, read_as: object) -> None:
    process = {"processingTime": time, "processingTimeUnit": unit, "timesheet": {"name": sheet}}
    row = one(procedureProcessDefinition={"processDefinition": process})
    assert (row["limit_value"], row["limit_unit"]) == read_as


@pytest.mark.parametrize("broken", [None, 5, "x", [], {"processDefinition": None}])
def test_missing_branches_are_null(broken: object) -> None:
    row = one(procedureProcessDefinition=broken, procedure=broken, agency=broken, applyMethod=broken)
    assert (row["limit_value"], row["procedure_code"], row["unit_code"]) == (None, None, None)


def test_the_other_dates_have_their_columns() -> None:
    at = "2023-07-17T05:00:00Z"
    row = one(appliedDate=at, completedDate=at, returnedDate=at, additionalRequirementDate=at)
    names = ("submitted_at", "ended_at", "returned_at", "supplement_requested_at")
    assert [row[name] for name in names] == [NOON] * 4


def test_the_applicant_is_never_read() -> None:
    reading = read([{"code": CODE, "applicant": {"data": {"ownerFullname": "Bí Mật"}}, "secret": "Bí Mật"}])
    assert reading.dossiers is not None
    assert "Bí Mật" not in str(reading.dossiers.to_dicts()) + str(reading.remarks)
    assert reading.remarks == ["Trường “secret” không có trong mô tả của cổng, không đọc (1 dòng)."]


@pytest.mark.parametrize("record", [None, 7, "x", [], {}])
def test_a_record_that_is_no_object_is_a_row(record: object) -> None:
    dossiers = read({"content": [{"code": CODE}, record]}).dossiers
    assert dossiers is not None
    assert dossiers["dossier_code"].to_list() == [CODE, None]


@pytest.mark.parametrize(
    ("value", "path", "exported_at"),
    [
        ({"content": [], "exportedAt": "2023-07-31T11:30:00.000+0000"}, PATH, datetime(2023, 7, 31, 18, 30)),
        ({"content": [], "exportedAt": 1690803000000}, PATH, datetime(2023, 7, 31, 18, 30)),
        ({"content": []}, PATH, datetime(2023, 7, 31, 23, 59, 59)),
        ([], "2023-07-31/a.json", datetime(2023, 7, 31, 23, 59, 59)),
        ({"content": [], "exportedAt": "x"}, PATH, datetime(2023, 7, 31, 23, 59, 59)),
        ([], "a.json", None),
        ([], "2023-13-31/a.json", None),
    ],
)
def test_the_export_time_is_in_the_page_or_its_folder(
    value: object, path: str, exported_at: datetime | None
) -> None:
    assert read(value, path).exported_at == exported_at


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"{}", b'{"content": 5}', b"null", b'[{"MaHoSo": "x"}]', b"\x1f\x8b", b"[" * 200_000],
)
def test_a_broken_page_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableExportError, match="hãy"):
        read_export(content, IGATE, PATH)


FULL = replace(IGATE, coverage="full")


@pytest.mark.parametrize(
    ("envelope", "name", "example"),
    [
        ({"last": False, "totalElements": 250, "number": 0}, "page 0", "250"),
        ({"last": False}, "page ?", None),
        ({"last": "false", "totalElements": "250"}, "page ?", "250"),
        ({"totalElements": 2}, "page ?", "2"),
        ({"totalElements": 2.0}, "page ?", "2"),
        ({"last": True, "totalElements": 2, "number": 1}, "last page 1", "2"),
        ({"last": True, "number": 3}, "last page 3", None),
        ({"first": False, "totalElements": 1}, "page ?", "1"),
        ({"totalPages": 2, "number": 0}, "page 0", None),
        ({"totalElements": 10**30, "last": True}, "last page ?", "1000000000"),
    ],
)
def test_a_page_of_a_list_that_goes_on_is_told_and_is_no_complete_list(
    envelope: dict[str, Any], name: str, example: str | None
) -> None:
    content = json.dumps({"content": [{"code": CODE}], **envelope}).encode()
    reading = read_export(content, FULL, PATH)
    (remark,) = reading.remarks
    assert reading.complete is None
    assert "không bị coi là biến mất; hãy gửi đủ các trang" in remark
    assert (remark.kind, remark.name, remark.example) == ("page", name, example)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "envelope",
    [
        {},
        {"last": True, "totalElements": 1, "number": 0, "totalPages": 1, "first": True},
        {"totalElements": "1"},
        {"totalElements": None, "last": None},
        {"totalElements": -1, "last": "x"},
        {"totalElements": True, "totalPages": []},
    ],
)
def test_a_page_that_is_the_whole_list_is_complete(envelope: dict[str, Any]) -> None:
    content = json.dumps({"content": [{"code": CODE}], **envelope}).encode()
    reading = read_export(content, FULL, PATH)
    assert (reading.complete, reading.remarks) == ((date.min, date.max), [])


@pytest.mark.parametrize(
    ("written", "has_clock"),
    [
        ("2023-07-17T05:00:00.000+0000", True),
        (1689570000000, True),
        ("2023-07-17", False),
        ("", None),
        ("x", None),
    ],
)
def test_whether_a_clock_was_given_with_the_due_date_and_the_end(
    written: object, has_clock: bool | None
) -> None:
    row = one(dueDate=written, completedDate=written)
    assert (row["due_has_clock"], row["ended_has_clock"]) == (has_clock, has_clock)
    assert one(appointmentDate=written)["due_has_clock"] == has_clock


def test_the_clock_of_a_due_date_is_that_of_the_field_it_is_read_from() -> None:
    assert one(dueDate="2023-07-17", appointmentDate="2023-07-18T05:00:00Z")["due_has_clock"] is False
    assert one(dueDate="x", appointmentDate="2023-07-18T05:00:00Z")["due_has_clock"] is None
