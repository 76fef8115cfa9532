"""What the warehouse keeps of itself between runs, by name: ops.setting."""

from __future__ import annotations

from sqlalchemy import Connection, text


def kept_setting(connection: Connection, name: str) -> str | None:
    """Returns the value of a setting, None where it was never kept."""
    value: str | None = connection.execute(
        text("select value from ops.setting where name = :name"), {"name": name}
    ).scalar_one_or_none()
    return value


def keep_setting(connection: Connection, name: str, value: str) -> None:
    """Writes a setting where its value is another one: rows that nothing changed stay untouched."""
    connection.execute(
        text(
            "insert into ops.setting as s values (:name, :value)"
            " on conflict (name) do update set value = excluded.value where s.value <> excluded.value"
        ),
        {"name": name, "value": value},
    )
