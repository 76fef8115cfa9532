"""The schema: brought up to date once, by many, all or nothing; and every column an analyst sees is described."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from warehouse_sql import migrate as migration
from warehouse_sql.engine import open_engine
from warehouse_sql.errors import WarehouseError
from warehouse_sql.migrate import HEAD, migrate
from warehouse_sql.side_database import side_database

pytestmark = pytest.mark.both_servers(in_every_run=True)
_SCHEMAS = "('landing', 'history', 'core', 'mart', 'vi', 'ops')"


@pytest.fixture
def empty(warehouse: Engine) -> Iterator[Engine]:
    """A database without any schema of ours."""
    with side_database(warehouse, "empty") as side:
        yield side


def test_the_second_time_there_is_nothing_to_do(empty: Engine) -> None:
    assert migrate(empty) == [f"∅ → {HEAD}", "views and functions"]
    assert migrate(empty) == []
    start = time.perf_counter()
    assert migrate(empty) == []
    assert time.perf_counter() - start < 0.5  # 3 ms on a quiet machine


def test_nothing_to_do_needs_no_alembic(warehouse: Engine) -> None:
    url = warehouse.url.render_as_string(hide_password=False)
    code = (
        "import sys; from warehouse_sql.migrate import migrate; from warehouse_sql.engine import open_engine\n"
        f"assert migrate(open_engine({url!r})) == []; assert 'alembic' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_functions_that_go_with_another_are_dropped_once(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        connection.exec_driver_sql("create function mart.t_0() returns int language sql as 'select 1'")
        for n in range(1, 120):
            connection.exec_driver_sql(
                f"create function mart.t_{n}() returns int language sql begin atomic select mart.t_0(); end"
            )
        connection.exec_driver_sql("update ops.setting set value = 'x' where name = 'objects_digest'")
    assert migrate(warehouse) == ["views and functions"]
    with warehouse.connect() as connection:
        left = "select count(*) from pg_proc where proname ~ '^t_[0-9]+$'"
        assert connection.exec_driver_sql(left).scalar_one() == 0


def test_two_at_once_do_it_once(empty: Engine) -> None:
    url = empty.url.render_as_string(hide_password=False)
    with ThreadPoolExecutor(3) as pool:
        applied = list(pool.map(lambda _: migrate(open_engine(url)), range(3)))
    assert sorted(map(len, applied)) == [0, 0, 2]


def test_a_failure_leaves_nothing_half_done(empty: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(migration, "object_files", lambda: ("no/such/file.sql",))
        patch.setattr(migration, "objects_digest", lambda: "x")
        with pytest.raises(FileNotFoundError):
            migrate(empty)
    with empty.connect() as connection:
        assert (
            connection.execute(
                text(f"select count(*) from pg_namespace where nspname in {_SCHEMAS}")
            ).scalar()
            == 0
        )
    assert len(migrate(empty)) == 2


def test_views_and_functions_are_made_again_when_they_differ(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        connection.execute(text("create view mart.of_an_older_version as select 1 as a"))
        connection.execute(
            text("create function core.of_an_older_version() returns int language sql return 1")
        )
        connection.execute(text("update ops.setting set value = 'older' where name = 'objects_digest'"))
        connection.execute(text("insert into ops.setting values ('mine', 'kept')"))
    assert migrate(warehouse) == ["views and functions"]
    with warehouse.connect() as connection:
        assert connection.execute(text("select to_regclass('mart.of_an_older_version')")).scalar() is None
        assert connection.execute(text("select to_regproc('core.of_an_older_version')")).scalar() is None
        assert (
            connection.execute(text("select value from ops.setting where name = 'mine'")).scalar() == "kept"
        )
        assert connection.execute(text("select count(*) from mart.open_dossier")).scalar() == 0


def test_a_schema_of_a_newer_version_is_left_alone(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999_later'"))
    with pytest.raises(WarehouseError, match=r"\(9999_later\) mới hơn motcua này"):
        migrate(warehouse)
    with warehouse.connect() as connection:
        assert connection.execute(text("select count(*) from mart.open_dossier")).scalar() == 0


def test_the_head_is_alembics_head() -> None:
    configuration = Config()
    configuration.set_main_option("script_location", str(migration._ROOT / "migrations"))
    scripts = ScriptDirectory.from_config(configuration)
    assert scripts.get_current_head() == HEAD
    with pytest.raises(NotImplementedError, match="Không hạ phiên bản kho"):
        scripts.get_revision(HEAD).module.downgrade()


def test_all_an_analyst_sees_is_described(warehouse: Engine) -> None:
    with warehouse.connect() as connection:
        bare = connection.execute(
            text(
                f"""
                select format('%s.%s', n.nspname, c.relname) as what
                from pg_class as c inner join pg_namespace as n on c.relnamespace = n.oid
                where n.nspname in {_SCHEMAS} and c.relkind in ('r', 'p', 'v', 'm', 'f')
                    and obj_description(c.oid, 'pg_class') is null
                union all
                select format('%s.%s.%s', n.nspname, c.relname, a.attname)
                from pg_class as c inner join pg_namespace as n on c.relnamespace = n.oid
                inner join pg_attribute as a on c.oid = a.attrelid and a.attnum > 0 and not a.attisdropped
                where n.nspname in {_SCHEMAS} and c.relkind in ('r', 'p', 'v', 'm', 'f')
                    and format('%s.%s', n.nspname, c.relname) <> 'landing.staged_row'
                    and col_description(c.oid, a.attnum) is null
                union all
                select p.oid::regprocedure::text
                from pg_proc as p inner join pg_namespace as n on p.pronamespace = n.oid
                where n.nspname in {_SCHEMAS} and obj_description(p.oid, 'pg_proc') is null
                order by what
                """
            )
        ).scalars()
        assert list(bare) == []


def test_no_function_keeps_a_query_from_reading_in_parallel(warehouse: Engine) -> None:
    with warehouse.connect() as connection:
        alone = connection.execute(
            text(
                "select p.oid::regprocedure::text from pg_proc as p inner join pg_namespace as n"
                f" on p.pronamespace = n.oid where n.nspname in {_SCHEMAS} and p.provolatile <> 'v' and p.proparallel <> 's'"
            )
        ).scalars()
        assert list(alone) == []
