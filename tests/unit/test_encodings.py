"""Lists whose letters were written in another way: read where nothing is lost, refused by name where something is."""

from __future__ import annotations

import codecs
import gzip
import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.given.encodings import (
    _TCVN3,
    _VNI,
    decoded_once,
    from_tcvn3,
    from_vni,
    looks_decoded_twice,
    looks_tcvn3,
    mended_text,
)
from assets.given.unreadable import UnreadableExportError
from assets.sources.reading import Reading
from assets.sources.shapes import read_export
from assets.sources.sources import load_sources
from tests.unit.test_readers_angiang import ANGIANG, CODE, DATA, HEADING, PATH, csv_of, rows_of, xlsx_of
from tests.worlds import SAMPLES, national, provincial

SOURCES = load_sources()
LIST = [["Thời điểm xuất: 17/07/2023 18:30:00"], HEADING, DATA, [2, "UBND phường Thới Sơn", *DATA[2:]]]
TEXT = csv_of(LIST).decode()


def read(content: bytes, suffix: str = ".csv") -> Reading:
    return read_export(content, ANGIANG, PATH + suffix)


def tcvn3(text: str) -> str:
    """The text typed in a TCVN3 font."""
    return "".join({letter: sign for sign, letter in _TCVN3.items()}.get(mark, mark) for mark in text)


def vni(text: str) -> str:
    """The text typed in a VNI font."""
    signs = {letter: pair for pair, letter in _VNI.items()}
    return "".join(signs.get(mark, mark) for mark in text)


def twice(text: str, code_page: str) -> str:
    """UTF-8 read as that code page; bytes that it lacks become control characters, as Windows has them."""
    return "".join(bytes([byte]).decode(code_page, "ignore") or chr(byte) for byte in text.encode())


def said(reading: Reading) -> list[tuple[str, str, int]]:
    return [(row["dossier_code"], row["unit_name"], row["status"]) for row in rows_of(reading)]


EXPECTED = [(CODE, "UBND xã An Cư", 4), (CODE, "UBND phường Thới Sơn", 4)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_unicode_is_read_with_or_without_its_mark(encoding: str, form: Any) -> None:
    reading = read(unicodedata.normalize(form, TEXT).encode(encoding))
    assert (said(reading), reading.remarks) == (EXPECTED, [])


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, b""])
def test_a_cut_in_the_middle_of_a_letter_is_called_so(mark: bytes) -> None:
    with pytest.raises(UnreadableExportError, match="cắt cụt giữa một chữ"):
        read(mark + TEXT.encode("utf-16-le")[:-1])
    with pytest.raises(UnreadableExportError, match="cắt cụt giữa một chữ"):
        read((TEXT + "\r\n1;UBND xã Vĩnh Trun ệ").encode()[:-1])


@pytest.mark.parametrize(("font", "name"), [(tcvn3, "TCVN3"), (vni, "VNI")])
@pytest.mark.parametrize("as_unicode", [True, False])
def test_a_text_file_typed_in_an_old_font_is_read_and_told(font: Any, name: str, as_unicode: bool) -> None:
    reading = read(font(TEXT).encode("utf-8" if as_unicode else "latin-1"))
    assert said(reading) == EXPECTED
    (remark,) = reading.remarks
    assert name in remark and "hãy" in remark


@pytest.mark.parametrize(("font", "name"), [(tcvn3, "TCVN3"), (vni, "VNI")])
def test_a_workbook_typed_in_an_old_font_is_read_and_told(font: Any, name: str) -> None:
    rows = [[font(cell) if isinstance(cell, str) else cell for cell in row] for row in LIST]
    reading = read(xlsx_of(rows), ".xlsx")
    assert said(reading) == EXPECTED
    assert [name in remark for remark in reading.remarks] == [True]


def test_cells_of_an_old_font_below_headings_in_unicode_are_read_and_told() -> None:
    rows = [
        *LIST[:2],
        *([tcvn3(cell) if isinstance(cell, str) else cell for cell in row] for row in LIST[2:]),
    ]
    for content, suffix in ((xlsx_of(rows), ".xlsx"), (csv_of(rows), ".csv")):
        reading = read(content, suffix)
        assert said(reading) == EXPECTED
        assert ["TCVN3" in remark for remark in reading.remarks] == [True]


def test_headings_that_are_not_found_in_an_old_font_are_refused_by_its_name() -> None:
    rows = [
        [tcvn3(cell) for cell in row]
        for row in (["Số thứ tự", "Tên đơn vị tiếp nhận", "Nơi cấp", "Giới hạn"],) * 2
    ]
    with pytest.raises(UnreadableExportError, match=r"TCVN3.*hãy"):
        read(xlsx_of(rows), ".xlsx")


