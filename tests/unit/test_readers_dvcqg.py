"""The national portal's files: what becomes of each field, and of each kind of broken file."""

from __future__ import annotations

import gzip
import json
import unicodedata
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from assets.given import json_file
from assets.given.unreadable import UnreadableExportError
from assets.sources.canonical import DOSSIER_SCHEMA, STEP_SCHEMA
from assets.sources.reading import Reading
from assets.sources.shapes import read_export
from assets.sources.sources import load_sources

SAMPLES = Path(__file__).parents[1] / "samples"
SOURCES = load_sources()
PATH = "2023/07/DongBoHoSoMC_20230717T183000.json"
CODE = "000.30.33.H01-230717-0001"
NOON = datetime(2023, 7, 17, 12, 0, 0)


def packed(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def read(*records: object, path: str = PATH, service: str = "DongBoHoSoMC") -> Reading:
    return read_export(packed({"service": service, "data": list(records)}), SOURCES["dvcqg"], path)


def one(**fields: object) -> dict[str, Any]:
    frame = read({"MaHoSo": CODE, **fields}).dossiers
    assert frame is not None
    assert dict(frame.schema) == DOSSIER_SCHEMA
    return frame.row(0, named=True)


def expected_files() -> list[tuple[str, str, int]]:
    return [
        (listed.parent.name, entry["path"], entry["rows"])
        for listed in sorted(SAMPLES.glob("*/expected.json"))
        for entry in json.loads(listed.read_text(encoding="utf-8"))["files"]
    ]


@pytest.mark.parametrize(("sample", "path", "rows"), expected_files())
def test_every_row_of_every_sample_is_a_row(sample: str, path: str, rows: int) -> None:
    wanted = unicodedata.normalize("NFC", path)
    file = next(
        actual
        for actual in (SAMPLES / sample / path).parent.iterdir()
        if unicodedata.normalize("NFC", actual.name) == wanted.rsplit("/", 1)[1]
    )
    source = path.split("/")[1]
    reading = read_export(file.read_bytes(), SOURCES[source], path.removeprefix("landing/"))
    assert reading.row_count == rows
    assert reading.exported_at is not None
    assert reading.remarks == []


@pytest.mark.parametrize(
    "file", sorted(SAMPLES.glob("*/landing/dvcqg/**/CapNhat*")), ids=lambda file: file.name
)
def test_every_step_of_the_samples_is_read_whole(file: Path) -> None:
    content = file.read_bytes()
    steps = read_export(content, SOURCES["dvcqg"], file.name).steps
    assert steps is not None
    assert dict(steps.schema) == STEP_SCHEMA
    assert steps.height == len(json.loads(gzip.decompress(content))["data"])
    assert steps["status"].null_count() == 0
    assert steps["processed_at"].null_count() == 0


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("20230717120000", NOON),
        (20230717120000, NOON),
        ("2023-07-17T12:00:00", NOON),
        ("2023-07-17 12:00:00", NOON),
        ("2023-07-17T12:00", NOON),
        ("2023-07-17T12:00:00.328", NOON.replace(microsecond=328000)),
        ("2023-07-17T05:00:00.000+0000", NOON),
        ("2023-07-17T05:00:00Z", NOON),
        ("2023-07-17T12:00:00+07:00", NOON),
        ("2023-07-17T00:00:00-05:00", NOON),
        ("20230717", datetime(2023, 7, 17)),
        ("2023-07-17", datetime(2023, 7, 17)),
        ("1990-01-01", datetime(1990, 1, 1)),
        ("  20230717120000  ", NOON),
        ("", None),
        ("   ", None),
        (None, None),
    ],
)
def test_a_date_is_read(written: object, instant: datetime | None) -> None:
    row = one(NgayTiepNhan=written)
    assert row["received_at"] == instant
    assert row["unreadable_field"] is None


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2023-13-45", "2023-13-45"),
        ("20230230000000", "20230230000000"),
        ("20230717246000", "20230717246000"),
        ("17/07/2023 12:00:00", "17/07/2023 12:00:00"),
        ("0001-01-01T00:00:00", "0001-01-01T00:00:00"),
        ("29990101000000", "29990101000000"),
        ("19891231235959", "19891231235959"),
        (True, "true"),
        ({"a": 1}, "{…}"),
        ("Nguyễn Văn An", "(chữ: 3 từ, 13 ký tự)"),
    ],
)
def test_what_is_no_date_is_unreadable(written: object, shown: str) -> None:
    row = one(NgayTiepNhan=written)
    assert row["received_at"] is None
    assert (row["unreadable_field"], row["unreadable_value"]) == ("NgayTiepNhan", shown)


