"""The passwords of the logins that motcua makes for itself, in one file that only its owner can read.

Here: reading and keeping them. Not here: which logins there are (`roles.py`).
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from pathlib import Path

FILE = "passwords.json"


def read_passwords(home: Path, server: str) -> dict[str, str]:
    """Returns the passwords by login that this home keeps for a server; empty where there are none yet."""
    return _all(home).get(server, {})


def keep_password(home: Path, server: str, login: str, password: str) -> None:
    """Keeps a password; the file is replaced whole and is for its owner alone.

    Raises OSError when it can't be written.
    """
    kept = _all(home)
    kept.setdefault(server, {})[login] = password
    file = home / FILE
    fresh = file.with_name(f"{FILE}.{os.getpid()}")
    with contextlib.suppress(FileNotFoundError):
        fresh.unlink()
    with os.fdopen(
        os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as written:
        json.dump(kept, written, indent=1, sort_keys=True)
        written.flush()
        os.fsync(written.fileno())
    fresh.replace(file)


def new_password() -> str:
    """Returns 256 bits of chance, in letters that need no quoting in SQL or in an address."""
    return secrets.token_urlsafe(32)


def _all(home: Path) -> dict[str, dict[str, str]]:
    """What can't be understood, the file or a part of it, counts as lost: logins then get new passwords."""
    try:
        kept = json.loads((home / FILE).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return {
        server: {login: password for login, password in logins.items() if isinstance(password, str)}
        for server, logins in (kept.items() if isinstance(kept, dict) else ())
        if isinstance(logins, dict)
    }
