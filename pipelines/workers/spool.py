"""What workers read of files, on its way to the run: a folder that only the owner opens, gone when the run has it.

Where workers are on several machines, MOTCUA_HOME is a folder that they share.
"""

from __future__ import annotations

import pickle
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assets.exports.landed import LandedFile
from assets.exports.landing import LandingZone
from assets.exports.reading import ReadFile, packed, read_new, unpacked
from assets.given.archive import Archive
from pipelines.settings import Settings
from warehouse_sql.own_files import own_folder

_PLAN = "plan"


@dataclass(frozen=True)
class _Plan:
    """What is to be read: the landing zone's address, which may hold a password, and the files by number."""

    landing: str
    files: Sequence[LandedFile]


@contextmanager
def spool(settings: Settings, landing: str, files: Sequence[LandedFile]) -> Iterator[str]:
    """Yields the name of a folder with the plan of the reading, and takes it away at the end."""
    folder = own_folder(settings.root / "spool") / uuid.uuid4().hex
    own_folder(folder)
    try:
        _write(folder / _PLAN, _Plan(landing, files))
        yield folder.name
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def read_part(settings: Settings, name: str, number: int) -> int:
    """Archives and reads the file of that number, and returns the number of its rows. A folder that is gone is that of a dead
    run: then nothing is done.
    """
    folder = settings.root / "spool" / name
    if not (folder / _PLAN).exists():
        return 0
    plan: _Plan = _read(folder / _PLAN)
    file = plan.files[number]
    read = read_new(file, LandingZone(plan.landing), Archive(settings.archive), settings.source_list())
    _write(folder / str(number), packed(read) if isinstance(read, ReadFile) else read)
    return read.reading.rows.height if isinstance(read, ReadFile) and read.reading else 0


def parts_of(
    settings: Settings, name: str, files: Sequence[LandedFile]
) -> Iterator[tuple[LandedFile, ReadFile | str | None]]:
    """Yields the files in order with what came of each."""
    folder, sources = settings.root / "spool" / name, settings.source_list()
    for number, file in enumerate(files):
        read = _read(folder / str(number))
        yield file, unpacked(read, sources[file.source]) if isinstance(read, ReadFile) else read
        (folder / str(number)).unlink()


def _write(file: Path, value: object) -> None:
    new = file.with_name(f".{file.name}.{uuid.uuid4().hex}")
    with new.open("wb") as written:
        pickle.dump(value, written, protocol=pickle.HIGHEST_PROTOCOL)
    new.replace(file)  # whole, also where two workers read the same


def _read(file: Path) -> Any:
    # Written by us into a folder that nobody else opens.
    return pickle.loads(file.read_bytes())
