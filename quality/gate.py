"""The gate: staged rows that fail a rule of severity reject are refused, others are flagged.

Here: the statements made from the catalogue. Not here: the rules (`rules.yaml`, `rules/`).
"""

from __future__ import annotations

from functools import cache

from sqlalchemy import Connection, TextClause, text

from quality.catalogue import staged_rules
from quality.failing import failing_query
from warehouse_sql.sql_files import run_file

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
    # A table of its own: PostgreSQL reads in parallel for it, but not for an update.
    connection.execute(text("drop table if exists staged_failure"))
    connection.execute(_failure_statement())
    connection.execute(text("analyze staged_failure"))
    run_file(connection, "landing/refuse_and_flag.sql")
    run_file(connection, "landing/mark_duplicates.sql")
    connection.execute(text("drop table staged_failure"))


def quarantine(connection: Connection) -> None:
    """Writes the refused rows of all staged files into landing.quarantine; the table run_file names the files."""
    rejecting = staged_rules("reject")
    run_file(
        connection,
        "landing/quarantine_rows.sql",
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
def _failure_statement() -> TextClause:
    """Table staged_failure: every failing row under every rule, rejecting rules first."""
    rejecting, flagging = staged_rules("reject"), staged_rules("flag")
    return text(
        "create temporary table staged_failure on commit drop as"
        f" select f.*, f.rank < {len(rejecting)} as is_refused from ({failing_query([*rejecting, *flagging])}) as f"
    )
