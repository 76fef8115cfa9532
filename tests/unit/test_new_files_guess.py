"""Whether files seem to have come: a guess from the times of files alone."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from assets.exports.new_files_guess import FEW_FILES, few_seem_new
from assets.given.manifest import FILE


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    (tmp_path / "archive").mkdir()
    for day in range(10):
        folder = tmp_path / "landing" / "igate" / f"2023-07-{day + 10}"
        folder.mkdir(parents=True)
        (folder / "dossiers.json").touch()
    time.sleep(0.02)
    (tmp_path / "archive" / FILE).touch()
    time.sleep(0.02)
    return tmp_path / "landing"


def _came(landing: Path) -> bool:
    return few_seem_new(str(landing), landing.parent / "archive")


def test_nothing_came_where_the_archive_noted_something_later(landing: Path) -> None:
    assert not _came(landing)


def test_a_file_came_also_where_it_keeps_the_time_of_its_original(landing: Path) -> None:
    original = landing.parent / "original.json"
    original.touch()
    os.utime(original, (0, 0))
    shutil.copy2(original, landing / "igate" / "copy.json")
    assert _came(landing)


def test_of_more_than_a_few_files_nothing_is_guessed(landing: Path) -> None:
    for number in range(FEW_FILES):
        (landing / f"{number}.json").touch()
    assert _came(landing)
    (landing / "another.json").touch()
    assert not _came(landing)


def test_the_first_files_of_an_office_came(landing: Path) -> None:
    (landing.parent / "archive" / FILE).unlink()
    shutil.rmtree(landing / "igate")
    (landing / "first.csv").touch()
    assert _came(landing)


def test_of_a_place_that_is_no_folder_here_nothing_is_guessed(tmp_path: Path) -> None:
    assert not few_seem_new("s3://exports/igate", tmp_path)
    assert not few_seem_new(str(tmp_path / "missing"), tmp_path)
