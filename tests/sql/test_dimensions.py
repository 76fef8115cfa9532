"""What the code and the warehouse both know must be the same."""

from __future__ import annotations

from sqlalchemy import Engine, text

from assets.sources.canonical import CONTENT_COLUMNS, LIFE_ORDER


def test_the_order_of_life_is_the_warehouse_s(warehouse: Engine) -> None:
    with warehouse.connect() as connection:
        rows = connection.execute(text("select status, life_order from core.dim_status"))
        assert {row.status: row.life_order for row in rows} == LIFE_ORDER


def test_the_history_keeps_all_that_a_reader_tells(warehouse: Engine) -> None:
    with warehouse.connect() as connection:
        columns = set(
            connection.execute(
                text(
                    "select column_name from information_schema.columns"
                    " where table_schema = 'history' and table_name = 'dossier_version'"
                )
            ).scalars()
        )
    # The raw text of a status is evidence of the file, not a statement about the dossier.
    assert set(CONTENT_COLUMNS) - {"status_raw"} <= columns
