"""Rules that stop a run: they hold for most of a file of fifty rows or more, and for nothing less."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, Engine, text

from quality.catalogue import load_rules, staged_rules
from tests.rules.rows import CLEAN, STEP, Row, stage

#: A rule -> what is wrong with a row.
WRONG: dict[str, Row] = {
    "times_shifted": {"received_at": "2023-07-17 23:30"},
    "day_and_month_swapped": {
        "dossier_code": "000.26.33.H01-230712-0001",
        "received_at": "2023-12-07 09:00",
    },
    "file_of_other_province": {"dossier_code": "000.26.33.H56-230717-0001"},
}
_PASSES: dict[str, list[Row]] = {
    # bare dates, the edge of the night, and nothing at all
    "times_shifted": [
        {"received_at": "2023-07-17"},
        {"received_at": "2023-07-17 05:00"},
        {"received_at": None},
    ],
    "day_and_month_swapped": [
        {"dossier_code": "000.26.33.H01-230707-0001", "received_at": "2023-07-07 09:00"},
        {"dossier_code": "000.26.33.H01-230712-0001", "received_at": None},
        {"dossier_code": None, "received_at": "2023-12-07 09:00"},
    ],
    # a ministry, a province that no list knows (one that was merged, say), and a source of no known province
    "file_of_other_province": [
        {"dossier_code": "G09.20-20260609-0092637"},
        {"dossier_code": "000.26.33.H99-230717-0001"},
        {"dossier_code": "000.26.33.H56-230717-0001", "source": "xa"},
        {"dossier_code": None},
    ],
}


def _file(number: int, wrong: Row, wrong_count: int, row_count: int) -> list[Row]:
    rows = [CLEAN | wrong] * wrong_count + [CLEAN] * (row_count - wrong_count)
    return [row | {"file_no": number} for row in rows]


def _failing(connection: Connection, rule_id: str, rows: list[Row]) -> list[int]:
    (rule,) = [rule for rule in load_rules() if rule.id == rule_id]
    stage(connection, rows)
    result = connection.execute(text(rule.sql))
    assert list(result.keys()) == ["staged_id", "field", "value"]
    return sorted(row.staged_id for row in result)


@pytest.mark.both_servers
@pytest.mark.parametrize("rule_id", WRONG)
def test_it_holds_for_more_than_half_of_a_file_of_fifty(rule_id: str, warehouse: Engine) -> None:
    wrong = WRONG[rule_id]
    rows = [
        *_file(1, wrong, 26, 50),
        *_file(2, wrong, 25, 50),
        *_file(3, wrong, 49, 49),
        *_file(4, wrong, 0, 50),
    ]
    with warehouse.begin() as connection:
        assert _failing(connection, rule_id, rows) == list(range(26))
        # Only what is wrong is named, also where it stands between other files and steps.
        mixed = [STEP | {"file_no": 1}, *_file(2, wrong, 10, 60), *_file(1, wrong, 60, 60)]
        assert _failing(connection, rule_id, mixed) == list(range(61, 121))


@pytest.mark.both_servers
@pytest.mark.parametrize("rule_id", WRONG)
def test_it_never_holds_for_what_only_looks_like_it(rule_id: str, warehouse: Engine) -> None:
    assert _PASSES[rule_id]
    with warehouse.begin() as connection:
        for change in _PASSES[rule_id]:
            assert _failing(connection, rule_id, _file(1, change, 60, 60)) == []
        steps = [STEP | {"file_no": 1} | WRONG[rule_id]] * 60
        assert _failing(connection, rule_id, steps) == []


def test_every_block_is_conservative() -> None:
    for rule in staged_rules("block"):
        assert ">= 50" in rule.sql and "* 2 >" in rule.sql, rule.id
