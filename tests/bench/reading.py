"""CPU time, wall time and peak memory of reading one export in each format, each in a process of its own.

    python -m tests.bench reading
    python -m tests.bench.reading FOLDER [ROWS]    # keeps its files in FOLDER and uses them again

CSV and JSON have a million rows. A workbook has nearly as many as its limit of cells lets in: it is read whole.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import xlsxwriter

from assets.given.workbook_safety import MAX_CELLS
from pipelines.simulator.angiang import HEADINGS
from tests.worlds import national

ROWS = 1_000_000
_READ = """
import resource, sys, time
from pathlib import Path
from assets.sources.shapes import read_export
from assets.sources.sources import load_sources
source, path = load_sources()[sys.argv[1]], Path(sys.argv[2])
usage = lambda: resource.getrusage(resource.RUSAGE_SELF)
cpu = lambda: usage().ru_utime + usage().ru_stime
before, began = cpu(), time.perf_counter()
rows = read_export(path.read_bytes(), source, path.name).row_count
print(rows, cpu() - before, time.perf_counter() - began, usage().ru_maxrss / 1024)
"""


def reading(home: Path) -> None:
    """Makes an export in each format and reads it."""
    run(home, ROWS)


def run(folder: Path, rows: int) -> None:
    """Reads files of so many rows; a workbook of no more than its limit."""
    folder.mkdir(parents=True, exist_ok=True)
    most = MAX_CELLS // (len(HEADINGS) + 1) // 1000 * 1000  # columns are counted with one to spare
    _measure(folder / "DanhSachHoSo_20230717.csv", "angiang", rows, _write_csv)
    _measure(folder / "DongBoHoSoMC_20230717T183000.json", "dvcqg", rows, _write_json)
    _measure(folder / "DanhSachHoSo_20230717.xlsx", "angiang", min(rows, most), _write_workbook)


def _measure(path: Path, source: str, rows: int, write: Callable[[Path, int], None]) -> None:
    if not path.exists():
        write(path, rows)
    process = subprocess.run(
        [sys.executable, "-c", _READ, source, str(path)], capture_output=True, text=True, check=False
    )
    if process.returncode:
        raise SystemExit(f"{path.name} could not be read:\n{process.stderr}")
    count, cpu, wall, peak = map(float, process.stdout.split())
    if count != rows:
        raise SystemExit(f"{path.name}: {count:.0f} rows were read of {rows}")
    print(
        f"reading: {path.suffix[1:].upper()} of {rows:,} rows, {path.stat().st_size / 1e6:.0f} MB:"
        f" CPU {cpu:.1f} s, wall {wall:.1f} s, peak {peak:.0f} MB",
        flush=True,
    )


def _code(number: int) -> str:
    return f"000.26.33.H01-230717-{number:07}"


def _list_rows(rows: int) -> Iterator[tuple[str, ...]]:
    """Yields the rows of a list as the province writes them."""
    for number in range(1, rows + 1):
        yield (
            str(number),
            f"UBND phường số {number % 120}",
            f"Lĩnh vực {number % 25}",
            f"Thủ tục hành chính thứ {number % 300}: cấp giấy xác nhận theo đề nghị của cơ sở",
            _code(number),
            "Đã xử lý xong",
            "TX. Tịnh Biên, An Giang",
            f"Cơ sở thứ {number}",
            f"{1 + number % 17:02}/07/2023 08:{number % 60:02}",
            f"{1 + number % 17:02}/07/2023 08:{number % 60:02}",
            f"{1 + number % 28:02}/08/2023 17:00",
            "17/07/2023 15:00",
            "Bộ phận Một cửa",
        )


def _write_csv(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(";".join(HEADINGS) + "\n")
        file.writelines(";".join(row) + "\n" for row in _list_rows(rows))


def _write_json(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write('{"service": "DongBoHoSoMC", "isUpdating": "False", "data": [')
        for number in range(1, rows + 1):
            record = national(
                _code(number), DonViXuLy=f"UBND phường số {number % 120}", ended="2023-07-17 15:00", status=10
            )
            file.write("," * (number > 1) + json.dumps(record, ensure_ascii=False))
        file.write("]}")


def _write_workbook(path: Path, rows: int) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        for place, row in enumerate(_list_rows(rows), start=1):
            sheet.write_row(place, 0, row)


if __name__ == "__main__":
    run(Path(sys.argv[1]).resolve(), int(sys.argv[2]) if sys.argv[2:] else ROWS)
