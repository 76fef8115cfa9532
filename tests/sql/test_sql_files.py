"""Files of SQL are cut into statements and run with their parameters."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from warehouse_sql.sql_files import run_file, run_script, statements_of


@pytest.mark.parametrize(
    ("source", "statements"),
    [
        ("select 1; select 2;", ["select 1", "select 2"]),
        ("select 1", ["select 1"]),
        (" ;; -- nothing\n /* ; */ ;", []),
        ("-- grain: a; b\nselect ';' as \"a;b\"; select 'it''s; so'", ["select ';' as \"a;b\"", "select 'it''s; so'"]),
        (r"select E'it\'s; so'; select 'C:\'; select 3", [r"select E'it\'s; so'", r"select 'C:\'", "select 3"]),
        ("select /* a; /* b; */ c; */ 1; select 2", ["select /* a; /* b; */ c; */ 1", "select 2"]),
        (
            "do $$ begin perform 1; end $$; do $x$ a; $$ b; $x$; select 2",
            ["do $$ begin perform 1; end $$", "do $x$ a; $$ b; $x$", "select 2"],
        ),
        ("select a$b; select c$b from t", ["select a$b", "select c$b from t"]),
        ("select 'không -- chú thích; ' -- chú thích; 'thật\n, 2; select 3",
         ["select 'không -- chú thích; ' -- chú thích; 'thật\n, 2", "select 3"]),
    ],
)  # fmt: skip
def test_statements_end_at_semicolons_that_mean_it(source: str, statements: list[str]) -> None:
    assert statements_of(source) == statements


_PIECES = st.sampled_from(
    ["select 1", "'a;b'", '"c;d"', "E'\\';'", "$$ ; $$", "$q$ '; $q$", "-- ;'\n", "/* ; /* ' */ */", "::text"]
)


@given(st.lists(st.lists(_PIECES, min_size=1).map(lambda pieces: "select " + " ".join(pieces)), min_size=1))
def test_joined_statements_come_apart_again(statements: list[str]) -> None:
    assert statements_of(";\n".join(statements)) == [statement.strip() for statement in statements]


@pytest.mark.both_servers
def test_a_file_may_hold_colons_casts_and_percent_signs(warehouse: Engine, tmp_path: Path) -> None:
    file = tmp_path / "made.sql"
    file.write_text(
        "-- Parameters: moment, name; not :this\n"
        "create temporary table made (a text, b text, c integer, d text, e text);\n"
        "insert into made values ('12:30', :name::text, 7 % 4, to_char(:moment, 'HH24:MI'), '100% :x \\:y');\n"
        "do $$ begin update made set c = c + cardinality((array[1, 2, 3])[2:3]); end $$;\n"
        "update made set a = a || ' :name' where b like '%ễ%';",
        encoding="utf-8",
    )
    with warehouse.begin() as connection:
        assert run_file(connection, str(file), name="Nguyễn: %s", moment=datetime(2023, 7, 17, 9, 5)) == 1
        row = connection.execute(text("select * from made")).one()
    assert tuple(row) == ("12:30 :name", "Nguyễn: %s", 5, "09:05", "100% :x \\:y")


def test_a_file_whose_parameter_is_missing_says_which(warehouse: Engine) -> None:
    with (
        warehouse.begin() as connection,
        pytest.raises(TypeError, match=r"publish_facts.sql needs .* run_no"),
    ):
        run_file(connection, "core/publish_facts.sql")


def test_a_script_is_run_as_it_is_written(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        run_script(connection, ["create temporary table said as select ':a %s %' as it, 5 % 3 as n"])
        assert tuple(connection.execute(text("select * from said")).one()) == (":a %s %", 2)
