"""Views and functions: one file each, at `<schema>/views/<name>.sql` or `<schema>/functions/<name>.sql`.

Here: which there are, and the order in which they are made, derived from what they name. Not here: making them
(`migrate.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

_ROOT = Path(__file__).parent
_FOLDERS = ("*/views/*.sql", "*/functions/*.sql")
_COMMENT = re.compile(r"--[^\n]*")
# The description of an object names others that it does not read.
_DESCRIPTION = re.compile(r"\bcomment on\b[^;']*'(?:[^']|'')*'", re.IGNORECASE)
# What the body of such a function names is looked up when it is called, not when it is made.
_LATE_BODY = re.compile(r"\blanguage plpgsql\b.*?\$\$.*?\$\$", re.IGNORECASE | re.DOTALL)
_NAME = re.compile(r"\b[a-z_]+\.[a-z_][a-z0-9_]*\b")


class ObjectCircleError(RuntimeError):
    """Views and functions that need each other in a circle can't be made. The message names their files."""


@cache
def object_files() -> tuple[str, ...]:
    """Returns the files of all views and functions, each behind those that it needs when it is made."""
    files = (file for pattern in _FOLDERS for file in _ROOT.glob(pattern))
    return in_order({file.relative_to(_ROOT).as_posix(): file.read_text(encoding="utf-8") for file in files})


def in_order(sources: Mapping[str, str]) -> tuple[str, ...]:
    """Returns the files, given by path and text, each behind those that it needs; by path where nothing else decides.

    Raises ObjectCircleError where some of them need each other in a circle.
    """
    by_object = {object_of(file): file for file in sources}
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for file, source in sources.items():
        needed = names_in(_LATE_BODY.sub("", _bare(source))) & by_object.keys() - {object_of(file)}
        sorter.add(file, *(by_object[name] for name in needed))
    try:
        sorter.prepare()
    except CycleError as error:
        raise ObjectCircleError(f"objects need each other in a circle: {' → '.join(error.args[1])}") from None
    order: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        order += ready
        sorter.done(*ready)
    return tuple(order)


def object_of(file: str) -> str:
    """Returns the name of the object that a file makes: mart/views/open_dossier.sql makes mart.open_dossier."""
    schema, _, name = file.removesuffix(".sql").split("/")
    return f"{schema}.{name}"


def names_in(source: str) -> frozenset[str]:
    """Returns what may be the name of a table, view or function in SQL, with its schema."""
    return frozenset(_NAME.findall(_bare(source)))


def _bare(source: str) -> str:
    return _DESCRIPTION.sub("", _COMMENT.sub("", source))
