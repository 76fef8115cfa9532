"""The gate: staged rows that fail a rule of severity reject are refused, others are flagged.

Here: the statements made from the catalogue. Not here: the rules (`rules.yaml`, `rules/`).
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from quality.catalogue import staged_rules
from quality.failing import MOST_FETCHED, MOST_IN_A_MASK, masks_query, refusals_query
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
    rejecting, flagging = staged_rules("reject"), staged_rules("flag")
    rules = [*rejecting, *flagging]
    for start in range(0, len(rules), MOST_IN_A_MASK):
        part = rules[start : start + MOST_IN_A_MASK]
        _make(connection, "staged_failing", masks_query(part))
        if start == 0:  # the first mask holds all rules that refuse
            _make(connection, "staged_failure", refusals_query(rejecting))
            run_file(connection, "landing/refuse_rows.sql")
            run_file(connection, "landing/mark_duplicates.sql")
        run_file(
            connection,
            "landing/flag_rows.sql",
            rule_ids=[rule.id for rule in part],
            bits=[1 << place for place in range(len(part))],
            most=MOST_FETCHED,
        )
    connection.execute(text("drop table staged_failing, staged_failure"))


def _make(connection: Connection, table: str, query: str) -> None:
    """Makes a table of its own of what fails: PostgreSQL reads in parallel for it, but not for an update."""
    connection.execute(text(f"drop table if exists {table}"))
    connection.execute(text(f"create temporary table {table} on commit drop as {query}"))
    connection.execute(text(f"analyze {table}"))


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
