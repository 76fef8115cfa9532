"""A list is read in pieces with the result of reading it whole, down to each row, remark and number of a line."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assets.sources.shapes import read_export
from assets.sources.sources import load_sources
from tests.both_ways import only_in_pieces, only_whole, outcome, small_pieces
from tests.fuzz.bases import BASES
from tests.fuzz.mutate import make
from tests.worlds import SAMPLES

_SOURCES = load_sources()
_FULL = replace(_SOURCES["angiang"], coverage="full")
_PATH = "2023/Danh sách hồ sơ_2023_07_17_18_30.csv"
_LISTS = sorted(SAMPLES.glob("*/landing/angiang/**/*.csv"))
_HEADING = "STT;Đơn vị tiếp nhận;Mã hồ sơ;Trạng thái;Kênh tiếp nhận;Ngày nhận;Ngày hẹn trả;Ngày kết thúc xử lý;Chủ hồ sơ"
_CODE = "000.26.33.H01-230717-{:04}"


def _both(content: bytes, size: int = 300, head: int = 12) -> dict[str, Any] | str:
    """Returns what comes of the file, after seeing that both ways agree."""
    with only_whole():
        whole = outcome(content, _FULL, _PATH)
    with small_pieces(size, head):
        assert outcome(content, _FULL, _PATH) == whole
    assert outcome(content, _FULL, _PATH) == whole
    return whole


def _row(number: int, **cells: str) -> list[str]:
    values = {
        "number": str(number),
        "unit": "UBND xã An Cư",
        "code": _CODE.format(number),
        "status": "Đang xử lý",
        "channel": "Trực tuyến",
        "received": "17/07/2023 08:00:00",
        "due": "20/07/2023 08:00:00",
        "ended": "",
        "holder": "Bí Mật",
    }
    return list((values | cells).values())


def _list(rows: list[list[str]], end: str = "\r\n", foot: str = ";Tổng cộng;{};;;;;;") -> str:
    top = ["DANH SÁCH HỒ SƠ", "Thời điểm xuất: 17/07/2023 18:30:00", "", _HEADING]
    return end.join([*top, *map(";".join, rows), foot.format(len(rows))]) + end


@pytest.mark.parametrize("file", _LISTS, ids=lambda file: file.name[-14:])
@pytest.mark.parametrize("size", [1_000, 8 * 1024**2])
def test_every_sample_is_read_in_pieces_as_whole(file: Any, size: int) -> None:
    path = unicodedata.normalize("NFC", file.name)
    with only_whole():
        whole = outcome(file.read_bytes(), _SOURCES["angiang"], path)
    with small_pieces(size, 220), only_in_pieces():
        assert outcome(file.read_bytes(), _SOURCES["angiang"], path) == whole
    assert not isinstance(whole, str) and whole["remarks"] == []


def test_a_clean_list_is_never_read_whole() -> None:
    content = _list([_row(number) for number in range(1, 60)]).encode()
    with small_pieces(), only_in_pieces():
        reading = read_export(content, _FULL, _PATH)
        pieces = list(reading.rows.pieces())
        assert len(pieces) > 5 and sum(piece.height for piece in pieces) == reading.row_count == 59
        assert reading.complete is not None and reading.remarks == []


def test_the_same_code_that_is_unknown_in_many_pieces_is_one_remark() -> None:
    rows = [_row(number, channel="Bồ câu", status="Đang ngủ (lâu)") for number in range(1, 60)]
    shown = _both(_list(rows).encode())
    assert not isinstance(shown, str)
    (remark,) = shown["remarks"]
    assert "(59 dòng)" in remark[0]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("Bí Mật", '"Bí\r\nMật"'),
        lambda text: text.replace("Bí Mật", '"Bí ""Mật"""', 30),
        lambda text: text.replace("Bí Mật", 'Bí "Mật', 1),
        lambda text: text.replace("Bí Mật", '"Bí Mật', 1),
        lambda text: text.replace(";Bí Mật", ";Bí Mật;thừa;ô", 3),
        lambda text: text.replace(";;Bí Mật", "", 3),
        lambda text: text.replace(";;Bí Mật", ";"),
        lambda text: text.replace("\r\n", "\n"),
        lambda text: text.replace("\r\n", "\r"),
        lambda text: text.replace("\r\n", "\r\n\r\n"),
        lambda text: text.replace("Bí Mật", "Bí\rMật", 2),
        lambda text: text + "\r\n" * 40,
        lambda text: text + ";;;;;;;;\r\n" * 40,
        lambda text: text + ";;;;;;;;\r\n" * 40 + ";;Người lập biểu;;;;;;\r\n",
        lambda text: text + _HEADING + "\r\n" + ";".join(_row(70)) + "\r\n",
        lambda text: text.replace("\r\n7;", "\r\n" + _HEADING + ";;;\r\n7;"),
        lambda text: text.removesuffix("\r\n"),
        lambda text: text[: text.index(";Tổng")].removesuffix("\r\n"),
        lambda text: text[: text.index(";Tổng")].removesuffix("Mật\r\n"),
        lambda text: text[: text.index(";Tổng")].removesuffix(";Bí Mật\r\n"),
        lambda text: text[: text.index(";Tổng")].removesuffix(":00:00;;Bí Mật\r\n"),
        lambda text: text.replace("An Cư", "An C\x00ư\u200b"),
        lambda text: text.replace("An Cư", "  An Cư\u00a0"),
        lambda text: text.replace("Bí Mật", "¨©ª", 1),
        lambda text: text.replace("xã An Cư", "x· An C­", 1),
        lambda text: text.replace("Bí Mật", "BÃ\xad Máº­t", 1),
        lambda text: text.replace("17/07/2023 08:00:00", "hôm qua", 2),
        lambda text: text.replace("17/07/2023 08:00:00", "2023-07-17"),
        lambda text: text.replace("Đang xử lý", "Đã hủy (theo đơn)", 9),
        lambda text: text.replace(_HEADING, _HEADING.replace("Trạng thái", "Cột lạ")),
        lambda text: text.replace(_HEADING, "Một cột"),
        lambda text: text.replace(";", ","),
        lambda text: text.replace(";", "\t"),
        lambda text: "\ufeff" + text,
        lambda text: unicodedata.normalize("NFD", text),
    ],
)
def test_a_list_that_is_not_clean_is_read_as_whole(change: Any) -> None:
    text = change(_list([_row(number) for number in range(1, 60)]))
    for content in (text.encode(), text.encode("utf-16"), text.encode()[:-1], text.encode() + b"\xff"):
        _both(content)