def test_the_first_unreadable_date_is_named_and_the_others_are_null_too() -> None:
    row = one(NgayTra="x", NgayHenTra="y", NgayTiepNhan="20230717120000")
    assert (row["unreadable_field"], row["unreadable_value"]) == ("NgayHenTra", "y")
    assert (row["received_at"], row["due_at"], row["returned_at"]) == (NOON, None, None)


@pytest.mark.parametrize("raw", ["4", 4, 4.0, "4.0", " 4 ", "04"])
def test_a_status_may_be_a_number_or_its_text(raw: object) -> None:
    assert one(TrangThaiHoSo=raw)["status"] == 4


def test_an_unknown_status_stays_as_written() -> None:
    row = one(TrangThaiHoSo="77")
    assert (row["status_raw"], row["status"]) == ("77", None)


@pytest.mark.parametrize(
    ("raw", "read_as"),
    [
        *[("1", True), (1, True), (True, True), ("True", True), ("1.0", True)],
        *[("0", False), (0, False), (False, False), ("False", False), ("", None), (None, None), ("x", None)],
    ],
)
def test_a_switch_is_read_in_all_its_spellings(raw: object, read_as: bool | None) -> None:
    row = one(HoSoCoThanhPhanSoHoa=raw, TaiKhoanDuocXacThucVoiVNeID=raw, HinhThuc=raw)
    assert [row[name] for name in ("is_digitised", "is_identified", "result_by_post")] == [read_as] * 3


def test_unknown_codes_are_null_and_remarked_with_their_count() -> None:
    reading = read(
        {"MaHoSo": CODE, "KenhThucHien": "9", "DuocThanhToanTrucTuyen": "7"},
        {"MaHoSo": CODE, "KenhThucHien": "9", "HinhThuc": "4"},
    )
    assert reading.dossiers is not None
    assert reading.dossiers["channel"].null_count() == 2
    assert reading.remarks == [
        "KenhThucHien: mã “9” không có trong danh mục (2 dòng).",
        "DuocThanhToanTrucTuyen: mã “7” không có trong danh mục (1 dòng).",
        "HinhThuc: mã “4” không có trong danh mục (1 dòng).",
    ]


def test_an_unknown_key_is_remarked_once() -> None:
    reading = read({"MaHoSo": CODE, "CapXuLy": 1}, {"MaHoSo": CODE, "CapXuLy": 2, "SoBienNhan": "1"})
    assert reading.remarks == ["Trường “CapXuLy” không có trong mô tả của cổng, không đọc (2 dòng)."]


@pytest.mark.parametrize("record", [{}, None, 5, "x", [], {"MaHoSo": ""}, {"MaHoSo": None}, {"MaHoSo": {}}])
def test_a_record_without_code_is_still_a_row(record: object) -> None:
    reading = read({"MaHoSo": CODE}, record)
    assert reading.dossiers is not None
    assert reading.dossiers["dossier_code"].to_list() == [CODE, None]
    assert reading.dossiers["row_number"].to_list() == [1, 2]


def test_a_code_keeps_its_text_in_nfc() -> None:
    assert one(MaHoSo=unicodedata.normalize("NFD", " Hồ/0001 "))["dossier_code"] == "Hồ/0001"


@pytest.mark.parametrize(
    ("listed", "total"),
    [
        ([{"Gia": "10000"}, {"Gia": 5000}, {"Gia": 2500.0}], 17500),
        ([{"Gia": "10.000"}, {"Gia": "1,500,000"}], 1510000),
        ([{"Gia": ""}, {"Gia": None}, {}], 0),
        ([], 0),
        (None, None),
        ("x", None),
    ],
)
def test_fees_are_summed(listed: object, total: int | None) -> None:
    assert one(DanhSachLePhi=listed)["fee_amount"] == total


