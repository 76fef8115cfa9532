"""The national portal's files: DongBoHoSoMC and CapNhatTienDoHoSoMC, rows as JSON texts.

The copy is not the local truth: a waiting dossier is sent as finished at the moment of the request, and the
submission as if it were the reception.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import polars as pl

from pipelines.simulator.clock import NEVER
from pipelines.simulator.places import PLACES, PROCEDURES
from pipelines.simulator.words import COMPACT, ISO, has_due, holder, look_up, procedure, written

#: Texts and columns whose values are put together to a row.
Parts = Sequence[str | pl.Expr]

_SUMMARY_LENGTH = 60
_FILES = ("So ho khau.pdf", "CCCD ban sao.pdf", "To khai.pdf")
_ASKED_FOR = {5: "Bổ sung giấy tờ", 6: "Thực hiện nghĩa vụ tài chính", 8: "Dừng xử lý hồ sơ"}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _members(value: dict[str, object]) -> str:
    """Returns the members of an object, without its braces."""
    return _json(value)[1:-1]


_PROCEDURES = [
    _members(
        {
            "MaTTHC": f"{p.code}.000.00.00.H01",
            "TenTTHC": p.name,
            "MaLinhVuc": p.field_code,
            "TenLinhVuc": p.field_name,
        }
    )
    for p in PROCEDURES
]
_SUMMARIES = [_json(p.name[:_SUMMARY_LENGTH]) for p in PROCEDURES]
_FEES = [
    _json(
        [
            {
                "TenPhiLePhi": "Lệ phí",
                "MaPhiLePhi": "LP01",
                "HinhThucThu": "1",
                "Gia": str(p.fee),
                "LoaiPhiLePhi": "1",
            }
        ]
        if p.fee
        else []
    )
    for p in PROCEDURES
]
_UNITS = [_json(place.name) for place in PLACES]
_PAPERS = [
    _json(
        [
            {
                "TenTepDinhKem": name,
                "IsDeleted": "False",
                "DuocSoHoa": digitised,
                "DuocTaiSuDung": "0",
                "DuocLayTuKhoDMQG": "0",
            }
        ]
    )
    for digitised in ("0", "1")
    for name in _FILES
]
_RESULT = _json([{"TenGiayTo": "Kết quả", "DuongDanTepTinKetQua": "kq.pdf", "MaGiayToKetQua": "KQ1"}])
_IDENTITY = _json([{"LoaiDinhDanh": "1", "SoDinhDanh": "000000001"}])


def dossier_rows(rows: pl.DataFrame) -> pl.Series:
    """Returns one JSON object per row of `Statements.national`, as text."""
    papers = pl.col("is_digitised").cast(pl.Int64) * len(_FILES) + pl.col("paper")
    return joined(rows.with_columns(paper_place=papers), ['{"MaHoSo":"', *_who(), *_when(), *_how(), "}"])


def _who() -> Parts:
    return [
        pl.col("code"),
        '",',
        procedure(_PROCEDURES),
        ',"KenhThucHien":"',
        pl.col("channel"),
        '","ChuHoSo":"',
        holder(),
        '","LoaiDoiTuong":"',
        1 + pl.col("is_business").cast(pl.Int8),
        '","MaDoiTuong":"","SoDienThoai":"0900000000","Email":"","Fax":"","TrichYeuHoSo":',
        procedure(_SUMMARIES),
    ]


def _when() -> Parts:
    wait = pl.col("is_waiting")
    received = written("received", COMPACT)
    is_received = pl.col("received") <= pl.col("at")
    return [
        ',"NgayNopHoSo":"',
        pl.when(is_received).then(received).otherwise(written("submitted", COMPACT)),
        '","NgayTiepNhan":"',
        received,
        '","NgayHenTra":"',
        written("due_then", COMPACT, has_due()),
        '","TrangThaiHoSo":"',
        # The national portal knows no waiting dossier.
        pl.when(wait).then(9).otherwise("status"),
        '","NgayTra":"',
        written("returned", COMPACT),
        '","HinhThuc":"',
        pl.col("is_by_post").cast(pl.Int8),
        '","NgayKetThucXuLy":"',
        pl.when(wait).then(written("suspended", COMPACT)).otherwise(written("ended", COMPACT)),
        '","NgayTuChoi":"',
        written("refused", COMPACT),
    ]


def _how() -> Parts:
    is_resolved = (pl.col("ended") <= pl.col("at")) & (pl.col("end_status") == 9)
    has_result = is_resolved & pl.col("has_electronic_result")
    return [
        '","DonViXuLy":',
        look_up(_UNITS, "place"),
        ',"NoiNopHoSo":"2","HoSoCoThanhPhanSoHoa":"',
        pl.col("is_digitised").cast(pl.Int8),
        '","TaiKhoanDuocXacThucVoiVNeID":"',
        pl.col("is_identified").cast(pl.Int8),
        '","DuocThanhToanTrucTuyen":"',
        pl.col("payment"),
        f'","DinhDanhCHS":{_IDENTITY},"TaiLieuNop":',
        look_up(_PAPERS, "paper_place"),
        ',"DanhSachLePhi":',
        procedure(_FEES),
        ',"DanhSachHoSoBoSung":',
        _supplements(),
        ',"DanhSachGiayToKetQua":',
        pl.when(has_result).then(pl.lit(_RESULT)).otherwise(pl.lit("[]")),
    ]


def _supplements() -> pl.Expr:
    """Returns the list of requests: the end of a wait in one style of dates, the rest in the other."""
    is_answered = pl.col("moved_at") <= pl.col("at")
    entry = pl.concat_str(
        pl.lit('[{"HoSoBoSungId":1,"NoiDungBoSung":"'),
        pl.col("suspended_status").replace_strict(_ASKED_FOR, default=""),
        pl.lit('","NgayBoSung":"'),
        written("suspended", ISO),
        pl.lit('","NgayTiepNhanBoSung":"'),
        written("moved_at", COMPACT),
        pl.lit('","TrangThaiBoSung":'),
        pl.when(is_answered).then(pl.lit("true")).otherwise(pl.lit("false")),
        pl.lit(',"NgayHenTraTruoc":"'),
        written("due", ISO, pl.col("due") < NEVER),
        pl.lit('","NgayHenTraMoi":'),
        pl.when(is_answered).then(written("due_moved", f'"{ISO}"', is_answered)).otherwise(pl.lit("null")),
        pl.lit("}]"),
    )
    return pl.when(pl.col("suspended") <= pl.col("at")).then(entry).otherwise(pl.lit("[]"))


def step_rows(steps: pl.DataFrame) -> pl.Series:
    """Returns one JSON object per row of `Statements.steps`, as text."""
    parts: Parts = [
        '{"MaHoSo":"',
        pl.col("code"),
        '","NguoiXuLy":"Cán bộ một cửa","ChucDanh":"Chuyên viên","ThoiDiemXuLy":"',
        pl.col("clock"),
        '","PhongBanXuLy":"Bộ phận Một cửa","NoiDungXuLy":"',
        pl.col("text"),
        '","TrangThai":"',
        pl.col("status"),
        '","NgayBatDau":"',
        pl.col("clock"),
        '","NgayKetThucTheoQuyDinh":"',
        written("due", COMPACT, pl.col("due") < NEVER),
        '"}',
    ]
    return joined(steps.with_columns(clock=written("time", COMPACT, pl.lit(True))), parts)


def joined(rows: pl.DataFrame, parts: Parts) -> pl.Series:
    """Returns the parts of each row put together."""
    written_parts = [pl.lit(part) if isinstance(part, str) else part.cast(pl.String) for part in parts]
    return rows.select(row=pl.concat_str(written_parts))["row"]


def dossier_file(rows: list[str]) -> str:
    """Returns the whole of DongBoHoSoMC."""
    return '{"service":"DongBoHoSoMC","isUpdating":"False","data":[' + ",".join(rows) + "]}"


def step_file(rows: list[str]) -> str:
    """Returns the whole of CapNhatTienDoHoSoMC."""
    return '{"service":"CapNhatTienDoHoSoMC","data":[' + ",".join(rows) + "]}"
