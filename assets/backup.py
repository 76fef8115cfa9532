"""A backup: a folder with the dump of the warehouse, files of the office, on request the archive, and what proves it whole.

It is written under another name and gets its own at the very end. Here: the folder and its manifest, and how many are kept.
Not here: the dump (`warehouse_sql/backup.py`) and bringing it back into a database (`warehouse_sql/restore.py`).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from assets.exports.archived import note_register
from assets.given.archive import Archive
from assets.given.manifest import FILE as ARCHIVE_MANIFEST
from assets.given.manifest import sync_folder
from warehouse_sql.backup import dump_warehouse
from warehouse_sql.boundaries import reached
from warehouse_sql.content import TableContent, digest_of
from warehouse_sql.messages import message

MANIFEST = "backup.json"
DUMP = "warehouse.dump"
_ARCHIVE = "archive"
_OFFICE = "office"
#: What stands in a backup, and the name of one that is not whole.
_MEMBERS, _PART = {DUMP, MANIFEST, _ARCHIVE, _OFFICE}, re.compile(r"\..+\.part")
_VERSION = 1
_CHUNK = 1 << 20


class BackupError(ValueError):
    """A backup can't be written or used. The message is one Vietnamese sentence."""


@dataclass(frozen=True)
class Backup:
    """What a whole backup states of itself; `archive_files` is None where the archive is only referred to, `keep` where no later
    one may remove it.
    """

    folder: Path
    made_at: datetime
    program: str
    revision: str
    server_version: int
    dump_version: int
    contents: Mapping[str, TableContent]
    members: list[tuple[str, str]]
    archive_files: int | None
    office_files: Mapping[str, str]
    keep: int | None = None

    @property
    def dump(self) -> Path:
        """The dump of the warehouse."""
        return self.folder / DUMP

    @property
    def digest(self) -> str:
        """One digest of all that the warehouse held."""
        return digest_of(self.contents)


def write_backup(
    engine: Engine,
    archive: Archive,
    folder: Path,
    *,
    office: Mapping[str, Path],
    role_prefix: str | None = None,
    is_embedded: bool = False,
    with_archive: bool = False,
    keep: int | None = None,
) -> Backup:
    """Writes a backup into the folder, which must not be there yet; the run lock is held by the caller.

    `office`: the office's own files by the variable that names them. With `keep`, `remove_older` may remove it one day.
    Raises BackupError where something is in the way, WarehouseError when the warehouse can't be dumped, OSError when the disk
    refuses: then nothing is left.
    """
    folder = folder.resolve()
    if folder.exists():
        raise BackupError(message("{folder} đã có; hãy đặt tên khác cho bản sao lưu.", folder=folder))
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = _part(folder)
    shutil.rmtree(part, ignore_errors=True)  # of a backup that was killed
    try:
        part.mkdir(mode=0o700)
        _write(engine, archive, part, office, role_prefix, is_embedded, with_archive, keep)
        for place in (part, *(path for path in part.rglob("*") if path.is_dir())):
            sync_folder(place)
        reached("backup.written")
        part.rename(folder)
        sync_folder(folder.parent)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return _read(folder)


def _part(folder: Path) -> Path:
    """Returns the name of a backup that is not whole yet, or no more."""
    return folder.with_name(f".{folder.name}.part")


def _write(
    engine: Engine,
    archive: Archive,
    part: Path,
    office: Mapping[str, Path],
    role_prefix: str | None,
    is_embedded: bool,
    with_archive: bool,
    keep: int | None,
) -> None:
    note_register(engine, archive)
    dump = dump_warehouse(engine, part / DUMP, role_prefix, is_embedded)
    (part / DUMP).chmod(0o600)
    copies = {part / _OFFICE / f"{variable}{file.suffix}": file for variable, file in office.items()}
    archived = _archived(archive) if with_archive else {}
    copies |= {part / _ARCHIVE / name: file for name, file in archived.items()}
    for copy, file in copies.items():
        copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(file, copy)
        copy.chmod(0o600)
    manifest = {
        "motcua_backup": _VERSION,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "motcua": version("motcua"),
        "revision": dump.revision,
        "server_version": dump.server_version,
        "pg_dump_version": dump.program.version,
        "digest": digest_of(dump.contents),
        "tables": {table: content._asdict() for table, content in dump.contents.items()},
        "members": dump.members,
        "archive_files": len([name for name in archived if name != ARCHIVE_MANIFEST])
        if with_archive
        else None,
        "office_files": {variable: f"{_OFFICE}/{variable}{file.suffix}" for variable, file in office.items()},
        "keep": keep,
        "files": {_name(file, part): _seal(file) for file in _files(part)},
    }
    written = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    (part / MANIFEST).write_bytes(written)
    (part / MANIFEST).chmod(0o600)
    for file in _files(part):
        _sync(file)


def _archived(archive: Archive) -> dict[str, Path]:
    """Returns the files of the archive by their place in it; the manifest first, of files that come meanwhile it says nothing."""
    names = [ARCHIVE_MANIFEST, *(f"{sha256[:2]}/{sha256}" for sha256 in sorted(archive.hashes()))]
    return {name: archive.root / name for name in names if (archive.root / name).is_file()}


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in sorted(folder.rglob("*")) if file.is_file())


