"""Many files are read by further processes with the same result. These processes end with the run, however it ends."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from assets.exports.landed import LandedFile
from assets.exports.read_ahead import read_ahead
from assets.exports.reading import ReadFile, Taken, read_taken
from assets.sources.sources import load_sources
from tests.children import children_running

ANGIANG = load_sources()["angiang"]
_MANY = 120
_NO_LIST = 70
_HEADINGS = ("Mã hồ sơ", "Trạng thái", "Ngày nhận", "Phòng lạ", "Tên thủ tục hành chính")


def _taken(number: int) -> Taken | None:
    """Returns one list with an unknown heading; one of the files is no list, every tenth is gone."""
    if number % 10 == 5:
        return None
    row = (f"000.30.33.H01-230717-{number:04}", "Đang bay", "17/07/2023 08:00:00", "x", "Đăng ký khai sinh")
    lines = (_HEADINGS, row, row) if number != _NO_LIST else (("Một", "Hai"),)
    content = "\r\n".join(";".join(line) for line in lines).encode()
    file = LandedFile(
        "angiang", f"angiang/Danh sách hồ sơ_2023_07_17_18_{number % 60:02}.csv", len(content), 1
    )
    return Taken(file, f"{number:064}", content, ANGIANG)


def _all_read(files: Iterator[tuple[int, ReadFile | None]]) -> list[object]:
    """Returns what was read of each file, in plain values."""
    return [read and (number, replace(read, reading=None), _plain(read)) for number, read in files]


def _plain(read: ReadFile) -> object:
    if (reading := read.reading) is None:
        return None
    return replace(reading, rows=None), reading.rows.frame().to_dict(as_series=False)  # type: ignore[arg-type]


def _readers() -> list[psutil.Process]:
    return children_running("assets.exports.read_ahead")


def test_processes_read_many_files_as_the_run_itself_would() -> None:
    files = read_ahead(range(_MANY), _taken)
    first = next(files)
    assert _readers()
    by_processes = [*_all_read(iter([first])), *_all_read(files)]
    assert not _readers()
    here = ((number, (taken := _taken(number)) and read_taken(taken)) for number in range(_MANY))
    assert by_processes == _all_read(here)
    assert sum(read is None for read in by_processes) == _MANY // 10


def test_remarks_that_name_what_is_new_come_along() -> None:
    ((_, read),) = (pair for pair in read_ahead(range(_MANY), _taken) if pair[0] == 1)
    assert isinstance(read, ReadFile) and read.reading is not None
    parts = {(remark.kind, remark.name) for remark in read.reading.remarks if hasattr(remark, "kind")}
    assert ("heading", "Phòng lạ") in parts


def test_a_few_files_start_no_process() -> None:
    files = read_ahead(range(5), _taken)
    assert next(files) and not _readers()


@pytest.mark.parametrize(("size", "most"), [(1_000, _MANY), (None, 12), (64 * 1024**2, 12)])
def test_small_files_are_taken_far_ahead_of_the_warehouse_and_large_ones_a_few(
    size: int | None, most: int
) -> None:
    taken: list[int] = []
    files = read_ahead(range(_MANY), taken.append, lambda _: size)
    next(files)
    last = time.monotonic() + (10 if most == _MANY else 0.5)
    while len(taken) < _MANY and time.monotonic() < last:
        time.sleep(0.01)
    assert len(taken) == _MANY if most == _MANY else len(taken) <= most
    assert [number for number, _ in files] == list(range(1, _MANY))
    assert taken == list(range(_MANY))


def test_the_run_reads_what_a_dead_process_did_not() -> None:
    files = read_ahead(range(_MANY), _taken)
    first = next(files)
    for process in _readers():
        process.kill()
    assert [number for number, _ in [first, *files]] == list(range(_MANY))


@pytest.mark.parametrize("ending", ["close", "kill"])
def test_no_process_outlives_its_run(ending: str) -> None:
    if ending == "close":
        files = read_ahead(range(_MANY), _taken)
        next(files)
        readers = _readers()
        files.close()  # type: ignore[attr-defined]
    else:
        code = (
            "import sys; from tests.unit.test_read_ahead import _taken, _MANY; from assets.exports.read_ahead import read_ahead;"
            " files = read_ahead(range(_MANY), _taken); next(files); print('reading', flush=True); sys.stdin.read()"
        )
        run = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        assert run.stdout is not None and run.stdout.readline() == b"reading\n"
        readers = psutil.Process(run.pid).children()
        run.kill()
        run.communicate()
    assert readers
    _, alive = psutil.wait_procs(readers, timeout=10)
    assert not [each for each in alive if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]
