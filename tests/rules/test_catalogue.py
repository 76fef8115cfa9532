"""The list of rules: what it must say, and how one that is not whole is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from quality.catalogue import CatalogueError, Rule, acceptable_rules, file_rule, load_rules, staged_rules


def test_messages_say_what_to_do_in_both_languages() -> None:
    for rule in load_rules():
        assert rule.message_vi.endswith(".") and rule.message_en.endswith("."), rule.id
        assert "hãy" in rule.message_vi and ";" in rule.message_vi, rule.id
        assert ";" in rule.message_en, rule.id
        assert ("{value}" in rule.message_vi) == ("{value}" in rule.message_en), rule.id
        assert "{" not in (rule.message_vi + rule.message_en).replace("{value}", ""), rule.id


def test_no_two_rules_say_the_same() -> None:
    for name in ("message_vi", "message_en", "sql"):
        shown = [getattr(rule, name) for rule in load_rules()]
        assert len(shown) == len(set(shown)), name


def test_there_are_enough_rules_of_every_kind() -> None:
    kinds = [(rule.scope, rule.severity) for rule in load_rules()]
    assert len(kinds) >= 60
    assert [kinds.count(kind) for kind in (("staged", "reject"), ("staged", "block"))] == [8, 3]


def test_sql_files_say_what_they_look_for_and_hold_no_placeholder() -> None:
    for rule in load_rules():
        if rule.scope == "file":
            assert rule.sql == "", rule.id
            continue
        assert rule.sql.startswith("-- "), rule.id
        # a percent sign would be one in a driver-level statement
        assert "%" not in rule.sql and ";" not in rule.sql.split("\n", 1)[1], rule.id


def test_flags_depend_on_the_row_and_on_reference_data_alone() -> None:
    # A repeat of a statement keeps its flags, and files may come in any order and grouping.
    elsewhere = (
        "exported_at",
        "file_no",
        "row_number",
        "sheet",
        "state_",
        "history.",
        "fct_",
        "mart.",
        "ops.",
        "now()",
    )
    for rule in staged_rules("flag"):
        # Where a row says no date at all, units are looked up in the list of the export's day.
        names = elsewhere[1:] if rule.id == "unknown_unit" else elsewhere
        assert [name for name in names if name in rule.sql] == [], rule.id


def test_fields_are_columns_of_what_the_rule_looks_at(warehouse: Engine) -> None:
    tables = {
        "staged": ["landing.staged_row"],
        "warehouse": ["core.fct_dossier", "history.process_step"],
        "file": ["landing.export_file"],
    }
    with warehouse.connect() as connection:
        columns = {
            scope: {
                name
                for table in names
                for (name,) in connection.execute(
                    text(
                        "select attname from pg_attribute where attrelid = cast(:table as regclass) and attnum > 0"
                    ),
                    {"table": table},
                )
            }
            for scope, names in tables.items()
        }
    for rule in load_rules():
        assert rule.fields and set(rule.fields) <= columns[rule.scope], rule.id


def _catalogue(folder: Path, entry: str, sql: bool = True) -> Path:
    (folder / "rules").mkdir()
    if sql:
        (folder / "rules" / "a.sql").write_text("select 1")
    file = folder / "rules.yaml"
    file.write_text(entry)
    return file


_ENTRY = "- {id: a, severity: reject, category: c, message_vi: v, message_en: e, source: s, fields: [f]}\n"
_FILE = _ENTRY.replace("id: a,", "id: a, scope: file,")
_PUBLISHED = _ENTRY.replace("id: a,", "id: a, scope: warehouse,")


@pytest.mark.parametrize(
    ("entry", "sql", "words"),
    [
        (_ENTRY, False, "no rules/a.sql"),
        (_ENTRY + _ENTRY, True, "more than one rule a"),
        (_ENTRY.replace("reject", "maybe"), True, "severity is one of"),
        (_ENTRY.replace("id: a,", "id: a, scope: moon,"), True, "scope is one of"),
        (_PUBLISHED, True, "can only flag"),
        (_FILE, False, "can only refuse"),
        (_ENTRY.replace("reject", "refuse"), True, "can only refuse"),
        (_FILE.replace("reject", "refuse"), True, "belongs to no rule"),
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


def test_a_rule_on_what_is_published_is_read(tmp_path: Path) -> None:
    (rule,) = load_rules(_catalogue(tmp_path, _PUBLISHED.replace("reject", "flag")))
    assert rule.scope == "warehouse"


def test_a_rule_on_a_file_has_no_sql(tmp_path: Path) -> None:
    (rule,) = load_rules(_catalogue(tmp_path, _FILE.replace("reject", "refuse"), sql=False))
    assert (rule.scope, rule.sql) == ("file", "")


def test_what_a_person_may_let_through_is_what_stops_a_run_or_a_file() -> None:
    assert acceptable_rules() == [
        "times_shifted",
        "day_and_month_swapped",
        "file_of_other_province",
        "clock_ahead",
    ]
    assert file_rule("clock_ahead").severity == "refuse"
    with pytest.raises(KeyError):
        file_rule("times_shifted")
