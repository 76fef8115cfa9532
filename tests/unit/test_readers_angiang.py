"""The province's lists: headings found by name, titles and totals left out, dates in all their cells."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from assets.given import workbook_safety
from assets.given.dates import day_first, parse_list
from assets.given.unreadable import UnreadableExportError
from assets.sources.canonical import DOSSIER_SCHEMA
from assets.sources.reading import Reading
from assets.sources.shapes import read_export
from assets.sources.sources import load_sources

SOURCES = load_sources()
ANGIANG = SOURCES["angiang"]
PATH = "2023/Danh sách hồ sơ_2023_07_17_18_30"
CODE = "000.30.33.H01-230717-0001"
NOON = datetime(2023, 7, 17, 12, 0, 0)
NFD = "NFD"
Rows = Sequence[Sequence[object]]


def csv_of(rows: Rows, delimiter: str = ";") -> bytes:
    return "\r\n".join(delimiter.join(str(cell or "") for cell in row) for row in rows).encode()


def xlsx_of(*sheets: Rows, start: int = 0) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        as_date = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
        for rows in sheets:
            sheet = book.add_worksheet()
            for place, row in enumerate(rows, start):
                for column, cell in enumerate(row):
                    if isinstance(cell, datetime):
                        sheet.write_datetime(place, column, cell, as_date)
                    elif cell is not None:
                        sheet.write(place, column, cell)
    return file.getvalue()


def read_csv(rows: Rows, delimiter: str = ";") -> Reading:
    return read_export(csv_of(rows, delimiter), ANGIANG, PATH + ".csv")


def read_xlsx(*sheets: Rows, start: int = 0) -> Reading:
    return read_export(xlsx_of(*sheets, start=start), ANGIANG, PATH + ".xlsx")


def rows_of(reading: Reading) -> list[dict[str, Any]]:
    assert reading.dossiers is not None
    assert dict(reading.dossiers.schema) == DOSSIER_SCHEMA
    return reading.dossiers.to_dicts()


def codes(reading: Reading) -> list[str | None]:
    return [row["dossier_code"] for row in rows_of(reading)]


HEADING = ["STT", "Đơn vị tiếp nhận", "Mã hồ sơ", "Trạng thái", "Ngày nhận", "Chủ hồ sơ"]
DATA = [1, "UBND xã An Cư", CODE, "Đang xử lý", "17/07/2023 12:00:00", "Bí Mật"]


@pytest.mark.parametrize("read", [read_csv, read_xlsx])
def test_a_plain_list_is_read(read: Any) -> None:
    reading = read([HEADING, DATA])
    row = rows_of(reading)[0]
    assert (row["dossier_code"], row["unit_name"]) == (CODE, "UBND xã An Cư")
    assert (row["status_raw"], row["status"], row["received_at"]) == ("Đang xử lý", 4, NOON)
    assert reading.columns == {"unit_name", "status_raw", "status", "received_at"}
    assert reading.remarks == []
    assert "Bí Mật" not in str(row)


@pytest.mark.parametrize(
    ("cell", "instant"),
    [
        ("17/07/2023 12:00:00", NOON),
        ("17/07/2023 12:00", NOON),
        ("17/7/2023 12:00:00", NOON),
        ("7/7/2023", datetime(2023, 7, 7)),
        ("2023-07-17T12:00:00", NOON),
        ("2023-07-17 12:00:00", NOON),
        (NOON, NOON),
        (datetime(2023, 7, 17, 16, 33, 20), datetime(2023, 7, 17, 16, 33, 20)),
        (45124.5, NOON),
        (45124, datetime(2023, 7, 17)),
        ("45124.5", NOON),
        (None, None),
        ("  ", None),
    ],
)
def test_a_date_is_read_from_any_cell(cell: object, instant: datetime | None) -> None:
    row = rows_of(read_xlsx([HEADING, [*DATA[:4], cell, "x"]]))[0]
    assert (row["received_at"], row["unreadable_field"]) == (instant, None)


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        *[("31/02/2023", "31/02/2023"), ("07/17/2023", "07/17/2023"), ("01/01/2999", "01/01/2999")],
        *[("không rõ lắm", "(chữ: 3 từ, 12 ký tự)"), ("0912345678", "(dãy 10 chữ số)"), (7, "7")],
    ],
)
def test_what_is_no_date_is_unreadable_under_its_heading(cell: object, shown: str) -> None:
    row = rows_of(read_xlsx([HEADING, [*DATA[:4], cell, "x"]]))[0]
    assert row["received_at"] is None
    assert (row["unreadable_field"], row["unreadable_value"]) == ("Ngày nhận", shown)


def test_two_rows_of_merged_headings_are_one() -> None:
    upper = ["STT", "Mã hồ sơ", "Trạng thái", "Thời gian", None, "Ghi chú"]
    lower = [None, None, None, "Ngày nhận", "Ngày hẹn trả", None]
    data = [1, CODE, "Đang xử lý", "17/07/2023 12:00:00", "18/07/2023 12:00:00", "x"]
    reading = read_xlsx([["DANH SÁCH"], upper, lower, data])
    row = rows_of(reading)[0]
    assert (row["received_at"], row["due_at"]) == (NOON, datetime(2023, 7, 18, 12))
    assert (row["row_number"], reading.remarks) == (4, [])


def test_the_code_may_be_named_in_the_lower_row() -> None:
    upper = ["STT", "Hồ sơ", None, "Ngày nhận"]
    lower = [None, "Mã hồ sơ", "Trạng thái", None]
    reading = read_xlsx([["Thời điểm xuất: 17/07/2023 18:30:05"], upper, lower, [1, CODE, "4", "17/07/2023"]])
    row = rows_of(reading)[0]
    assert (row["status"], row["received_at"]) == (4, datetime(2023, 7, 17))
    assert (reading.exported_at, reading.remarks) == (datetime(2023, 7, 17, 18, 30, 5), [])


def test_a_row_of_ordinals_under_the_headings_is_no_row() -> None:
    ordinals = ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"]
    assert codes(read_csv([HEADING, ordinals, DATA])) == [CODE]


#: Three rows of merged headings: what is merged stands in its first cell.
THREE_ROWS = [
    ["STT", "Hồ sơ", None, None, "Quá trình giải quyết", None, None, "Ghi chú"],
    [None, "Mã hồ sơ", "Tình trạng", "Đơn vị tiếp nhận", "Tiếp nhận", "Trả kết quả", None, None],
    [None, None, None, None, "Ngày nhận", "Ngày hẹn trả", "Ngày trả", None],
]
CODE_ON_TOP = [
    ["STT", "Mã hồ sơ", "Trạng thái", "Đơn vị tiếp nhận", "Quá trình giải quyết", None, None, "Ghi chú"],
    [None, None, None, None, "Tiếp nhận", "Trả kết quả", None, None],
    [None, None, None, None, "Ngày nhận", "Ngày hẹn trả", "Ngày trả", None],
]
CODE_BELOW = [
    ["STT", "Hồ sơ", None, None, "Ngày nhận", "Ngày", None, "Ghi chú"],
    [None, "Thông tin chung", None, None, None, "Trả", None, None],
    [None, "Mã hồ sơ", "Trạng thái", "Đơn vị tiếp nhận", None, "Hẹn trả", "Ngày trả", None],
]
NUMBERINGS = [
    None,
    [f"({n})" for n in range(1, 9)],
    [str(n) for n in range(1, 9)],
    list(range(1, 9)),
    ["A", "B", "C", "D", "1", "2", "3", "4"],
    ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)=(5)+(6)", "(8)"],
    ["I", "II", "III", "IV", "V", "1a", "1b", None],
]


@pytest.mark.parametrize("read", [read_csv, read_xlsx])
@pytest.mark.parametrize("headings", [THREE_ROWS, CODE_ON_TOP, CODE_BELOW])
@pytest.mark.parametrize("numbering", NUMBERINGS)
def test_three_rows_of_merged_headings_are_one_with_any_row_of_numbers_below(
    read: Any, headings: Rows, numbering: Any
) -> None:
    data = [
        1,
        CODE,
        "Đã trả kết quả",
        "UBND xã An Cư",
        "17/07/2023 12:00:00",
        "18/07/2023",
        "19/07/2023",
        "x",
    ]
    block = [*headings, *([numbering] if numbering else [])]
    reading = read([["DANH SÁCH HỒ SƠ"], [], *block, data, *block, data])
    row, again = rows_of(reading)
    assert (row["dossier_code"], row["status"], row["unit_name"]) == (CODE, 10, "UBND xã An Cư")
    assert (row["received_at"], row["due_at"]) == (NOON, datetime(2023, 7, 18))
    assert (row["returned_at"], again["returned_at"]) == (datetime(2023, 7, 19), datetime(2023, 7, 19))
    assert reading.remarks == []


def test_a_blank_row_may_part_headings_and_numbers() -> None:
    assert codes(read_xlsx([HEADING, [], ["1", "2", "3", "4", "5", "6"], DATA])) == [CODE]


def test_a_hint_below_a_heading_does_not_take_its_place() -> None:
    hints = ["(số)", None, None, None, "(ngày/tháng/năm)", None]
    reading = read_xlsx([HEADING, hints, DATA])
    assert (codes(reading), rows_of(reading)[0]["received_at"], reading.remarks) == ([CODE], NOON, [])


def test_a_first_dossier_that_is_incomplete_is_not_taken_for_headings() -> None:
    odd = [1, "UBND xã An Cư", None, "Đang xử lý", "17/07/2023", "Bí Mật"]
    assert codes(read_xlsx([HEADING, odd, odd, DATA])) == [None, None, CODE]


def test_headings_come_in_any_order_case_and_normal_form() -> None:
    heading = [unicodedata.normalize(NFD, text.upper()) + " " for text in HEADING[::-1]]
    row = rows_of(read_csv([heading, DATA[::-1]]))[0]
    assert (row["dossier_code"], row["status"], row["received_at"]) == (CODE, 4, NOON)


def test_optional_headings_are_read() -> None:
    heading = ["Mã hồ sơ", "Kênh thực hiện", "Mã thủ tục", "Ngày trả kết quả", "Lĩnh vực", "Trạng thái"]
    data = [CODE, "Trực tuyến", "1.001193", "17/07/2023 12:00:00", "Hộ tịch", "10"]
    row = rows_of(read_csv([heading, data]))[0]
    assert (row["channel"], row["procedure_code"], row["returned_at"]) == (2, "1.001193", NOON)
    assert (row["field_name"], row["status"]) == ("Hộ tịch", 10)


def test_an_unknown_heading_and_an_unknown_channel_are_remarked() -> None:
    reading = read_csv(
        [["Mã hồ sơ", "Trạng thái", "Hình thức nộp", "Mức độ"], [CODE, "4", "Bồ câu", "toàn trình"]]
    )
    assert rows_of(reading)[0]["channel"] is None
    assert reading.remarks == [
        "Cột “Mức độ” không có trong mô tả danh sách, không đọc.",
        "Hình thức nộp: mã “(chữ: 2 từ, 6 ký tự)” không có trong danh mục (1 dòng).",
    ]


@pytest.mark.parametrize(
    "extra",
    [
        [],
        ["", "", "", "", "", ""],
        ["", "Tổng cộng", "", "", "", ""],
        ["", "Tổng cộng", "23", "", "", ""],
        ["", "Tổng số hồ sơ: 23", "1.023", "5", "6", "7"],
        [unicodedata.normalize(NFD, "TỔNG CỘNG"), "1", "", "2", "3", "4"],
        ["Cộng", "", "1", "2", "", ""],
        ["", "UBND xã Vĩnh Trung", "", "", "", ""],
        ["2", "", "", "", "", ""],
        ["STT", "Đơn vị tiếp nhận", "Mã hồ sơ", "Trạng thái", "Ngày nhận", "Chủ hồ sơ"],
    ],
)
@pytest.mark.parametrize("read", [read_csv, read_xlsx])
def test_blank_rows_totals_groups_and_repeated_headings_are_no_rows(read: Any, extra: list[str]) -> None:
    assert codes(read([["DANH SÁCH HỒ SƠ"], HEADING, DATA, extra, DATA])) == [CODE, CODE]


def test_signatures_after_the_total_are_no_rows() -> None:
    after = [
        ["", "Tổng cộng", "1", "", "", ""],
        ["", "", "", "", "An Cư, ngày 17 tháng 7 năm 2023", ""],
        ["", "Người lập biểu", "", "Trưởng phòng", "Chủ tịch", ""],
        ["", "", "Nguyễn Văn An", "", "", ""],
    ]
    assert codes(read_csv([HEADING, DATA, *after])) == [CODE]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (["2", "UBND xã An Cư", "", "Đang xử lý", "17/07/2023", "x"], None),
        (["2", "Tổng hợp", "", "Đang xử lý", "17/07/2023", "x"], None),
        (["2", "UBND xã An Cư", "HS/0001", "Đang xử lý", "17/07/2023", "x"], "HS/0001"),
        (["", "", "HS/0001", "", "", ""], "HS/0001"),
        (["2", "Tổng cộng", CODE, "Đang xử lý", "17/07/2023", "x"], CODE),
    ],
)
def test_a_row_with_substance_is_a_row_even_with_a_bad_code(row: list[str], code: str | None) -> None:
    assert codes(read_csv([HEADING, row])) == [code]


def test_a_row_without_code_after_a_subtotal_is_a_row_when_it_has_a_date() -> None:
    row = ["2", "UBND xã An Cư", "", "Đang xử lý", "17/07/2023", "x"]
    assert codes(read_csv([HEADING, DATA, ["", "Tổng cộng", "1", "", "", ""], row])) == [CODE, None]


def test_rows_are_numbered_as_in_the_worksheet() -> None:
    reading = read_xlsx([HEADING, DATA, [], DATA], start=3)
    assert [row["row_number"] for row in rows_of(reading)] == [5, 7]
    assert rows_of(reading)[0]["sheet"] == "Sheet1"


def test_rows_are_numbered_by_the_line_where_their_record_starts() -> None:
    quoted = '1;"UBND xã\nAn Cư";' + CODE + ';"Đang xử lý";"17/07/2023 12:00:00";x'
    text = "Danh sách\n\n" + ";".join(HEADING) + f"\n{quoted}\n{quoted}\n"
    rows = rows_of(read_export(text.encode(), ANGIANG, PATH + ".csv"))
    assert [row["row_number"] for row in rows] == [4, 6]
    assert [row["received_at"] for row in rows] == [NOON, NOON]


def test_all_worksheets_are_read_and_one_without_codes_is_remarked() -> None:
    reading = read_xlsx([HEADING, DATA], [["Ghi chú chung"]], [], [["Mã hồ sơ", "Trạng thái"], ["HS/1", "9"]])
    assert [(row["sheet"], row["dossier_code"]) for row in rows_of(reading)] == [
        ("Sheet1", CODE),
        ("Sheet4", "HS/1"),
    ]
    assert reading.remarks == ["Trang tính “Sheet2” không có cột “Mã hồ sơ”, không đọc."]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".txt", ".CSV"])
def test_a_text_file_is_read_whatever_its_delimiter_and_encoding(
    delimiter: str, encoding: str, suffix: str
) -> None:
    text = csv_of([["Thời điểm xuất: 17/07/2023 18:30:00"], HEADING, DATA], delimiter).decode()
    assert codes(read_export(text.encode(encoding), ANGIANG, PATH + suffix)) == [CODE]


def test_the_old_windows_code_page_is_read() -> None:
    # Code page 1258 writes tones as marks of their own after the letter.
    text = "Mã hô\u0300 sơ;Trạng thái;Nga\u0300y nhận\n" + CODE + ";Đang xư\u0309 ly\u0301;17/07/2023"
    text = "".join(decomposed_for_1258(mark) for mark in text)
    row = rows_of(read_export(text.encode("cp1258"), ANGIANG, PATH + ".csv"))[0]
    assert (row["status"], row["received_at"]) == (4, datetime(2023, 7, 17))


def decomposed_for_1258(mark: str) -> str:
    try:
        mark.encode("cp1258")
    except UnicodeEncodeError:
        letters = unicodedata.normalize(NFD, mark)
        tones = [tone for tone in letters[1:] if tone in "\u0300\u0301\u0303\u0309\u0323"]
        shape = unicodedata.normalize("NFC", letters[0] + "".join(t for t in letters[1:] if t not in tones))
        return shape + "".join(tones)
    return mark


REGISTER = [
    *("STT", "MaHoSo", "TrichYeuHoSo", "SoBoHoSo", "ChuHoSo", "DiaChiChuHoSo", "SoDienThoaiChuHoSo"),
    *("NgayTiepNhan", "NgayHenTra", "NgayTra", "TenNguoiNhanHoSo", "TenDiaBan"),
]
REGISTER_IN_WORDS = [
    *("STT", "Mã hồ sơ", "Trích yếu hồ sơ", "Số bộ hồ sơ", "Chủ hồ sơ", "Địa chỉ chủ hồ sơ"),
    *(
        "Số điện thoại chủ hồ sơ",
        "Ngày tiếp nhận",
        "Ngày hẹn trả",
        "Ngày trả",
        "Tên người nhận hồ sơ",
        "Tên địa bàn",
    ),
]


@pytest.mark.parametrize("heading", [REGISTER, REGISTER_IN_WORDS])
@pytest.mark.parametrize(("returned", "status"), [("17/07/2023 12:00:00", 10), ("", 4)])
def test_a_register_has_a_status_by_its_hand_over(heading: list[str], returned: str, status: int) -> None:
    data = [
        "1",
        CODE,
        "x",
        "1",
        "Bí Mật",
        "Bí Mật",
        "0900111222",
        "16/07/2023",
        "",
        returned,
        "Bí Mật",
        "An Cư",
    ]
    name = unicodedata.normalize(NFD, "Sổ theo dõi hồ sơ_2023_07_18_09_05.csv")
    reading = read_export(csv_of([heading, data]), ANGIANG, name)
    row = rows_of(reading)[0]
    assert (row["status"], row["status_raw"], row["unit_name"]) == (status, None, "An Cư")
    assert row["received_at"] == datetime(2023, 7, 16)
    assert reading.exported_at == datetime(2023, 7, 18, 9, 5)
    assert "status" in reading.columns
    assert "status_raw" not in reading.columns
    assert reading.remarks == []
    assert "Bí Mật" not in str(row)


def test_a_list_without_any_status_is_remarked() -> None:
    reading = read_csv([["Mã hồ sơ", "Ngày nhận"], [CODE, "17/07/2023"]])
    assert rows_of(reading)[0]["status"] is None
    assert len(reading.remarks) == 1
    assert "Trạng thái" in reading.remarks[0]


@pytest.mark.parametrize(
    ("title", "path", "exported_at"),
    [
        ("Thời điểm xuất: 17/07/2023 18:30:45", PATH + ".csv", datetime(2023, 7, 17, 18, 30, 45)),
        ("Thời điểm xuất;17/07/2023 18:30:45", PATH + ".csv", datetime(2023, 7, 17, 18, 30, 45)),
        ("THỜI ĐIỂM XUẤT : 17/7/2023 18:30", "x.csv", datetime(2023, 7, 17, 18, 30)),
        ("Thời điểm xuất: hôm qua", PATH + ".csv", datetime(2023, 7, 17, 18, 30)),
        ("Danh sách", PATH + ".csv", datetime(2023, 7, 17, 18, 30)),
        ("Danh sách", unicodedata.normalize(NFD, PATH) + " (1).csv", datetime(2023, 7, 17, 18, 30)),
        ("Danh sách", "x.csv", None),
    ],
)
def test_the_export_time_is_in_a_title_cell_before_the_name(
    title: str, path: str, exported_at: datetime | None
) -> None:
    content = title.encode() + b"\n" + csv_of([HEADING, DATA])
    assert read_export(content, ANGIANG, path).exported_at == exported_at


@given(st.integers(0, 40), st.integers(0, 15), st.sampled_from([0, 1989, 1990, 2023, 2024, 2100, 2101, 9999]))
def test_a_day_of_a_period_is_read_as_the_same_day_in_a_cell(day: int, month: int, year: int) -> None:
    for text in (f"{day}/{month}/{year:04}", f"{day:02}/{month:02}/{year:04}"):
        (instant,) = parse_list(pl.Series([text], dtype=pl.String))
        assert day_first(*reversed(text.split("/"))) == (instant and instant.date())


_PERIOD_LINE = "Từ ngày 01/02/2023 đến ngày 15/02/2023"


@pytest.mark.parametrize(
    "title",
    [
        f"DANH SÁCH HỒ SƠ\n{_PERIOD_LINE}\nXuất lúc 18:30 17/07/2023",
        f"DANH SÁCH HỒ SƠ\r\n{_PERIOD_LINE}\r\nThời điểm xuất: 17/07/2023 18:30:00",
        f"DANH SÁCH HỒ SƠ_x000D_\n{_PERIOD_LINE}_x000D_\nThời gian xuất : 17/07/2023 18:30",
        f"DANH SÁCH HỒ SƠ\n{_PERIOD_LINE}. Xuất lúc 18 giờ 30 phút, ngày 17/07/2023",
        f"{_PERIOD_LINE}\nxuất lúc: 18h30 ngày 17 tháng 7 năm 2023",
        unicodedata.normalize(NFD, "DANH SÁCH\nXUẤT LÚC 18:30:00 - 17/07/2023"),
    ],
)
@pytest.mark.parametrize("in_workbook", [True, False])
def test_the_export_time_may_stand_on_a_later_line_of_a_title_cell(title: str, in_workbook: bool) -> None:
    if in_workbook:
        reading = read_export(xlsx_of([[title], HEADING, DATA]), ANGIANG, "x.xlsx")
    else:
        reading = read_export(f'"{title}"\n'.encode() + csv_of([HEADING, DATA]), ANGIANG, "x.csv")
    assert (reading.exported_at, reading.remarks) == (datetime(2023, 7, 17, 18, 30), [])


@pytest.mark.parametrize(
    "title",
    ["Xuất lúc 18:30", "Xuất lúc 18:30 17/07/2023 hoặc 18/07/2023", "Xuất lúc 25:30 17/07/2023", "Xuất lúc"],
)
def test_an_export_time_that_is_not_sure_is_none(title: str) -> None:
    reading = read_export(xlsx_of([[f"DANH SÁCH\n{title}"], HEADING, DATA]), ANGIANG, "x.xlsx")
    assert reading.exported_at is None
    assert reading.remarks[-1] == "Tệp không cho biết thời điểm xuất."


@pytest.mark.parametrize("read", [read_csv, read_xlsx])
@pytest.mark.parametrize("rows", [[HEADING], [["DANH SÁCH"], HEADING, ["", "Tổng cộng", "0"]]])
def test_a_list_without_dossiers_has_no_rows(read: Any, rows: Rows) -> None:
    reading = read(rows)
    assert reading.row_count == 0
    assert reading.columns == {"unit_name", "status_raw", "status", "received_at"}


def packed(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "suffix", "words"),
    [
        (b"", ".xlsx", "rỗng"),
        (b"", ".csv", "rỗng"),
        (b" \n ", ".csv", "rỗng"),
        (b"<html><table></table></html>", ".xlsx", "không phải sổ tính"),
        (b"PK\x03\x04 and nothing more", ".xlsx", "không phải sổ tính"),
        (xlsx_of([HEADING, DATA])[:-200], ".xlsx", "không phải sổ tính"),
        (packed(hello=b"world"), ".xlsx", "không phải sổ tính"),
        (xlsx_of([["STT", "Trạng thái"], [1, "x"]]), ".xlsx", "Mã hồ sơ"),
        (xlsx_of([]), ".xlsx", "Mã hồ sơ"),
        (b"STT;Ten\n1;x", ".csv", "Mã hồ sơ"),
        (csv_of([HEADING, DATA]) + b'\n1;"Bi Mat', ".csv", "dòng 3"),
        (b"\xff\xfe\x00", ".csv", "Bảng mã"),
        (csv_of([HEADING, DATA]), ".pdf", "Đuôi tệp"),
        (csv_of([HEADING, DATA]), ".xls", "Đuôi tệp"),
    ],
    ids=lambda value: value if isinstance(value, str) else "content",  # packed bytes carry the time of day
)
def test_a_broken_list_is_refused_in_one_sentence(content: bytes, suffix: str, words: str) -> None:
    with pytest.raises(UnreadableExportError) as caught:
        read_export(content, ANGIANG, PATH + suffix)
    message = str(caught.value)
    assert words in message
    assert "hãy" in message
    assert message.endswith(".")
    assert "Bi Mat" not in message


def test_a_workbook_that_unpacks_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_safety, "MAX_XLSX_BYTES", 1000)
    with pytest.raises(UnreadableExportError, match=r"quá 1\.000 byte"):
        read_xlsx([HEADING, DATA])


def test_a_workbook_of_more_cells_than_its_limit_is_refused_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workbook_safety, "MAX_CELLS", 3 * len(HEADING))
    assert read_xlsx([HEADING, DATA, DATA]).row_count == 2
    with pytest.raises(UnreadableExportError, match="hoặc xuất theo kỳ ngắn hơn hay dạng CSV"):
        read_xlsx([HEADING, DATA, DATA, DATA])


def test_a_workbook_with_a_cell_far_away_is_refused_before_it_fills_the_memory() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADING)
        sheet.write(1_048_575, 16_383, "x")
    with pytest.raises(UnreadableExportError, match="trải rộng"):
        read_export(file.getvalue(), ANGIANG, PATH + ".xlsx")


@given(
    st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"\x1f\x8b", b"\xff\xfe", b"[{", b'"Ma'])
)
def test_no_bytes_raise_anything_but_an_unreadable_export(content: bytes, magic: bytes) -> None:
    for name, path in (
        ("angiang", "a.xlsx"),
        ("angiang", "a.csv"),
        ("igate", "a.json"),
        ("dvcqg", "a.json.gz"),
    ):
        try:
            read_export(magic + content, SOURCES[name], path)
        except UnreadableExportError as error:
            assert str(error).endswith(".")


_WITH_END = [*HEADING, "Ngày hẹn trả", "Ngày kết thúc xử lý", "Mã hồ sơ khác"]


@pytest.mark.parametrize(
    ("written", "has_clock"),
    [
        ("17/07/2023 12:00:00", True),
        ("17/07/2023 12:00", True),
        ("17/07/2023", False),
        ("2023-07-17", False),
        ("45124", False),
        ("45124.0", False),
        ("45124.5", True),
        ("", None),
        ("chưa có", None),
    ],
)
def test_whether_a_clock_was_given_with_the_due_date_and_the_end(
    written: str, has_clock: bool | None
) -> None:
    for reading in (
        read_csv([_WITH_END, [*DATA, written, "18/07/2023", ""]]),
        read_xlsx([_WITH_END, [*DATA, written, "18/07/2023", ""]]),
    ):
        (row,) = rows_of(reading)
        assert (row["due_has_clock"], row["ended_has_clock"]) == (has_clock, False)
        assert {"due_has_clock", "ended_has_clock"} <= reading.columns


def test_a_date_cell_of_a_worksheet_at_midnight_is_a_day_without_a_clock() -> None:
    (row,) = rows_of(read_xlsx([_WITH_END, [*DATA, datetime(2023, 7, 17), NOON, ""]]))
    assert (row["due_at"], row["due_has_clock"]) == (datetime(2023, 7, 17), False)
    assert (row["ended_at"], row["ended_has_clock"]) == (NOON, True)


def test_a_list_without_these_columns_says_nothing_of_clocks_and_other_codes() -> None:
    reading = read_csv([HEADING, DATA])
    assert not {"due_has_clock", "ended_has_clock", "other_code"} & reading.columns
    assert rows_of(reading)[0]["due_has_clock"] is None


def test_another_code_of_a_dossier_is_read_where_it_has_the_form_of_one() -> None:
    other = "H01.101-260717-0001"
    rows = [[*DATA, "", "", other], [*DATA, "", "", "Nguyễn Văn A"], [*DATA, "", "", "089123456789"]]
    reading = read_csv([_WITH_END, *rows])
    assert [row["other_code"] for row in rows_of(reading)] == [other, None, None]
    assert "other_code" in reading.columns
