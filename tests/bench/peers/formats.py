"""The same dossiers as one file of the national portal: JSON, whose memory is measured apart from that of lists."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import polars as pl

from tests.bench.peers.lists import age
from tests.bench.peers.world import Names

_WRITTEN = "%Y%m%d%H%M%S"


def write_national(landing: Path, rows: pl.DataFrame, at: datetime, named: Names) -> Path:
    """Writes `DongBoHoSoMC` of accepted dossiers, exported at that local moment; its path."""
    file = landing / "dvcqg" / f"{at:%Y}" / f"DongBoHoSoMC_{at:%Y%m%dT%H%M%S}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = io.BytesIO()
    _records(rows.filter(pl.col("received").is_not_null()), named).write_ndjson(lines)
    records = lines.getvalue().rstrip(b"\n").replace(b"\n", b",\n")
    file.write_bytes(b'{"service": "DongBoHoSoMC", "isUpdating": "False", "data": [' + records + b"]}\n")
    age(file)
    return file


def _records(rows: pl.DataFrame, named: Names) -> pl.DataFrame:
    instants = {"NgayTiepNhan": "received", "NgayHenTra": "due", "NgayKetThucXuLy": "ended"}
    return rows.select(
        MaHoSo="code",
        TenTTHC=pl.lit(named.procedures["name"]).gather("procedure"),
        TenLinhVuc=pl.lit(named.procedures["sector"]).gather("procedure"),
        KenhThucHien=(1 + pl.col("unit") % 3).cast(pl.String),
        DonViXuLy=pl.lit(pl.Series([f"UBND {name}" for name in named.units])).gather("unit"),
        TrangThaiHoSo=pl.col("status").cast(pl.String),
        **{name: pl.col(column).dt.strftime(_WRITTEN).fill_null("") for name, column in instants.items()},
    )