def test_a_fee_that_is_no_amount_is_remarked() -> None:
    reading = read({"MaHoSo": CODE, "DanhSachLePhi": [{"Gia": "miễn"}, {"Gia": 10**30}, {"Gia": "100"}]})
    assert reading.dossiers is not None
    assert reading.dossiers["fee_amount"].to_list() == [100]
    assert reading.remarks == ["DanhSachLePhi.Gia: 2 giá trị không phải số tiền, không tính."]


@pytest.mark.parametrize(
    ("listed", "has"),
    [
        ([{"DuongDanTepTinKetQua": "kq.pdf"}], True),
        ([{"MaGiayToKetQua": "KQ1"}], True),
        ([{"TenGiayTo": "Kết quả", "MaGiayToKetQua": ""}], False),
        ([None, "x"], False),
        ([], False),
        (None, None),
    ],
)
def test_an_electronic_result_has_a_file_or_a_code(listed: object, has: bool | None) -> None:
    assert one(DanhSachGiayToKetQua=listed)["has_electronic_result"] == has


@pytest.mark.parametrize(
    ("name", "book", "copy"),
    [
        ("Sổ hộ khẩu.pdf", True, False),
        (unicodedata.normalize("NFD", "SỔ HỘ KHẨU"), True, False),
        ("So_ho_khau.pdf", True, False),
        ("SoHoKhau.jpg", True, False),
        ("Bản sao hộ khẩu", True, False),
        ("Bản sao CCCD.pdf", False, True),
        ("cmnd-mat-truoc.jpg", False, True),
        ("Căn cước công dân", False, True),
        ("Chứng minh nhân dân và sổ hộ khẩu", True, True),
        ("chung minh thu", False, True),
        ("To khai.pdf", False, False),
        ("Giấy xác nhận cho khẩu phần ăn", False, False),
    ],
)
def test_an_attached_paper_is_known_by_its_name(name: str, book: bool, copy: bool) -> None:
    for listed in (
        {"TaiLieuNop": [{"TenTepDinhKem": name}]},
        {"DanhSachTepDinhKemKhac": [{"TenGiayTo": name}]},
    ):
        row = one(**listed)
        assert (row["has_household_book"], row["has_identity_copy"]) == (book, copy)


@pytest.mark.parametrize("deleted", ["True", True, 1, "1"])
def test_a_deleted_paper_does_not_count(deleted: object) -> None:
    row = one(TaiLieuNop=[{"TenTepDinhKem": "So ho khau.pdf", "IsDeleted": deleted}])
    assert row["has_household_book"] is False


def test_supplements_are_a_list_ordered_by_the_request() -> None:
    row = one(
        DanhSachHoSoBoSung=[
            {"NgayBoSung": "", "NgayHenTraMoi": None},
            {"NgayBoSung": "2023-07-29T14:40:00", "NgayTiepNhanBoSung": "20230731081500"},
            {
                "NgayBoSung": "20230720080000",
                "NgayHenTraTruoc": "2023-07-31T09:16:58",
                "NgayHenTraMoi": "2023-08-01T09:16:58",
            },
        ]
    )
    names = ("requested_at", "resumed_at", "due_before", "due_after")
    assert [tuple(entry[name] for name in names) for entry in json.loads(row["supplements"])] == [
        ("2023-07-20T08:00:00", None, "2023-07-31T09:16:58", "2023-08-01T09:16:58"),
        ("2023-07-29T14:40:00", "2023-07-31T08:15:00", None, None),
        (None, None, None, None),
    ]


def test_an_unreadable_date_of_a_supplement_is_named_by_its_place() -> None:
    row = one(
        DanhSachHoSoBoSung=[{"NgayBoSung": "20230720080000"}, {"NgayBoSung": "x", "NgayHenTraMoi": "y"}]
    )
    assert (row["unreadable_field"], row["unreadable_value"]) == ("DanhSachHoSoBoSung.NgayBoSung", "x")


def test_a_rows_own_unreadable_date_comes_before_that_of_a_supplement() -> None:
    row = one(NgayTuChoi="z", DanhSachHoSoBoSung=[{"NgayBoSung": "x"}])
    assert row["unreadable_field"] == "NgayTuChoi"


@pytest.mark.parametrize("listed", [None, [], {}, "x"])
def test_no_supplements_are_an_empty_list(listed: object) -> None:
    assert one(DanhSachHoSoBoSung=listed)["supplements"] == "[]"


