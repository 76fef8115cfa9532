"""The manifest of the archive: how each of its files came, and when the warehouse took it in.

One JSON object a line in `manifest.jsonl`, only ever appended to; what a later line states of a file holds. Here: reading and
appending lines. Not here: the bytes (`archive.py`), and what the register of a warehouse makes of it
(`assets/exports/archived.py`).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from warehouse_sql.messages import message

if sys.platform != "win32":
    import fcntl

FILE = "manifest.jsonl"
_VERSION = 1
_HEAD = {"manifest": _VERSION}
_CAME, _TAKEN_IN, _CATALOGUE, _PRUNED = "came", "taken_in", "catalogue", "pruned"


class ManifestError(ValueError):
    """The manifest can't be read. The message is one Vietnamese sentence."""


@dataclass(frozen=True)
class Origin:
    """Where bytes came from: a path of the landing zone and its source, or the name of a catalogue without a source."""

    path: str
    source: str | None = None
    modified_ns: int = 0


@dataclass(frozen=True)
class Export:
    """An export as the register knows it, as far as its bytes don't say it. `received_at` is in UTC."""

    source: str
    path: str
    sha256: str
    size_bytes: int
    modified_ns: int
    etag: str | None
    received_at: datetime
    clock_ahead: str | None

    @property
    def key(self) -> tuple[str, str, str]:
        """What there is one row of in the register."""
        return self.source, self.path, self.sha256


@dataclass(frozen=True)
class Catalogue:
    """A catalogue of procedures that was taken over. `imported_at` is in UTC."""

    sha256: str
    file_name: str
    imported_at: datetime
    valid_from: date


@dataclass
class Contents:
    """What the manifest states, in the order in which it was first stated.

    `exports` and `catalogues` were taken in; `came` has the origin of all bytes that were ever archived, `pruned` the hashes
    of those that were removed on purpose.
    """

    exports: dict[tuple[str, str, str], Export] = field(default_factory=dict)
    catalogues: list[Catalogue] = field(default_factory=list)
    came: dict[str, Origin] = field(default_factory=dict)
    pruned: set[str] = field(default_factory=set)


def read_manifest(folder: Path) -> Contents:
    """Returns what the manifest of the archive in that folder states; nothing where there is none.

    A last line that was cut off is left out. Raises ManifestError when the manifest is damaged or of a newer version.
    """
    contents = Contents()
    for number, record in _records(folder / FILE):
        try:
            _apply(record, contents)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise _damaged(folder / FILE, number) from error
    return contents


def note_origin(folder: Path, sha256: str, size: int, origin: Origin, at: datetime) -> None:
    """Notes that bytes are about to be archived. On disk when it returns."""
    _append(
        folder, [{"event": _CAME, "sha256": sha256, "size_bytes": size, **asdict(origin), "at": _utc(at)}]
    )


def note_taken_in(folder: Path, exports: Iterable[Export], catalogues: Iterable[Catalogue]) -> None:
    """Notes what the warehouse has taken in. On disk when it returns."""
    records = [
        {"event": _TAKEN_IN, **asdict(export), "received_at": _utc(export.received_at)} for export in exports
    ]
    records += [
        {
            "event": _CATALOGUE,
            **asdict(catalogue),
            "imported_at": _utc(catalogue.imported_at),
            "valid_from": catalogue.valid_from.isoformat(),
        }
        for catalogue in catalogues
    ]
    _append(folder, records)


def note_pruned(folder: Path, hashes: Iterable[str], at: datetime) -> None:
    """Notes that bytes are about to be removed on purpose. On disk when it returns."""
    _append(folder, [{"event": _PRUNED, "sha256": sha256, "at": _utc(at)} for sha256 in hashes])


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder durable, where the system can."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _apply(record: Mapping[str, Any], contents: Contents) -> None:
    values = {name: value for name, value in record.items() if name not in ("event", "at")}
    match record["event"]:
        case "came":
            contents.came[values["sha256"]] = Origin(values["path"], values["source"], values["modified_ns"])
            contents.pruned.discard(values["sha256"])
        case "taken_in":
            export = Export(**values | {"received_at": _moment(values["received_at"])})
            contents.exports[export.key] = export
        case "catalogue":
            moments = {
                "imported_at": _moment(values["imported_at"]),
                "valid_from": date.fromisoformat(values["valid_from"]),
            }
            contents.catalogues.append(Catalogue(**values | moments))
        case "pruned":
            contents.pruned.add(values["sha256"])
        case other:
            raise ValueError(other)


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written).astimezone(UTC)


def _records(file: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yields the records below the head with their line numbers."""
    try:
        stream = file.open("rb")
    except FileNotFoundError:
        return
    with stream:
        for number, line in enumerate(stream, start=1):
            if not line.endswith(b"\n"):
                return  # a kill or a full disk cut it off; the next append removes it
            try:
                record = json.loads(line)
            except ValueError as error:
                raise _damaged(file, number) from error
            if number > 1:
                yield number, record
            elif record != _HEAD:
                raise ManifestError(
                    message(
                        "{file}: sổ kho lưu không phải của bản motcua này; hãy dùng bản motcua mới nhất.",
                        file=file,
                    )
                )


def _damaged(file: Path, number: int) -> ManifestError:
    return ManifestError(
        message(
            "{file} dòng {number}: sổ kho lưu bị hỏng; hãy đổi tên tệp này rồi chạy lại khi kho còn (sổ được viết lại"
            " từ kho), hoặc lấy lại tệp này từ bản sao lưu.",
            file=file,
            number=number,
        )
    )


def _append(folder: Path, records: Sequence[Mapping[str, Any]]) -> None:
    """Appends the lines, all or none, and waits for the disk. OSError when it refuses."""
    if not records:
        return
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / FILE
    is_new = not file.exists()
    # Without a buffer: what a full disk did not take is not written once more when the file is closed.
    with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT, 0o600), "r+b", 0) as stream:
        if sys.platform != "win32":
            fcntl.flock(stream, fcntl.LOCK_EX)
        end = _end_of_lines(stream.fileno())
        lines = [_HEAD, *records] if end == 0 else records
        rest = memoryview(b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines))
        stream.truncate(end)
        stream.seek(end)
        try:
            while rest:
                rest = rest[stream.write(rest) or 0 :]
            os.fsync(stream.fileno())
        except OSError:
            stream.truncate(end)
            raise
    if is_new:
        sync_folder(folder)


def _end_of_lines(handle: int) -> int:
    """Returns the size of the file up to its last whole line."""
    size = os.fstat(handle).st_size
    step = 1 << 16
    for start in range(max(size - step, 0), -step, -step):
        chunk = os.pread(handle, step, max(start, 0))
        if (place := chunk.rfind(b"\n")) >= 0:
            return max(start, 0) + place + 1
    return 0