@pytest.mark.parametrize("code_page", ["cp1252", "latin-1", "cp1258"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_list_that_was_decoded_twice_is_made_whole_and_told(code_page: str, form: Any) -> None:
    whole = unicodedata.normalize(form, "\ufeff" + TEXT + "\r\n")
    reading = read(twice(whole, code_page).encode())
    assert (said(reading), reading.exported_at is not None) == (EXPECTED, True)
    (remark,) = reading.remarks
    assert "giải mã hai lần" in remark


def test_cells_of_a_workbook_that_were_decoded_twice_are_made_whole_and_told() -> None:
    garbled = [HEADING, [twice(cell, "cp1252") if isinstance(cell, str) else cell for cell in DATA], LIST[3]]
    for rows in (garbled, [[twice(str(cell), "cp1252") for cell in row] for row in LIST[1:]]):
        reading = read(xlsx_of(rows), ".xlsx")
        assert said(reading) == EXPECTED
        assert ["giải mã hai lần" in remark for remark in reading.remarks] == [True]


def test_what_was_lost_in_decoding_twice_is_refused_by_name() -> None:
    lost = twice(TEXT, "cp1252").replace("\xa3", "?").replace("\u201c", "?")
    with pytest.raises(UnreadableExportError, match=r"giải mã hai lần.*hãy"):
        read(lost.encode())


def test_letters_of_which_a_byte_was_dropped_are_no_words_of_an_office() -> None:
    """Windows knows no sign for some bytes: "Đ" lost its second one, and the headings can still be read without it."""
    lost = [[twice(str(cell), "cp1252").replace("\x90", "") for cell in row] for row in LIST]
    for content, suffix in ((csv_of(lost), ".csv"), (xlsx_of(lost), ".xlsx")):
        with pytest.raises(UnreadableExportError, match=r"giải mã hai lần và đã mất một phần"):
            read(content, suffix)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_a_json_export_that_was_decoded_twice_is_made_whole_and_told(packed: bool, ascii_only: bool) -> None:
    for source, value in (
        ("dvcqg", {"service": "DongBoHoSoMC", "data": [national()]}),
        ("igate", {"content": [provincial()], "exportedAt": "2023-07-19T11:30:00Z"}),
    ):
        whole = json.dumps(value, ensure_ascii=False)
        content = json.dumps(
            json.loads(twice(whole, "cp1252"), strict=False), ensure_ascii=ascii_only
        ).encode()
        reading = read_export(gzip.compress(content) if packed else content, SOURCES[source], "a.json")
        row = rows_of(reading)[0]
        assert (row["unit_name"], row["procedure_name"]) == ("UBND phường Thới Sơn", "Đăng ký khai sinh")
        assert any("giải mã hai lần" in remark for remark in reading.remarks)


def test_one_garbled_word_of_a_citizen_changes_nothing_else() -> None:
    rows = [*LIST, [3, *DATA[1:5], twice("Bí Mật ở ấp Vĩnh Hạ", "cp1252")]]
    for content, suffix in ((csv_of(rows), ".csv"), (xlsx_of(rows), ".xlsx")):
        assert said(read(content, suffix)) == [*EXPECTED, EXPECTED[0]]


def test_no_good_file_is_touched() -> None:
    for path in sorted((SAMPLES).rglob("*")):
        if path.is_file() and "landing" in path.parts:
            source = SOURCES[path.relative_to(SAMPLES).parts[2]]
            remarks = read_export(path.read_bytes(), source, path.name).remarks
            words = ("giải mã", "bảng mã", "cắt", "Excel", "trong ngoặc", "totalElements")
            assert [remark for remark in remarks if any(word in remark for word in words)] == []


_VIETNAMESE = st.text(
    alphabet="aáàảãạăắằẳẵặâấầẩẫậeéèẻẽẹêếềểễệiíìỉĩịoóòỏõọôốồổỗộơớờởỡợuúùủũụưứừửữựyýỳỷỹỵđĐ bcgh.,“”()1",
    min_size=1,
    max_size=40,
)


@given(_VIETNAMESE)
def test_vietnamese_in_unicode_is_never_taken_for_something_else(text: str) -> None:
    assert not looks_decoded_twice(text)
    assert mended_text(text) == text
    assert not looks_tcvn3(text)


@given(_VIETNAMESE.filter(lambda text: not text.isascii()), st.sampled_from(["cp1252", "latin-1", "cp1258"]))
def test_what_was_decoded_twice_comes_back(text: str, code_page: str) -> None:
    assert decoded_once(twice(text, code_page)) == text


@given(_VIETNAMESE)
def test_the_tables_of_old_fonts_turn_all_letters_back(text: str) -> None:
    assert from_tcvn3(tcvn3(text)) == text
    assert from_vni(vni(text.replace("“", ""))) == text.replace("“", "")
