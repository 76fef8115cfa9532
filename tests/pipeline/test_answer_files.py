"""`motcua sql --out`: answers that Excel and other programs open with what the warehouse has, whole or not at all."""

from __future__ import annotations

import datetime as dt
import os
import pty
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import fastexcel
import polars as pl
import pytest

from assets.extracts import answer_workbook
from tests.command_line import Motcua, own_environment

_KINDS = """
select 7::smallint as small, 3000000000::bigint as big, 1.50::numeric(6, 2) as price, 2.5::float8 as ratio,
  true as yes, date '2023-02-03' as day, timestamp '2023-02-03 04:05:06' as instant,
  timestamptz '2023-02-03 04:05:06+07' as arrived, time '04:05' as clock, 'Xã An Cư' as name,
  array['a, "b"', 'c'] as parts, '{"x": 1}'::jsonb as more, 'infinity'::timestamp as valid_to, sum(5::bigint) as total,
  1::numeric / 3 as third, '' as empty
union all
select null, null, null::numeric(6, 2), null, null, null, null, null, null, null, null, null, null, null, null, null
"""
_RISKY = """select * from (values ('=cmd|''/c calc''!A0'), ('+1'), ('-1'), ('@SUM(1)'), (E'\\t=1'), ('  =1'), ('an toàn'))
    as cells (cell)"""


def test_parquet_has_the_types_of_the_answer(motcua: Motcua, tmp_path: Path) -> None:
    file = tmp_path / "ra" / "mọi kiểu.parquet"
    done = motcua("sql", _KINDS, "--out", str(file))
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"Đã ghi 2 dòng vào {file}.\n"
    frame = pl.read_parquet(file)
    first, second = frame.to_dicts()
    assert frame.schema["price"] == pl.Decimal(6, 2)
    assert frame.schema["small"] == pl.Int16
    assert frame.schema["total"] == pl.Int64
    assert frame.schema["arrived"] == pl.Datetime("us", "Asia/Ho_Chi_Minh")
    assert first["price"] == Decimal("1.50")
    assert first["parts"] == ['a, "b"', "c"]
    assert first["valid_to"] == dt.datetime(9999, 12, 31)
    assert first["third"] == Decimal("0.33333333333333333333")
    assert (first["day"], first["clock"], first["yes"]) == (dt.date(2023, 2, 3), dt.time(4, 5), True)
    assert (first["empty"], second["empty"]) == ("", None)
    assert set(second.values()) == {None}


