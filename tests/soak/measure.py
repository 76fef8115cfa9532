"""What a warehouse takes up: sizes and rows by table, room of dead rows, shared memory.

Here: asking its server, as its superuser, also that of an older version, which it leaves as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import URL

from warehouse_sql.cluster import PORT, SUPERUSER, start_cluster
from warehouse_sql.embedded import programs
from warehouse_sql.embedded_access import DATABASE, login_url

_SIZES = """
select case when n.nspname = 'pg_catalog' then 'pg_catalog' else n.nspname || '.' || c.relname end as name,
    cast(sum(pg_total_relation_size(c.oid)) as bigint)
from pg_class as c inner join pg_namespace as n on c.relnamespace = n.oid
where c.relkind in ('r', 'm') and n.nspname in ('landing', 'history', 'core', 'mart', 'ops', 'public', 'pg_catalog')
group by 1
"""
_TABLES = """
select table_schema || '.' || table_name from information_schema.tables
where table_type = 'BASE TABLE' and table_schema in ('landing', 'history', 'core', 'mart', 'ops') order by 1
"""
_VACUUM = """
select coalesce(sum(n_dead_tup), 0), coalesce(sum(autovacuum_count), 0) from pg_stat_user_tables
"""


@contextmanager
def connected(home: Path) -> Iterator[psycopg.Connection]:
    """Yields a connection of the superuser to the warehouse of that home, whose server is started if need be."""
    sockets = start_cluster(programs(), home / "pg")
    if (home / "passwords.json").exists():
        url = login_url(home, sockets, SUPERUSER)
    else:  # an older version, which trusts whoever reaches its socket
        query = {"host": str(sockets), "port": str(PORT)}
        url = URL.create("postgresql", SUPERUSER, database=DATABASE, query=query).render_as_string()
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def measured(connection: psycopg.Connection) -> dict[str, Any]:
    """Returns sizes and rows by table, and how many rows are dead."""
    tables = [str(name) for (name,) in connection.execute(_TABLES).fetchall()]
    dead, vacuumed = connection.execute(_VACUUM).fetchone() or (0, 0)
    return {
        "bytes": dict(connection.execute(_SIZES).fetchall()),
        "rows": {name: _count(connection, name) for name in tables},
        "dead": int(dead),
        "vacuumed": int(vacuumed),
    }


def _count(connection: psycopg.Connection, table: str) -> int:
    row = connection.execute(f"select count(*) from {table}".encode()).fetchone()
    return int(row[0]) if row else 0


def shared_memory(home: Path) -> list[str]:
    """Returns the names in /dev/shm that the running server of that home holds; none where none runs."""
    try:
        pid = (home / "pg" / "postmaster.pid").read_text(encoding="utf-8").split()[0]
        mapped = Path(f"/proc/{pid}/maps").read_text(encoding="utf-8")
    except (OSError, IndexError):
        return []
    return sorted(set(re.findall(r"/dev/shm/(\S+)", mapped)))
