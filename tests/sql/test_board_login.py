"""What the login of the board may: read marts as the account that it serves, act on alerts, note who looked, nothing more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import psycopg
import pytest
from sqlalchemy import Connection, Engine, text

from assets.alerts.book import AlertError, acknowledge, silence
from tests.asking import query_login
from tests.sql.test_roles import login
from tests.sql.test_rows_of_units import THREE, compare_marts, rows, visible
from tests.worlds import World
from warehouse_sql.engine import open_engine
from warehouse_sql.migrate import migrate

pytestmark = pytest.mark.both_servers
_BOARD = "motcua_board"
_NOW = datetime(2023, 7, 20, 8, tzinfo=UTC)
_FLOW = "select * from mart.daily_flow"
ALERT = (
    "insert into ops.alert (alert_id, fingerprint, kind, unit_code, unit_name, state, severity, day, window_days, observed,"
    " expected, message_vi, opened_at, opened_on, last_seen_at, runs_seen, runs_quiet) values (:alert_id, :alert_id, 'unit',"
    " :unit, 'x', 'firing', 'warning', '2023-07-18', 1, 5.1, 0.25, 'x', now(), '2023-07-18', now(), 1, 0)"
)
#: Every right of the login on a table or view, or on columns of one, beyond marts.
_RIGHTS = """
select n.nspname || '.' || c.relname, p.name, coalesce(
    string_agg(a.attname, ' ' order by a.attname) filter (where not has_table_privilege('motcua_board', c.oid, p.name)), '*'
)
from pg_class as c
inner join pg_namespace as n on c.relnamespace = n.oid
inner join pg_attribute as a on c.oid = a.attrelid and a.attnum > 0 and not a.attisdropped
cross join (values ('select'), ('insert'), ('update'), ('references')) as p (name)
where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname not in ('pg_catalog', 'information_schema', 'mart', 'vi')
    and not starts_with(n.nspname, 'pg_toast') and has_column_privilege('motcua_board', c.oid, a.attnum, p.name)
group by 1, 2
"""
_FUNCTIONS = """
select p.oid::regprocedure::text from pg_proc as p inner join pg_namespace as n on p.pronamespace = n.oid
where n.nspname in ('landing', 'history', 'core', 'ops', 'public')
    and has_function_privilege('motcua_board', p.oid, 'execute') and has_schema_privilege('motcua_board', n.oid, 'usage')
    and not exists (select from pg_depend as d where d.objid = p.oid and d.deptype = 'e')
"""


def board(engine: Engine, viewer: str | None = None) -> str:
    """The address of the board's login for one that it serves."""
    url = engine.url.set(drivername="postgresql", username=_BOARD, password=None)
    if viewer is not None:
        url = url.update_query_dict({"options": f"-cmotcua.viewer={viewer}"})
    return url.render_as_string(hide_password=False)


@contextmanager
def writing(engine: Engine, viewer: str) -> Iterator[Connection]:
    """A read-write transaction of the board for one that it serves."""
    made = open_engine(board(engine))
    try:
        with made.begin() as connection:
            connection.execute(text("set transaction read write"))
            connection.execute(text("select set_config('motcua.viewer', :viewer, true)"), {"viewer": viewer})
            yield connection
    finally:
        made.dispose()


def account(
    engine: Engine, name: str, *units: str, closed: bool = False, may_acknowledge: bool = True
) -> None:
    """An account, limited to units where some are named."""
    with engine.begin() as connection:
        connection.execute(
            text(
                "insert into ops.board_account values (:name, '$argon2id$x', :all, :may, now(), case when :closed then now() end)"
            ),
            {"name": name, "all": not units, "closed": closed, "may": may_acknowledge},
        )
        for unit in units:
            connection.execute(
                text("insert into ops.login_unit values (:login, :unit)"),
                {"login": f"board:{name}", "unit": unit},
            )


