"""The rules on what is published: how many dossiers fail each, and some of them.

Here: running the rules of scope warehouse. Not here: the rules (`rules.yaml`, `rules/`), or who is notified.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from quality.catalogue import Rule, load_rules

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
