"""The rules on what is published: how many dossiers fail each, and some of them.

Here: running the rules of scope warehouse. Not here: the rules (`rules.yaml`, `rules/`), or who is notified.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, text

from quality.catalogue import Rule, load_rules
from warehouse_sql.kept_settings import keep_setting, kept_setting
from warehouse_sql.laid_out import is_distributed
from warehouse_sql.sql_files import statements_of_file

_KEPT = "kept_findings"
_KEEP = (
    "insert into ops.published_finding (rule_id, dossier_code, field, value)"
    " select :rule, r.dossier_code, r.field, r.value from "
)
# Of more dossiers than that, looking at all costs less.
_MANY = 20_000

#: So many failing dossiers of a rule are shown.
SHOWN = 20


@dataclass(frozen=True)
class Example:
    """A failing dossier: the field at fault, and what stands there."""

    dossier_code: str
    field: str
    value: str | None


@dataclass(frozen=True)
class Findings:
    """How many failing rows a rule returns, and the first `SHOWN` of them by dossier code, field and value."""

    count: int
    examples: tuple[Example, ...]


def published_rules() -> tuple[Rule, ...]:
    """Returns the rules on what is published, in the order of the catalogue."""
    return tuple(rule for rule in load_rules() if rule.scope == "warehouse")


def failing_published(connection: Connection) -> dict[str, Findings]:
    """Returns what fails each rule on what is published, by the rule's id, in the order of the catalogue: all dossiers
    are read, nothing is changed.
    """
    return {rule.id: _findings(connection, f"(\n{_sql(connection, rule)}\n)") for rule in published_rules()}


def note_unchecked(connection: Connection, codes: Collection[str]) -> None:
    """Notes dossiers whose facts changed, in the transaction that changes them: the rules look at these next."""
    if len(codes) > _MANY:
        _forget(connection)
        return
    connection.execute(
        text(
            "insert into ops.unchecked_dossier select unnest(cast(:codes as text [])) on conflict do nothing"
        ),
        {"codes": list(codes)},
    )


def findings_as_published(connection: Connection) -> dict[str, Findings]:
    """Returns the same as it was last seen of each dossier: the rules look at those whose facts changed since, and at all
    when a week begins, for what only the passing of time brings about, or when something else that they read changed.
    """
    state = _state(connection)
    kept = _read(connection)
    if kept != state:
        if kept is None or kept["all"] != state["all"]:
            _look_at_all(connection)
        else:
            _look_at_changed(connection)
        keep_setting(connection, _KEPT, json.dumps(state))
    return {
        rule.id: _findings(
            connection, "(select * from ops.published_finding where rule_id = :rule)", rule=rule.id
        )
        for rule in published_rules()
    }


def check_all_published(connection: Connection) -> dict[str, Findings]:
    """Returns the same after all dossiers were looked at."""
    _forget(connection)
    return findings_as_published(connection)


def _forget(connection: Connection) -> None:
    connection.execute(text("delete from ops.setting where name = :name"), {"name": _KEPT})


def _look_at_all(connection: Connection) -> None:
    connection.execute(text("truncate ops.published_finding, ops.unchecked_dossier"))
    for rule in published_rules():
        connection.execute(text(f"{_KEEP}(\n{_sql(connection, rule)}\n) as r"), {"rule": rule.id})


def _look_at_changed(connection: Connection) -> None:
    # An array, for PostgreSQL takes it into a rule's own groups, as it does not a table.
    codes = (
        connection.execute(text("delete from ops.unchecked_dossier returning dossier_code")).scalars().all()
    )
    if not codes:
        return
    of = {"codes": list(codes)}
    connection.execute(text("delete from ops.published_finding where dossier_code = any(:codes)"), of)
    for rule in published_rules():
        connection.execute(
            text(f"{_KEEP}(\n{_sql(connection, rule)}\n) as r where r.dossier_code = any(:codes)"),
            of | {"rule": rule.id},
        )


def _sql(connection: Connection, rule: Rule) -> str:
    if rule.sql_on_several_servers and is_distributed(connection):
        return rule.sql_on_several_servers
    return rule.sql


def _state(connection: Connection) -> dict[str, str]:
    """Returns what the findings depend on: `all`, after a change of which all dossiers are looked at, and `changes` of facts."""
    (statement,) = statements_of_file("ops/published_state.sql")
    row = connection.execute(text(statement)).one()
    parts = [repr(tuple(row)[1:]), *(rule.sql for rule in published_rules())]
    return {
        "all": hashlib.sha256("\x1f".join(parts).encode()).hexdigest(),
        "changes": str(row.facts_change),
    }


def _read(connection: Connection) -> dict[str, str] | None:
    value = kept_setting(connection, _KEPT)
    kept: dict[str, str] | None = json.loads(value) if value else None
    return kept


def _findings(connection: Connection, rows: str, **parameters: str) -> Findings:
    shown = connection.execute(
        text(
            "select r.dossier_code, r.field, r.value, count(*) over () as all_count"
            f" from {rows} as r"
            # by code point: the same rows are shown whatever the server's language
            ' order by r.dossier_code collate "C", r.field collate "C", r.value collate "C" nulls first'
            f" limit {SHOWN}"
        ),
        parameters,
    ).all()
    return Findings(
        count=shown[0].all_count if shown else 0,
        examples=tuple(Example(row.dossier_code, row.field, row.value) for row in shown),
    )