def test_the_login_has_these_rights_and_no_others(warehouse: Engine) -> None:
    migrate(warehouse)
    with warehouse.connect() as connection:
        rights = {tuple(row) for row in connection.execute(text(_RIGHTS))}
        functions = set(connection.execute(text(_FUNCTIONS)).scalars())
        settings = connection.execute(
            text(
                "select array_to_string(d.setconfig, ' '), r.rolconnlimit from pg_roles as r"
                " inner join pg_db_role_setting as d on r.oid = d.setrole where r.rolname = :board and d.setdatabase = 0"
            ),
            {"board": _BOARD},
        ).one()
        writes_marts = connection.execute(
            text(
                "select count(*) from pg_class as c where c.relnamespace in ('mart'::regnamespace, 'vi'::regnamespace)"
                " and c.relkind in ('r', 'v')"
                " and has_table_privilege('motcua_board', c.oid, 'insert, update, delete, truncate, references, trigger')"
            )
        ).scalar_one()
    assert rights == {
        ("ops.alert", "select", "*"),
        ("ops.alert", "update", "acknowledged_at acknowledged_by silenced_until state"),
        ("ops.alert_event", "insert", "actor alert_id at day detail event"),
        ("ops.board_access", "insert", "account dossier_code"),
        ("ops.board_account", "select", "*"),
    }
    assert functions == {
        "ops.sees_every_unit()",
        "ops.viewer()",
        "ops.visible_dossier()",
        "ops.visible_unit()",
    }
    assert {"default_transaction_read_only=on", "statement_timeout=30s"} <= set(settings[0].split())
    assert settings[1] == 40
    assert writes_marts == 0


