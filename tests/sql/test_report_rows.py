"""What a report reads of its statements: every row's declared columns are those that the statement gives.

Readers take columns by literal names of these rows, so that mypy refuses one that a statement does not give.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from types import NoneType
from typing import Any, NotRequired, get_args, get_origin, get_type_hints

import pytest
from sqlalchemy import Connection, Engine, inspect, text

from assets.reports.issue.issues import FileRow, IssueRow
from assets.reports.reading import read
from assets.reports.statements import queries
from assets.reports.statements.queries import Query
from assets.reports.statements.running import run_files
from warehouse_sql.sql_files import statements_of_file

_QUERIES: list[Query[Any]] = [value for value in vars(queries).values() if isinstance(value, Query)]
_TYPES = {
    **{"int2": int, "int4": int, "int8": int, "text": str, "bool": bool, "date": date, "float8": float},
    **{"timestamp": datetime, "timestamptz": datetime, "numeric": Decimal},
    **{"_text": list[str], "_int4": list[int], "_int8": list[int]},
}
_FILES = (
    *("report/settings.sql", *read._SHARED, *read._OWN, *read._APART, *read._MOMENTS),
    "report/shown.sql",
)
_PARAMETERS: dict[str, Any] = {
    **{"date_from": date(2023, 7, 15), "date_to": date(2023, 8, 14), "covered": date(2023, 8, 14)},
    **{"former_from": date(2023, 6, 15), "former_to": date(2023, 7, 14)},
    **{"units": None, "rule_set": "ii06", "known_at": "infinity", "least": 10},
    **{"most": 50, "most_listed": 20000, "most_of_one": 10, "most_of_cell": 5},
}


@pytest.mark.parametrize("units", ["report/unit.sql", "report/unit_current.sql"])
def test_every_statement_gives_the_columns_of_its_row(warehouse: Engine, units: str) -> None:
    assert len(_QUERIES) > 30
    with warehouse.connect() as connection:
        run_files(connection, (units, *_FILES), _PARAMETERS)
        for query in _QUERIES:
            if query is queries.FORM_CURRENT and units == "report/unit.sql":
                continue  # needs what the other list of units makes
            given = _columns(connection, query.file)
            hints = get_type_hints(query.row, include_extras=True)
            asked = {name for name, hint in hints.items() if get_origin(hint) is not NotRequired}
            assert asked <= given.keys() <= hints.keys(), query.file
            assert {name: _bare(hints[name]) for name in given} == given, query.file
        connection.rollback()


@pytest.mark.parametrize(("table", "row"), [("ops.report_issue", IssueRow), ("ops.report_file", FileRow)])
def test_the_register_of_issues_has_the_columns_of_its_rows(warehouse: Engine, table: str, row: type) -> None:
    with warehouse.connect() as connection:
        names = {column["name"] for column in inspect(connection).get_columns(table[4:], schema="ops")}
    hints = get_type_hints(row, include_extras=True)
    assert names == {name for name, hint in hints.items() if get_origin(hint) is not NotRequired}


def test_every_statement_stands_once() -> None:
    files = [query.file for query in _QUERIES]
    assert len(set(files)) == len(files)


def _columns(connection: Connection, file: str) -> dict[str, Any]:
    (statement,) = statements_of_file(file)
    found = connection.execute(text(statement), _PARAMETERS)
    types = dict(iter(connection.execute(text("select cast(oid as integer), typname from pg_type"))))
    return {column.name: _TYPES[types[column.type_code]] for column in found.cursor.description}


def _bare(hint: Any) -> Any:
    """The type without "or None" and without "not always"."""
    if get_origin(hint) is NotRequired:
        (hint,) = get_args(hint)
    left = [arg for arg in get_args(hint) if arg is not NoneType]
    return left[0] if NoneType in get_args(hint) else hint
