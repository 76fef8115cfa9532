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

import yaml
from sqlalchemy import Connection, text

_ROOT = Path(__file__).parent
_FOLDER = _ROOT / "core" / "definitions"
_RULE_SETS = text("select rule_set, bit, is_stored from core.rule_set order by rule_set")

Rows = Sequence[Mapping[str, Any]]


@cache
def definition_files() -> tuple[str, ...]:
    """Returns the paths of the files below warehouse_sql/, in order of their names."""
    return tuple(file.relative_to(_ROOT).as_posix() for file in sorted(_FOLDER.glob("*.yaml")))


@cache
def definitions(table: str) -> Rows:
    """Returns the rows of core.`table` as its file has them."""
    rows: Rows = yaml.safe_load((_FOLDER / f"{table}.yaml").read_text(encoding="utf-8"))
    return rows


def load_definitions(connection: Connection, changed: Mapping[str, Rows] | None = None) -> None:
    """Replaces the rows of every table by those of its file, or by those of `changed` for the tables named there.

    Where there are other rule sets than before, or others are stored, all dossiers are folded again by the next run: it brings the marts
    up to date.
    """
    rule_sets = connection.execute(_RULE_SETS).all()
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
    if connection.execute(_RULE_SETS).all() != rule_sets:
        connection.execute(
            text(
                "insert into history.touched_dossier select dossier_code from core.fct_dossier on conflict do nothing"
            )
        )
