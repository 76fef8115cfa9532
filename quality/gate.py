"""The gate: staged rows that fail a rule of severity reject are refused, others are flagged.

Here: the statements made from the catalogue. Not here: the rules (`rules.yaml`, `rules/`).
"""

from __future__ import annotations

from datetime import datetime
from functools import cache

from sqlalchemy import Connection, TextClause, text

from quality.catalogue import staged_rules
from quality.failing import failing_query
from warehouse_sql.warehouse import run_file

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


def judge(connection: Connection) -> None:
    """Gives every staged row that fails a rule its verdict or its flags, and marks duplicates within each file.

    A row is refused under the first rule that holds. In the caller's transaction.
    """
    connection.execute(_refuse_statement())
    connection.execute(_flag_statement())
    run_file(connection, "landing/mark_duplicates.sql")


def quarantine(connection: Connection, file_no: int, file_id: int, file: str, seen_at: datetime) -> None:
    """The refused rows of one staged file into landing.quarantine. `seen_at` is an instant with a time zone."""
    rejecting = staged_rules("reject")
    run_file(
        connection,
        "landing/quarantine_rows.sql",
        file_no=file_no,
        file_id=file_id,
        file=file,
        seen_at=seen_at,
        ids=[rule.id for rule in rejecting],
        messages=[rule.message_vi for rule in rejecting],
        technical=list(_TECHNICAL),
    )


def quarantine_again(connection: Connection, file_id: int) -> None:
    """What the refused rows of a file looked at again are refused for now; its staged rows are the only ones."""
    rejecting = staged_rules("reject")
    run_file(
        connection,
        "landing/quarantine_again.sql",
        file_id=file_id,
        ids=[rule.id for rule in rejecting],
        messages=[rule.message_vi for rule in rejecting],
    )


@cache
def _refuse_statement() -> TextClause:
    return text(
        f"""
        update landing.staged_row as s
        set verdict = 'quarantined', refused_rule = f.rule_id, refused_field = f.field, refused_value = f.value
        from (
            select distinct on (f.staged_id) f.*
            from ({failing_query(staged_rules("reject"))}) as f
            order by f.staged_id, f.rank
        ) as f
        where s.staged_id = f.staged_id
        """
    )


@cache
def _flag_statement() -> TextClause:
    return text(
        f"""
        update landing.staged_row as s
        set flags = s.flags || g.flags
        from (
            select f.staged_id, array_agg(f.rule_id order by f.rank) as flags
            from ({failing_query(staged_rules("flag"))}) as f
            group by f.staged_id
        ) as g
        where s.staged_id = g.staged_id and s.verdict is null
        """
    )
