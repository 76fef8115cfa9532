"""The version of the code that makes an asset: a digest of all of it, so that no change can be forgotten.

What makes an asset are the modules that its step reaches by imports, the data files that lie with them, the SQL files that they
name, and the views and functions that any of these name, in turn. Not among it: migrations, whose tables are what the
warehouse has, not how they are filled; and texts of messages.
"""

from __future__ import annotations

import hashlib
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
_DATA = {".yaml", ".csv", ".json", ".sql"}


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
    objects = _objects(root)
    files: dict[str, Path] = {}
    waiting = [_file_of(name, root, objects) for name in roots]
    while waiting:
        file = waiting.pop()
        name = file.relative_to(root).as_posix()
        if name in files or name.startswith(_SAYS_ONLY):
            continue
        files[name] = file
        if file.suffix in (".py", ".sql"):
            waiting += _named_in(file, root)
    return files


def _file_of(name: str, root: Path, objects: dict[str, Path]) -> Path:
    if name.endswith(".sql"):
        return root / "warehouse_sql" / name
    if name in objects:
        return objects[name]
    modules = list(_modules(name, root))
    if not modules:
        raise ValueError(f"{name} is no module, SQL file, view or function")
    return modules[0]


@cache
def _named_in(file: Path, root: Path) -> tuple[Path, ...]:
    return tuple(_names(file, root, _objects(root)))


def _names(file: Path, root: Path, objects: dict[str, Path]) -> Iterator[Path]:
    source = file.read_text(encoding="utf-8")
    yield from (objects[name] for name in _OBJECT.findall(source) if name in objects)
    if file.suffix == ".sql":
        return
    yield from (
        path for name in _SQL_FILE.findall(source) if (path := root / "warehouse_sql" / name).is_file()
    )
    yield from _data_files(file, root)
    for module, names in _IMPORT.findall(source):
        yield from _modules(module, root)
        for name in re.findall(r"\w+", names):
            yield from _modules(f"{module}.{name}", root)


def _modules(name: str, root: Path) -> Iterator[Path]:
    path = root.joinpath(*name.split("."))
    yield from (file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file())


def _data_files(file: Path, root: Path) -> Iterator[Path]:
    """Yields the data files of the module's folder and of folders below it that are no packages.

    SQL of the warehouse is named one by one; of its data only the definitions are read by assets.
    """
    folder = file.parent
    if folder == root / "warehouse_sql":
        folder = folder / "core" / "definitions" if file.stem == "definitions" else root / "none"
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        if path.is_dir() and not (path / "__init__.py").exists():
            yield from (each for each in path.rglob("*") if each.suffix in _DATA)
        elif path.suffix in _DATA:
            yield path


@cache
def _objects(root: Path) -> dict[str, Path]:
    """Returns the files of views and functions by the name of what they make."""
    folders = (root / "warehouse_sql").glob("*/*")
    return {
        f"{folder.parent.name}.{file.stem}": file
        for folder in folders
        if folder.name in ("views", "functions")
        for file in folder.glob("*.sql")
    }
