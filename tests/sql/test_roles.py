"""Roles and rights: what each group may, who makes them, and two warehouses on one server."""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, text

from tests.asking import query_login
from tests.conftest import own_database
from tests.worlds import World
from warehouse_sql.analyst import ask
from warehouse_sql.embedded import programs
from warehouse_sql.engine import open_engine
from warehouse_sql.errors import WarehouseError
from warehouse_sql.migrate import migrate, missing_rights
from warehouse_sql.query_login import ask_made_login
from warehouse_sql.roles import checked_prefix, roles_of

pytestmark = pytest.mark.both_servers
NewDatabase = Callable[[], Engine]
_CHECKOUT = Path(__file__).parents[2]
#: What is granted in a warehouse to the groups of a prefix.
_GRANTED = """
select distinct format('%s to %s', k.object, r.rolname)
from (
    select n.nspname || '.' || c.relname as object, c.relacl as acl
    from pg_class as c inner join pg_namespace as n on c.relnamespace = n.oid
    union all select p.proname, p.proacl from pg_proc as p
    union all select n.nspname, n.nspacl from pg_namespace as n
) as k
cross join aclexplode(k.acl) as a
inner join pg_roles as r on a.grantee = r.oid
where r.rolname in (:prefix || '_reader', :prefix || '_analyst', :prefix || '_loader', :prefix || '_owner')
"""


@pytest.fixture
def new_database(server: str, request: pytest.FixtureRequest) -> Iterator[NewDatabase]:
    """Empty databases of one server, each a warehouse of its own: nothing says how their roles are named."""
    with _databases(server, request) as make:
        yield make


@contextmanager
def _databases(
    server: str, request: pytest.FixtureRequest, template: str = "template0"
) -> Iterator[NewDatabase]:
    opened: list[Engine] = []
    stack: list[object] = []

    def make() -> Engine:
        context = own_database(request.config, server, template)
        url = context.__enter__()
        stack.append(context)
        engine = open_engine(url)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"alter database {engine.url.database} set motcua.role_prefix = ''"))
        engine.dispose()
        opened.append(engine)
        return engine

    yield make
    for engine in opened:
        engine.dispose()
    for context in stack:
        context.__exit__(None, None, None)  # type: ignore[attr-defined]


@contextmanager
def login(engine: Engine, *groups: str, attributes: str = "") -> Iterator[str]:
    """A login that is a member of groups; its address."""
    name = f"l_{uuid.uuid4().hex[:12]}"
    members = f"in role {', '.join(groups)}" if groups else ""
    with engine.begin() as connection:
        connection.execute(text(f"create role {name} login {attributes} {members}"))
    try:
        yield query_login(engine, name)
    finally:
        with engine.begin() as connection:
            connection.execute(text(f"reassign owned by {name} to current_user"))
            connection.execute(text(f"drop owned by {name}"))
            connection.execute(text(f"drop role {name}"))


def test_the_warehouse_belongs_to_groups_that_are_no_superusers(warehouse: Engine) -> None:
    """Views and functions of the marts belong to a group that only reads: they run with its rights."""
    migrate(warehouse)
    with warehouse.connect() as connection:
        owners = connection.execute(
            text(
                "select distinct c.relkind = 'v' and (n.nspname in ('mart', 'vi')"
                " or c.relname in ('fct_dossier_all', 'dossier_service')),"
                " pg_get_userbyid(c.relowner) from pg_class as c"
                " inner join pg_namespace as n on c.relnamespace = n.oid"
                " where n.nspname in ('landing', 'history', 'core', 'mart', 'vi', 'ops')"
                " union select n.nspname = 'mart', pg_get_userbyid(p.proowner) from pg_proc as p"
                " inner join pg_namespace as n on p.pronamespace = n.oid"
                " where n.nspname in ('landing', 'history', 'core', 'mart', 'vi', 'ops')"
            )
        ).all()
        assert set(map(tuple, owners)) == {(False, "motcua_owner"), (True, "motcua_mart")}
        writes = connection.execute(
            text(
                "select count(*) from pg_class as c inner join pg_namespace as n on c.relnamespace = n.oid"
                " where n.nspname in ('landing', 'history', 'core', 'mart', 'vi', 'ops') and c.relkind = 'r'"
                " and has_table_privilege('motcua_mart', c.oid, 'insert, update, delete, truncate')"
                " or has_schema_privilege('motcua_mart', n.oid, 'create')"
            )
        ).scalar_one()
        assert writes == 0
        mighty = connection.execute(
            text(
                "select count(*) from pg_roles where starts_with(rolname, 'motcua_') and (rolsuper or rolcreaterole)"
            )
        ).scalar_one()
        assert mighty == 0


