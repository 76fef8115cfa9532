"""Where columns come from is what PostgreSQL itself says of views and keys."""

from __future__ import annotations

from sqlalchemy import Engine

from warehouse_sql.lineage import column_origins


def test_a_view_passes_columns_on_and_what_it_computes_has_no_origin(warehouse: Engine) -> None:
    with warehouse.connect() as connection:
        origins = column_origins(connection, ["mart.open_dossier"])
    by_column = {column: (origin, of) for _, column, origin, of in origins}
    assert by_column["due_at"] == ("core.fct_dossier", "due_at")
    assert by_column["unit_name"] == ("core.dim_unit", "unit_name")
    assert by_column["as_of"] == ("core.dim_date", "date")
    assert not by_column.keys() & {"is_overdue", "working_days_left"}


def test_a_key_comes_from_the_table_that_it_refers_to(warehouse: Engine) -> None:
    with warehouse.connect() as connection:
        origins = column_origins(connection, ["core.fct_dossier", "history.dossier_version"])
    assert ("core.fct_dossier", "unit_key", "core.dim_unit", "unit_key") in origins
    assert ("history.dossier_version", "file_id", "landing.export_file", "file_id") in origins


def test_nothing_is_said_of_what_is_not_there(warehouse: Engine) -> None:
    with warehouse.connect() as connection:
        assert column_origins(connection, ["core.nothing"]) == []
