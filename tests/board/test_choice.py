"""The address of a page carries all that is chosen, and nothing that can't be."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.board.choice import Choice, ChoiceError, read_choice

_DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
_WORDS = (
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)
    .map(str.strip)
    .filter(bool)
)


@given(
    days=st.lists(_DAYS, min_size=2, max_size=2).map(sorted),
    known_on=st.none() | _DAYS,
    sector=st.none() | _WORDS,
    unit=st.none() | st.sampled_from(["30517", "890@1900-01-01"]),
    after=_WORDS,
)
def test_an_address_is_read_as_it_was_written(days, known_on, sector, unit, after) -> None:  # type: ignore[no-untyped-def]
    choice = Choice(
        days[0],
        days[1],
        "qd766",
        unit,
        sector,
        None,
        "current",
        known_on,
        "en",
        {"after": after, "list": "form"},
    )
    assert read_choice(dict(parse_qsl(choice.query()))) == choice


def test_another_order_begins_at_its_first_page() -> None:
    choice = Choice(more={"after": "[1]", "sort": "due_at", "list": "form"})
    assert choice.having(sort="-due_at").more == {"sort": "-due_at", "list": "form"}


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"date_from": "30/8/2023"}, "năm-tháng-ngày"),
        ({"date_from": "2023-09-01", "date_to": "2023-08-01"}, "không hợp lệ"),
        ({"unit": "890@gestern"}, "Không có đơn vị"),
        ({"unit_view": "other"}, "không có"),
        ({"lang": "fr"}, "không có"),
        ({"sector": "x" * 300}, "quá dài"),
    ],
)
def test_what_can_not_be_is_refused_in_words(query: dict[str, str], words: str) -> None:
    with pytest.raises(ChoiceError, match=words):
        read_choice(query)
