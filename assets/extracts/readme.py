"""What an exported folder says of itself to whoever opens it, in Vietnamese and English."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from assets.extracts.contract import Table

README = "README.md"
_HEAD = """# Dữ liệu xuất từ kho motcua

Xuất lúc {at:%H:%M %d/%m/%Y} (giờ Việt Nam), mọi bảng tại cùng một thời điểm. Mỗi bảng một thư mục tệp Parquet, bảng lớn
chia theo năm; `datacontract.odcs.yaml` mô tả từng cột (ODCS v3); `sha256sum -c SHA256SUMS` kiểm tra tệp còn nguyên vẹn.
Thời điểm vô hạn của kho là 9999-12-31.

# Data exported from a motcua warehouse

Exported at {at:%H:%M %d/%m/%Y} (time of Vietnam), all tables as of one moment. Each table is a folder of Parquet files, large
ones by year; `datacontract.odcs.yaml` describes every column (ODCS v3); `sha256sum -c SHA256SUMS` proves the files whole.
Infinite times of the warehouse are 9999-12-31.

    duckdb -c "select status, count(*) from 'core_fct_dossier/*.parquet' group by all"
    python -c "import polars as pl; print(pl.scan_parquet('core_fct_dossier/*.parquet').collect())"

"""


def readme_of(tables: Sequence[Table], at: datetime) -> str:
    """Returns the text: how to read the folder, and each table with its description."""
    lines = [
        f"* `{table.folder}` (`{table.name}`): {' '.join(table.description.split())}\n" for table in tables
    ]
    return _HEAD.format(at=at) + "".join(lines)