def test_text_of_other_encodings_is_read_as_whole() -> None:
    text = _list([_row(number) for number in range(1, 60)]).replace("ạ", "a")
    for encoding in ("utf-16-le", "utf-8-sig", "cp1258", "utf-32"):
        _both(text.encode(encoding, "replace"))


_CELL = st.sampled_from(
    [
        "",
        " ",
        "x",
        "Bí Mật",
        '"',
        'a"b',
        '"a"',
        '"a;b"',
        '"a\nb"',
        "\r",
        "»",
        "áº",
        "Tổng cộng",
        "12",
        "17/07/2023",
        "45124",
        "\u0300",
    ]
)
_ROW = st.builds(
    lambda number, cells: _row(number, **cells),
    st.integers(1, 9999),
    st.dictionaries(
        st.sampled_from(["unit", "code", "status", "channel", "received", "due", "ended", "holder"]),
        _CELL,
        max_size=3,
    ),
)
_LINE = st.one_of(
    *[_ROW.map(";".join)] * 12,
    st.sampled_from(["", ";;;", ";Tổng cộng;3", "(1);(2);(3)", _HEADING, "x", "x;" * 30]),
)


@settings(deadline=None)
@example(["a\rb"], "\n", "")
@example(["", "", ";".join(_row(1, unit='"', code='"'))], "\n", "\n")
@given(
    st.lists(_LINE, min_size=1, max_size=40),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["", "\n"]),
)
def test_any_list_is_read_in_pieces_as_whole(lines: list[str], end: str, last: str) -> None:
    _both((end.join(["DANH SÁCH", _HEADING, *lines]) + last).encode(), size=150, head=4)


@pytest.mark.long
def test_what_the_fuzzer_makes_is_read_in_pieces_as_whole() -> None:
    place = next(place for place, base in enumerate(BASES) if base.name == "angiang csv")
    for number in range(place, 3_000, len(BASES)):
        given_input = make(20230717, number)
        _both(given_input.content, size=120, head=9)
