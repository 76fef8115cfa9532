"""The small chart of lines that stands alone: where its points lie, and which texts it has."""

from __future__ import annotations

import re
from datetime import date, timedelta
from xml.etree import ElementTree

from assets.drawing.lines import draw_lines

_SVG = "{http://www.w3.org/2000/svg}"


def _days(count: int) -> list[date]:
    return [date(2023, 7, 1) + timedelta(days=n) for n in range(count)]


def _points(picture: str) -> list[list[tuple[float, float]]]:
    lines = ElementTree.fromstring(picture).iter(f"{_SVG}polyline")
    return [
        [(float(x), float(y)) for x, y in re.findall(r"([\d.-]+),([\d.-]+)", line.get("points", ""))]
        for line in lines
    ]


def _texts(picture: str) -> list[str]:
    return [text.text or "" for text in ElementTree.fromstring(picture).iter(f"{_SVG}text")]


def test_lines_go_from_the_first_day_to_the_last_and_share_one_scale() -> None:
    picture = draw_lines(
        _days(3), {"Tiếp nhận": ("#00f", [0, 4000, 2000]), "Quá hạn": ("#f00", [1000, 0, 0])}, "hồ sơ"
    )
    received, overdue = _points(picture)
    base, top = received[0][1], received[1][1]
    assert [x for x, _ in received] == [x for x, _ in overdue] == sorted(x for x, _ in received)
    assert received[2][1] == (base + top) / 2
    assert overdue[0][1] == base - (base - top) / 4
    assert _texts(picture) == [
        *("0", "1.000", "2.000", "3.000", "4.000"),
        *("01/07", "02/07", "03/07"),
        *("hồ sơ", "Tiếp nhận", "Quá hạn"),
    ]


def test_many_days_are_named_in_even_steps_and_few_numbers_have_whole_ticks() -> None:
    picture = draw_lines(_days(90), {"a": ("#00f", [1] * 90)}, "hồ sơ")
    named = [text for text in _texts(picture) if "/" in text]
    assert named == ["01/07", "13/07", "25/07", "06/08", "18/08", "30/08", "11/09", "23/09"]
    assert _texts(picture)[:2] == ["0", "1"]


def test_names_and_units_are_texts_and_no_markup() -> None:
    assert "<b>" in _texts(draw_lines(_days(2), {"<b>": ("#00f", [1, 2])}, "a & b"))


def test_without_days_there_is_an_empty_picture() -> None:
    assert _points(draw_lines([], {"a": ("#00f", [])}, "hồ sơ")) == [[]]
