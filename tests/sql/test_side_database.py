"""The database that is made for a comparison, and dropped after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer

import pytest
from sqlalchemy import Engine, text

from warehouse_sql.engine import open_engine
from warehouse_sql.errors import WarehouseError
from warehouse_sql.side_database import side_database


@pytest.mark.both_servers
def test_the_database_beside_orders_text_alike_and_goes_away(warehouse: Engine) -> None:
    order = text(
        "select datcollate, datctype, datlocprovider from pg_database where datname = current_database()"
    )
    count = text("select count(*) from pg_database where datname like :like")
    like = {"like": f"{warehouse.url.database}%"}
    with side_database(warehouse, "check") as side, warehouse.connect() as here:
        with side.connect() as there:
            assert there.execute(order).one() == here.execute(order).one()
        # A killed process leaves one; the next one drops it, but none in use.
        with side.connect(), pytest.raises(WarehouseError), side_database(warehouse, "check"):
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


@contextmanager
def _as_plain_user(warehouse: Engine) -> Iterator[Engine]:
    """The warehouse as somebody opens it who may create databases and is no superuser."""
    name = f"plain_{warehouse.url.database}"
    with warehouse.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"create role {name} login createdb password 'plain'"))
        plain = open_engine(
            warehouse.url.set(username=name, password="plain").render_as_string(hide_password=False)
        )
        try:
            yield plain
        finally:
            plain.dispose()
            connection.execute(text(f"drop role {name}"))


@pytest.mark.both_servers
def test_a_session_of_a_superuser_in_it_is_waited_for(warehouse: Engine) -> None:
    """As one of autovacuum, which nobody else may end."""
    with _as_plain_user(warehouse) as plain:
        with side_database(plain, "check") as side:
            name = side.url.database
            guest = open_engine(warehouse.url.set(database=name).render_as_string(hide_password=False))
            seat = guest.connect()
            own = side.connect()  # and one that was forgotten
            Timer(1, lambda: (seat.close(), guest.dispose())).start()
        with warehouse.connect() as connection:
            left = connection.execute(
                text("select count(*) from pg_database where datname = :name"), {"name": name}
            ).scalar()
        own.invalidate()
    assert left == 0
