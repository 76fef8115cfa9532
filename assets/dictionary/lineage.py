"""Which tables, views and functions an object is made from.

Of views and functions the database knows it; of tables the statements that fill them, and where Python stands in between, a
list below.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from warehouse_sql.objects import names_in
from warehouse_sql.sql_files import statements_of

_ROOT = Path(__file__).parents[2] / "warehouse_sql"
_TARGET = re.compile(r"\b(?:insert into|update|merge into)\s+([a-z]+\.[a-z0-9_]+)")
_STATEMENTS = ("history", "core", "mart", "ops")
#: Steps in Python between what they read and what they fill: the fold, the working days, the catalogue, the alerts.
_THROUGH_PYTHON: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        (
            *("core.fct_dossier", "core.fct_dossier_span", "core.fct_dossier_event", "core.fct_dossier_edit"),
            *("core.fct_portal_delay", "core.fct_stage", "core.fct_due"),
        ),
        frozenset(
            {"history.dossier_statement", "history.process_step", "core.dim_unit", "core.dim_procedure"}
        ),
    ),
    **{
        f"core.{name}_past": frozenset({f"core.{name}"})
        for name in (
            *("fct_dossier", "fct_dossier_span", "fct_dossier_event", "fct_dossier_edit"),
            *("fct_portal_delay", "fct_stage"),
        )
    },
    "mart.daily_flow": frozenset({"core.fct_dossier_event", "core.fct_dossier_event_past"}),
    "mart.daily_due": frozenset({"core.fct_dossier_span", "core.fct_dossier_event"}),
    "history.dossier_version": frozenset({"landing.export_file"}),
    "history.process_step": frozenset({"landing.export_file"}),
    "landing.quarantine": frozenset({"landing.export_file"}),
    "core.unit_resolution": frozenset({"core.dim_unit", "core.unit_alias", "core.source_province"}),
    "core.procedure_resolution": frozenset({"core.dim_procedure", "core.procedure_said"}),
    "core.catalogue_entry": frozenset({"core.catalogue_import"}),
    "core.dim_procedure": frozenset({"core.catalogue_entry"}),
    "mart.due_soon": frozenset({"mart.open_dossier", "ops.due_soon_model"}),
    "ops.alert": frozenset({"mart.daily_flow", "mart.daily_due", "mart.overdue_daily", "ops.feed_day"}),
}


def reads_of(bodies: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Returns what each object is made from, among the objects given by name and body (empty for tables)."""
    reads: dict[str, frozenset[str]] = {}
    for name, body in bodies.items():
        needed = (
            names_in(body) | _filled_from().get(name, frozenset()) | _THROUGH_PYTHON.get(name, frozenset())
        )
        reads[name] = (needed & bodies.keys()) - {name}
    return reads


@cache
def _filled_from() -> dict[str, frozenset[str]]:
    filled: defaultdict[str, set[str]] = defaultdict(set)
    for statement in _statements():
        for target in _TARGET.findall(statement):
            filled[target] |= names_in(statement) - {target}
    return {target: frozenset(sources) for target, sources in filled.items()}


def _statements() -> Iterator[str]:
    for schema in _STATEMENTS:
        for file in sorted((_ROOT / schema).glob("*.sql")):
            yield from statements_of(file.read_text(encoding="utf-8"))
