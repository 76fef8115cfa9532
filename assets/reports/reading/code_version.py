"""Which program made a report: its version, and a digest of its own files, since a folder need not be a repository."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_ROOT = Path(__file__).parents[3]
#: What figures and their wording are made of. How and when it is run (`pipelines`) changes nothing in them.
_ROOMS = ("assets", "quality", "warehouse_sql")
_KINDS = {".py", ".sql", ".jinja", ".js", ".typ", ".yaml", ".csv", ".docx", ".ttf", ".woff2"}

_BINARY = {".docx", ".ttf", ".woff2"}


@cache
def code_version() -> str:
    """Returns the versions of motcua and typst and a digest: `1.2.3+1a2b3c4d5e6f, typst 0.15.2`.

    Equal files give an equal text, wherever they are installed.
    """
    digest = hashlib.sha256()
    for room in _ROOMS:
        for file in sorted((_ROOT / room).rglob("*"), key=lambda path: path.as_posix()):
            if file.suffix in _KINDS and file.is_file():
                # texts as checked out on any system
                content = file.read_bytes()
                if file.suffix not in _BINARY:
                    content = content.replace(b"\r\n", b"\n")
                digest.update(file.relative_to(_ROOT).as_posix().encode() + b"\0" + content + b"\0")
    return f"{_version('motcua')}+{digest.hexdigest()[:12]}, typst {_version('typst')}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "?"
