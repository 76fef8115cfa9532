"""The version of the code that makes an asset: a digest of all of it, so that no change can be forgotten.

What makes an asset are the modules that its step reaches by imports, the data files that lie with them, the SQL files that they
name, and the views and functions that any of these name, in turn. Not among it: migrations, whose tables are what the
warehouse has, not how they are filled; and texts of messages.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_PACKAGES = ("assets", "quality", "warehouse_sql")
_IMPORT = re.compile(
    rf"^[ \t]*(?:from|import)[ ]+((?:{'|'.join(_PACKAGES)})[\w.]*)(?:[ ]+import[ ]+(\([^)]*\)|[^\n]*))?",
    re.MULTILINE,
)
_SQL_FILE = re.compile(r"[\"']([\w/]+\.sql)[\"']")
_OBJECT = re.compile(r"\b((?:landing|history|core|mart|ops)\.\w+)")
_SAYS_ONLY = "warehouse_sql/messages/"
_DATA = (".yaml", ".csv", ".json", ".sql")
_HOLDS_OBJECTS = re.compile(r"warehouse_sql/\w+/(?:views|functions)")
_WORD = re.compile(r"\w+")


@cache
def code_version(*roots: str) -> str:
    """Returns the digest of what stands behind the roots: modules, SQL files or objects of the warehouse."""
    return digest_of(made_of(roots))


def digest_of(files: dict[str, Path]) -> str:
    """Returns a digest of the files, their names included."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0".encode())
        digest.update(files[name].read_bytes())
    return digest.hexdigest()[:12]


def made_of(roots: tuple[str, ...], root: Path = _ROOT) -> dict[str, Path]:
    """Returns the files behind the roots by their path below the folder of the packages."""
    tree = _tree(root)
    files: dict[str, Path] = {}
    waiting = [tree.file_of(name) for name in roots]
    while waiting:
        name = waiting.pop()
        if name in files or name.startswith(_SAYS_ONLY):
            continue
        files[name] = root / name
        if name.endswith((".py", ".sql")):
            waiting += tree.named_in(name)
    return files


class _Tree:
    """The files of the packages, listed once: every start of a run asks for hundreds of them."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._packages = set[str]()
        self._in_folder: dict[str, list[str]] = {}
        for package in _PACKAGES:
            self._list(package)
        self._files = {f"{folder}/{name}" for folder, names in self._in_folder.items() for name in names}
        self._objects = {
            f"{folder.split('/')[1]}.{name.removesuffix('.sql')}": f"{folder}/{name}"
            for folder, names in self._in_folder.items()
            if _HOLDS_OBJECTS.fullmatch(folder)
            for name in names
            if name.endswith(".sql")
        }
        self._named: dict[str, tuple[str, ...]] = {}

    def _list(self, package: str) -> None:
        for folder, _, names in os.walk(self._root / package):
            below = Path(folder).relative_to(self._root).as_posix()
            self._in_folder[below] = sorted(names)
            if "__init__.py" in names:
                self._packages.add(below)

    def file_of(self, name: str) -> str:
        """Returns the file of a module, an SQL file, a view or a function. ValueError where it is none of these."""
        if name.endswith(".sql"):
            return f"warehouse_sql/{name}"
        if name in self._objects:
            return self._objects[name]
        modules = self._modules(name)
        if not modules:
            raise ValueError(f"{name} is no module, SQL file, view or function")
        return modules[0]

    def named_in(self, file: str) -> tuple[str, ...]:
        """Returns the files that a file needs."""
        if file not in self._named:
            self._named[file] = tuple(self._names(file))
        return self._named[file]

    def _names(self, file: str) -> Iterator[str]:
        source = (self._root / file).read_text(encoding="utf-8")
        yield from (self._objects[name] for name in _OBJECT.findall(source) if name in self._objects)
        if file.endswith(".sql"):
            return
        named = (f"warehouse_sql/{name}" for name in _SQL_FILE.findall(source))
        yield from (path for path in named if path in self._files)
        yield from self._data_files(file)
        for module, names in _IMPORT.findall(source):
            yield from self._modules(module)
            for name in _WORD.findall(names):
                yield from self._modules(f"{module}.{name}")

    def _modules(self, name: str) -> list[str]:
        path = name.replace(".", "/")
        return [file for file in (f"{path}.py", f"{path}/__init__.py") if file in self._files]

    def _data_files(self, file: str) -> Iterator[str]:
        """Yields the data files of the module's folder and of folders below it that are no packages.

        SQL of the warehouse is named one by one; of its data only the definitions are read by assets.
        """
        folder, _, module = file.rpartition("/")
        if folder == "warehouse_sql":
            if module != "definitions.py":
                return
            folder = "warehouse_sql/core/definitions"
        for below, names in self._in_folder.items():
            if below == folder or (below.startswith(f"{folder}/") and not self._is_of_package(below, folder)):
                yield from (f"{below}/{name}" for name in names if name.endswith(_DATA))

    def _is_of_package(self, below: str, folder: str) -> bool:
        """Returns True if the first folder on the way down is a package of its own."""
        return f"{folder}/{below[len(folder) + 1 :].split('/', maxsplit=1)[0]}" in self._packages


@cache
def _tree(root: Path) -> _Tree:
    return _Tree(root)
