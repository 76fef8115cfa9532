"""How often facts changed: whoever made something of them sees whether it is still of the same facts."""

from __future__ import annotations

from sqlalchemy import Connection, text

from warehouse_sql.kept_settings import keep_setting, kept_setting

_CHECKED = "sums_checked"


def note_change(connection: Connection) -> None:
    """Counts a change of facts, in the transaction that makes it."""
    connection.execute(
        text(
            "insert into ops.setting as s values ('facts_change', '1')"
            " on conflict (name) do update set value = cast(cast(s.value as bigint) + 1 as text)"
        )
    )


def change_number(connection: Connection) -> int:
    """Returns how many changes of facts were counted."""
    return int(kept_setting(connection, "facts_change") or 0)


def sums_are_checked(connection: Connection) -> bool:
    """Returns True where flows were found to sum up to the facts, and no fact changed since."""
    return kept_setting(connection, _CHECKED) == str(change_number(connection))


def note_checked_sums(connection: Connection) -> None:
    """Notes that flows sum up to the facts as they are."""
    keep_setting(connection, _CHECKED, str(change_number(connection)))
