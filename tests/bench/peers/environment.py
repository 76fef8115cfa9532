"""The peers' own Python environment: made on demand below a cache folder, by pip, with pinned versions."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from tests.own_environment import python_with

_REQUIREMENTS = Path(__file__).with_name("requirements.txt")
_SHOWN = ("dlt", "dbt-core", "dbt-postgres", "duckdb", "polars")
#: Nothing that a peer could write to or ask: its home is the work folder, telemetry is off.
_QUIET = {
    "RUNTIME__DLTHUB_TELEMETRY": "false",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DO_NOT_TRACK": "1",
}


def peers_python(cache: Path) -> Path:
    """Returns the Python of the peers' environment, made where it is not there yet. Raises PackagesMissingError."""
    return python_with(_REQUIREMENTS, cache / "peers")


def peers_environment(home: Path) -> dict[str, str]:
    """Returns the environment in which a peer runs."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("MOTCUA_", "PYTHON", "PG"))
    }
    return kept | _QUIET | {"HOME": str(home)}


def versions(python: Path) -> dict[str, str]:
    """Returns the versions of the peers by name."""
    program = (
        f"import importlib.metadata as m, json; print(json.dumps({{n: m.version(n) for n in {_SHOWN!r}}}))"
    )
    done = subprocess.run([str(python), "-c", program], capture_output=True, text=True, check=True)
    listed: dict[str, str] = json.loads(done.stdout)
    return listed
