"""Python environments of their own for tools that must not be installed together with motcua: made with pinned versions."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

_READY = "ready"
# Wheels only: what is built here could fetch a binary of its own.
_PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:")


class PackagesMissingError(RuntimeError):
    """The packages can't be installed here; the message has pip's last words."""


def python_with(requirements: Path, folder: Path) -> Path:
    """Returns the Python of an environment below the folder that has these packages, made where it is not there yet.

    Raises PackagesMissingError.
    """
    digest = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()[:12]
    own = folder / digest
    python = own / "bin" / "python"
    if not (own / _READY).exists():
        shutil.rmtree(own, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(own)], check=True)
        command = [str(python), *_PIP, "--requirement", str(requirements)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise PackagesMissingError(done.stderr.strip()[-500:])
        (own / _READY).touch()
    return python
