"""Every rule on staged rows: its columns, clean data that passes, failing rows with an exact count."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from quality.catalogue import Rule, load_rules, staged_rules
from quality.failing import failing_query, is_single_condition
from tests.rules import flag_cases, flag_cases_service, reject_cases
from tests.rules.rows import CLEAN, Row, stage
from tests.rules.test_blocks import WRONG
from tests.rules.test_published import ALL_AGO, ALL_RECENT

_FLAGS = flag_cases.CASES | flag_cases_service.CASES
_CASES = reject_cases.CASES | _FLAGS
_COLUMNS = ["staged_id", "field", "value"]


def _named(rules: list[Rule]) -> set[str]:
    return {rule.id for rule in rules}


def test_every_rule_has_a_case() -> None:
    assert _named(staged_rules("reject")) == set(reject_cases.CASES)
    assert _named(staged_rules("flag")) == set(_FLAGS)
    assert _named(staged_rules("block")) == set(WRONG)
    assert {rule.id for rule in load_rules() if rule.scope == "warehouse"} == set(ALL_AGO) | set(ALL_RECENT)
    assert all(failing and passing for failing, passing in _CASES.values())


def _rows(changes: list[Row]) -> list[Row]:
    return [change if change.get("kind") == "steps" else CLEAN | change for change in changes]


def _failing(connection: Connection, rule: Rule) -> list[Any]:
    result = connection.execute(text(rule.sql))
    assert list(result.keys()) == _COLUMNS, rule.id
    return sorted(row.staged_id for row in result)


@pytest.mark.both_servers
def test_rules_let_clean_rows_pass_and_find_exactly_the_failing_ones(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        for rule in staged_rules("reject", "flag"):
            failing, passing = _CASES[rule.id]
            stage(connection, _rows(failing) + _rows([*passing, {}]))
            assert _failing(connection, rule) == list(range(len(failing))), rule.id


@pytest.mark.both_servers
def test_no_rule_holds_for_a_clean_row_or_for_no_rows(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        for rows in ([CLEAN], []):
            stage(connection, rows)
            actual = [
                rule.id for rule in staged_rules("reject", "flag", "block") if _failing(connection, rule)
            ]
            assert actual == []


@pytest.mark.both_servers
def test_all_rules_in_one_query_find_what_each_finds_alone(warehouse: Engine) -> None:
    rules = staged_rules("reject", "flag", "block")
    with warehouse.begin() as connection:
        rows = [row for failing, passing in _CASES.values() for row in _rows(failing) + _rows(passing)]
        stage(connection, rows)
        alone = [
            (rank, rule.id, *row)
            for rank, rule in enumerate(rules)
            for row in connection.execute(text(rule.sql))
        ]
        together = connection.execute(text(failing_query(rules)))
        assert list(together.keys()) == ["rank", "rule_id", *_COLUMNS]
        assert sorted(str(tuple(row)) for row in together) == sorted(map(str, alone))
        assert len({(staged_id, rank) for rank, _, staged_id, _, _ in alone}) == len(alone)
        assert len(alone) > len(rows) / 2


def test_rules_that_look_at_one_row_share_one_scan() -> None:
    rules = staged_rules("reject", "flag")
    apart = {"unknown_unit", "unknown_procedure", "supplements_overlap"}
    assert {rule.id for rule in rules if not is_single_condition(rule)} == apart
    shared = [rule for rule in rules if rule.id not in apart]
    assert failing_query(shared).count("from landing.staged_row") == 1
    # more than a mask holds
    assert failing_query(shared * 2).count("from landing.staged_row") == 2


def test_rules_that_share_one_scan_are_judged_by_several_workers_of_the_server(warehouse: Engine) -> None:
    rules = [rule for rule in staged_rules("reject", "flag") if is_single_condition(rule)]
    with warehouse.begin() as connection:
        stage(connection, [CLEAN] * 1_000)
        connection.execute(text("analyze landing.staged_row"))
        # as of a large table
        connection.execute(text("alter table landing.staged_row set (parallel_workers = 2)"))
        connection.execute(text("set local parallel_setup_cost = 0"))
        connection.execute(text("set local parallel_tuple_cost = 0"))
        for rule in rules:
            plan = connection.execute(text(f"explain verbose {failing_query([rule])}")).scalars().all()
            scans = [
                place for place, line in enumerate(plan) if "Parallel Seq Scan on landing.staged_row" in line
            ]
            assert any("CASE" in plan[place + 1] for place in scans), rule.id


@pytest.mark.parametrize(
    "sql",
    [
        "select staged_id, 'a' as field, a as value from landing.staged_row where a > 1 group by staged_id, a",
        "select staged_id, 'a' as field, a as value from landing.staged_row where a > 1 union all select 1, 'b', 'c'",
        "select staged_id, 'a' as field, a as value from landing.staged_row where a > 1 limit 5",
        "select s.staged_id, 'a' as field, s.a as value from landing.staged_row as s where s.a > 1",
        "with b as (select 1) select staged_id, 'a' as field, a as value from landing.staged_row where a > 1",
    ],
)
def test_a_rule_that_is_more_than_a_condition_keeps_its_own_scan(sql: str) -> None:
    rule = Rule("r", "flag", "c", "v", "e", "s", ("a",), sql)
    assert not is_single_condition(rule)
    assert sql in failing_query([rule])
