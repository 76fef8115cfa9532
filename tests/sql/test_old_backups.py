"""Old backups go once a newer one is whole and checked; what is no such backup stays."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from assets.backup import DUMP, MANIFEST, Backup, BackupError, open_backup, remove_older, write_backup
from assets.given.archive import Archive
from tests.command_line import own_environment, run_here

_FIRST_DAY = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def _back_up(warehouse: Engine, folder: Path, day: int, keep: int | None = 3, name: str = "") -> Backup:
    """Writes the backup of a day."""
    archive = Archive(folder.parent / "archive")
    written = write_backup(warehouse, archive, folder / (name or f"day-{day:02}"), office={}, keep=keep)
    file = written.folder / MANIFEST
    made_at = _FIRST_DAY + timedelta(days=day)
    file.write_text(json.dumps(json.loads(file.read_text()) | {"made_at": made_at.isoformat()}))
    return open_backup(written.folder)


def _names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_the_newest_stay_and_those_before_them_go(warehouse: Engine, folder: Path) -> None:
    *_, newest = (_back_up(warehouse, folder, day) for day in range(5))
    assert [gone.name for gone in remove_older(newest, 3)] == ["day-01", "day-00"]
    assert _names(folder) == ["day-02", "day-03", "day-04"]
    assert remove_older(newest, 3) == []


def test_the_new_one_is_never_removed_also_where_a_clock_ran_ahead(warehouse: Engine, folder: Path) -> None:
    _back_up(warehouse, folder, 9)
    newest = _back_up(warehouse, folder, 2)
    remove_older(newest, 1)
    assert _names(folder) == ["day-02"]


def test_what_was_made_by_hand_is_cut_off_or_is_no_backup_stays(warehouse: Engine, folder: Path) -> None:
    _back_up(warehouse, folder, 0, keep=None, name="before-upgrade")
    (_back_up(warehouse, folder, 1).folder / DUMP).write_bytes(b"cut off")
    (folder / "notes").mkdir()
    (folder / "notes" / "backup.json").write_text("{}")
    (folder / "elsewhere").symlink_to(_back_up(warehouse, folder.parent / "others", 2).folder)
    newest = _back_up(warehouse, folder, 3)
    remove_older(newest, 1)
    assert _names(folder) == ["before-upgrade", "day-01", "day-03", "elsewhere", "notes"]
    assert open_backup(folder / "elsewhere").made_at


def test_nothing_is_removed_where_the_new_one_is_damaged(warehouse: Engine, folder: Path) -> None:
    _back_up(warehouse, folder, 0)
    newest = _back_up(warehouse, folder, 1)
    dump = newest.folder / DUMP
    dump.write_bytes(bytes(dump.stat().st_size))
    with pytest.raises(BackupError, match="khác lúc sao lưu"):
        remove_older(newest, 1)
    assert _names(folder) == ["day-00", "day-01"]


def test_what_a_killed_backup_or_removal_left_goes_too(warehouse: Engine, folder: Path) -> None:
    for name in (".day-00.part", ".mine.part"):
        (folder / name).mkdir(parents=True)
    (folder / ".day-00.part" / DUMP).write_bytes(b"half")
    (folder / ".mine.part" / "letter.odt").write_bytes(b"a person's")
    remove_older(_back_up(warehouse, folder, 1), 3)
    assert _names(folder) == [".mine.part", "day-01"]


def test_the_command_names_what_it_removed(warehouse_url: str, folder: Path) -> None:
    environment = own_environment(folder.parent / "home", warehouse_url)
    runs = [
        run_here(("warehouse", "backup", "--keep", "1", str(folder / name)), environment, folder.parent)
        for name in ("a", "b")
    ]
    assert [each.returncode for each in runs] == [0, 0]
    assert "Đã xóa 1 bản sao lưu cũ: a." in runs[1].stdout
    assert _names(folder) == ["b"]
