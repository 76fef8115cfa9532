"""The rules on what is published: how many dossiers fail each, and some of them.

Here: running the rules of scope warehouse. Not here: the rules (`rules.yaml`, `rules/`), or who is notified.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, text

from quality.catalogue import Rule, load_rules
from warehouse_sql.sql_files import statements_of_file

_KEPT = "kept_findings"

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
    """Returns what fails each rule on what is published, by the rule's id, in the order of the catalogue; nothing
    is changed.
    """
    return {rule.id: _findings(connection, rule) for rule in published_rules()}


def findings_as_published(connection: Connection) -> dict[str, Findings]:
    """Returns the same, kept from the last time where nothing that the rules read has changed since: they read all dossiers."""
    state = _state(connection)
    kept = _read(connection)
    if kept is not None and kept["state"] == state:
        return {rule_id: _of_json(each) for rule_id, each in kept["findings"].items()}
    findings = failing_published(connection)
    value = {"state": state, "findings": {rule_id: asdict(each) for rule_id, each in findings.items()}}
    connection.execute(
        text(
            "insert into ops.setting values (:name, :value)"
            " on conflict (name) do update set value = excluded.value"
        ),
        {"name": _KEPT, "value": json.dumps(value, ensure_ascii=False)},
    )
    return findings


def _state(connection: Connection) -> str:
    (statement,) = statements_of_file("ops/published_state.sql")
    parts = [
        repr(tuple(connection.execute(text(statement)).one())),
        *(rule.sql for rule in published_rules()),
    ]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _read(connection: Connection) -> dict[str, Any] | None:
    value = connection.execute(
        text("select value from ops.setting where name = :name"), {"name": _KEPT}
    ).scalar_one_or_none()
    kept: dict[str, Any] | None = json.loads(value) if value else None
    return kept


def _of_json(value: dict[str, Any]) -> Findings:
    return Findings(value["count"], tuple(Example(**example) for example in value["examples"]))


def _findings(connection: Connection, rule: Rule) -> Findings:
    rows = connection.execute(
        text(
            "select r.dossier_code, r.field, r.value, count(*) over () as all_count"
            f" from (\n{rule.sql}\n) as r"
            # by code point: the same rows are shown whatever the server's language
            ' order by r.dossier_code collate "C", r.field collate "C", r.value collate "C" nulls first'
            f" limit {SHOWN}"
        )
    ).all()
    return Findings(
        count=rows[0].all_count if rows else 0,
        examples=tuple(Example(row.dossier_code, row.field, row.value) for row in rows),
    )
