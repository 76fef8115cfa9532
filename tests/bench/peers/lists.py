"""Lists of dossiers as the province's portal exports them: CSV with title rows, headings and a total."""

from __future__ import annotations

import io
import os
import time
from datetime import date, datetime
from pathlib import Path

import polars as pl

from tests.bench.peers.world import Names

_WRITTEN = "%d/%m/%Y %H:%M:%S"
_STATUS_WORDS = {
    1: "Mới đăng ký",
    2: "Được tiếp nhận",
    3: "Không được tiếp nhận",
    4: "Đang xử lý",
    5: "Yêu cầu bổ sung giấy tờ",
    6: "Yêu cầu thực hiện nghĩa vụ tài chính",
    7: "Công dân yêu cầu rút hồ sơ",
    8: "Dừng xử lý",
    9: "Đã xử lý xong",
    10: "Đã trả kết quả",
}
_AGE_SECONDS = 3600


def write_list(landing: Path, rows: pl.DataFrame, at: datetime, since: date, named: Names) -> Path:
    """Writes the list exported at that local moment, complete for the dossiers received since that day; its path."""
    file = landing / "angiang" / f"{at:%Y}" / f"Danh sách hồ sơ_{at:%Y_%m_%d_%H_%M}.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    head = (
        "DANH SÁCH HỒ SƠ THỦ TỤC HÀNH CHÍNH\r\n"
        f"Từ ngày {since:%d/%m/%Y} đến ngày {at:%d/%m/%Y}\r\n"
        f"Thời điểm xuất: {at:{_WRITTEN}}\r\n\r\n"
    )
    body = io.BytesIO()
    _cells(rows, named).write_csv(body, separator=";", line_terminator="\r\n", quote_style="never")
    total = f";Tổng cộng;;;{rows.height}\r\n"
    file.write_bytes(b"\xef\xbb\xbf" + head.encode() + body.getvalue() + total.encode())
    age(file)
    return file


def age(file: Path) -> None:
    """Makes a file older than the time in which it counts as perhaps still being written."""
    stamp = time.time() - _AGE_SECONDS
    os.utime(file, (stamp, stamp))


def _cells(rows: pl.DataFrame, named: Names) -> pl.DataFrame:
    procedures = named.procedures
    return rows.select(
        STT=pl.int_range(1, pl.len() + 1),
        **{
            "Đơn vị tiếp nhận": pl.lit(pl.Series([f"UBND {name}" for name in named.units])).gather("unit"),
            "Lĩnh vực": pl.lit(procedures["sector"]).gather("procedure"),
            "Tên thủ tục hành chính": pl.lit(procedures["name"]).gather("procedure"),
            "Mã hồ sơ": pl.col("code"),
            "Trạng thái": pl.col("status").replace_strict(_STATUS_WORDS, return_dtype=pl.String),
            "Địa chỉ": pl.lit("An Giang"),
            "Chủ hồ sơ": pl.lit("Nguyễn Văn An"),
            "Ngày nộp hồ sơ": pl.col("received").dt.strftime(_WRITTEN),
            "Ngày nhận": pl.col("received").dt.strftime(_WRITTEN),
            "Ngày hẹn trả": pl.col("due").dt.strftime(_WRITTEN),
            "Ngày kết thúc xử lý": pl.col("ended").dt.strftime(_WRITTEN),
            "Đơn vị/cá nhân giải quyết": pl.lit("Bộ phận Một cửa"),
        },
    )
