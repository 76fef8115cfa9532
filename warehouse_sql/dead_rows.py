"""Room that dead rows hold, given back to their tables at the end of a run.

The embedded server lives as long as a run, often some seconds; its autovacuum naps longer than that after a start and would never
have its turn. On a server of one's own it has mostly been quicker. Not here: making files smaller; the rows of the next night use
the room.
"""

from __future__ import annotations

import contextlib

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from warehouse_sql.sql_files import statements_of_file


def vacuum_where_due(engine: Engine) -> list[str]:
    """Vacuums tables of which a fifth is dead rows and returns their names. What stands in the way is worth no failed run."""
    (due,) = statements_of_file("ops/table_with_dead_rows.sql")
    vacuumed = list[str]()
    with (
        contextlib.suppress(DBAPIError),
        engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
    ):
        for table in connection.execute(text(due)).scalars().all():
            connection.execute(text(f"vacuum (analyze, skip_locked) {table}"))
            vacuumed.append(table)
    return vacuumed
