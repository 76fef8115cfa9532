"""The peers' own Python environment: made on demand below a cache folder, by pip, with pinned versions."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

_REQUIREMENTS = Path(__file__).with_name("requirements.txt")
_READY = "ready"
_SHOWN = ("dlt", "dbt-core", "dbt-postgres", "duckdb", "polars")
#: Nothing that a peer could write to or ask: its home is the work folder, telemetry is off.
_QUIET = {
    "RUNTIME__DLTHUB_TELEMETRY": "false",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DO_NOT_TRACK": "1",
}


class PeersMissingError(RuntimeError):
    """The packages of the peers can't be installed here; the message has pip's last words."""


def peers_python(cache: Path) -> Path:
    """Returns the Python of the peers' environment, made where it is not there yet. Raises PeersMissingError."""
    digest = hashlib.sha256(_REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = cache / f"peers-{digest}"
    python = folder / "bin" / "python"
    if not (folder / _READY).exists():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        # Wheels only: what is built here could fetch a binary of its own.
        pip = [
            str(python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--only-binary=:all:",
        ]
        done = subprocess.run(
            [*pip, "--requirement", str(_REQUIREMENTS)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise PeersMissingError(done.stderr.strip()[-500:])
        (folder / _READY).touch()
    return python


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
