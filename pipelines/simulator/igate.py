"""The province's iGate pages: dossiers.json, rows as JSON texts, times in UTC."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import polars as pl

from pipelines.simulator.national import joined
from pipelines.simulator.places import PLACES, PROCEDURES
from pipelines.simulator.words import has_due, holder, look_up, procedure, written_utc

# iGate's own number and word for each state 1..10 of the national list. It has no state for a fee that is
# waited for (6), and one number for withdrawn (7) and refused (3).
_STATES = (
    (0, ""),
    (0, "Mới đăng ký"),
    (2, "Đang xử lý"),
    (6, "Từ chối"),
    (2, "Đang xử lý"),
    (1, "Chờ bổ sung"),
    (3, "Tạm dừng"),
    (6, "Hủy"),
    (3, "Tạm dừng"),
    (4, "Có kết quả"),
    (5, "Đã trả kết quả"),
)
_METHODS = ((1, "Trực tiếp"), (1, "Trực tiếp"), (0, "Trực tuyến"), (2, "Bưu chính công ích"))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _translated(name: str) -> list[dict[str, object]]:
    return [{"languageId": 228, "name": name}]


_STATUSES = [_json({"id": number, "name": _translated(name)}) for number, name in _STATES]
_APPLY_METHODS = [_json({"id": number, "name": name}) for number, name in _METHODS]
_AGENCIES = [_json({"code": p.organisation_code, "name": _translated(p.name)}) for p in PLACES]
_PROCEDURES = [
    _json(
        {
            "code": f"{p.code}.000.00.00.H01",
            "translate": _translated(p.name),
            "sector": {"code": p.field_code, "name": _translated(p.field_name)},
        }
    )
    + ',"procedureProcessDefinition":'
    + _json(
        {
            "processDefinition": {
                "processingTime": p.limit,
                "processingTimeUnit": "d",
                "timesheet": {"name": "Ngày làm việc"},
            }
        }
    )
    for p in PROCEDURES
]


def dossier_rows(rows: pl.DataFrame) -> pl.Series:
    """Returns one JSON object per row of `Statements.provincial`, as text."""
    number = (pl.col("code_day") * 2**31 + pl.col("holder")).cast(pl.String).str.zfill(24)
    parts: list[str | pl.Expr] = [
        '{"id":"',
        number,
        '","code":"',
        pl.col("code"),
        '","dossierStatus":',
        look_up(_STATUSES, "status"),
        ',"applicant":{"data":{"ownerFullname":"',
        holder(),
        '","identityNumber":"000000000001"}},"procedure":',
        procedure(_PROCEDURES),
        ',"agency":',
        look_up(_AGENCIES, "place"),
        ',"applyMethod":',
        look_up(_APPLY_METHODS, "channel"),
        ',"appliedDate":',
        written_utc("submitted"),
        ',"acceptedDate":',
        written_utc("received"),
        ',"appointmentDate":',
        pl.col("promise"),
        ',"dueDate":',
        pl.col("promise"),
        ',"completedDate":',
        written_utc("ended"),
        ',"returnedDate":',
        written_utc("returned"),
        ',"additionalRequirementDate":',
        written_utc("suspended"),
        "}",
    ]
    return joined(rows.with_columns(promise=written_utc("due_then", has_due())), parts)


def page(rows: list[str], moment: datetime) -> str:
    """Returns the whole page; `moment` is the naive local time of the export."""
    exported = (moment - timedelta(hours=7)).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    return (
        '{"content":['
        + ",".join(rows)
        + f'],"totalElements":{len(rows)},"last":true,"exportedAt":"{exported}"}}'
    )
