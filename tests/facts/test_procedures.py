"""Procedures: which one a dossier is filed under, and the limit that it had on the day of reception."""

from __future__ import annotations

import hashlib
from typing import Any

from assets.facts.procedures import procedures_of
from tests.facts.rows import frame, shown

_VERSION = (
    "procedure_code procedure_key stands_from field_code field_name limit_value limit_unit online_limit_value"
    " online_limit_unit is_last is_inferred"
)
_VERSIONS = frame(
    _VERSION,
    ("1.001193", 1, "01/01", "HT", "Hộ tịch", 5.0, "working_day", 3.0, "working_day", False, False),
    ("1.001193", 2, "20", "HT", "Hộ tịch", 4.0, "working_day", None, None, True, False),
    ("2.000815", 3, "01/01", None, "Chứng thực", 1.0, "day", None, None, True, False),
    ("7.700001", 4, "01/01", None, None, None, None, None, None, True, True),
)
_NAMES = frame("procedure_name procedure_code", ("Chứng thực bản sao", "2.000815"))
_WORDS = "life procedure_code procedure_name channel received_at submitted_at limit_value limit_unit"


def _filed(columns: str, **stated: Any) -> tuple[Any, ...]:
    given = {"life": 1, "procedure_code": "1.001193", "received_at": "17 09:00"} | stated
    words = frame(_WORDS, tuple(given.get(name) for name in _WORDS.split()))
    (row,) = shown(procedures_of(words, _NAMES, _VERSIONS), columns)
    return row


def test_a_procedure_is_found_by_the_core_of_its_code() -> None:
    assert _filed("procedure_code is_catalogued", procedure_code="1.001193.000.00.00.H01") == (
        "1.001193",
        True,
    )


def test_without_a_code_the_procedure_is_found_by_its_name() -> None:
    stated = {"procedure_code": None, "procedure_name": "Chứng thực bản sao"}
    assert _filed("procedure_code sector_code", **stated) == ("2.000815", "Chứng thực")


def test_a_code_counts_before_a_name() -> None:
    assert _filed("procedure_code", procedure_name="Chứng thực bản sao") == ("1.001193",)


def test_a_code_of_another_form_has_a_code_of_ours_that_never_changes() -> None:
    ours = "x-" + hashlib.md5(b"BCA-01", usedforsecurity=False).hexdigest()[:10]
    assert _filed("procedure_code procedure_key is_catalogued", procedure_code="BCA-01") == (ours, None, None)


def test_with_neither_code_nor_known_name_the_procedure_is_unknown() -> None:
    assert _filed("procedure_code", procedure_code=None, procedure_name="Thả đèn trời") == ("x-unknown",)


def test_the_version_that_stood_on_the_day_of_reception_counts() -> None:
    assert _filed("procedure_key limit_value") == (1, 5.0)
    assert _filed("procedure_key limit_value", received_at="20 09:00") == (2, 4.0)


def test_before_the_reception_the_day_of_submission_counts_and_without_either_the_last_version() -> None:
    assert _filed("procedure_key", received_at=None, submitted_at="17 09:00") == (1,)
    assert _filed("procedure_key", received_at=None) == (2,)


def test_what_came_online_has_the_online_limit_where_there_is_one() -> None:
    assert _filed("limit_value limit_unit", channel=2) == (3.0, "working_day")
    assert _filed("limit_value limit_unit", channel=2, received_at="20 09:00") == (4.0, "working_day")


def test_the_limit_that_the_portal_says_counts_before_the_catalogue() -> None:
    assert _filed("limit_value limit_unit", limit_value=12.0, limit_unit="hour", channel=2) == (12.0, "hour")


def test_a_procedure_that_was_only_inferred_is_not_catalogued_and_has_no_sector() -> None:
    assert _filed("is_catalogued sector_code", procedure_code="7.700001") == (False, "x-unknown")
