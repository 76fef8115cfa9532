"""Catalogues of procedures as files: every way of writing one is read alike, and what is wrong is told by row."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from typing import Any

import pytest
import xlsxwriter

from assets.dimensions.catalogue import Procedure
from assets.dimensions.catalogue_file import CatalogueFile, read_catalogue
from assets.dimensions.catalogue_words import is_fee, is_paper, level, service_level
from assets.dimensions.procedures import CatalogueError

_HEAD = [
    *(
        "STT",
        "Mã TTHC",
        "Tên thủ tục hành chính",
        "Lĩnh vực",
        "Cấp thực hiện",
        "Mức độ",
        "Thời hạn giải quyết",
    ),
    *("Phí, lệ phí", "Quyết định công bố"),
]
_BIRTH = [
    *(
        "1",
        "1.001193.000.00.00.H01",
        "Đăng ký khai sinh",
        "Hộ tịch",
        "Cấp Xã",
        "Toàn trình",
        "01 Ngày làm việc",
    ),
    *("Không", "1872/QĐ-BTP"),
]
_COPY = [
    *("2", "2.000815.000.00.00.H01", "Chứng thực bản sao, từ bản chính", "Chứng thực", "Cấp Huyện; Cấp Xã"),
    *("Một phần", "Trong ngày", "2.000 đồng/trang", "1329/QĐ-BTP"),
]
_READ = {
    "1.001193": Procedure(
        *("Đăng ký khai sinh", None, "Hộ tịch", "commune", "full", 1.0, "working_day"),
        is_fee_bearing=False,
        decision="1872/QĐ-BTP",
        local_codes=("1.001193.000.00.00.H01",),
    ),
    "2.000815": Procedure(
        *("Chứng thực bản sao, từ bản chính", None, "Chứng thực", "district, commune", "partial", 0.0),
        "working_day",
        is_fee_bearing=True,
        decision="1329/QĐ-BTP",
        local_codes=("2.000815.000.00.00.H01",),
    ),
}


def csv(rows: Sequence[Sequence[str]], delimiter: str = ",", encoding: str = "utf-8-sig") -> bytes:
    def cell(text: str) -> str:
        return f'"{text}"' if delimiter in text else text

    return "\n".join(delimiter.join(map(cell, row)) for row in rows).encode(encoding)


def xlsx(*sheets: tuple[str, Sequence[Sequence[Any]]]) -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return written.getvalue()


def read(*rows: Sequence[str], path: str = "danh mục.csv") -> CatalogueFile:
    return read_catalogue(csv(rows), path)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_csv_however_it_is_written(delimiter: str, encoding: str, form: str) -> None:
    rows = [[unicodedata.normalize(form, cell) for cell in row] for row in (_HEAD, _BIRTH, _COPY)]  # type: ignore[arg-type]
    assert read_catalogue(csv(rows, delimiter, encoding), "danh mục.csv").procedures == _READ


def test_headings_may_stand_in_any_order_below_titles() -> None:
    order = [4, 8, 2, 6, 0, 7, 1, 5, 3]
    rows = [[row[place] for place in order] for row in (_HEAD, _BIRTH, _COPY)]
    titles = [["UBND TỈNH AN GIANG"], ["DANH MỤC THỦ TỤC HÀNH CHÍNH"], ["Cập nhật ngày 01/07/2023"], []]
    actual = read(*titles, *rows)
    assert actual.procedures == _READ
    assert actual.remarks == []


def test_a_workbook_with_merged_headings_ordinals_sections_totals_and_signatures() -> None:
    rows = [
        ["DANH MỤC THỦ TỤC HÀNH CHÍNH"],
        ["STT", "Mã số TTHC", "Tên thủ tục", "Thời hạn giải quyết", "", "Mức độ DVC"],
        ["", "", "", "Trực tiếp", "Trực tuyến", ""],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
        ["I", "LĨNH VỰC HỘ TỊCH"],
        [1, "1.001193", "Đăng ký khai sinh", "02 ngày làm việc", "01 ngày làm việc", "Toàn trình"],
        ["B. Lĩnh vực: Đất đai"],
        [2, "1.012753.H01", "Đăng ký đất đai", "20 ngày", "", "Một phần"],
        ["Tổng cộng", 2, "thủ tục", "", "", ""],
        [],
        ["", "Người lập biểu", "", "", "Thủ trưởng"],
        ["", "Nguyễn Văn A"],
    ]
    actual = read_catalogue(xlsx(("Danh mục", rows)), "danh mục.xlsx")
    assert actual.procedures == {
        "1.001193": Procedure(
            "Đăng ký khai sinh",
            field_name="HỘ TỊCH",
            service_level="full",
            limit_value=2.0,
            limit_unit="working_day",
            online_limit_value=1.0,
            online_limit_unit="working_day",
        ),
        "1.012753": Procedure(
            "Đăng ký đất đai",
            field_name="Đất đai",
            service_level="partial",
            limit_value=20.0,
            limit_unit="day",
            local_codes=("1.012753.H01",),
        ),
    }
    assert actual.remarks == []
    assert actual.columns == {
        *("procedure_name", "field_name", "service_level", "limit_value", "limit_unit", "online_limit_value"),
        *("online_limit_unit", "local_codes"),
    }


def test_all_worksheets_are_read_and_named() -> None:
    head = ["Mã TTHC", "Tên TTHC", "Thời hạn giải quyết"]
    good = xlsx(
        ("Tỉnh", [head, ["1.000001", "Một", "1 ngày"]]),
        ("Ghi chú", [["không phải danh mục"]]),
        ("Xã", [head, ["1.000002", "Hai", "theo lịch"]]),
    )
    actual = read_catalogue(good, "a.xlsx")
    assert sorted(actual.procedures) == ["1.000001", "1.000002"]
    assert actual.unparsed == [("hàng 2 trang tính “Xã”", "1.000002", "theo lịch")]
    twice = xlsx(("Tỉnh", [head, ["1.000001", "Một", ""]]), ("Xã", [head, ["1.000001", "Một", ""]]))
    with pytest.raises(CatalogueError, match="hai lần, ở hàng 2 trang tính “Tỉnh” và hàng 2 trang tính “Xã”"):
        read_catalogue(twice, "a.xlsx")


@pytest.mark.parametrize(
    ("head", "cells", "limit"),
    [
        (["Thời hạn giải quyết", "Đơn vị tính"], ["15", "Ngày làm việc"], (15, "working_day")),
        (["Thời hạn giải quyết (ngày làm việc)"], ["15"], (15, "working_day")),
        (["Thời hạn giải quyết (ngày)"], ["7"], (7, "day")),
        (["ThoiGianThucHien", "LoaiThoiGianThucHien"], ["56", "Ngày làm việc"], (7, "working_day")),
        (["ThoiGianThucHien", "LoaiThoiGianThucHien"], ["4", "Ngày làm việc"], (4, "hour")),
        (["ThoiGianThucHien", "LoaiThoiGianThucHien"], ["240", "Ngày"], (30, "day")),
    ],
)
def test_a_number_takes_its_unit_from_its_column_or_its_heading(
    head: list[str], cells: list[str], limit: tuple[float, str]
) -> None:
    actual = read(["Mã TTHC", "Tên TTHC", *head], ["1.000001", "Một", *cells])
    first = actual.procedures["1.000001"]
    assert (first.limit_value, first.limit_unit) == limit
    assert actual.unparsed == []


def test_limits_that_can_not_be_read_are_reported_by_row_and_left_empty() -> None:
    actual = read(
        ["Danh mục"],
        ["Mã TTHC", "Tên TTHC", "Thời hạn giải quyết"],
        ["1.000001", "Một", "theo quy định của ngành"],
        ["1.000002", "Hai", "03 ngày; trường hợp phức tạp 05 ngày"],
        ["1.000003", "Ba", "Không quy định"],
        ["1.000004", "Bốn", "15"],
    )
    assert [(shown.place, shown.written) for shown in actual.unparsed] == [
        ("hàng 3", "theo quy định của ngành"),
        ("hàng 6", "15"),
    ]
    assert [(shown.place, shown.code) for shown in actual.other_cases] == [("hàng 4", "1.000002")]
    assert actual.procedures["1.000001"].limit_value is None
    assert actual.limit_written["1.000001"] == "theo quy định của ngành"


def test_rows_without_code_and_ended_ones_are_reported_and_left_out() -> None:
    actual = read(
        ["Mã TTHC", "Tên TTHC", "Lĩnh vực", "Trạng thái", "Cột lạ"],
        ["1.000001", "Một", "A", "Đang có hiệu lực", ""],
        ["1.000002", "Hai", "A", "Hết hiệu lực", ""],
        ["", "Ba", "A", "Đang có hiệu lực", ""],
    )
    assert list(actual.procedures) == ["1.000001"]
    assert actual.remarks == [
        "Cột “Cột lạ” không có trong mô tả danh sách, không đọc.",
        "Bỏ qua hàng 3: thủ tục 1.000002 ghi là “Hết hiệu lực”.",
        "Bỏ qua hàng 4: không có mã thủ tục.",
    ]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            [_HEAD, _BIRTH, _BIRTH],
            r"^danh mục\.csv: mã 1\.001193 có hai lần, ở hàng 2 và hàng 3; hãy bỏ",
        ),
        (
            [_HEAD, ["1", "BCA-01", "Thủ tục khác", "", "", "", "", "", ""]],
            r"hàng 2 có mã “BCA-01” không đúng dạng mã thủ tục \(như 1\.001193 .* hãy sửa mã",
        ),
        ([_HEAD, ["1", "1.00119", "Mất số 0", "", "", "", "", "", ""]], r"hàng 2 có mã “1\.00119” .*văn bản"),
        (
            [["Mã TTHC", "Thời hạn", "Đơn vị tính"], ["1.000001", "5", "quý trăng"]],
            r"hàng 2 có đơn vị thời hạn “quý trăng” không biết; hãy ghi “Ngày làm việc”",
        ),
        (
            [["Mã TTHC", "Tên TTHC", "Lĩnh vực"], ["1.000001", "Một", "A", "B"]],
            r"hàng 2 \(mã 1\.000001\) có nhiều ô hơn hàng tiêu đề",
        ),
        ([["Tên thủ tục", "Lĩnh vực"], ["Một", "A"]], r"không tìm thấy .*“Mã thủ tục”; hãy xuất lại"),
        ([_HEAD], r"không có thủ tục nào"),
        ([["Mã hồ sơ", "Mã TTHC"], ["x", "1.000001"]], r"danh sách hồ sơ chứ không phải danh mục"),
    ],
)
def test_what_is_wrong_is_one_sentence_with_file_row_value_and_remedy(
    rows: list[list[str]], words: str
) -> None:
    with pytest.raises(CatalogueError, match=words) as error:
        read(*rows)
    assert "\n" not in str(error.value)
    assert str(error.value).startswith("danh mục.csv: ")


@pytest.mark.parametrize(
    ("content", "path", "words"),
    [
        (b"", "a.xlsx", "Tệp rỗng"),
        (b"\xd0\xcf\x11\xe0 old", "a.xls", "không phải sổ tính XLSX"),
        (b"PK\x03\x04broken", "a.xlsx", "không phải sổ tính XLSX hoặc đã hỏng"),
        ('Mã TTHC,Tên\n1.000001,"Một'.encode(), "a.csv", "ngoặc kép"),
    ],
)
def test_a_file_that_is_no_list_is_refused(content: bytes, path: str, words: str) -> None:
    with pytest.raises(CatalogueError, match=words):
        read_catalogue(content, path)


def test_a_name_in_the_column_of_codes_is_not_shown() -> None:
    long_name = "Nguyễn Thị Hoàng Bảo Trân Châu Phương Linh Đan"
    with pytest.raises(CatalogueError) as error:
        read(_HEAD, ["1", long_name, "Thủ tục", "A", "", "", "", "", ""])
    assert "Nguyễn" not in str(error.value)


@pytest.mark.parametrize(
    ("words", "read_as"),
    [
        *[("Dịch vụ công trực tuyến toàn trình", "full"), ("Mức độ 4", "full"), ("4", "full")],
        *[("Một phần", "partial"), ("Mức 3", "partial"), ("DVC một phần", "partial")],
        *[("Cung cấp thông tin", "information"), ("2", "information"), ("lạ", None)],
    ],
)
def test_service_levels(words: str, read_as: str | None) -> None:
    assert service_level(words) == read_as


@pytest.mark.parametrize(
    ("words", "read_as"),
    [
        *[("Cấp Tỉnh", "province"), ("Cấp Quận/Huyện", "district"), ("UBND thị xã", "district")],
        *[("Cấp Xã, Cấp Tỉnh", "province, commune"), ("Sở Tư pháp", "province"), ("phường", "commune")],
        *[("Cấp Bộ", "ministry"), ("Cơ quan khác", "other"), ("???", None)],
    ],
)
def test_levels(words: str, read_as: str | None) -> None:
    assert level(words) == read_as


@pytest.mark.parametrize(
    ("words", "read_as"),
    [
        *[
            ("Có", True),
            ("8.000 đồng/bản", True),
            ("Không quá 50.000đ", True),
            ("Theo quy định", True),
            ("x", True),
        ],
        *[("Không", False), ("Không quy định", False), ("Miễn phí", False), ("0", False), ("0 đồng", False)],
        *[("Không thu phí", False), ("lạ", None)],
    ],
)
def test_fees(words: str, read_as: bool | None) -> None:
    assert is_fee(words) is read_as


@pytest.mark.parametrize(
    ("words", "read_as"),
    [("Có", True), ("Bản giấy", True), ("Không", False), ("Bản điện tử", False), ("?", None)],
)
def test_paper_results(words: str, read_as: bool | None) -> None:
    assert is_paper(words) is read_as
