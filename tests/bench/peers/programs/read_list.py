"""A list of dossiers as a frame, for all peers alike: the columns that the core of the work needs, dates as instants."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import polars as pl

_COLUMNS = {
    "Mã hồ sơ": "code",
    "Đơn vị tiếp nhận": "unit",
    "Lĩnh vực": "sector",
    "Tên thủ tục hành chính": "procedure",
    "Trạng thái": "status",
    "Ngày nhận": "received_at",
    "Ngày hẹn trả": "due_at",
    "Ngày kết thúc xử lý": "ended_at",
}
INSTANTS = ("received_at", "due_at", "ended_at")
_TITLE_ROWS = 4
_AT = re.compile(r"_(\d{4})_(\d\d)_(\d\d)_(\d\d)_(\d\d)\.csv$")


def read_list(file: Path) -> pl.DataFrame:
    """Returns the dossiers of the list and the local moment of its export, without titles and total."""
    match = _AT.search(file.name)
    if match is None:
        raise SystemExit(f"{file.name} does not say when it was exported")
    rows = pl.scan_csv(file, separator=";", skip_rows=_TITLE_ROWS, infer_schema=False, quote_char=None)
    instants = [pl.col(name).str.to_datetime("%d/%m/%Y %H:%M:%S") for name in INSTANTS]
    return (
        rows.select(pl.col(heading).alias(name) for heading, name in _COLUMNS.items())
        .filter(pl.col("code").str.contains("-", literal=True))
        .with_columns(*instants, exported_at=pl.lit(datetime(*map(int, match.groups()))))
        .collect()
    )
