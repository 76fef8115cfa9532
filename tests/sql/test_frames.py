"""Frames copied into tables, and results of queries read as frames."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import polars as pl
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from sqlalchemy import Engine, text

from warehouse_sql.frames import copy_frame, copy_out, copy_out_by_parts, read_frame

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.mark.both_servers(in_every_run=True)
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
@pytest.mark.both_servers(in_every_run=True)
def test_a_lone_column_of_texts_comes_back(warehouse: Engine, values: list[str | None]) -> None:
    frame = pl.DataFrame(
        {"value": values, "list": [[value] for value in values]},
        {"value": pl.String, "list": pl.List(pl.String)},
    )
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


@pytest.mark.both_servers(in_every_run=True)
def test_json_and_instants_are_read_plainly(warehouse: Engine) -> None:
    with warehouse.connect() as connection:
        frame = read_frame(
            connection, "select '[{\"tên\": 1}]'::jsonb as j, :at as at, 1.5::numeric as n, ':x' as t",
            at=datetime(2023, 7, 17, 2, tzinfo=UTC),
        )  # fmt: skip
    assert frame.row(0) == ('[{"tên": 1}]', datetime(2023, 7, 17, 9, tzinfo=VIETNAM), Decimal("1.5"), ":x")


def test_a_result_larger_than_any_buffer_is_copied_out_whole_and_in_order(warehouse: Engine) -> None:
    with warehouse.connect() as connection:
        query = "select n, repeat('đ', n % 300) as written from generate_series(1, :rows) as n"
        copied = copy_out(connection, query, rows=20_000)
        assert copied["n"].to_list() == list(range(1, 20_001))
        assert copied["written"].str.len_chars().to_list() == [n % 300 for n in range(1, 20_001)]
        assert copy_out(connection, query, rows=0).schema == copied.schema
        parts = list(copy_out_by_parts(connection, query, rows=100_000))
        assert len(parts) == 2
        assert pl.concat(parts)["n"].to_list() == list(range(1, 100_001))


def test_what_fails_while_it_is_copied_out_is_an_error_and_the_connection_goes_on(warehouse: Engine) -> None:
    with warehouse.connect() as connection:
        with pytest.raises(psycopg.errors.DivisionByZero):
            copy_out(connection, "select 1 / (5000 - n) as quotient from generate_series(1, 9000) as n")
        connection.rollback()
        assert copy_out(connection, "select 1 as one")["one"].to_list() == [1]