def test_a_workbook_has_typed_columns_headings_that_stay_and_a_filter(motcua: Motcua, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    assert motcua("sql", _KINDS, "--out", str(file)).returncode == 0
    row = fastexcel.read_excel(file).load_sheet(0).to_polars().to_dicts()[0]
    assert (row["small"], row["big"], row["price"], row["total"]) == (7, 3_000_000_000, 1.5, 5)
    assert row["instant"] == dt.datetime(2023, 2, 3, 4, 5, 6)
    assert row["arrived"] == dt.datetime(2023, 2, 3, 4, 5, 6)
    assert row["yes"] is True
    assert row["parts"] == 'a, "b", c'
    with ZipFile(file) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert 'state="frozen"' in sheet
    assert '<autoFilter ref="A1:P3"/>' in sheet


def test_csv_opens_in_vietnamese_excel(motcua: Motcua, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    columns = "1.5 as số, 2.5::float8 as tỷ_lệ, -3 as âm, date '2023-02-03' as ngày, 'a;\"b\"' as chữ, null as trống"
    assert motcua("sql", f"select {columns}", "--out", str(file)).returncode == 0
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    lines = file.read_bytes().decode("utf-8-sig").split("\r\n")
    assert lines == ["số;tỷ_lệ;âm;ngày;chữ;trống", '1,5;2,5;-3;2023-02-03;"a;""b""";', ""]
    assert motcua("sql", f"select {columns}", "--out", str(file), "--separator", ",").returncode == 0
    assert file.read_text(encoding="utf-8-sig").splitlines()[1] == '1.5,2.5,-3,2023-02-03,"a;""b""",'


def test_no_cell_of_a_file_is_a_formula(motcua: Motcua, tmp_path: Path) -> None:
    file, book = tmp_path / "a.csv", tmp_path / "a.xlsx"
    assert motcua("sql", _RISKY, "--out", str(file)).returncode == 0
    cells = pl.read_csv(file, separator=";")["cell"].to_list()
    assert [cell.startswith("'") for cell in cells] == [True] * 6 + [False]
    assert motcua("sql", _RISKY, "--out", str(book)).returncode == 0
    with ZipFile(book) as opened:
        sheet, styles = (opened.read(f"xl/{name}.xml").decode() for name in ("worksheets/sheet1", "styles"))
    assert "<f>" not in sheet
    assert 'quotePrefix="1"' in styles
    assert fastexcel.read_excel(book).load_sheet(0).to_polars()["cell"][0] == "=cmd|'/c calc'!A0"


def test_an_empty_answer_is_a_file_with_headings(motcua: Motcua, tmp_path: Path) -> None:
    for ending in ("csv", "xlsx", "parquet"):
        file = tmp_path / f"a.{ending}"
        done = motcua("sql", "select 1 as n, 'x' as n where false", "--out", str(file))
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig") == "n;n\n"
    assert pl.read_parquet(tmp_path / "a.parquet").schema == {"n": pl.Int32, "n_2": pl.String}


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_an_answer_that_breaks_off_leaves_the_file_of_before(
    ending: str, motcua: Motcua, tmp_path: Path
) -> None:
    file = tmp_path / f"a.{ending}"
    file.write_text("trước", encoding="utf-8")
    done = motcua(
        "sql", "select 1 / (500000 - n) as n from generate_series(1, 500000) as n", "--out", str(file)
    )
    assert done.returncode == 1
    assert "PostgreSQL không chạy được câu lệnh" in done.stderr
    assert file.read_text(encoding="utf-8") == "trước"
    assert [left.name for left in tmp_path.iterdir() if "a." in left.name] == [file.name]


def test_what_a_sheet_cannot_hold_is_refused_and_nothing_is_cut(
    motcua: Motcua, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.xlsx"
    done = motcua("sql", "select repeat('x', 40000) as long", "--out", str(file))
    assert done.returncode == 1
    assert "ô ở dòng 1 dài 40.000 ký tự" in done.stderr
    monkeypatch.setattr(answer_workbook, "_MOST_ROWS", 10)
    done = motcua("sql", "select n from generate_series(1, 10) as n", "--out", str(file))
    assert "hơn 9 dòng" in done.stderr
    assert not file.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--out", "a.txt"), "cần đuôi .xlsx, .csv hoặc .parquet"),
        (("--out", "a.csv", "--json"), "chỉ dùng một trong --json, --csv và --out"),
        (("--out", "a.xlsx", "--separator", ","), "--separator chỉ dùng cùng --out FILE.csv"),
        (("--out", "a.csv", "--separator", "ab"), "phải là một dấu duy nhất"),
    ],
)
def test_what_does_not_fit_together_is_wrong_usage(
    arguments: tuple[str, ...], words: str, motcua_alone: Motcua
) -> None:
    done = motcua_alone("sql", "select 1", *arguments)
    assert done.returncode == 2
    assert words in done.stderr


def test_only_queries_become_files(motcua: Motcua, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    assert "--out chỉ ghi kết quả của select" in motcua("sql", "explain select 1", "--out", str(file)).stderr
    refused = motcua("sql", "select 1) to program 'touch x' --", "--out", str(file))
    assert "syntax error" in refused.stderr
    assert not file.exists()


def test_a_folder_that_cannot_be_written_is_named(motcua: Motcua, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("", encoding="utf-8")
    done = motcua("sql", "select 1", "--out", str(tmp_path / "x" / "a.csv"))
    assert done.returncode == 1
    assert "không ghi được tệp" in done.stderr


def test_wide_rows_stand_upright_in_a_terminal(warehouse_url: str, tmp_path: Path) -> None:
    columns = ", ".join(f"'giá trị thứ {n}' as cot_{n}" for n in range(1, 9))
    shown = _in_a_terminal(("sql", f"select {columns}"), own_environment(tmp_path, warehouse_url), 60)
    lines = [line.split() for line in shown.splitlines()]
    assert ["cot_8", "giá", "trị", "thứ", "8"] in lines
    assert lines[0][0] == "1"
    narrow = _in_a_terminal(("sql", "select 1 as a, 2 as b"), own_environment(tmp_path, warehouse_url), 60)
    assert narrow.startswith("┏━━━┳━━━┓")


def _in_a_terminal(arguments: tuple[str, ...], environment: dict[str, str], width: int) -> str:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", "from pipelines.cli import main; main()", *arguments]
    environment |= {"COLUMNS": str(width), "TERM": "xterm", "NO_COLOR": "1"}
    process: Any = subprocess.Popen(command, env=environment, stdout=theirs, stderr=subprocess.PIPE)
    os.close(theirs)
    shown = b""
    try:
        while read := os.read(ours, 65536):
            shown += read
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    errors = process.communicate()[1]
    assert process.returncode == 0, errors
    return shown.decode()


@pytest.mark.long
@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_memory_does_not_grow_with_the_rows(ending: str, warehouse_url: str, tmp_path: Path) -> None:
    """Half a million and twice as many rows take the same memory; as one frame they would take 150 MB more."""
    environment = own_environment(tmp_path, warehouse_url)
    peaks = [_peak_mebibytes(rows, tmp_path / f"a.{ending}", environment) for rows in (500_000, 1_000_000)]
    assert peaks[1] - peaks[0] < 60, peaks


def _peak_mebibytes(rows: int, file: Path, environment: dict[str, str]) -> int:
    query = f"select n, repeat(md5(n::text), 10) as words from generate_series(1, {rows}) as n"
    program = (
        "import resource, sys\nfrom pipelines.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    command = [sys.executable, "-c", program, "sql", query, "--out", str(file), "--timeout", "600"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return int(done.stdout.splitlines()[-1])
