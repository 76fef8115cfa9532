"""The port of loopback on which the embedded server listens besides its socket, where somebody wants it to.

It is kept with the home: the server listens there at every start. Never on another address than this machine's own: what
goes over it is not encrypted. Not here: who gets in by it (`embedded_access.py`), restarting the server (`embedded.py`).
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from warehouse_sql.cluster import PORT

_FILE = "pg.port"


def served_port(home: Path) -> int | None:
    """Returns the port that the server of the home is to listen on, None where it has its socket alone."""
    with contextlib.suppress(OSError, ValueError):
        return int((home / _FILE).read_text(encoding="ascii"))
    return None


def keep_served_port(home: Path, port: int | None) -> None:
    """Keeps the port for every start to come; None takes it back. Raises OSError."""
    if port is None:
        (home / _FILE).unlink(missing_ok=True)
    else:
        (home / _FILE).write_text(f"{port}\n", encoding="ascii")


def named_port(home: Path) -> int:
    """Returns the port that names the server's socket: the one that it listens on, where it does."""
    return served_port(home) or PORT