def test_what_it_may_not_is_refused_when_tried(small: World) -> None:
    migrate(small.engine)
    with small.engine.connect() as connection:
        kinds = connection.execute(
            text(
                "select c.oid::regclass::text, c.relkind from pg_class as c"
                " inner join pg_namespace as n on c.relnamespace = n.oid"
                " where n.nspname in ('landing', 'history', 'core', 'ops', 'mart') and c.relkind in ('r', 'v')"
            )
        ).all()
    names, tables = {name for name, _ in kinds}, {name for name, kind in kinds if kind == "r"}
    readable = {name for name in names if name.startswith("mart.")} | {"ops.alert", "ops.board_account"}
    with psycopg.connect(board(small.engine, "*"), autocommit=True) as connection:
        connection.execute("set default_transaction_read_only = off")
        for name in sorted(names):
            if name in readable:
                connection.execute(f"select * from {name} limit 1".encode())
            else:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(f"select * from {name} limit 1".encode())
            if name in tables:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(f"delete from {name}".encode())
        for trick in (
            "update ops.alert set message_vi = 'x'",
            "update ops.board_account set sees_every_unit = true",
            "insert into ops.board_account values ('x', '$argon2id$', true, true, now(), null)",
            "insert into ops.login_unit values ('board:x', '886')",
            "insert into ops.board_access (at, account, dossier_code) values ('2001-01-01', 'x', 'x')",
            "set role motcua_reader; select * from core.fct_dossier",
            "set role motcua_analyst",
            "set role motcua_mart",
            "create table mart.mine (a integer)",
            "create temporary table mine (a integer)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(trick.encode())


def test_it_writes_only_where_a_transaction_says_so(warehouse: Engine) -> None:
    migrate(warehouse)
    write = "insert into ops.board_access (account, dossier_code) values ('lan', 'x')"
    with (
        pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
        psycopg.connect(board(warehouse, "*")) as connection,
    ):
        connection.execute(write)
    with writing(warehouse, "*") as connection:
        connection.execute(text(write))


def test_alerts_are_acknowledged_and_silenced_as_on_the_command_line(july: World) -> None:
    migrate(july.engine)
    account(july.engine, "lan", "30520")
    with july.engine.begin() as connection:
        for alert_id, unit in (("a1", "30520"), ("b1", "30502")):
            connection.execute(text(ALERT), {"alert_id": alert_id, "unit": unit})
    with writing(july.engine, "lan") as connection:
        acknowledge(connection, "a1", "lan", "đang xem", _NOW)
        silence(connection, "a1", date(2023, 8, 1), "lan", None, _NOW)
        with pytest.raises(AlertError, match="Không có cảnh báo"):
            acknowledge(connection, "b1", "lan", None, _NOW)
    with writing(july.engine, "*") as connection:
        acknowledge(connection, "b1", "an", None, _NOW)
    with july.engine.connect() as connection:
        state = "select alert_id, state, acknowledged_by from ops.alert order by 1"
        assert connection.execute(text(state)).all() == [("a1", "silenced", "lan"), ("b1", "firing", "an")]
        events = "select alert_id, event, actor from ops.alert_event order by event_id"
        assert connection.execute(text(events)).all() == [
            ("a1", "acknowledged", "lan"),
            ("a1", "silenced", "lan"),
            ("b1", "acknowledged", "an"),
        ]


def test_who_only_looks_or_sees_no_such_alert_can_do_nothing_about_one(july: World) -> None:
    """Held by the server, whatever the pages let through."""
    migrate(july.engine)
    account(july.engine, "an", may_acknowledge=False)
    account(july.engine, "lan", "30520")
    with july.engine.begin() as connection:
        connection.execute(text(ALERT), {"alert_id": "b1", "unit": "30502"})
    note = (
        "insert into ops.alert_event (at, alert_id, event, actor) values (now(), 'b1', 'acknowledged', 'x')"
    )
    for viewer in ("an", "lan", "ai", ""):
        with writing(july.engine, viewer) as connection, pytest.raises(AlertError, match="Không có cảnh báo"):
            acknowledge(connection, "b1", viewer, None, _NOW)
        with writing(july.engine, viewer) as connection:
            assert connection.execute(text("update ops.alert set state = 'silenced'")).rowcount == 0
        with (
            pytest.raises(Exception, match="violates row-level security policy"),
            writing(july.engine, viewer) as connection,
        ):
            connection.execute(text(note))
    with login(july.engine, "motcua_analyst") as url:
        assert sum(rows(url, "select * from ops.alert").values()) == 1


def test_an_account_of_one_commune_sees_its_rows_of_every_mart_and_no_others(july: World) -> None:
    migrate(july.engine)
    account(july.engine, "lan", "30520")
    compare_marts(july.engine, board(july.engine, "lan"), THREE)


def test_an_account_without_limits_and_a_board_without_accounts_see_every_row(july: World) -> None:
    migrate(july.engine)
    account(july.engine, "an")
    with login(july.engine, "motcua_reader") as reader:
        full = rows(reader, _FLOW)
    assert full
    assert rows(board(july.engine, "an"), _FLOW) == full
    assert rows(board(july.engine, "*"), _FLOW) == full


def test_one_who_is_not_known_or_whose_account_is_closed_sees_no_dossier(july: World) -> None:
    migrate(july.engine)
    account(july.engine, "lan", "30520", closed=True)
    account(july.engine, "an", closed=True)
    for viewer in (None, "", "ai_do", "lan", "an", "board:*", "%", "motcua_owner", "motcua_board"):
        url = board(july.engine, viewer)
        for mart in ("daily_flow", "overdue_daily", "timeliness_month", "open_dossier", "due_audit"):
            assert not rows(url, f"select * from mart.{mart}"), (viewer, mart)
        assert not rows(url, "select * from mart.form_ii06('2023-01-01', '2023-12-31')"), viewer


def test_the_setting_means_nothing_for_any_other_login(july: World) -> None:
    migrate(july.engine)
    account(july.engine, "an")
    with login(july.engine, "motcua_reader") as reader, login(july.engine, "motcua_unit_reader") as limited:
        full = rows(reader, _FLOW)
        for viewer in ("*", "an", "nobody"):
            options = f"{'&' if '?' in reader else '?'}options=-cmotcua.viewer%3D{viewer.replace('*', '%2A')}"
            assert rows(reader + options, _FLOW) == full
            assert rows(limited + options, _FLOW) == Counter()
            (answer,) = rows(
                query_login(july.engine) + options, "select ops.viewer() = session_user as is_own"
            )
            assert answer == '{"is_own": true}'


def test_a_setting_of_one_transaction_ends_with_it(july: World) -> None:
    migrate(july.engine)
    account(july.engine, "an")
    count = "select count(*) from mart.daily_flow"
    with psycopg.connect(board(july.engine)) as connection:
        connection.execute("set local motcua.viewer = 'an'")
        (seen,) = connection.execute(count).fetchone() or (0,)
        connection.rollback()
        assert seen > 0
        assert connection.execute(count).fetchone() == (0,)


def test_workers_of_a_parallel_question_know_for_whom_it_is(july: World) -> None:
    migrate(july.engine)
    account(july.engine, "lan", "30520")
    with psycopg.connect(board(july.engine, "lan")) as connection:
        (alone,) = connection.execute("select count(*) from mart.open_dossier").fetchone() or (0,)
        for name in ("debug_parallel_query", "force_parallel_mode"):
            connection.execute(
                f"select set_config('{name}', 'on', true) from pg_settings where name = '{name}'"
            )
        (together,) = connection.execute("select count(*) from mart.open_dossier").fetchone() or (0,)
    assert alone == together


def test_who_looked_is_noted_under_the_name_of_the_one_served_and_of_dossiers_seen(july: World) -> None:
    migrate(july.engine)
    account(july.engine, "lan", "30520")
    _, own = visible(july.engine, THREE)
    with july.engine.connect() as connection:
        others = connection.execute(
            text("select dossier_code from core.fct_dossier where dossier_code <> all(:own)"),
            {"own": list(own)},
        ).scalars()
        code, other = min(own), min(others)
    note = text("insert into ops.board_access (account, dossier_code) values (:account, :code)")
    with writing(july.engine, "lan") as connection:
        connection.execute(note, {"account": "lan", "code": code})
    for viewer, name, dossier in (
        ("lan", "an", code),
        ("lan", "lan", other),
        ("", "", code),
        ("x", "x", code),
    ):
        with (
            pytest.raises(Exception, match="violates row-level security policy"),
            writing(july.engine, viewer) as connection,
        ):
            connection.execute(note, {"account": name, "code": dossier})
    with july.engine.connect() as connection:
        kept = connection.execute(text("select account, dossier_code from ops.board_access")).all()
    assert kept == [("lan", code)]


def test_no_other_login_that_asks_reads_a_hash_of_a_password(warehouse: Engine) -> None:
    migrate(warehouse)
    for group in ("motcua_analyst", "motcua_reader", "motcua_unit_reader"):
        with (
            login(warehouse, group) as url,
            psycopg.connect(url) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute("select * from ops.board_account")
    with warehouse.connect() as connection:
        readers = connection.execute(
            text(
                "select r.rolname::text from pg_roles as r where starts_with(r.rolname, 'motcua_')"
                " and has_any_column_privilege(r.rolname, 'ops.board_account', 'select') order by 1"
            )
        ).scalars()
        assert readers.all() == ["motcua_board", "motcua_loader", "motcua_owner"]


def test_a_column_that_was_granted_by_hand_is_taken_back(warehouse: Engine) -> None:
    migrate(warehouse)
    with warehouse.begin() as connection:
        connection.execute(text("grant update (message_vi) on ops.alert to motcua_board"))
    migrate(warehouse)
    with warehouse.connect() as connection:
        is_granted = "select has_column_privilege('motcua_board', 'ops.alert', 'message_vi', 'update')"
        assert not connection.execute(text(is_granted)).scalar_one()
