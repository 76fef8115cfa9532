"""What a warehouse holds, row by row, without what differs from run to run: keys that were drawn, moments of loading.

Here: what must be equal after any fault, and what must add up. Not here: the faults.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Engine, text

from assets.given.manifest import FILE as MANIFEST
from assets.given.manifest import Contents, read_manifest
from assets.rebuild import COMPARED
from warehouse_sql.sql_files import statements_of_file

Content = Mapping[str, list[str]]

_FILE = "inner join landing.export_file as f on t.file_id = f.file_id"
_VERSION = (
    "inner join history.dossier_version as v on t.version_id = v.version_id"
    " inner join landing.export_file as w on v.file_id = w.file_id"
)
# An unreadable file does not say when it was exported, so it arrived when it was read.
_REGISTER = (
    "select (to_jsonb(t) - '{file_id,loaded_at,received_at,effective_at}'::text[])::text,"
    " case when t.exported_at is not null then t.received_at end from landing.export_file as t"
)
_ROWS = {
    **{table: f"select to_jsonb(t)::text from {table} as t" for table in COMPARED},
    "landing.export_file": _REGISTER,
    "landing.quarantine": (
        "select (to_jsonb(t) - '{file_id,quarantine_id,resolved_file_id}'::text[])::text from landing.quarantine as t"
    ),
    "history.dossier_version": (
        "select (to_jsonb(t) - '{file_id,version_id,loaded_at}'::text[])::text, f.path"
        f" from history.dossier_version as t {_FILE}"
    ),
    "history.dossier_repeat": (
        "select (to_jsonb(t) - '{file_id,version_id}'::text[])::text, f.path, w.path, v.row_number"
        f" from history.dossier_repeat as t {_FILE} {_VERSION}"
    ),
    "history.process_step": (
        "select (to_jsonb(t) - '{file_id,loaded_at}'::text[])::text, f.path"
        f" from history.process_step as t {_FILE}"
    ),
    **{
        table: f"select to_jsonb(t)::text from {table} as t"
        for table in (
            *("core.dim_unit", "core.unit_resolution", "core.procedure_resolution"),
            *("core.procedure_said", "core.dim_source", "core.source_province"),
        )
    },
    # Roles are of a server and no matter of what was taken in.
    "ops.setting": (
        "select to_jsonb(t)::text from ops.setting as t"
        " where t.name not in ('rights_digest', 'role_prefix', 'facts_change', 'sums_checked', 'sums_checked_week')"
    ),
}
_NOTHING_IN = ("history.touched_dossier", "mart.touched_cell")
_NOTHING_SELECTED = ("landing/unaccounted_file.sql", "mart/flow_difference.sql", "mart/unbalanced_month.sql")


def content_of(engine: Engine) -> dict[str, list[str]]:
    """All rows that must be equal, by table, in order."""
    with engine.connect() as connection:
        return {
            table: sorted(" | ".join(map(str, row)) for row in connection.execute(text(_escaped(query))))
            for table, query in _ROWS.items()
        }


def difference(one: Content, other: Content, tables: tuple[str, ...] = tuple(_ROWS)) -> dict[str, list[str]]:
    """Rows that only one of the two has, by table; empty when all are equal."""
    found = {}
    for table in tables:
        mine, theirs = Counter(one[table]), Counter(other[table])
        rows = [f"- {row}" for row in (mine - theirs).elements()]
        rows += [f"+ {row}" for row in (theirs - mine).elements()]
        if rows:
            found[table] = rows
    return found


def loose_ends(engine: Engine, archive: Path, landed: Path) -> list[str]:
    """What is not accounted for: files, rows, waiting work, bytes in the archive. Empty when all is well."""
    files = {
        (str(file.relative_to(landed)), hashlib.sha256(file.read_bytes()).hexdigest())
        for file in landed.rglob("*")
        if file.is_file()
    }
    with engine.connect() as connection:
        register = [
            (row.path, row.sha256)
            for row in connection.execute(text("select path, sha256 from landing.export_file"))
        ]
        waiting = connection.execute(
            text("select path from landing.export_file where loaded_at is null")
        ).scalars()
        ends = [f"waits for its replay: {path}" for path in waiting]
        ends += [f"not in the register once: {file}" for file in files if register.count(file) != 1]
        ends += [f"in the register, never landed: {file}" for file in set(register) - files]
        for table in _NOTHING_IN:
            if connection.execute(text(f"select count(*) from {table}")).scalar_one():
                ends.append(f"{table} is not empty")
        for file in _NOTHING_SELECTED:
            (statement,) = statements_of_file(file)
            ends += [f"{file}: {row}" for row in connection.execute(text(_escaped(statement)))]
    kept = {file for file in archive.rglob("*") if file.is_file() and file.name != MANIFEST}
    for path, sha256 in files:
        file = archive / sha256[:2] / sha256
        if file not in kept or hashlib.sha256(file.read_bytes()).hexdigest() != sha256:
            ends.append(f"not in the archive: {path}")
    manifest = read_manifest(archive)
    ends += [f"in the register, not in the manifest: {file}" for file in set(register) - _noted(manifest)]
    ends += [f"in the manifest, not in the register: {file}" for file in _noted(manifest) - set(register)]
    ends += [f"in the archive without an origin: {file}" for file in kept if file.name not in manifest.came]
    known = {sha256 for _, sha256 in files}
    ends += [f"in the archive under no name: {file}" for file in kept if file.name not in known]
    return ends


def _noted(manifest: Contents) -> set[tuple[str, str]]:
    return {(export.path, export.sha256) for export in manifest.exports.values()}


def _escaped(query: str) -> str:
    return query.replace("::", r"\:\:")
