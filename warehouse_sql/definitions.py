"""Rule sets, indicators, statuses and channels: rows that motcua itself defines, in Vietnamese and English.

Each table of them is a YAML file, `core/definitions/<table>.yaml`, a list of rows whose keys are the columns. They are loaded
together with the views and functions that count by them (`migrate.py`): no function lacks its row, and no row its function.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from warehouse_sql.sql_files import run_file
from warehouse_sql.yaml_files import read_yaml

_ROOT = Path(__file__).parent
_FOLDER = _ROOT / "core" / "definitions"
_BITS = text("select rule_set, bit from core.rule_set order by rule_set")
_STORED = text("select rule_set from core.rule_set where is_stored order by rule_set")

Rows = Sequence[Mapping[str, Any]]


@cache
def definition_files() -> tuple[str, ...]:
    """Returns the paths of the files below warehouse_sql/, in order of their names."""
    return tuple(file.relative_to(_ROOT).as_posix() for file in sorted(_FOLDER.glob("*.yaml")))


@cache
def definitions(table: str) -> Rows:
    """Returns the rows of core.`table` as its file has them."""
    rows: Rows = read_yaml(_FOLDER / f"{table}.yaml")
    return rows


def load_definitions(connection: Connection, changed: Mapping[str, Rows] | None = None) -> None:
    """Replaces the rows of every table by those of its file, or by those of `changed` for the tables named there.

    The next run folds all dossiers again where there are other rule sets than before, and sums all stocks and months again where
    others of them are stored.
    """
    bits, stored = connection.execute(_BITS).all(), connection.execute(_STORED).all()
    for file in definition_files():
        table = Path(file).stem
        rows = (changed or {}).get(table) or definitions(table)
        connection.execute(text(f"delete from core.{table}"))
        connection.execute(
            text(
                f"insert into core.{table}"
                f" select * from jsonb_populate_recordset(null::core.{table}, cast(:rows as jsonb))"
            ),
            {"rows": json.dumps(rows)},
        )
    if connection.execute(_STORED).all() != stored:
        run_file(connection, "mart/restore_rule_sets.sql")
    if connection.execute(_BITS).all() != bits:
        connection.execute(
            text(
                "insert into history.touched_dossier select dossier_code from core.fct_dossier on conflict do nothing"
            )
        )
