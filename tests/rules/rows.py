"""A staged row that fails no rule, the changes to it that many cases share, and how rows are staged."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, text

from assets.dimensions.load import resolve_new_names
from assets.exports.staging import empty_staging
from tests.worlds import CODE

Row = dict[str, Any]
#: A rule -> changes that make the clean row fail, and changes that must not.
Cases = dict[str, tuple[list[Row], list[Row]]]

#: Fails no rule at all.
CLEAN: Row = {
    "kind": "dossiers",
    "source": "dvcqg",
    "exported_at": "2023-07-19 18:30",
    "dossier_code": CODE,
    "status_raw": "10",
    "status": 10,
    "channel": 1,
    "procedure_code": "1.001193.000.00.00.H01",
    "procedure_name": "Đăng ký khai sinh",
    "unit_name": "UBND phường Thới Sơn",
    "submitted_at": "2023-07-17 09:00",
    "received_at": "2023-07-17 09:00",
    "due_at": "2023-07-18 09:00",
    "ended_at": "2023-07-17 15:00",
    "returned_at": "2023-07-18 08:00",
    "supplements": "[]",
    "limit_value": 1,
    "limit_unit": "working_day",
    "payment_online": 0,
    "fee_amount": 0,
}
STEP: Row = {
    "kind": "steps",
    "source": "dvcqg",
    "exported_at": "2023-07-19 18:30",
    "dossier_code": CODE,
    "status": 4,
}
OPEN: Row = {"status": 4, "status_raw": "4", "ended_at": None, "returned_at": None}
ONLINE: Row = {"channel": 2, "submitted_at": "2023-07-16 21:00"}
#: A row of a list that has few columns.
BARE: Row = {
    name: None
    for name in CLEAN
    if name
    not in (
        "kind",
        "source",
        "exported_at",
        "dossier_code",
        "status",
        "status_raw",
        "received_at",
        "ended_at",
    )
}


def asked(*windows: tuple[str | None, ...]) -> Row:
    """Supplements asked for, brought, due before, due after: "2023-07-17 09:00" each, or None."""
    names = ("requested_at", "resumed_at", "due_before", "due_after")
    listed = [
        {
            name: f"{instant.replace(' ', 'T')}:00" if instant else None
            for name, instant in zip(names, (*window, None, None, None, None), strict=False)
        }
        for window in windows
    ]
    return {"supplements": json.dumps(listed)}


def stage(connection: Connection, rows: list[Row]) -> None:
    """Those rows, one after the other, in the place of all staged ones."""
    empty_staging(connection)
    for number, row in enumerate(rows):
        values = row | {"staged_id": number, "row_number": number + 1}
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        connection.execute(text(f"insert into landing.staged_row ({names}) values ({marks})"), values)
    resolve_new_names(connection)
