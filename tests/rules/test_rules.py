"""Every rule on staged rows: its columns, clean data that passes, failing rows with an exact count."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from quality import gate
from quality.catalogue import Rule, load_rules, staged_rules
from quality.failing import MOST_FETCHED, is_single_condition, masks_query, refusals_query
from tests.rules import flag_cases, flag_cases_service, reject_cases
from tests.rules.rows import CLEAN, Row, stage
from tests.rules.test_blocks import WRONG
from tests.rules.test_published import ALL_AGO, ALL_RECENT
from tests.worlds import CODE

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
    rejecting, rules = staged_rules("reject"), staged_rules("reject", "flag", "block")
    with warehouse.begin() as connection:
        rows = [row for failing, passing in _CASES.values() for row in _rows(failing) + _rows(passing)]
        stage(connection, rows)
        alone = {rule.id: list(connection.execute(text(rule.sql))) for rule in rules}
        connection.execute(
            text(f"create temporary table staged_failing on commit drop as {masks_query(rules)}")
        )
        masks = connection.execute(text("select * from staged_failing")).all()
        refusals = connection.execute(text(refusals_query(rejecting)))
        assert list(refusals.keys()) == ["rank", "rule_id", *_COLUMNS]
        refused = sorted(str(tuple(row)) for row in refusals)
    assert all(row.failing for row in masks)
    assert len({row.staged_id for row in masks}) == len(masks) > len(rows) / 2
    for place, rule in enumerate(rules):
        failing = sorted(row.staged_id for row in masks if row.failing >> place & 1)
        assert failing == sorted(row.staged_id for row in alone[rule.id]), rule.id
    by_rule = [(rank, rule.id, *row) for rank, rule in enumerate(rejecting) for row in alone[rule.id]]
    assert refused == sorted(map(str, by_rule))


def _judged(warehouse: Engine, rows: list[Row]) -> tuple[list[Any], list[Any]]:
    """Returns verdict and flags of each row once the gate has judged them, and the rows kept of each flag."""
    with warehouse.begin() as connection:
        stage(connection, rows)
        gate.judge(connection)
        judged = connection.execute(
            text("select staged_id, verdict, flags from landing.staged_row order by staged_id")
        )
        kept = connection.execute(text("select * from landing.staged_flag order by rule_id, staged_id"))
        return [tuple(row) for row in judged], [tuple(row) for row in kept]


@pytest.mark.both_servers
def test_flags_are_the_same_however_many_rules_one_query_takes(
    warehouse: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        row | {"dossier_code": f"{CODE[:-4]}{number:04}"} if row["dossier_code"] == CODE else row
        for number, row in enumerate(
            _rows([row for failing, passing in _CASES.values() for row in failing + passing])
        )
    ]
    rows += [row | {"file_no": 1} for row in rows] + rows[:9]
    at_once = _judged(warehouse, rows)
    monkeypatch.setattr(gate, "MOST_IN_A_MASK", 9)
    assert _judged(warehouse, rows) == at_once
    judged, kept = at_once
    verdicts = {verdict for _, verdict, _ in judged}
    assert verdicts == {None, "quarantined", "duplicate"}
    assert {len(flags) for _, verdict, flags in judged if verdict is not None} == {0}
    assert kept == sorted((rule, number) for number, _, flags in judged for rule in flags)
    order = [rule.id for rule in staged_rules("flag")]
    assert all(flags == sorted(flags, key=order.index) for _, _, flags in judged)
    assert max(len(flags) for _, _, flags in judged) > 1


def test_of_a_flag_that_many_rows_have_the_first_are_kept_for_the_audit(warehouse: Engine) -> None:
    many = MOST_FETCHED + 200
    rows = [CLEAN | {"due_at": None, "dossier_code": f"{CODE[:-4]}{number:04}"} for number in range(many)]
    judged, kept = _judged(warehouse, rows)
    assert sum("missing_due" in flags for *_, flags in judged) == many
    assert [number for rule, number in kept if rule == "missing_due"] == list(range(MOST_FETCHED))


def test_rules_that_look_at_one_row_share_one_scan() -> None:
    rules = staged_rules("reject", "flag")
    apart = {"unknown_unit", "unknown_procedure", "supplements_overlap"}
    assert {rule.id for rule in rules if not is_single_condition(rule)} == apart
    shared = [rule for rule in rules if rule.id not in apart]
    assert masks_query(shared).count("from landing.staged_row") == 1
    assert len(staged_rules("reject")) < gate.MOST_IN_A_MASK
    with pytest.raises(ValueError, match="one row"):
        refusals_query(rules)


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
            plan = connection.execute(text(f"explain verbose {masks_query([rule])}")).scalars().all()
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
    assert sql in masks_query([rule])
