"""How often facts changed: whoever made something of them sees whether it is still of the same facts.

Flows sum up to the facts after a change if they did before it and change by what the facts change. So a run looks at the
dossiers that it changes; at all of them where that does not hold, and when a week begins.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from warehouse_sql.kept_settings import keep_setting, kept_setting
from warehouse_sql.laid_out import is_distributed
from warehouse_sql.sql_files import statements_of_file

_CHECKED, _WEEK = "sums_checked", "sums_checked_week"


def changes_alike(connection: Connection, run_no: int) -> bool:
    """Returns True where flows sum up to the facts as they are, and are about to change by what the facts change.

    For the transaction that publishes a fold, between the change of the flows and that of the facts.
    """
    # On several servers all are looked at: the changed flows are on one of them, the facts on the others.
    if is_distributed(connection) or not sums_are_checked(connection):
        return False
    (statement,) = statements_of_file("mart/change_difference.sql")
    return connection.execute(text(statement), {"run_no": run_no}).first() is None


def note_change(connection: Connection, alike: bool) -> None:
    """Counts a change of facts, in the transaction that makes it. `alike` is what `changes_alike` returned before it."""
    connection.execute(
        text(
            "insert into ops.setting as s values ('facts_change', '1')"
            " on conflict (name) do update set value = cast(cast(s.value as bigint) + 1 as text)"
        )
    )
    if alike:
        keep_setting(connection, _CHECKED, str(change_number(connection)))


def change_number(connection: Connection) -> int:
    """Returns how many changes of facts were counted."""
    return int(kept_setting(connection, "facts_change") or 0)


def sums_are_checked(connection: Connection) -> bool:
    """Returns True where all flows and facts were looked at this week, and flows sum up to the facts as they are."""
    return kept_setting(connection, _CHECKED) == str(change_number(connection)) and kept_setting(
        connection, _WEEK
    ) == _week(connection)


def note_checked_sums(connection: Connection) -> None:
    """Notes that all flows sum up to the facts as they are."""
    keep_setting(connection, _CHECKED, str(change_number(connection)))
    keep_setting(connection, _WEEK, _week(connection))


def _week(connection: Connection) -> str:
    """Returns the Monday of the horizon's week, empty before the first export."""
    week = connection.execute(text("select cast(date_trunc('week', landing.horizon()) as date)")).scalar_one()
    return str(week or "")
