"""The manifest of the archive: what is noted is read again, and a line that was cut off harms nothing."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from assets.given.archive import Archive
from assets.given.manifest import (
    FILE,
    Catalogue,
    Export,
    ManifestError,
    Origin,
    note_pruned,
    note_taken_in,
    read_manifest,
)

_AT = datetime(2023, 7, 17, 11, 30, 0, 123456, tzinfo=UTC)
_EXPORT = Export("igate", "igate/trang 1.json", "a" * 64, 12, 1689593400000000001, None, _AT, None)
_CATALOGUE = Catalogue("b" * 64, "danh mục.csv", _AT, date(2023, 8, 1))


def test_what_was_noted_is_read_again(tmp_path: Path) -> None:
    note_taken_in(tmp_path, [_EXPORT], [_CATALOGUE])
    contents = read_manifest(tmp_path)
    assert (list(contents.exports.values()), contents.catalogues) == ([_EXPORT], [_CATALOGUE])


def test_the_last_line_of_a_file_holds(tmp_path: Path) -> None:
    accepted = Export(*(*_EXPORT.key, 12, 5, '"etag"', _AT, "accepted"))
    note_taken_in(tmp_path, [_EXPORT], [])
    note_taken_in(tmp_path, [accepted], [])
    assert list(read_manifest(tmp_path).exports.values()) == [accepted]


def test_every_archived_file_has_its_origin_in_the_manifest(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    sha256 = archive.keep(b"bytes", Origin("igate/1.json", "igate", 7))
    archive.keep(b"bytes", Origin("igate/again.json", "igate", 8))
    assert archive.manifest().came == {sha256: Origin("igate/1.json", "igate", 7)}
    assert list(archive.hashes()) == [sha256]
    assert (archive.root / FILE).stat().st_mode & 0o077 == 0


def test_bytes_that_come_again_after_they_were_pruned_are_there(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    sha256 = archive.keep(b"bytes", Origin("igate/1.json", "igate"))
    note_pruned(archive.root, [sha256], _AT)
    assert archive.manifest().pruned == {sha256}
    archive.path_of(sha256).unlink()
    archive.keep(b"bytes", Origin("igate/1.json", "igate"))
    assert archive.manifest().pruned == set()


@pytest.mark.parametrize("lost", [1, 30, 200_000])
def test_a_line_that_was_cut_off_is_left_out_and_gone_after_the_next(tmp_path: Path, lost: int) -> None:
    long = Export(*("igate", "igate/" + "x" * 300_000, "c" * 64, 1, 1, None, _AT, None))
    note_taken_in(tmp_path, [_EXPORT, long], [])
    file = tmp_path / FILE
    file.write_bytes(file.read_bytes()[:-lost])
    assert list(read_manifest(tmp_path).exports.values()) == [_EXPORT]
    note_taken_in(tmp_path, [], [_CATALOGUE])
    assert len(file.read_text(encoding="utf-8").splitlines()) == 3
    assert read_manifest(tmp_path).catalogues == [_CATALOGUE]


@pytest.mark.parametrize("line", ["{", '{"event": "taken_in"}', '{"event": "unknown"}', "[1]"])
def test_a_damaged_line_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / FILE).write_text(json.dumps({"manifest": 1}) + f"\n{line}\n", encoding="utf-8")
    with pytest.raises(ManifestError, match=r"manifest\.jsonl dòng 2: sổ kho lưu bị hỏng"):
        read_manifest(tmp_path)


def test_a_manifest_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"manifest": 2}\n', encoding="utf-8")
    with pytest.raises(ManifestError, match="không phải của bản motcua này"):
        read_manifest(tmp_path)


def test_no_manifest_states_nothing(tmp_path: Path) -> None:
    assert read_manifest(tmp_path / "nowhere").exports == {}