def test_the_citizen_reaches_neither_a_column_nor_a_remark() -> None:
    citizen = {
        "ChuHoSo": "Nguyễn Văn Bí Mật",
        "SoGiayToChuHoSo": "089000111222",
        "SoDienThoai": "0900111222",
        "DinhDanhCHS": [{"SoDinhDanh": "089000111222"}],
        "TrichYeuHoSo": "Đơn của Nguyễn Văn Bí Mật",
        "TaiLieuNop": [{"TenTepDinhKem": "CCCD Nguyễn Văn Bí Mật.pdf"}],
        "KenhThucHien": "Nguyễn Văn Bí Mật",
        "NgayTra": "089000111222",
    }
    reading = read({"MaHoSo": CODE, **citizen})
    assert reading.dossiers is not None
    shown = str(reading.dossiers.to_dicts()) + str(reading.remarks)
    assert "Bí Mật" not in shown
    assert "000111222" not in shown


@pytest.mark.parametrize(
    ("value", "path", "is_steps"),
    [
        ({"service": "CapNhatTienDoHoSoMC", "data": []}, "a.json", True),
        ({"service": "DongBoHoSoMC", "isUpdating": "True", "data": []}, "a.json", False),
        ([{"MaHoSo": CODE, "ThoiDiemXuLy": "", "TrangThai": "2"}], "a.json", True),
        ([{"MaHoSo": CODE, "TrangThaiHoSo": "2"}], "a.json", False),
        ({"data": [{"MaHoSo": CODE, "TrangThai": "2"}]}, "a.json", True),
        ([], "CapNhatTienDoHoSoMC_20230717T183000.json", True),
        ([], "DongBoHoSoMC_20230717T183000.json", False),
    ],
)
def test_steps_are_told_from_dossiers(value: object, path: str, is_steps: bool) -> None:
    reading = read_export(packed(value), SOURCES["dvcqg"], path)
    assert (reading.steps is not None, reading.dossiers is None) == (is_steps, is_steps)


def test_a_step_is_read_and_its_official_is_not() -> None:
    step = {
        "MaHoSo": CODE,
        "NguoiXuLy": "Trần Thị Cán Bộ",
        "ChucDanh": "Chuyên viên",
        "ThoiDiemXuLy": "20230717120000",
        "PhongBanXuLy": "Bộ phận Một cửa",
        "TrangThai": 9,
        "NgayBatDau": "x",
        "NgayKetThucTheoQuyDinh": "",
    }
    steps = read(step, None, service="CapNhatTienDoHoSoMC").steps
    assert steps is not None
    row = steps.row(0, named=True)
    assert (row["status"], row["processed_at"], row["department"]) == (9, NOON, "Bộ phận Một cửa")
    assert (row["position"], row["unreadable_field"]) == ("Chuyên viên", "NgayBatDau")
    assert "Cán Bộ" not in str(steps.to_dicts())
    assert steps.height == 2


def test_the_export_time_stands_in_the_name() -> None:
    assert read(path=PATH).exported_at == datetime(2023, 7, 17, 18, 30)
    nameless = read(path="a.json")
    assert nameless.exported_at is None
    assert nameless.remarks == ["Tệp không cho biết thời điểm xuất."]


def test_gzip_is_known_by_its_first_bytes_and_not_by_the_name() -> None:
    plain = packed([{"MaHoSo": CODE}])
    for content in (plain, gzip.compress(plain), b"\xef\xbb\xbf" + plain):
        for path in ("a.json", "a.json.gz", "A.JSON.GZ"):
            assert read_export(content, SOURCES["dvcqg"], path).row_count == 1


def test_half_a_surrogate_pair_and_nul_are_taken_out() -> None:
    content = b'[{"MaHoSo": "H\\ud800\\u0000S/1", "\\ud800k": 1}]'
    reading = read_export(content, SOURCES["dvcqg"], "a.json")
    assert reading.dossiers is not None
    assert reading.dossiers["dossier_code"].to_list() == ["HS/1"]
    "".join(reading.remarks).encode()


WHOLE = packed({"data": [{"MaHoSo": CODE, "ChuHoSo": "Nguyễn Văn Bí Mật"}]})


