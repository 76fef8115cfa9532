"""Answers to `motcua sql` as files: for Excel (XLSX, CSV) and for programs (Parquet). Each is written whole or not at all.

Rows come as frames one after another, so memory does not grow with their number.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO

import polars as pl

from assets.extracts.answer_workbook import write_workbook
from assets.given.texts import FORMULA_MARKS, neutral
from warehouse_sql.errors import WarehouseError
from warehouse_sql.frame_stream import Column
from warehouse_sql.messages import message

#: Excel in Vietnamese Windows separates cells by this, since the comma is its decimal sign.
SEPARATOR = ";"
_BOM = "\ufeff".encode()
_MOST_DIGITS, _DIGITS_OF_INTEGER = 38, 18
Frames = Iterator[pl.DataFrame]
Writer = Callable[[Path, Sequence[Column], Frames], int]


def writer_of(file: Path, separator: str = SEPARATOR) -> Writer | None:
    """Returns what writes a file of this ending, None for one that it does not know."""
    writers: dict[str, Writer] = {
        ".csv": lambda part, columns, frames: _write_csv(part, columns, frames, separator),
        ".xlsx": write_workbook,
        ".parquet": write_parquet,
    }
    return writers.get(file.suffix.lower())


def write_answer(file: Path, writer: Writer, columns: Sequence[Column], frames: Frames) -> int:
    """Writes the rows of an answer, whole or not at all. Returns how many there are."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_name(f".{file.name}.part")
        try:
            count = writer(part, columns, frames)
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise WarehouseError(
            message(
                "{file}: không ghi được tệp ({reason}); hãy kiểm tra thư mục, quyền ghi và chỗ trống.",
                file=file,
                reason=error.strerror or type(error).__name__,
            )
        ) from error
    return count


def _write_csv(part: Path, columns: Sequence[Column], frames: Frames, separator: str) -> int:
    """CSV as Excel opens it by a double click: UTF-8 with its mark; next to semicolons, decimals have a comma."""
    count = 0
    with part.open("wb") as opened:
        opened.write(_BOM)
        heads = pl.DataFrame([[neutral(column.name)] for column in columns], schema=_places(columns))
        _append_csv(heads, opened, separator)
        cells = [_cell(f"c{place}", column, separator) for place, column in enumerate(columns)]
        for frame in frames:
            _append_csv(frame.select(cells), opened, separator)
            count += frame.height
    return count


def _places(columns: Sequence[Column]) -> list[str]:
    return [f"c{place}" for place in range(len(columns))]


def _append_csv(frame: pl.DataFrame, opened: IO[bytes], separator: str) -> None:
    frame.write_csv(
        opened,
        include_header=False,
        separator=separator,
        line_terminator="\r\n",
        decimal_comma=separator == SEPARATOR,
        datetime_format="%Y-%m-%d %H:%M:%S",
        time_format="%H:%M:%S",
    )


def _cell(place: str, column: Column, separator: str) -> pl.Expr:
    value = pl.col(place)
    if column.is_array:
        value = value.cast(pl.List(pl.String)).list.join(", ")
    if column.is_text:
        risky = value.str.strip_chars_start(" \u00a0").str.contains(
            rf"^[{''.join(map(_escaped, FORMULA_MARKS))}]"
        )
        risky |= value.str.contains(r"^[\t\r]")
        return pl.when(risky).then("'" + value).otherwise(value).alias(place)
    if column.type is None and separator == SEPARATOR:
        return value.str.replace(".", ",", literal=True)
    return value


def _escaped(mark: str) -> str:
    return f"\\{mark}" if mark in "+-" else mark


def write_parquet(part: Path, columns: Sequence[Column], frames: Frames) -> int:
    """Parquet with the types of the answer.

    Numerics without declared digits, such as sums, become what holds all their values: whole numbers, decimals, else floats.
    """
    names = _distinct([column.name for column in columns])
    pieces = Path(tempfile.mkdtemp(prefix=f"{part.name}-", dir=part.parent))
    count = 0
    digits = dict.fromkeys(
        (place for place, c in zip(_places(columns), columns, strict=True) if c.type is None), (0, 0)
    )
    try:
        empty = pl.DataFrame(
            schema={f"c{place}": column.type or pl.String for place, column in enumerate(columns)}
        )
        empty.write_parquet(pieces / "0.parquet")
        for number, frame in enumerate(frames, start=1):
            frame.write_parquet(pieces / f"{number}.parquet", compression="lz4")
            digits = {place: _most_digits(frame[place], most) for place, most in digits.items()}
            count += frame.height
        files = sorted(pieces.iterdir(), key=lambda piece: int(piece.stem))
        typed = [pl.col(place).cast(_type_for(*most)) for place, most in digits.items()]
        renamed = [pl.col(f"c{place}").alias(name) for place, name in enumerate(names)]
        pl.scan_parquet(files).with_columns(typed).select(renamed).sink_parquet(part, compression="zstd")
    finally:
        shutil.rmtree(pieces, ignore_errors=True)
    return count


def _distinct(names: Sequence[str]) -> list[str]:
    """Returns the names, with a number behind one that another column has before it: Parquet knows a name once."""
    taken: list[str] = []
    for name in names:
        number, chosen = 2, name
        while chosen in taken:
            number, chosen = number + 1, f"{name}_{number}"
        taken.append(chosen)
    return taken


def _most_digits(written: pl.Series, most: tuple[int, int]) -> tuple[int, int]:
    """Returns how many digits before and behind the point the longest values have; beyond all bounds for NaN."""
    if written.str.contains("[^0-9.-]").any():
        return (_MOST_DIGITS + 1, 0)
    parts = written.drop_nulls().str.strip_prefix("-").str.split_exact(".", 1).struct
    whole, rest = (parts.field(f"field_{side}").str.len_bytes() for side in (0, 1))
    longest = [int(lengths.max() or 0) for lengths in (whole, rest)]  # type: ignore[arg-type]
    return max(most[0], longest[0]), max(most[1], longest[1])


def _type_for(whole: int, rest: int) -> pl.DataType:
    if whole + rest > _MOST_DIGITS:
        return pl.Float64()
    if rest == 0 and whole <= _DIGITS_OF_INTEGER:
        return pl.Int64()
    return pl.Decimal(_MOST_DIGITS, rest)
