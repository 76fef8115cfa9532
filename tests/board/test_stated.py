"""What sources stated of a dossier, in the words of the page's language."""

from __future__ import annotations

import json
import re

import pytest

from assets.board.choice import Choice
from assets.board.listing import read_listing
from assets.board.lists import LISTS
from assets.board.reading import Reader
from assets.board.site import settled
from assets.board.stated import stated
from assets.board.words import Words
from tests.board.conftest import Ask
from tests.worlds import World

_STATUSES, _CHANNELS = {4: "Đang xử lý"}, {2: "Trực tuyến"}
_WINDOW = {
    "requested_at": "2023-07-17T09:00:00",
    "resumed_at": None,
    "due_before": "2023-07-18T09:00:00",
    "due_after": None,
}


@pytest.mark.parametrize(
    ("attribute", "value", "written"),
    [
        ("status", "4", "Đang xử lý"),
        ("channel", "2", "Trực tuyến"),
        ("payment_online", "1", "Cổng Dịch vụ công quốc gia"),
        ("limit_unit", "working_day", "ngày làm việc"),
        ("limit_value", "3", "3"),
        ("limit_value", "0.5", "0,5"),
        ("fee_amount", "1250000", "1.250.000"),
        ("is_digitised", "true", "có"),
        ("due_has_clock", "false", "không"),
        ("received_at", "2023-07-17T09:00:00", "17/07/2023 09:00"),
        ("missing_since", "2023-07-17T18:30:00", "17/07/2023 18:30"),
        ("supplements", "[]", "–"),
        (
            "supplements",
            json.dumps([_WINDOW]),
            "yêu cầu 17/07/2023 09:00, nhận bổ sung –, hẹn trả 18/07/2023 09:00 → –",
        ),
        ("unit_code", "000.26.33.H01", "000.26.33.H01"),
        ("received_at", None, "–"),
        # What is of no known type stays as it was stated.
        ("status", "77", "77"),
        ("received_at", "hôm qua", "hôm qua"),
        ("supplements", "{", "{"),
    ],
)
def test_a_value_is_written_in_words(attribute: str, value: str | None, written: str) -> None:
    assert stated(attribute, value, Words("vi"), _STATUSES, _CHANNELS) == written


def test_a_card_has_words_where_the_warehouse_has_codes(ask: Ask, july: World) -> None:
    ((code, received),) = july.ask(
        "select d.dossier_code, d.received_at from mart.dossier as d where d.is_counted"
        " order by d.dossier_code limit 1"
    )
    rows = july.ask(
        "select attribute, value from mart.dossier_trace(:code) where value is not null", code=code
    )
    assert {"status", "received_at"} <= {attribute for attribute, _ in rows}
    html = ask(f"/ho-so/{code}").partition("Trạng thái như nguồn ghi")[0]
    assert f"<td>{received:%d/%m/%Y %H:%M}</td>" in html
    assert "<td>true</td>" not in html and f"{received:%Y-%m-%dT}" not in html


def test_decimals_are_grouped_as_the_language_does() -> None:
    assert Words("vi").value(12345.67, "hours") == "12.345,7"
    assert Words("en").value(12345.67, "hours") == "12,345.7"


def test_no_reason_of_the_warehouse_is_left_in_vietnamese(reader: Reader) -> None:
    reason = next(column for column in LISTS["indicator"].columns if column.name == "reason")
    rows = read_listing(reader, LISTS["indicator"], settled(reader, Choice()), None).rows
    written = [text for row in rows if (text := row[reason.source("en")])]
    assert len(written) == sum(row[reason.source("vi")] is not None for row in rows) > 0
    assert [text for text in written if re.search("[ạảấầẩậđệễượự]", text)] == []