@pytest.mark.parametrize(
    ("content", "path", "words"),
    [
        (b"", "a.json", "rỗng"),
        (b"  \n", "a.json", "không có dữ liệu"),
        (gzip.compress(b""), "a.json.gz", "không có dữ liệu"),
        (WHOLE[:-20], "a.json", "dòng 1, cột"),
        (b"[\n\n{", "a.json", "dòng 3, cột"),
        (b'{"data": "\xff"}', "a.json", "byte thứ 11"),
        (gzip.compress(WHOLE)[:-12], "a.json.gz", "cắt cụt"),
        (gzip.compress(WHOLE)[:-8] + b"\0" * 8, "a.json.gz", "gzip bị hỏng"),
        (b"5", "a.json", "không đúng dạng"),
        (b'{"content": []}', "a.json", "không đúng dạng"),
        (b'{"data": null}', "a.json", "không đúng dạng"),
        (b'{"service": "LayThuTuc", "data": []}', "a.json", "không đúng dạng"),
        (b'[{"code": "x", "agency": {}}]', "a.json", "không đúng dạng"),
        (b"[" * 200_000, "a.json", "quá sâu"),
        (b'[{"MaHoSo": ' + b"1" * 5000 + b"}]", "a.json", "con số quá dài"),
        (WHOLE, "a.xlsx", "Đuôi tệp"),
        (WHOLE, "a.gz", "Đuôi tệp"),
    ],
    ids=lambda value: value if isinstance(value, str) else "content",  # packed bytes carry the time of day
)
def test_a_broken_file_is_refused_in_one_sentence(content: bytes, path: str, words: str) -> None:
    with pytest.raises(UnreadableExportError) as caught:
        read_export(content, SOURCES["dvcqg"], path)
    message = str(caught.value)
    assert words in message
    assert "hãy" in message
    assert message.endswith(".")
    assert "\n" not in message
    assert "Bí Mật" not in message


def test_a_file_that_unpacks_beyond_the_limit_is_refused() -> None:
    content = gzip.compress(b"[" + b" " * 100_000 + b"]")
    for packed_or_not in (content, gzip.decompress(content)):
        with pytest.raises(UnreadableExportError, match=r"quá 50\.000 byte"):
            json_file.load_json(packed_or_not, limit=50_000)


def test_columns_name_what_the_portal_can_say() -> None:
    columns = read().columns
    assert {"submitted_at", "received_at", "channel", "supplements", "refused_at"} <= columns
    assert not columns & {"unit_code", "limit_value", "dossier_code", "unreadable_field"}


@pytest.mark.parametrize(
    "written", ["2023-07-17T10:20:30.12٣", "2023-07-1٧", "٢٠٢٣٠٧١٧", "2023-07-17T10:20:30+0٧:00"]
)
def test_digits_of_other_scripts_are_an_unreadable_date_of_their_row_alone(written: str) -> None:
    assert one(NgayTra=written)["unreadable_field"] == "NgayTra"


@pytest.mark.parametrize(
    ("written", "has_clock"),
    [
        ("20230717120000", True),
        ("20230717000000", True),
        ("2023-07-17T12:00", True),
        ("20230717", False),
        (20230717, False),
        ("2023-07-17", False),
        ("", None),
        (None, None),
        ("20231345", None),
    ],
)
def test_whether_a_clock_was_given_with_the_due_date_and_the_end(
    written: object, has_clock: bool | None
) -> None:
    row = one(NgayHenTra=written, NgayKetThucXuLy="20230718")
    assert (row["due_has_clock"], row["ended_has_clock"]) == (has_clock, False)
    row = one(NgayHenTra="20230718", NgayKetThucXuLy=written)
    assert (row["due_has_clock"], row["ended_has_clock"]) == (False, has_clock)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("H01.101-260717-0001", "H01.101-260717-0001"),
        (" 000.00.01.H22-230717-0001 ", "000.00.01.H22-230717-0001"),
        ("G09.20-20260609-0092637", "G09.20-20260609-0092637"),
        ("", None),
        (None, None),
        ("089123456789", None),
        ("Nguyễn Văn A", None),
        ("H01.101-260717-0001 Nguyễn Văn A", None),
        ({"ma": "H01.101-260717-0001"}, None),
    ],
)
def test_another_code_of_a_dossier_is_read_where_it_has_the_form_of_one(
    written: object, read_as: str | None
) -> None:
    assert one(MaHoSoKhac=written)["other_code"] == read_as