def _name(file: Path, folder: Path) -> str:
    return file.relative_to(folder).as_posix()


def _seal(file: Path) -> dict[str, Any]:
    with file.open("rb") as stream:
        return {"size": file.stat().st_size, "sha256": hashlib.file_digest(stream, "sha256").hexdigest()}


def _sync(file: Path) -> None:
    with file.open("rb") as stream:
        os.fsync(stream.fileno())


def open_backup(folder: Path) -> Backup:
    """Returns the backup in that folder, after every file of it was compared with its checksum. Raises BackupError."""
    backup = _read(folder.resolve())
    listed = json.loads((backup.folder / MANIFEST).read_bytes())["files"]
    there = {_name(file, backup.folder): file for file in _files(backup.folder)}
    for name, seal in listed.items():
        if name not in there or _seal(there[name]) != seal:
            raise BackupError(
                message(
                    "{folder}: tệp {name} thiếu hoặc khác lúc sao lưu; chưa có gì thay đổi, hãy dùng bản sao lưu khác.",
                    folder=backup.folder,
                    name=name,
                )
            )
    return backup


def _read(folder: Path) -> Backup:
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        if manifest["motcua_backup"] != _VERSION:
            raise BackupError(
                message(
                    "{folder}: bản sao lưu của motcua mới hơn; hãy dùng bản motcua mới nhất.", folder=folder
                )
            )
        return Backup(
            folder=folder,
            made_at=datetime.fromisoformat(manifest["made_at"]),
            program=manifest["motcua"],
            revision=manifest["revision"],
            server_version=manifest["server_version"],
            dump_version=manifest["pg_dump_version"],
            contents={table: TableContent(**content) for table, content in manifest["tables"].items()},
            members=[(group, member) for group, member in manifest["members"]],
            archive_files=manifest["archive_files"],
            office_files=manifest["office_files"],
            keep=manifest.get("keep"),
        )
    except BackupError:
        raise
    except (OSError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise BackupError(
            message(
                "{folder} không phải là một bản sao lưu trọn vẹn (thiếu hoặc hỏng {manifest}); hãy chọn thư mục khác.",
                folder=folder,
                manifest=MANIFEST,
            )
        ) from error


def remove_older(newest: Backup, keep: int) -> list[Path]:
    """Removes older backups next to it until `keep` are left, and returns their folders. The run lock is held by the caller.

    Only once every file of this one was compared with its checksum, which it keeps in any case; only whole backups that were made
    with `keep`, and what killed ones left. Raises BackupError where it is damaged, OSError where a folder can't be removed.
    """
    open_backup(newest.folder)
    siblings = [
        each for each in sorted(newest.folder.parent.iterdir()) if each.is_dir() and not each.is_symlink()
    ]
    older = [
        backup
        for folder in siblings
        if folder != newest.folder and (backup := _whole(folder)) and backup.keep is not None
    ]
    older.sort(key=lambda backup: backup.made_at, reverse=True)
    gone = [backup.folder for backup in older[keep - 1 :]]
    for folder in gone:
        # Under the name of one that was killed: half removed it is no backup, and goes the next time.
        folder.rename(_part(folder))
        shutil.rmtree(_part(folder))
    for folder in siblings:
        if _PART.fullmatch(folder.name) and {file.name for file in folder.iterdir()} <= _MEMBERS:
            shutil.rmtree(folder)
    return gone


def _whole(folder: Path) -> Backup | None:
    """Returns the backup in that folder, None where there is none or a file of it is missing or cut off."""
    try:
        backup = _read(folder)
        listed = json.loads((folder / MANIFEST).read_bytes())["files"]
        return (
            backup if all((folder / name).stat().st_size == listed[name]["size"] for name in listed) else None
        )
    except (BackupError, OSError):
        return None


def restore_archive(backup: Backup, archive: Archive) -> int:
    """Brings the archived files of a backup into the archive; what is there stays. Returns how many were brought."""
    source = backup.folder / _ARCHIVE
    brought = 0
    for file in sorted(source.glob("[0-9a-f][0-9a-f]/*")):
        brought += archive.adopt(file)
    if brought and not (archive.root / ARCHIVE_MANIFEST).exists():
        fresh = archive.root / f"{ARCHIVE_MANIFEST}.new"
        shutil.copyfile(source / ARCHIVE_MANIFEST, fresh)
        fresh.chmod(0o600)
        _sync(fresh)
        fresh.replace(archive.root / ARCHIVE_MANIFEST)
        sync_folder(archive.root)
    return brought


def missing_bytes(engine: Engine, archive: Archive) -> int:
    """Returns how many files that were taken in the archive lacks."""
    with engine.connect() as connection:
        hashes = connection.execute(
            text("select distinct sha256 from landing.export_file where status = 'loaded'")
        ).scalars()
        return sum(not archive.has(sha256) for sha256 in hashes)
