"""What every layer uses of PostgreSQL: addresses, SQL files, COPY, results, the run lock, a database beside."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from sqlalchemy import Engine, text

from warehouse_sql.warehouse import (
    WarehouseError,
    check_server,
    copy_frame,
    open_engine,
    read_frame,
    run_file,
    run_lock,
    run_script,
    side_database,
    statements_of,
)

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


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
        pytest.raises(TypeError, match=r"derive_dossiers.sql needs .* codes"),
    ):
        run_file(connection, "core/derive_dossiers.sql")


@pytest.mark.both_servers
def test_a_frame_comes_back_as_it_was_copied(warehouse: Engine) -> None:
    frame = pl.DataFrame(
        {
            "a_text": ["Đặng Thị \"Hoa\"", None, "", "~", "\\.", "a,b\nc\r\nd\te", "NULL", " ", "\\N"],
            "number": [1, None, -3, 2**40, 0, 0, 0, 0, 0],
            "amount": [Decimal("1.50"), None, Decimal("-0.01"), *[Decimal("9.00")] * 6],
            "share": [0.1, None, 1e300, *[0.0] * 6],
            "flag": [True, None, False, *[True] * 6],
            "day": [date(2023, 2, 28), None, date(1900, 1, 1), *[date(9999, 12, 31)] * 6],
            "moment": [datetime(2023, 7, 17, 9, 5, 1, 123456), None, *[datetime(1999, 12, 31)] * 7],
            "instant": [datetime(2023, 7, 17, 9, 5, 1, 1, VIETNAM), None, *[datetime(2023, 7, 1, tzinfo=VIETNAM)] * 7],
            "texts": [["a", 'q"u', "b\\c", "d,e", "{f}", "NULL", ""], None, [], [None, "x"], [""], *[["~"]] * 4],
            "numbers": [[1, None], None, [], *[[2, 3]] * 6],
        },
        schema_overrides={
            "amount": pl.Decimal(38, 2), "instant": pl.Datetime("us", "Asia/Ho_Chi_Minh"), "numbers": pl.List(pl.Int64),
        },
    )  # fmt: skip
    with warehouse.begin() as connection:
        connection.execute(
            text(
                "create temporary table target (n integer generated always as identity, a_text text, number bigint,"
                " amount numeric(10, 2), share double precision, flag boolean, day date, moment timestamp,"
                " instant timestamptz, texts text[], numbers bigint[])"
            )
        )
        assert copy_frame(connection, frame, "target") == 9
        assert copy_frame(connection, frame.clear(), "target") == 0
        query = f"select {', '.join(frame.columns)} from target order by n"
        assert_frame_equal(read_frame(connection, query), frame)
        nothing = read_frame(connection, f"{query} limit :most", most=0)
        assert {name: kind for name, kind in nothing.schema.items() if name != "amount"} == {
            name: kind for name, kind in frame.schema.items() if name != "amount"
        }


@given(
    values=st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.both_servers
def test_a_lone_column_of_texts_comes_back(warehouse: Engine, values: list[str | None]) -> None:
    frame = pl.DataFrame({"value": values, "list": [[value] for value in values]}, {"value": pl.String, "list": pl.List(pl.String)})  # fmt: skip
    with warehouse.connect() as connection:
        connection.execute(
            text("create temporary table lone (n serial, value text, list text[]) on commit drop")
        )
        for column in frame.columns:
            copy_frame(connection, frame.select(column), "lone", [column])
            read = read_frame(connection, f'select "{column}" from lone order by n')
            assert read[column].to_list() == frame[column].to_list()
            connection.execute(text("delete from lone"))


def test_a_copy_is_part_of_the_transaction(warehouse: Engine) -> None:
    frame = pl.DataFrame({"name": ["a"], "value": ["b"]})
    with warehouse.connect() as connection:
        copy_frame(connection, frame, "ops.setting")
        connection.rollback()
        assert connection.execute(text("select count(*) from ops.setting where name = 'a'")).scalar() == 0
    with warehouse.connect() as connection:
        copy_frame(connection, frame, "ops.setting", ["name", "value"])
        connection.commit()
    with warehouse.connect() as connection:
        assert connection.execute(text("select count(*) from ops.setting where name = 'a'")).scalar() == 1


@pytest.mark.both_servers
def test_json_and_instants_are_read_plainly(warehouse: Engine) -> None:
    with warehouse.connect() as connection:
        frame = read_frame(
            connection, "select '[{\"tên\": 1}]'::jsonb as j, :at as at, 1.5::numeric as n, ':x' as t",
            at=datetime(2023, 7, 17, 2, tzinfo=UTC),
        )  # fmt: skip
    assert frame.row(0) == ('[{"tên": 1}]', datetime(2023, 7, 17, 9, tzinfo=VIETNAM), Decimal("1.5"), ":x")


@pytest.mark.both_servers
def test_sessions_are_in_the_time_of_vietnam_and_named(warehouse: Engine) -> None:
    with warehouse.connect() as connection:
        told = [
            connection.execute(text(f"show {name}")).scalar()
            for name in ("timezone", "jit", "application_name", "client_encoding")
        ]
    assert told == ["Asia/Ho_Chi_Minh", "off", "motcua", "UTF8"]


@pytest.mark.parametrize("spelling", ["postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg2"])
def test_every_spelling_of_an_address_is_psycopg_3(spelling: str) -> None:
    engine = open_engine(f"{spelling}://u:p%40ss@/kho?host=%2Frun%2Fpg")
    assert (engine.url.drivername, engine.url.password, engine.url.query["host"]) == (
        "postgresql+psycopg", "p@ss", "/run/pg",
    )  # fmt: skip


@pytest.mark.parametrize("url", ["", "kho", "mysql://u@h/d", "sqlite://", "postgresql://u@h:cổng/d"])
def test_what_is_no_address_of_postgresql_is_refused(url: str) -> None:
    with pytest.raises(WarehouseError, match="MOTCUA_WAREHOUSE_URL"):
        open_engine(url)


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/kho?host=/nowhere"])
def test_a_server_that_cannot_be_reached_is_one_sentence_without_the_password(address: str) -> None:
    place = f"u:bimat@{address}/kho" if ":" in address else f"u:bimat@{address}"
    with pytest.raises(WarehouseError, match="Không kết nối được kho") as error:
        check_server(open_engine(f"postgresql://{place}"))
    assert "bimat" not in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.both_servers
def test_a_server_that_is_too_old_is_refused(warehouse: Engine, server: str) -> None:
    assert check_server(warehouse) == int(server)
    with pytest.raises(WarehouseError, match=rf"PostgreSQL {server}; hãy dùng bản 99 trở lên"):
        check_server(warehouse, oldest=99)


@pytest.mark.both_servers
def test_a_database_that_is_not_in_utf8_is_refused(warehouse: Engine) -> None:
    name = f"{warehouse.url.database}_latin"
    latin = open_engine(warehouse.url.set(database=name).render_as_string(hide_password=False))
    with warehouse.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        provider = "" if check_server(warehouse) < 16 else "locale_provider libc"
        connection.execute(
            text(f"create database {name} template template0 encoding 'LATIN1' {provider} locale 'C'")
        )
        try:
            with pytest.raises(WarehouseError, match="LATIN1; hãy tạo cơ sở dữ liệu với encoding UTF8"):
                check_server(latin)
        finally:
            latin.dispose()
            connection.execute(text(f"drop database {name} with (force)"))


@pytest.mark.both_servers
def test_one_run_at_a_time(warehouse: Engine) -> None:
    other = open_engine(warehouse.url.render_as_string(hide_password=False))
    with run_lock(warehouse):
        with (
            pytest.raises(WarehouseError, match=r"đang giữ kho \(phiên \d+ của motcua, từ "),
            run_lock(other, 0.3),
        ):
            pass
        with pytest.raises(WarehouseError), run_lock(warehouse):
            pass
    for _ in range(3):
        with run_lock(other), pytest.raises(WarehouseError), run_lock(warehouse):
            pass
    with pytest.raises(ZeroDivisionError), run_lock(warehouse):
        raise ZeroDivisionError
    with run_lock(other):
        pass
    other.dispose()


def test_the_lock_of_a_session_that_died_is_free(warehouse: Engine) -> None:
    other = open_engine(warehouse.url.render_as_string(hide_password=False))
    with run_lock(warehouse):
        with other.connect() as connection:
            connection.execute(
                text(
                    "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted"
                    " and database = (select oid from pg_database where datname = current_database())"
                )
            )
        with run_lock(other, 5):
            pass
    other.dispose()


@pytest.mark.both_servers
def test_the_database_beside_orders_text_alike_and_goes_away(warehouse: Engine) -> None:
    order = text(
        "select datcollate, datctype, datlocprovider from pg_database where datname = current_database()"
    )
    count = text("select count(*) from pg_database where datname like :like")
    like = {"like": f"{warehouse.url.database}%"}
    with side_database(warehouse, "check") as beside, warehouse.connect() as here:
        with beside.connect() as there:
            assert there.execute(order).one() == here.execute(order).one()
        # A killed process leaves one; the next one drops it, but none in use.
        with beside.connect(), pytest.raises(WarehouseError), side_database(warehouse, "check"):
            pass
        assert here.execute(count, like).scalar() == 2
    with warehouse.connect() as connection:
        assert connection.execute(count, like).scalar() == 1


@pytest.mark.both_servers
def test_the_database_of_a_killed_check_is_dropped_by_the_next(warehouse: Engine) -> None:
    name = f"{warehouse.url.database}_check_0"
    with warehouse.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"create database {name}"))
        connection.execute(text(f"create database {name}0"))
        connection.execute(
            text(f"comment on database {name} is 'motcua, beside {warehouse.url.database} check'")
        )
        with side_database(warehouse, "check"):
            pass
        left = connection.execute(
            text("select datname from pg_database where datname like :like"), {"like": f"{name}%"}
        )
        assert left.scalars().all() == [f"{name}0"]  # not marked as ours
        connection.execute(text(f"drop database {name}0"))


def test_a_script_is_run_as_it_is_written(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        run_script(connection, ["create temporary table said as select ':a %s %' as it, 5 % 3 as n"])
        assert tuple(connection.execute(text("select * from said")).one()) == (":a %s %", 2)
