"""What is no bomb but strange is taken in as text, or refused in one sentence; never anything else."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from assets.given.unreadable import UnforeseenError, UnreadableExportError
from assets.sources import shapes
from assets.sources.reading import Reading
from assets.sources.shapes import read_export
from assets.sources.sources import load_sources
from tests.fuzz.bases import packed, xlsx_parts
from tests.unit.hostile import CODE, HEADING, csv_of, parts, rows, zip_of
from tests.worlds import national, provincial

SOURCES = load_sources()
JSON_PATH = "2023/DongBoHoSoMC_20230717T183000.json"
LIST_PATH = "2023/Danh sách hồ sơ_2023_07_17_18_30"


def read_json(text: str | bytes, source: str = "dvcqg") -> Reading:
    content = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return read_export(content, SOURCES[source], JSON_PATH)


def read_list(content: bytes) -> Reading:
    suffix = ".xlsx" if content[:2] == b"PK" else ".csv"
    return read_export(content, SOURCES["angiang"], LIST_PATH + suffix)


def frame_of(reading: Reading) -> pl.DataFrame:
    assert reading.dossiers is not None
    return reading.dossiers


def with_value(raw: str, name: str = "TenTTHC") -> str:
    """A file of one dossier in which a field has the value written like that."""
    return json.dumps({"data": [national(**{name: "@"})]}).replace('"@"', raw)


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"data":'])
@pytest.mark.parametrize("depth", [5_000, 1_000_000])
def test_deep_json_is_refused(opening: str, depth: int) -> None:
    with pytest.raises(UnreadableExportError, match=r"lồng nhau quá sâu.*hãy xuất lại"):
        read_json(opening * depth)


@pytest.mark.parametrize(
    "name", ["TenTTHC", "MaHoSo", "TrangThaiHoSo", "NgayTiepNhan", "KenhThucHien", "DonViXuLy"]
)
@pytest.mark.parametrize(
    "raw", ["1e999", "-1e999", "NaN", "Infinity", "-Infinity", "4" * 400, "-" + "4" * 400, "1e-999"]
)
@pytest.mark.parametrize("source", ["dvcqg", "igate"])
def test_a_huge_or_strange_number_is_a_text_of_its_row(name: str, raw: str, source: str) -> None:
    if source == "igate":
        name = {"MaHoSo": "code", "NgayTiepNhan": "acceptedDate"}.get(name, "applyMethod")
        text = json.dumps({"content": [provincial(**{name: "@"}), provincial("000.26.33.H01-230717-0002")]})
        reading = read_json(text.replace('"@"', raw), "igate")
        assert reading.row_count == 2
    else:
        assert read_json(with_value(raw, name)).row_count == 1


def test_a_number_of_millions_of_digits_is_refused() -> None:
    with pytest.raises(UnreadableExportError, match=r"con số quá dài.*hãy"):
        read_json(with_value("4" * 5_000))


@pytest.mark.parametrize("raw", ["4" * 400, "1e999", "NaN", '"' + "9" * 400 + '"'])
def test_a_huge_fee_or_limit_is_no_amount(raw: str) -> None:
    fee = national(DanhSachLePhi=[{"Gia": "@"}])
    reading = read_json(json.dumps([fee]).replace('"@"', raw))
    assert frame_of(reading)["fee_amount"].to_list() == [0]
    assert [remark for remark in reading.remarks if "không phải số tiền" in remark]
    page = json.dumps([provincial(limit="@")]).replace('"@"', raw)
    assert frame_of(read_json(page, "igate"))["limit_value"].to_list() == [None]


def test_the_last_of_duplicate_keys_stands_as_everywhere_in_json() -> None:
    text = '[{"MaHoSo": "x", "TenTTHC": "một", "MaHoSo": "' + CODE + '", "TrangThaiHoSo": "4"}]'
    assert frame_of(read_json(text))["dossier_code"].to_list() == [CODE]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("a\x00b", "ab"),
        ("\x1b[31mđỏ\x1b[0m", "[31mđỏ[0m"),
        ("a\x07\x08\x7f\x9b31mb", "a31mb"),
        ("a\u202eb\u2066c", "abc"),
        ("\ud800a\udfff", "a"),
        ("a\u2028b\x0bc", "a b c"),
        ("'; drop table landing.export_file; --", "'; drop table landing.export_file; --"),
        ("%s {0} %(a)s", "%s {0} %(a)s"),
        ("\\N", "\\N"),
        ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
    ],
)
def test_a_text_is_kept_without_what_forges_or_cannot_be_stored(written: str, kept: str) -> None:
    assert frame_of(read_json(json.dumps([national(TenTTHC=written)])))["procedure_name"].to_list() == [kept]
    assert frame_of(read_json(json.dumps([provincial(procedure_name=written)]), "igate"))[
        "procedure_name"
    ].to_list() == [kept]
    if "\ud800" not in written and "\x0b" not in written:
        listed = frame_of(read_list(csv_of(rows({2: written}), "\t")))
        assert listed["procedure_name"].to_list() == [kept]


def test_a_name_of_a_field_cannot_forge_a_message() -> None:
    forged = "\x1b[2J\n2023 LỖI\u202e"
    for name, shown in ((forged, "[2J 2023 LỖI"), (forged + "x" * 10_000, "(chữ và số, 3 từ)")):
        record = national() | {name: 1}
        (remark,) = [remark for remark in read_json(json.dumps([record])).remarks if "Trường" in remark]
        assert remark.isprintable() and len(remark) < 200 and f"“{shown}”" in remark


def test_thousands_of_unknown_fields_and_columns_are_few_remarks() -> None:
    record = national() | {f"la{number}": number for number in range(10_000)}
    wide = rows()
    wide[0] += [f"Cột lạ {number}" for number in range(10_000)]
    wide[1] += ["x"] * 10_000
    for reading in (read_json(json.dumps([record])), read_list(csv_of(wide))):
        assert reading.row_count == 1
        assert len(reading.remarks) == shapes.MAX_REMARKS + 1
        assert "lời nhắc khác" in reading.remarks[-1]


def test_a_cell_of_ten_megabytes_is_cut_in_json_and_refused_in_a_text_file() -> None:
    (name,) = frame_of(read_json(json.dumps([national(TenTTHC="ký" * 5_000_000)])))["procedure_name"]
    assert len(name) == 500 and name.endswith("…")
    with pytest.raises(UnreadableExportError, match=r"dòng 2.*hãy"):
        read_list(csv_of(rows({2: "x" * 10_000_000})))


def test_a_long_real_name_is_kept_whole() -> None:
    long = "Thủ tục " + "đăng ký lại " * 60
    assert frame_of(read_json(json.dumps([national(TenTTHC=long)])))["procedure_name"].to_list() == [
        long.strip()
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe" + '[{"MaHoSo": 1}]'.encode("utf-16-le") + b"\x00", "UTF-8"),
        (b'[{"MaHoSo": "\xff\xfe"}]', "UTF-8"),
        (b"\x00\x00\x00", "JSON"),
        (b"[1]\x00", "JSON"),
        (b'"abc"', "JSON"),
        (b"NaN", "JSON"),
    ],
)
def test_bytes_that_are_no_json_are_refused(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableExportError) as caught:
        read_json(content)
    assert (
        words in str(caught.value)
        and "hãy" in str(caught.value)
        and not isinstance(caught.value, UnforeseenError)
    )


def test_json_in_utf_16_with_its_mark_is_read() -> None:
    assert read_json(json.dumps([national()]).encode("utf-16")).row_count == 1


@pytest.mark.parametrize(
    "date", ["9999-12-31", "0000-00-00", "31/12/99999", "-45000", "99999999", "29/02/2023", "1e5"]
)
def test_an_impossible_date_is_unreadable_and_its_row_is_kept(date: str) -> None:
    for content in (csv_of(rows({5: date}, {})), packed(xlsx_parts(rows({5: date}, {})))):
        frame = frame_of(read_list(content))
        assert frame["received_at"].is_null().to_list() == [True, False]
        assert frame["unreadable_field"].to_list() == ["Ngày nhận", None]


def test_negative_and_huge_serials_of_a_worksheet_are_unreadable() -> None:
    actual = parts()
    name = "xl/worksheets/sheet1.xml"
    for serial in ("-45000", "1e300", "2958466", "-1", "NaN"):
        changed = actual[name].replace(
            b'<c r="F2" t="s"><v>12</v></c>', f'<c r="F2"><v>{serial}</v></c>'.encode()
        )
        assert changed != actual[name]
        frame = frame_of(read_list(zip_of(actual | {name: changed})))
        assert (frame.height, frame["received_at"].to_list()) == (1, [None])


def test_lines_may_end_in_all_ways_at_once() -> None:
    lines = csv_of(rows({}, {}, {})).split(b"\r\n")
    assert read_list(lines[0] + b"\r" + lines[1] + b"\n" + lines[2] + b"\r\n" + lines[3]).row_count == 3


def test_stray_quotes_do_not_swallow_rows() -> None:
    listed = rows(*[{} for _ in range(6)])
    listed[2][2] = '"Đăng ký'
    with pytest.raises(UnreadableExportError, match=r"ngoặc kép.*dòng 3"):
        read_list(csv_of(listed))
    listed[4][2] = 'khai sinh"'
    with pytest.raises(UnreadableExportError, match=r"ngoặc kép.*dòng 3"):
        read_list(csv_of(listed))


def test_a_quoted_text_may_have_lines_of_its_own() -> None:
    assert read_list(csv_of(rows({2: '"Đăng ký;\nkhai sinh"'}, {}))).row_count == 2


def test_the_cached_value_of_a_formula_is_read_and_the_formula_is_not() -> None:
    actual = parts()
    name = "xl/worksheets/sheet1.xml"
    formula = b"<f>cmd|' /C calc'!A0</f>"
    changed = actual[name].replace(
        b'<c r="C2" t="s"><v>9</v></c>', b'<c r="C2" t="str">' + formula + b"<v>Khai sinh</v></c>"
    )
    assert changed != actual[name]
    assert frame_of(read_list(zip_of(actual | {name: changed})))["procedure_name"].to_list() == ["Khai sinh"]


def test_a_hidden_sheet_and_merged_cells_are_read_as_what_they_hold() -> None:
    actual = parts()
    book = actual["xl/workbook.xml"].replace(b"<sheet ", b'<sheet state="veryHidden" ')
    sheet = actual["xl/worksheets/sheet1.xml"].replace(
        b"</sheetData>", b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    )
    reading = read_list(zip_of(actual | {"xl/workbook.xml": book, "xl/worksheets/sheet1.xml": sheet}))
    assert frame_of(reading)["dossier_code"].to_list() == [CODE]


def test_an_empty_sheet_that_declares_millions_of_rows_takes_no_room() -> None:
    sheet = b'<worksheet><dimension ref="A1:XFD5000000"/><sheetData></sheetData></worksheet>'
    with pytest.raises(UnreadableExportError, match="Mã hồ sơ"):
        read_list(zip_of(parts(sheet=sheet)))


@pytest.mark.parametrize(
    "dtd",
    [
        '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE w SYSTEM "http://127.0.0.1/x.dtd">',
        "<!DOCTYPE w [<!ENTITY x 'a'>]>",
    ],
)
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"])
def test_entities_are_refused(dtd: str, part: str) -> None:
    actual = parts()
    with pytest.raises(UnreadableExportError, match=r"DTD.*hãy mở bằng Excel"):
        read_list(zip_of(actual | {part: dtd.encode() + actual[part]}))


def test_a_workbook_of_ten_thousand_columns_is_read() -> None:
    wide = rows()
    wide[1] += ["x"] * 10_000
    reading = read_list(packed(xlsx_parts(wide)))
    assert reading.row_count == 1


def test_a_zip_of_very_many_parts_is_refused() -> None:
    with pytest.raises(UnreadableExportError, match=r"quá 10\.000 phần"):
        read_list(zip_of({f"p{number}": b"" for number in range(10_001)}))


def test_a_zip_within_a_zip_is_no_workbook() -> None:
    with pytest.raises(UnreadableExportError, match="không phải sổ tính"):
        read_list(zip_of({"a.xlsx": zip_of(parts())}))


def test_a_fault_of_a_reader_is_this_files_alone_and_tells_no_content(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: Any) -> Reading:
        raise ZeroDivisionError("Trần Thị Bưởng")

    monkeypatch.setattr(shapes, "SHAPES", {"dvcqg": replace(shapes.SHAPES["dvcqg"], read=broken)})
    with pytest.raises(UnforeseenError, match=r"ZeroDivisionError.*hãy") as caught:
        read_json("[]")
    assert "Bưởng" not in str(caught.value) and caught.value.__context__ is None


def test_headings_are_the_ones_of_the_list() -> None:
    assert HEADING[3] == "Mã hồ sơ" and read_list(csv_of(rows())).row_count == 1
