"""One run at a time holds a warehouse."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from warehouse_sql.engine import open_engine
from warehouse_sql.errors import WarehouseError
from warehouse_sql.run_lock import run_lock


@pytest.mark.both_servers(in_every_run=True)
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
