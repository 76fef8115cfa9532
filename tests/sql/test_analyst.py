"""What `motcua sql` lets nobody do: each way out of a read-only question that was thought of, tried on real servers."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, text

from tests.asking import ask_as_analyst, query_login
from warehouse_sql.analyst import ask, single_question
from warehouse_sql.errors import WarehouseError
from warehouse_sql.run_lock import run_lock

pytestmark = pytest.mark.both_servers

# Refused before the server sees them: not one question.
_NO_QUESTION = (
    "do $$ begin reset role; copy (select 1) to program 'touch {canary}'; end $$",
    "copy (select 1) to program 'touch {canary}'",
    "copy core.dim_status from program 'touch {canary}'",
    "select 1; drop table core.dim_status",
    "select 1;;select 2",
    "/* select */ do $$ begin end $$",
    "-- select\ndelete from core.dim_status",
    "/* /* select */ select */ truncate core.dim_status",
    "set role none",
    "reset session authorization",
    "begin",
    "prepare p as delete from core.dim_status",
    "declare c cursor for select 1",
    "call mart.anything()",
    "lock table core.dim_status",
    "create temporary table mine (a integer)",
    "create function pg_temp.f() returns int language sql as 'select 1'",
    "create extension dblink",
    "alter role motcua_query superuser",
    "grant motcua_owner to motcua_query",
    "vacuum core.dim_status",
    "listen x",
    "",
    "-- nothing",
)
# Questions that the server refuses: the login may not.
_REFUSED = (
    "select set_config('role', 'postgres', false)",
    "select set_config('session_authorization', 'postgres', false)",
    "select set_config('role', 'motcua_owner', false)",
    "select set_config('role', 'none', false), "
    "(select count(*) from ts_stat('select to_tsvector(s::text) from landing.staged_row as s'))",
    "select * from landing.staged_row",
    "select query_to_xml('select * from landing.staged_row', true, true, '')",
    "select query_to_xml('delete from core.dim_status', true, true, '')",
    "select set_config('transaction_read_only', 'off', true)",
    "with gone as (delete from core.dim_status returning *) select * from gone",
    "with new as (insert into ops.setting values ('a', 'b') returning *) select * from new",
    "select * into mart.mine from core.dim_status",
    "select * into temporary mine from core.dim_status",
    "select * from core.dim_status for update",
    "explain analyze delete from core.dim_status",
    "explain (analyze, costs off) create table mart.mine as select 1",
    "select pg_read_file('/etc/passwd')",
    "select pg_read_binary_file('postgresql.conf')",
    "select pg_ls_dir('.')",
    "select pg_stat_file('pg_hba.conf')",
    "select lo_import('/etc/passwd')",
    "select lo_export(1, '{canary}')",
    "select * from pg_authid",
    "select passwd from pg_shadow",
    "select * from pg_hba_file_rules",
    "show hba_file",
    "select pg_reload_conf()",
    "select pg_switch_wal()",
    "select pg_create_restore_point('x')",
    "select pg_rotate_logfile()",
    "select nextval(pg_get_serial_sequence('ops.run', 'run_id'))",
    "select setval(pg_get_serial_sequence('ops.run', 'run_id'), 1)",
    "select mart.form_ii06('2023-01-01', '2023-01-31', $q$x'); delete from core.dim_status; --$q$)",
    "select mart.form_ii06('2023-01-01', '2023-01-31', unit_view => $q$current'; delete from core.dim_status; --$q$)",
)


@pytest.fixture
def canary(tmp_path: Path) -> Iterator[Path]:
    """A file that no question may make; anybody could write it."""
    tmp_path.chmod(0o777)
    file = tmp_path / "canary"
    yield file
    assert not file.exists()


@pytest.mark.parametrize("query", _NO_QUESTION)
def test_what_is_not_one_question_is_not_asked(query: str, canary: Path, warehouse: Engine) -> None:
    before = _state(warehouse)
    with pytest.raises(WarehouseError, match=r"chỉ (nhận một câu lệnh|dùng để hỏi)"):
        ask_as_analyst(warehouse, query.replace("{canary}", str(canary)))
    assert _state(warehouse) == before


def test_what_the_login_may_not_do_the_server_refuses(canary: Path, warehouse: Engine) -> None:
    before = _state(warehouse)
    for query in _REFUSED:
        with pytest.raises(psycopg.Error) as refused:
            ask_as_analyst(warehouse, query.replace("{canary}", str(canary)))
        assert refused.value.sqlstate in ("42501", "25006", "22023", "25001", "0A000"), (query, refused.value)
    assert _state(warehouse) == before


def test_questions_of_every_kind_are_answered(warehouse: Engine) -> None:
    names, rows = ask_as_analyst(
        warehouse,
        "/* who */ select current_user as who, session_user as login, 'a:b 5%' as word,"
        " 'infinity'::timestamp as until, null::date as day",
    )
    assert names == ["who", "login", "word", "until", "day"]
    assert rows == [("motcua_query", "motcua_query", "a:b 5%", "infinity", None)]
    for query in (
        "with a as (select 1) select * from a",
        "values (1), (2)",
        "table mart.daily_flow",
        "(select 1) union (select 2)",
        "explain select * from mart.daily_flow",
        "show transaction_read_only",
        "select * from landing.export_file",
        "select * from core.fct_dossier limit 1;",
        "select * from mart.form_ii06('2023-01-01', '2023-01-31')",
    ):
        ask_as_analyst(warehouse, query)


def test_nothing_that_a_question_did_stays(warehouse: Engine) -> None:
    """On PostgreSQL 15 large objects can be made in a read-only transaction; it is never committed."""
    for query in (
        "select lo_from_bytea(0, 'x')",
        "select pg_advisory_lock(1)",
        "select pg_notify('a', 'b')",
        "select set_config('search_path', 'pg_temp', false)",
    ):
        try:
            ask_as_analyst(warehouse, query)
        except psycopg.Error as refused:
            assert refused.sqlstate == "25006"
    with warehouse.connect() as connection:
        assert connection.execute(text("select count(*) from pg_largeobject_metadata")).scalar() == 0
        assert (
            connection.execute(
                text(
                    "select count(*) from pg_locks where locktype = 'advisory'"
                    " and database = (select oid from pg_database where datname = current_database())"
                )
            ).scalar()
            == 0
        )


def test_a_question_ends_with_its_time_whatever_it_sets(warehouse: Engine) -> None:
    query = "select set_config('statement_timeout', '0', false), pg_sleep(20)"
    start = time.monotonic()
    with pytest.raises(WarehouseError, match=r"quá 0\.3 giây"):
        ask(query_login(warehouse), query, timeout_seconds=0.3)
    assert time.monotonic() - start < 10


def test_no_session_of_a_run_is_ended_or_cancelled(warehouse: Engine) -> None:
    with run_lock(warehouse), warehouse.connect() as connection:
        pid = connection.execute(text("select pg_backend_pid()")).scalar_one()
        for name in ("pg_terminate_backend", "pg_cancel_backend"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                ask_as_analyst(warehouse, f"select {name}({pid})")
        # What others ask is not shown either.
        rows = ask_as_analyst(warehouse, f"select query from pg_stat_activity where pid = {pid}")[1]
        assert rows == [("<insufficient privilege>",)]


def test_a_lock_that_a_question_takes_ends_with_it(warehouse: Engine) -> None:
    """Whoever may log in may take an advisory lock; a question holds it for its own time and no longer."""
    key = 0x6D6F7463_0001
    asking = threading.Thread(
        target=ask_as_analyst, args=(warehouse, f"select pg_advisory_lock({key}), pg_sleep(1)")
    )
    asking.start()
    with run_lock(warehouse, wait_seconds=20):
        pass
    asking.join()


@pytest.mark.parametrize(
    ("make", "what"),
    [
        ("create role {login} login superuser", "superuser"),
        ("create role {login} login createrole", "createrole"),
        ("create role {login} login createdb", "createdb"),
        ("create role {login} login in role motcua_owner", "owner of schema"),
        ("create role {login} login in role motcua_loader", "writes "),
        ("create role {login} login in role pg_read_server_files", "pg_read_server_files"),
        ("create role {login} login in role pg_execute_server_program", "pg_execute_server_program"),
    ],
)
def test_a_login_that_could_do_more_is_not_used(make: str, what: str, warehouse: Engine) -> None:
    login = f"mighty_{warehouse.url.database}"
    with warehouse.begin() as connection:
        connection.execute(text(make.format(login=login)))
    try:
        with pytest.raises(WarehouseError, match=f"Người dùng {login} có quyền hơn mức đọc .{what}"):
            ask(query_login(warehouse, login), "select 1")
    finally:
        with warehouse.begin() as connection:
            connection.execute(text(f"drop role {login}"))


def test_the_words_of_a_question_are_kept() -> None:
    assert single_question("-- why\nselect 'a;b';") == "select 'a;b'"
    assert single_question(" \n(select 1)") == "(select 1)"


def _state(engine: Engine) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        counts = [
            connection.execute(text(f"select '{table}', count(*) from {table}")).one()
            for table in ("core.dim_status", "ops.setting", "landing.export_file")
        ]
        objects = connection.execute(
            text(
                "select n.nspname, count(*) from pg_class as c inner join pg_namespace as n on c.relnamespace = n.oid"
                " where n.nspname !~ '^pg_(toast|temp)' group by 1 order by 1"
            )
        ).all()
        roles = connection.execute(
            text("select rolname, rolsuper from pg_roles where starts_with(rolname, 'motcua_') order by 1")
        ).all()
    return [tuple(row) for row in (*counts, *objects, *roles)]
