"""A list that was cut off or whose dates a spreadsheet turned round is refused, or says that it may have been."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from assets.given.unreadable import UnreadableExportError
from assets.sources.reading import Reading
from assets.sources.shapes import read_export
from tests.unit.test_readers_angiang import (
    ANGIANG,
    CODE,
    HEADING,
    PATH,
    Rows,
    codes,
    csv_of,
    rows_of,
    xlsx_of,
)

FULL = replace(ANGIANG, coverage="full")
EVER = (date.min, date.max)
_DAYS = ("05/07/2023 09:00:00", "17/07/2023 10:00:00", "18/07/2023 08:30:00", "06/07/2023 14:20:00")


def row(number: int, received: object, code: str | None = None, note: str = "Một cửa") -> list[object]:
    return [number, "UBND xã An Cư", code or f"{CODE[:-1]}{number}", "Đang xử lý", received, note]


def read(content: bytes, suffix: str = ".csv") -> Reading:
    return read_export(content, FULL, PATH + suffix)


def outcome(content: bytes) -> str:
    """refused, complete, or open where no dossier is gone because it is not there."""
    try:
        reading = read(content)
    except UnreadableExportError as error:
        assert "hãy" in str(error) and "Bí Mật" not in str(error)
        return "refused"
    if reading.complete is None:
        assert not reading.row_count or any(
            "không bị coi là biến mất" in remark for remark in reading.remarks
        )
        return "open"
    return "complete"


DATE_LAST = [
    HEADING[:4] + HEADING[5:] + HEADING[4:5],
    *([*row(n, day)[:4], "Bí Mật", day] for n, day in enumerate(_DAYS, 1)),
]
NOTE_LAST = [HEADING, *(row(n, day) for n, day in enumerate(_DAYS, 1))]


@pytest.mark.long
@pytest.mark.parametrize("rows", [DATE_LAST, NOTE_LAST])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_list_cut_anywhere_in_its_last_record_is_never_a_complete_one(
    rows: Rows, delimiter: str, quote: str
) -> None:
    lines = [delimiter.join(f"{quote}{cell}{quote}" for cell in cells) for cells in rows]
    text = "\r\n".join(lines)
    assert outcome(text.encode()) == outcome(text.encode() + b"\r\n") == "complete"
    whole = len("\r\n".join(lines[:-1]).encode())
    content = text.encode()
    # the end of the record before, and its line end, cannot be told from a whole file
    for end in range(whole + len("\r\n") + 1, len(content)):
        assert outcome(content[:end]) != "complete", content[whole:end]


def test_a_cut_within_a_cell_that_no_other_row_has_is_told() -> None:
    rows = [*NOTE_LAST[:-1], row(4, _DAYS[3], note="Có đơn của ông B")]
    assert outcome(csv_of(rows)) == "open"
    assert outcome(csv_of(rows) + b"\n") == "complete"
    # where absence says nothing anyway there is nothing to tell
    assert read_export(csv_of(rows), ANGIANG, PATH + ".csv").remarks == []


@pytest.mark.parametrize(
    "tail",
    [
        [],
        [["", "Tổng cộng", "4"]],
        [["", "Tổng cộng"], ["Người lập biểu", "", "Trưởng phòng"]],
        [["", "Tổng cộng"], [], ["An Cư, ngày 17 tháng 7 năm 2023"]],
        [[], ["Người lập biểu"]],
    ],
)
@pytest.mark.parametrize("end", [b"", b"\r\n", b"\r\n\r\n"])
def test_totals_and_signatures_are_no_cut(tail: Rows, end: bytes) -> None:
    content = "\r\n".join(";".join(map(str, cells)) for cells in [*NOTE_LAST, *tail]).encode() + end
    assert outcome(content) == "complete"
    assert len(codes(read(content))) == 4


@pytest.mark.parametrize("end", ["", "\n"])
def test_empty_cells_left_out_at_the_end_of_lines_are_no_cut(end: str) -> None:
    rows: list[list[Any]] = [[*cells, None] for cells in NOTE_LAST[1:]]
    lines = [";".join([*HEADING, "Ghi chú"]), *(";".join(map(str, cells[:6])) for cells in rows)]
    assert outcome(("\n".join(lines) + end).encode()) == "complete"
    # the last line alone: cut, unless a line end shows that the program left the empty cell out
    padded = [*lines[:1], *(line + ";" for line in lines[1:-1]), lines[-1]]
    assert outcome(("\n".join(padded) + end).encode()) == ("complete" if end else "refused")


def test_a_line_end_does_not_make_a_record_whole() -> None:
    content = csv_of(NOTE_LAST)
    cut = content[: content.rindex("Đang".encode())] + b"\n"
    assert outcome(cut) == "refused"


def test_the_only_record_cut_before_its_code_is_refused_and_a_note_below_the_headings_is_not() -> None:
    heading = csv_of([HEADING])
    assert outcome(heading + b"\n1;UBND x") == "refused"
    for note in ("Không có dữ liệu", "Tổng cộng;0", ""):
        assert outcome(heading + b"\n" + note.encode()) == "open"


TURNED = [
    # 17/07 and 18/07 stayed texts; 05/07 and 06/07 became the 7th of May and of June
    row(1, datetime(2023, 5, 7, 9), "000.30.33.H01-230705-0001"),
    row(2, _DAYS[1], "000.30.33.H01-230717-0002"),
    row(3, datetime(2023, 6, 7, 14, 20), "000.30.33.H01-230706-0003"),
    row(4, _DAYS[2], "000.30.33.H01-230718-0004"),
    row(5, datetime(2023, 8, 7, 14, 20), "000.30.33.H01-230708-0005"),
]


def read_sheet(*rows: list[object], heading: list[str] = HEADING) -> Reading:
    return read(xlsx_of([heading, *rows]), ".xlsx")


def test_dates_that_a_spreadsheet_turned_round_are_refused_where_the_codes_prove_it() -> None:
    with pytest.raises(UnreadableExportError, match=r"Ngày nhận.*3 ô \(từ dòng 2\).*kiểu Mỹ.*hãy xuất lại"):
        read_sheet(*TURNED)


def test_dates_that_may_have_been_turned_round_are_told_and_left_as_they_are() -> None:
    heading = [name.replace("Ngày nhận", "Ngày hẹn trả") for name in HEADING]
    for rows, of in ((TURNED, heading), (TURNED[:4], HEADING)):
        reading = read_sheet(*rows, heading=of)
        (remark,) = [shown for shown in reading.remarks if "Excel" in shown]
        assert "hãy" in remark and "từ dòng 2" in remark
        assert (remark.kind, remark.example) == ("type", "dd/MM/yyyy + Excel 1–12")  # type: ignore[attr-defined]
        first = rows_of(reading)[0]
        assert (first["received_at"] or first["due_at"]) == datetime(2023, 5, 7, 9)


@pytest.mark.parametrize(
    "received",
    [
        # all of one kind
        [datetime(2023, 7, 5), datetime(2023, 7, 6)],
        ["05/07/2023", "17/07/2023"],
        # a text that a spreadsheet would have turned, a date that it cannot have made
        [datetime(2023, 7, 5), "06/07/2023", "17/07/2023"],
        [datetime(2023, 7, 5), datetime(2023, 7, 15), "17/07/2023"],
        # turned or not, they are the same
        [datetime(2023, 7, 7), "17/07/2023"],
    ],
)
def test_a_column_that_no_spreadsheet_can_have_turned_is_not_told(received: list[object]) -> None:
    rows = [row(number, day, CODE) for number, day in enumerate(received, 1)]
    assert [shown for shown in read_sheet(*rows).remarks if "Excel" in shown] == []


def test_dates_that_agree_with_the_codes_are_not_told() -> None:
    rows = [
        *(row(n, datetime(2023, 7, n), f"000.30.33.H01-23070{n}-0001") for n in (3, 4, 5)),
        row(9, "17/07/2023", "000.30.33.H01-230717-0001"),
    ]
    assert [shown for shown in read_sheet(*rows).remarks if "Excel" in shown] == []
