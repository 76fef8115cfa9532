"""How often facts changed: whoever made something of them sees whether it is still of the same facts."""

from __future__ import annotations

from sqlalchemy import Connection, text

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
    value = connection.execute(
        text("select value from ops.setting where name = 'facts_change'")
    ).scalar_one_or_none()
    return int(value or 0)


def sums_are_checked(connection: Connection) -> bool:
    """Returns True where flows were found to sum up to these very facts, and nothing changed since."""
    value = connection.execute(
        text("select value from ops.setting where name = :name"), {"name": _CHECKED}
    ).scalar_one_or_none()
    return value == str(change_number(connection))


def note_checked_sums(connection: Connection) -> None:
    """Notes that flows sum up to the facts as they are."""
    connection.execute(
        text(
            "insert into ops.setting values (:name, :value)"
            " on conflict (name) do update set value = excluded.value"
        ),
        {"name": _CHECKED, "value": str(change_number(connection))},
    )