def test_a_reader_reads_every_mart_and_nothing_else(small: World) -> None:
    with small.engine.connect() as connection:
        marts = (
            connection.execute(
                text(
                    "select c.oid::regclass::text from pg_class as c inner join pg_namespace as n on c.relnamespace = n.oid"
                    " where n.nspname = 'mart' and c.relkind in ('r', 'p', 'v')"
                )
            )
            .scalars()
            .all()
        )
        others = (
            connection.execute(
                text(
                    "select c.oid::regclass::text from pg_class as c inner join pg_namespace as n on c.relnamespace = n.oid"
                    " where n.nspname in ('landing', 'history', 'core', 'ops') and c.relkind in ('r', 'p', 'v')"
                )
            )
            .scalars()
            .all()
        )
    with login(small.engine, "motcua_reader") as url, psycopg.connect(url, autocommit=True) as connection:
        for mart in marts:
            connection.execute(f"select * from {mart} limit 1".encode())
        for function in (
            "form_ii06('2023-01-01', '2023-12-31')",
            "form_ii06('2023-01-01', '2023-12-31', 'opencps_v1', '2023-06-01', 'current')",
            "form_ii06_marked('2023-01-01', '2023-12-31')",
            "form_diff('2023-01-01', '2023-12-31', '2023-03-01', 'infinity')",
            "indicator_qd766('2023-01-01', '2023-12-31')",
            "definition_switch('2023-01-01', '2023-12-31')",
            "unit_ranking('2.1', '2023-01-01', '2023-12-31')",
            "target_progress(2023, '2023-12-14')",
            "dossier_trace('x')",
            "explain_fall('x', '2023-02-01')",
            "edited_as_known('2023-06-01')",
        ):
            connection.execute(f"select * from mart.{function} limit 1".encode())
        for other in others:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"select * from {other} limit 1".encode())


def test_a_function_of_the_marts_looks_nothing_up_where_its_caller_says(small: World) -> None:
    """It runs as its owner: what a caller puts into the search path must not be found."""
    with small.engine.connect() as connection:
        open_ones = connection.execute(
            text(
                "select p.oid::regprocedure::text from pg_proc as p inner join pg_namespace as n on p.pronamespace = n.oid"
                " where n.nspname = 'mart' and not (p.prosecdef and 'search_path=pg_catalog, pg_temp' = any(p.proconfig))"
            )
        ).scalars()
        assert open_ones.all() == []


def test_a_loader_runs_the_nights_and_changes_no_structure(july: World) -> None:
    """The whole run of a further file, as a login that owns nothing."""
    migrate(july.engine)
    with login(july.engine, "motcua_loader") as url:
        engine = open_engine(url)
        assert migrate(engine) == []
        july.engine = engine
        july.run()
        for command in (
            "drop table core.dim_status",
            "create table core.mine (a integer)",
            "alter table ops.run add x int",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), psycopg.connect(url) as connection:
                connection.execute(command.encode())
        engine.dispose()


def test_a_user_without_the_right_to_make_roles_is_given_the_statements(
    new_database: NewDatabase, tmp_path: Path
) -> None:
    engine = new_database()
    with login(engine) as url:
        name = engine.url.database
        owner = open_engine(url).url.username
        _as_superuser(engine, f"alter database {name} owner to {owner}")
        plain = open_engine(url)
        try:
            assert migrate(plain)
            assert migrate(plain) == []
            with pytest.raises(WarehouseError) as refused:
                ask_made_login(url, tmp_path, "select 1", 60, ask)
            statements = missing_rights(plain)
            assert all(f"{statement};" in str(refused.value) for statement in statements)
            assert statements[0].startswith("create role ")
            for statement in statements:
                _as_superuser(engine, statement)
            assert missing_rights(plain) == []
            migrate(plain)
            rows = ask_made_login(url, tmp_path, "select count(*) from mart.daily_flow", 60, ask)[1]
            assert rows == [(0,)]
            with plain.connect() as connection:
                owner_now = "select pg_get_userbyid(nspowner) from pg_namespace where nspname = 'mart'"
                assert connection.execute(text(owner_now)).scalar_one().endswith("_owner")
        finally:
            plain.dispose()
            _as_superuser(engine, f"alter database {name} owner to current_user")


def test_a_user_with_createrole_makes_them(new_database: NewDatabase, tmp_path: Path) -> None:
    engine = new_database()
    with login(engine, attributes="createrole") as url:
        maker = open_engine(url)
        _as_superuser(engine, f"alter database {engine.url.database} owner to {maker.url.username}")
        try:
            prefix = f"made_{uuid.uuid4().hex[:8]}"
            migrate(maker, prefix)
            assert missing_rights(maker, prefix) == []
            rows = ask_made_login(url, tmp_path, "select current_user", 60, ask, prefix)[1]
            assert rows == [(f"{prefix}_query",)]
        finally:
            maker.dispose()
            _as_superuser(engine, f"alter database {engine.url.database} owner to current_user")


