"""Addresses, and the sessions and servers behind them."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from warehouse_sql.analyst import ask
from warehouse_sql.engine import check_server, open_engine
from warehouse_sql.errors import WarehouseError
from warehouse_sql.query_login import ask_given_login


@pytest.mark.both_servers(in_every_run=True)
def test_sessions_are_in_the_time_of_vietnam_and_named(warehouse: Engine) -> None:
    with warehouse.connect() as connection:
        shown = [
            connection.execute(text(f"show {name}")).scalar()
            for name in ("timezone", "jit", "application_name", "client_encoding")
        ]
    assert shown == ["Asia/Ho_Chi_Minh", "off", "motcua", "UTF8"]


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


@pytest.mark.parametrize("url", ["kho", "mysql://u@h/d"])
def test_the_address_for_questions_is_refused_by_the_name_of_its_own_variable(url: str) -> None:
    with pytest.raises(WarehouseError, match="hãy sửa MOTCUA_ANALYST_URL"):
        ask_given_login(url, "select 1", 1, ask)


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/kho?host=/nowhere"])
def test_a_server_that_cannot_be_reached_is_one_sentence_without_the_password(address: str) -> None:
    place = f"u:bimat@{address}/kho" if ":" in address else f"u:bimat@{address}"
    with pytest.raises(WarehouseError, match="Không kết nối được kho") as error:
        check_server(open_engine(f"postgresql://{place}"))
    assert "bimat" not in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.both_servers(in_every_run=True)
def test_a_server_that_is_too_old_is_refused(warehouse: Engine, server: str) -> None:
    assert check_server(warehouse) == int(server)
    with pytest.raises(WarehouseError, match=rf"PostgreSQL {server}; hãy dùng bản 99 trở lên"):
        check_server(warehouse, oldest=99)


@pytest.mark.both_servers(in_every_run=True)
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
