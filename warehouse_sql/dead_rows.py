"""Room that dead rows hold, given back to their tables at the end of a run.

The embedded server lives as long as a run, often some seconds; its autovacuum naps longer than that after a start and would never
have its turn. On a server of one's own it has mostly been quicker. Later rows use the room. A large table of which all rows were
replaced, as facts are after an upgrade, is made smaller as well: no night needs so much room again, and every report would read
through it.
"""

from __future__ import annotations

import contextlib

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from warehouse_sql.sql_files import statements_of_file

#: How long a table that is to become smaller is waited for. Autovacuum leaves it after a second; readers queue up meanwhile.
_PATIENCE = "3s"


def vacuum_where_due(engine: Engine) -> list[str]:
    """Vacuums tables of which a fifth is dead rows and returns their names. What stands in the way is worth no failed run."""
    (due,) = statements_of_file("ops/table_with_dead_rows.sql")
    vacuumed = list[str]()
    with (
        contextlib.suppress(DBAPIError),
        engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
    ):
        for table, is_half_dead in connection.execute(text(due)).all():
            if is_half_dead:
                _make_smaller(connection, table)
            # Also after that, which keeps what a transaction anywhere on the server might still see, and marks no page as
            # visible to all.
            connection.execute(text(f"vacuum (analyze, skip_locked) {table}"))
            vacuumed.append(table)
    return vacuumed


def _make_smaller(connection: Connection, table: str) -> None:
    """Writes the table again without its dead rows, unless somebody reads it for long or the disk has no room for both."""
    connection.execute(text(f"set lock_timeout = '{_PATIENCE}'"))
    with contextlib.suppress(DBAPIError):
        connection.execute(text(f"vacuum (full) {table}"))
    connection.execute(text("reset lock_timeout"))
