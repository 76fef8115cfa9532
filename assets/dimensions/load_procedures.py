"""Procedures in the warehouse: the catalogue's versions, and which procedure a name in an export stands for.

Here: core.dim_procedure out of what was stated, and the names met in exports. Not here: taking a catalogue over
(`catalogue_import.py`).
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import polars as pl
from sqlalchemy import Connection, text

from assets.dimensions.catalogue import FIELDS, Procedure, Statement, Version, same_until, versions
from assets.dimensions.members import refuse_unknown_members
from assets.dimensions.names import procedure_key
from assets.dimensions.procedures import built_in
from assets.dimensions.resolve import resolve_procedures
from assets.dimensions.units import FOREVER
from warehouse_sql.frames import copy_frame
from warehouse_sql.sql_files import run_file

_KINDS: dict[str, Any] = {
    **{"limit_value": pl.Float64, "online_limit_value": pl.Float64},
    **{"is_fee_bearing": pl.Boolean, "gives_paper_result": pl.Boolean, "local_codes": pl.List(pl.String)},
}
#: Types of the columns that a procedure's fields become.
FIELD_SCHEMA = {name: _KINDS.get(name, pl.String) for name in FIELDS}
_SCHEMA: dict[str, Any] = {
    **{"procedure_code": pl.String, "valid_from": pl.Date, "valid_to": pl.Date, "import_id": pl.Int32},
    **{"is_last": pl.Boolean, **FIELD_SCHEMA},
}


def load_procedures(connection: Connection) -> list[str]:
    """Brings core.dim_procedure to what the catalogues say; codes of the procedures that changed.

    Dossiers received since then are touched, and names are read again where a catalogue knows them now or no longer
    does. Raises WarehouseError, for the caller to roll back, if facts refer to a unit or procedure that does not exist any more.
    """
    known, stored = versions(statements(connection)), _stored(connection)
    differing = sorted(code for code in {*known, *stored} if known.get(code) != stored.get(code))
    if differing:
        connection.execute(
            text("delete from core.dim_procedure where procedure_code = any(:codes)"), {"codes": differing}
        )
        rows = [_row(code, version, known[code]) for code in differing for version in known.get(code, [])]
        copy_frame(connection, pl.DataFrame(rows, schema=_SCHEMA, orient="row"), "core.dim_procedure")
    connection.execute(
        text(
            "insert into core.dim_procedure (procedure_code, procedure_name, is_inferred)"
            " values ('x-unknown', 'Không rõ thủ tục', true) on conflict do nothing"
        )
    )
    if differing:
        # Whoever lost its place in the catalogue is inferred at once: no dossier is ever without its procedure.
        refresh_procedures(connection)
        run_file(connection, "core/rekey_procedures.sql", codes=differing)
        run_file(connection, "mart/rekey_procedures.sql", codes=differing)
    since = {code: same_until(stored.get(code, []), known.get(code, [])) for code in differing}
    changed = [code for code in differing if since[code] < FOREVER]
    connection.execute(
        text(
            "insert into history.touched_dossier select f.dossier_code from core.fct_dossier_all as f"
            " inner join unnest(cast(:codes as text[]), cast(:days as date[])) as c (procedure_code, since)"
            " on f.procedure_code = c.procedure_code"
            " where coalesce(f.received_at, f.submitted_at, 'infinity')::date >= c.since on conflict do nothing"
        ),
        {"codes": changed, "days": [since[code] for code in changed]},
    )
    refuse_unknown_members(connection)
    return changed


def _row(code: str, version: Version, known: list[Version]) -> tuple[Any, ...]:
    attributes = [getattr(version.procedure, name) for name in FIELDS]
    values = [list(value) if isinstance(value, tuple) else value for value in attributes]
    return (code, version.valid_from, version.valid_to, version.import_id, version is known[-1], *values)


def statements(connection: Connection) -> list[Statement]:
    """Returns what motcua starts with, and every catalogue that was taken over."""
    entries: dict[int, dict[str, Procedure]] = defaultdict(dict)
    for row in connection.execute(
        text(f"select import_id, procedure_code, {', '.join(FIELDS)} from core.catalogue_entry")
    ):
        entries[row.import_id][row.procedure_code] = _procedure(row)
    imports = connection.execute(text("select import_id, valid_from, columns from core.catalogue_import"))
    return [
        built_in(),
        *(
            Statement(row.valid_from, row.import_id, frozenset(row.columns), entries[row.import_id])
            for row in imports
        ),
    ]


def _procedure(row: Any) -> Procedure:
    return Procedure(
        **{name: getattr(row, name) for name in FIELDS if name != "local_codes"},
        local_codes=tuple(row.local_codes),
    )


def _stored(connection: Connection) -> dict[str, list[Version]]:
    stored: dict[str, list[Version]] = defaultdict(list)
    for row in connection.execute(
        text(
            f"select procedure_code, valid_from, valid_to, import_id, {', '.join(FIELDS)}"
            " from core.dim_procedure where not is_inferred order by procedure_code, valid_from"
        )
    ):
        version = Version(row.valid_from, row.valid_to, row.import_id, _procedure(row))
        stored[row.procedure_code].append(version)
    return dict(stored)


def resolve_new_procedures(connection: Connection) -> list[str]:
    """Resolves and remembers the names of procedures on staged rows that are new. Returns those names."""
    names = list(
        connection.execute(
            text(
                "select distinct s.procedure_name from landing.staged_row as s where s.procedure_name is not null"
                " and not exists (select 1 from core.procedure_resolution as r"
                " where r.procedure_name = s.procedure_name)"
            )
        ).scalars()
    )
    if names:
        _remember(connection, names)
    return names


def _remember(connection: Connection, names: list[str]) -> None:
    answers = resolve_procedures(names, _catalogue_names(connection), _pairs(connection))
    for name, (name_key, code, is_known) in sorted(answers.items()):
        connection.execute(
            text(
                "insert into core.procedure_resolution values (:name, :name_key, :code, :is_known)"
                " on conflict (procedure_name) do update"
                " set procedure_code = excluded.procedure_code, is_known = excluded.is_known"
            ),
            {"name": name, "name_key": name_key, "code": code, "is_known": is_known},
        )


def _catalogue_names(connection: Connection) -> dict[str, str]:
    """Returns the code by the key of a name. Of several procedures of one name the one in force longest stands, then the
    first code.

    A name that a procedure once had still finds it, unless another one bears it now.
    """
    rows = connection.execute(
        text(
            "select procedure_name, procedure_code from core.dim_procedure where not is_inferred"
            " order by valid_to, valid_from desc, procedure_code desc"
        )
    )
    return {procedure_key(row.procedure_name): row.procedure_code for row in rows}


def _pairs(connection: Connection) -> list[tuple[str, str]]:
    rows = connection.execute(
        text(
            "select distinct procedure_code, procedure_name from core.procedure_said"
            " where procedure_name is not null"
        )
    ).all()
    return [(row.procedure_code, row.procedure_name) for row in rows]


def refresh_procedures(connection: Connection) -> None:
    """Names read again with all codes that exports paired them with, and the inferred members of them.

    Dossiers whose procedure this changes are touched.
    """
    before = {
        row.procedure_name: row.procedure_code
        for row in connection.execute(
            text("select procedure_name, procedure_code from core.procedure_resolution")
        )
    }
    answers = resolve_procedures(before, _catalogue_names(connection), _pairs(connection))
    changed = [name for name, answer in answers.items() if answer[1] != before[name]]
    if changed:
        _remember(connection, changed)
    run_file(
        connection,
        "core/infer_procedures.sql",
        changed_from=sorted({before[name] for name in changed}),
    )
