"""The gate: staged rows that fail a rule of severity reject go to quarantine, others are flagged.

Here: the statements made from the catalogue. Not here: the rules (`rules.yaml`, `rules/`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, TextClause, text

from quality.catalogue import Rule, staged_rules

_TECHNICAL = (
    *("staged_id", "source", "exported_at", "sheet", "row_number", "unreadable_field", "unreadable_value"),
    *(
        "file_no",
        "verdict",
        "refused_rule",
        "refused_field",
        "refused_value",
        "flags",
        "state_at",
        "state_rank",
    ),
)


def pass_gate(connection: Connection, file_id: int, file: str, seen_at: datetime) -> None:
    """Gives every failing row of landing.staged_row its verdict or its flags, in the caller's transaction.

    A row is quarantined under the first rule that holds. `seen_at` is an instant with a time zone.
    """
    rejecting = staged_rules("reject")
    connection.execute(
        _quarantine_statement(),
        {
            "file_id": file_id,
            "file": file,
            "seen_at": seen_at,
            "ids": [rule.id for rule in rejecting],
            "messages": [rule.message_vi for rule in rejecting],
            "technical": list(_TECHNICAL),
        },
    )
    connection.execute(_flag_statement())


def _failing(rules: Sequence[Rule]) -> str:
    """One query over all rules: rank (the order of the rules), rule_id, staged_id, field, value."""
    return "\nunion all\n".join(
        f"select {rank} as rank, '{rule.id}' as rule_id, r.staged_id, r.field, r.value from (\n{rule.sql}\n) as r"
        for rank, rule in enumerate(rules)
    )


@cache
def _quarantine_statement() -> TextClause:
    rules = staged_rules("reject")
    return text(
        f"""
        with failing as (
            select distinct on (f.staged_id) f.*
            from ({_failing(rules)}) as f
            order by f.staged_id, f.rank
        ),
        refused as (
            insert into landing.quarantine (
                file_id, source, file, sheet, row_number, dossier_code, rule_id, field, value, message_vi,
                payload, first_seen_at
            )
            select
                :file_id, s.source, :file, s.sheet, s.row_number, s.dossier_code, f.rule_id, f.field, f.value,
                replace(m.message, '{{value}}', coalesce(f.value, '')),
                jsonb_strip_nulls(to_jsonb(s) - cast(:technical as text[])), :seen_at
            from failing as f
            inner join landing.staged_row as s on f.staged_id = s.staged_id
            inner join unnest(cast(:ids as text[]), cast(:messages as text[])) as m (rule_id, message)
                on f.rule_id = m.rule_id
            order by f.staged_id
        )
        update landing.staged_row as s
        set verdict = 'quarantined'
        from failing as f
        where s.staged_id = f.staged_id
        """
    )


@cache
def _flag_statement() -> TextClause:
    rules = staged_rules("flag")
    return text(
        f"""
        update landing.staged_row as s
        set flags = g.flags
        from (
            select f.staged_id, array_agg(f.rule_id order by f.rank) as flags
            from ({_failing(rules)}) as f
            group by f.staged_id
        ) as g
        where s.staged_id = g.staged_id and s.verdict is null
        """
    )
