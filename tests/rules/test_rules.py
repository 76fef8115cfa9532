"""Every rule of the catalogue: its columns, clean data that passes, failing rows with an exact count."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from assets.dimensions.load import load_reference, resolve_new_names
from assets.exports.sources import load_sources
from quality.catalogue import CatalogueError, Rule, load_rules
from tests.worlds import CODE

_CLEAN: dict[str, Any] = {
    "kind": "dossiers",
    "source": "dvcqg",
    "exported_at": "2023-07-19 18:30",
    "dossier_code": CODE,
    "status_raw": "10",
    "status": 10,
    "procedure_code": "1.001193.000.00.00.H01",
    "procedure_name": "Đăng ký khai sinh",
    "unit_name": "UBND phường Thới Sơn",
    "received_at": "2023-07-17 09:00",
    "due_at": "2023-07-18 09:00",
    "ended_at": "2023-07-17 15:00",
    "returned_at": "2023-07-18 08:00",
}
_STEP: dict[str, Any] = {
    "kind": "steps",
    "source": "dvcqg",
    "exported_at": "2023-07-19 18:30",
    "dossier_code": CODE,
    "status": 4,
}
_OPEN = {"status": 4, "status_raw": "4", "ended_at": None, "returned_at": None}

#: rule -> changes that make a clean row fail, and changes that must not.
_CASES: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {
    "missing_code": ([{"dossier_code": None}], [{}]),
    "malformed_code": (
        [
            {"dossier_code": code}
            for code in ("HS/0001", "000.26.33.h01-230717-0001", "000.26.33.H01-230717-001", " ")
        ],
        [{"dossier_code": code} for code in ("H01.128-250701-0001", "G09.20-20260609-0092637", None)],
    ),
    "unreadable_date": ([{"unreadable_field": "NgayTra", "unreadable_value": "?"}], [{"returned_at": None}]),
    "unknown_status": (
        [{"status": None, "status_raw": "99"}, {"status": None, "status_raw": None}],
        [{"status": 1}, _STEP | {"status": None, "status_raw": None}],
    ),
    "missing_received": (
        [{"received_at": None, "status": status} for status in (2, 4, 5, 6, 7, 8, 9, 10)],
        [{"received_at": None, "status": 1}, {"received_at": None, "status": 3}, _STEP],
    ),
    "ended_without_date": (
        [{"status": status, "ended_at": None, "returned_at": None} for status in (7, 9, 10)],
        [{"ended_at": None}, {"returned_at": None}, _OPEN, _STEP | {"status": 9}],
    ),
    "finished_before_received": (
        [{"ended_at": "2023-07-17 08:59"}, {"returned_at": "2023-07-16 00:00"}, {"ended_at": "2023-07-16"}],
        [{"ended_at": "2023-07-17 00:00"}, {"ended_at": "2023-07-17 09:00"}, {"received_at": None}, _OPEN],
    ),
    "in_the_future": (
        [
            {"ended_at": "2023-07-20 18:31"},
            {"returned_at": "2023-08-01"},
            {"received_at": "2023-07-21"} | _OPEN,
        ],
        [{"ended_at": "2023-07-20 18:30"}, {"due_at": "2024-01-01"}],
    ),
    "missing_due": ([{"due_at": None}], [{"due_at": None, "status": 3}, _STEP]),
    "due_before_received": (
        [{"due_at": "2023-07-17 08:00"}],
        [{"due_at": None}, {"due_at": "2023-07-17 09:00"}],
    ),
    "unknown_unit": (
        [{"unit_name": "UBND xã Không Có Thật"}, {"unit_name": None}, {"unit_name": "UBND xã An Phú"}],
        [{"unit_name": "BPMC P. Thới Sơn"}, {"unit_name": "UBND thị xã Tịnh Biên"}, _STEP],
    ),
    "unknown_procedure": (
        [
            {"procedure_code": "9.999999"},
            {"procedure_code": None, "procedure_name": "Thủ tục lạ"},
            {"procedure_code": "abc"},
        ],
        [{"procedure_code": None}, {"procedure_code": "1.001193"}, {"procedure_name": "Tên khác"}, _STEP],
    ),
    "returned_before_finished": (
        [{"returned_at": "2023-07-17 14:00"}],
        [{"returned_at": "2023-07-17 15:00"}, {"returned_at": None}, {"ended_at": None}],
    ),
    "times_shifted": (
        [{"received_at": "2023-07-17 02:00", "file_no": 7}] * 30,
        # as many by day; too few of them; a list that writes dates alone
        [{"received_at": "2023-07-17 09:00", "file_no": 7}] * 29
        + [{"received_at": "2023-07-17 02:00", "file_no": 8}] * 49
        + [{"received_at": "2023-07-17 00:00", "file_no": 9}] * 60
        + [{"received_at": "2023-07-17 02:00", "file_no": 10}, {"file_no": 10}] * 30
        + [{"received_at": None, "file_no": 7}],
    ),
    "received_on_day_off": (
        [{"received_at": "2023-07-16 09:00"}, {"received_at": "2023-09-04 09:00"}],
        [{"received_at": None}, {}],
    ),
}


def test_every_rule_has_a_case() -> None:
    assert {rule.id for rule in load_rules()} == set(_CASES)


def _stage(connection: Connection, rows: list[dict[str, Any]]) -> None:
    connection.execute(text("truncate landing.staged_row"))
    for number, row in enumerate(rows):
        values = row | {"staged_id": number, "row_number": number + 1}
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        connection.execute(text(f"insert into landing.staged_row ({names}) values ({marks})"), values)
    resolve_new_names(connection)


@pytest.mark.both_servers
def test_rules_let_clean_rows_pass_and_find_exactly_the_failing_ones(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        load_reference(connection, load_sources())
    for rule in load_rules():
        failing, passing = _CASES[rule.id]
        with warehouse.begin() as connection:
            rows = [_CLEAN | change for change in failing] + [_CLEAN | change for change in passing]
            steps = [change if change.get("kind") == "steps" else _CLEAN | change for change in passing]
            _stage(connection, [_CLEAN | change for change in failing] + steps)
            result = connection.execute(text(rule.sql))
            assert list(result.keys()) == ["staged_id", "field", "value"], rule.id
            found = sorted(row.staged_id for row in result)
            assert found == list(range(len(failing))), rule.id
            assert len(rows) > len(failing), rule.id


def test_messages_say_what_to_do_in_both_languages() -> None:
    for rule in load_rules():
        assert rule.message_vi.endswith(".") and rule.message_en.endswith("."), rule.id
        if rule.severity == "reject":
            assert "hãy" in rule.message_vi, rule.id
        assert ("{value}" in rule.message_vi) == ("{value}" in rule.message_en), rule.id


def _catalogue(folder: Path, entry: str, sql: bool = True) -> Path:
    (folder / "rules").mkdir()
    if sql:
        (folder / "rules" / "a.sql").write_text("select 1")
    file = folder / "rules.yaml"
    file.write_text(entry)
    return file


_ENTRY = "- {id: a, severity: reject, category: c, message_vi: v, message_en: e, source: s, fields: [f]}\n"


@pytest.mark.parametrize(
    ("entry", "sql", "words"),
    [
        (_ENTRY, False, "no rules/a.sql"),
        (_ENTRY + _ENTRY, True, "more than one rule a"),
        (_ENTRY.replace("reject", "maybe"), True, "severity is one of"),
        (_ENTRY.replace("message_en: e, ", ""), True, "needs exactly"),
        (_ENTRY.replace("message_vi: v", "message_vi: ''"), True, "an entry is empty"),
        ("[]", True, "belongs to no rule"),
        ("a: 1", True, "must be a list"),
    ],
)
def test_a_catalogue_that_is_not_whole_is_refused(tmp_path: Path, entry: str, sql: bool, words: str) -> None:
    with pytest.raises(CatalogueError, match=words):
        load_rules(_catalogue(tmp_path, entry, sql))


def test_a_whole_catalogue_is_read(tmp_path: Path) -> None:
    assert load_rules(_catalogue(tmp_path, _ENTRY)) == (
        Rule("a", "reject", "c", "v", "e", "s", ("f",), "select 1"),
    )