def test_roles_and_rights_are_mended_at_the_next_start(warehouse: Engine) -> None:
    migrate(warehouse)
    for damage in (
        "revoke select on mart.daily_flow from motcua_reader",
        "grant execute on function mart.form_ii06 to public",
        "alter table core.dim_status owner to current_user",
        "grant insert on core.dim_status to motcua_analyst",
    ):
        _as_superuser(warehouse, damage)
        migrate(warehouse)
        with login(warehouse, "motcua_reader") as url:
            ask(url, "select count(*) from mart.daily_flow")
        with warehouse.connect() as connection:
            wrong = connection.execute(
                text(
                    "select has_table_privilege('motcua_analyst', 'core.dim_status', 'insert')"
                    " or pg_get_userbyid((select relowner from pg_class where oid = 'core.dim_status'::regclass))"
                    " <> 'motcua_owner'"
                    " or exists (select 1 from pg_proc as p, aclexplode(p.proacl) as a"
                    " where p.proname = 'form_ii06' and a.grantee = 0)"
                )
            ).scalar_one()
        assert not wrong, damage


def test_a_warehouse_restored_without_roles_gets_them(
    warehouse: Engine, new_database: NewDatabase, server: str, tmp_path: Path
) -> None:
    migrate(warehouse)
    restored = new_database()
    folder = programs() if server == "18" else Path("/usr/lib/postgresql/15/bin")
    dump = tmp_path / "dump"
    subprocess.run(
        [folder / "pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--file={dump}", query_login(warehouse, "postgres")],
        check=True,
    )  # fmt: skip
    subprocess.run([folder / "pg_restore", f"--dbname={query_login(restored, 'postgres')}", dump], check=True)
    address = query_login(restored, "postgres")
    rows = ask_made_login(address, tmp_path, "select current_user, count(*) from core.dim_status", 60, ask)[1]
    assert rows[0][0] == f"motcua_{restored.url.database}_query"
    assert rows[0][1] > 0


def test_two_warehouses_on_one_server_do_not_open_each_other(
    new_database: NewDatabase, tmp_path: Path
) -> None:
    first, second = new_database(), new_database()
    logins = []
    for number, engine in enumerate((first, second)):
        migrate(engine)
        address = query_login(engine, "postgres")
        logins.append(
            ask_made_login(address, tmp_path / str(number), "select current_user", 60, ask)[1][0][0]
        )
    assert len(set(logins)) == 2
    for engine, other in ((first, logins[1]), (second, logins[0])):
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            ask(query_login(engine, other), "select 1")


def test_a_database_copied_from_another_keeps_no_right_of_the_others_groups(
    new_database: NewDatabase, server: str, request: pytest.FixtureRequest
) -> None:
    first = new_database()
    migrate(first)
    with first.connect() as connection:
        former = roles_of(connection)
    first.dispose()
    with _databases(server, request, template=str(first.url.database)) as copied:
        copy = copied()
        _as_superuser(copy, "create role bao_cao_reader")
        try:
            _as_superuser(copy, "grant usage on schema mart, vi to bao_cao_reader")
            migrate(copy)
            with copy.connect() as connection:
                assert roles_of(connection) != former
                left = connection.execute(text(_GRANTED), {"prefix": former.prefix}).scalars().all()
                assert left == []
                # An office's own role of a like name is none of a warehouse.
                own = "select has_schema_privilege('bao_cao_reader', 'mart', 'usage')"
                assert connection.execute(text(own)).scalar_one()
            assert migrate(copy) == []
        finally:
            _as_superuser(copy, "drop owned by bao_cao_reader")
            _as_superuser(copy, "drop role bao_cao_reader")


@pytest.mark.long
def test_many_at_once_do_not_collide(new_database: NewDatabase) -> None:
    """Roles belong to the whole server, and four make the same ones at the same moment."""
    prefix = f"once_{uuid.uuid4().hex[:8]}"
    engines = [new_database() for _ in range(4)]
    code = (
        "import sys; from warehouse_sql.migrate import migrate; from warehouse_sql.engine import open_engine\n"
        "migrate(open_engine(sys.argv[1]), sys.argv[2])"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", code, query_login(engine, "postgres"), prefix], cwd=_CHECKOUT)
        for engine in engines
    ]
    assert [process.wait() for process in processes] == [0, 0, 0, 0]
    for engine in engines:
        assert missing_rights(engine, prefix) == []
        assert ask(query_login(engine, f"{prefix}_query"), "select count(*) from mart.daily_flow")[1] == [
            (0,)
        ]


@pytest.mark.parametrize("prefix", ["", "Tỉnh", "a-b", "pg_x", "1a", "x" * 41, 'a"b'])
def test_a_prefix_that_no_role_can_have_is_refused(prefix: str) -> None:
    with pytest.raises(WarehouseError, match="MOTCUA_ROLE_PREFIX"):
        checked_prefix(prefix)


def _as_superuser(engine: Engine, statement: str) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement.replace(":", r"\:")))
