"""`motcua export`: core and marts as Parquet, to be taken along."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.console import say
from pipelines.cli.query import ask_warehouse
from pipelines.settings import Settings
from warehouse_sql.messages import message

_LONGEST_SECONDS = 24 * 3600


def export(
    folder: Annotated[
        Path,
        typer.Option(
            "--to", metavar="DIR", file_okay=False, help="Thư mục mới hoặc trống.", show_default=False
        ),
    ],
) -> None:
    """Xuất các bảng core và mart ra Parquet theo năm, có mô tả, hợp đồng dữ liệu (ODCS) và mã kiểm tra SHA-256."""
    from assets.extracts.folder import write_folder

    exported = ask_warehouse(
        Settings(), "select 1", _LONGEST_SECONDS, lambda url, _, timeout: write_folder(url, folder, timeout)
    )
    say(
        message(
            "Đã xuất {tables:number} bảng, {rows:number} dòng vào {folder} ({files:number} tệp).",
            tables=exported.tables,
            rows=exported.rows,
            files=exported.files,
            folder=folder,
        )
    )
