"""`motcua sql`: a read-only question to the warehouse, asked as a login that can do nothing else.

Its answer is shown, printed for programs, or written to a file.
"""

from __future__ import annotations

import csv
import json
import math
import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import psycopg
import typer
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from pipelines.cli.console import fits, out, print_table, say
from pipelines.settings import Settings
from warehouse_sql.analyst import ask
from warehouse_sql.errors import WarehouseError
from warehouse_sql.messages import message
from warehouse_sql.query_login import Asking, T, ask_embedded, ask_given_login, ask_made_login


def sql(
    query: Annotated[
        str, typer.Argument(metavar="QUERY", help="Một câu lệnh SQL chỉ đọc; “-” đọc từ đầu vào.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="In một danh sách đối tượng JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="In CSV có dòng tiêu đề.")] = False,
    file: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            dir_okay=False,
            help="Ghi kết quả vào tệp .xlsx, .csv (mở được bằng Excel) hoặc .parquet.",
        ),
    ] = None,
    separator: Annotated[
        str | None,
        typer.Option(
            "--separator",
            metavar="MARK",
            help="Dấu ngăn cách ô trong tệp .csv (mặc định “;” như Excel tiếng Việt, khi đó số thập phân dùng dấu phẩy).",
        ),
    ] = None,
    timeout: Annotated[
        float, typer.Option("--timeout", metavar="S", help="Số giây câu hỏi được chạy.", min=0.001, max=86400)
    ] = 60,
) -> None:
    """Hỏi kho dữ liệu bằng SQL (chỉ đọc, với quyền của người phân tích)."""
    if sum((as_json, as_csv, file is not None)) > 1:
        raise typer.BadParameter(message("chỉ dùng một trong --json, --csv và --out."))
    writer = _writer(file, separator)
    asked = sys.stdin.read() if query == "-" else query
    try:
        if file is not None:
            count = ask_warehouse(Settings(), asked, timeout, writer)
            say(message("Đã ghi {count:number} dòng vào {file}.", count=count, file=file))
            return
        names, rows = ask_warehouse(Settings(), asked, timeout, ask)
    except psycopg.Error as error:
        raise WarehouseError(
            message("PostgreSQL không chạy được câu lệnh: {reason}", reason=_first_lines(error))
        ) from error
    if as_json:
        print(
            json.dumps([dict(zip(names, map(plain, row), strict=True)) for row in rows], ensure_ascii=False)
        )
    elif as_csv:
        lines = csv.writer(sys.stdout)
        lines.writerow(names)
        lines.writerows(["" if value is None else plain(value) for value in row] for row in rows)
    else:
        _show(names, [["" if value is None else str(plain(value)) for value in row] for row in rows])


def _writer(file: Path | None, separator: str | None) -> Asking[int]:
    """Returns how a question is asked whose answer becomes a file."""
    if separator is not None and (file is None or file.suffix.lower() != ".csv"):
        raise typer.BadParameter(message("--separator chỉ dùng cùng --out FILE.csv."))
    if separator is not None and (len(separator.encode()) != 1 or separator in '"\r\n'):
        raise typer.BadParameter(message("--separator phải là một dấu duy nhất, ví dụ “,”."))
    if file is None:
        return lambda url, query, timeout: 0
    from assets.extracts.answer_files import SEPARATOR, write_answer, writer_of
    from warehouse_sql.frame_stream import ask_for_frames

    writer = writer_of(file, separator or SEPARATOR)
    if writer is None:
        raise typer.BadParameter(message("--out “{file}” cần đuôi .xlsx, .csv hoặc .parquet.", file=file))
    return lambda url, query, timeout: ask_for_frames(
        url, query, timeout, lambda columns, frames: write_answer(file, writer, columns, frames)
    )


def ask_warehouse(settings: Settings, query: str, timeout_seconds: float, asking: Asking[T]) -> T:
    """Asks the warehouse of the settings as the login that can only read."""
    if settings.analyst_url:
        return ask_given_login(settings.analyst_url, query, timeout_seconds, asking)
    settings.root.mkdir(mode=0o755, parents=True, exist_ok=True)
    if settings.warehouse_url:
        return ask_made_login(
            settings.warehouse_url, settings.root, query, timeout_seconds, asking, settings.role_prefix
        )
    return ask_embedded(settings.root, query, timeout_seconds, asking)


def _show(names: list[str], rows: list[list[str]]) -> None:
    """Prints a table; on a terminal that it does not fit, each row upright with a line for each column."""
    table = Table()
    for name in names:
        table.add_column(Text(name), overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    if fits(table):
        print_table(table)
        return
    widest = max(map(cell_len, names))
    for number, row in enumerate(rows, start=1):
        out.rule(Text(f"{number}"), align="left", characters="─")
        upright = Table.grid(padding=(0, 2))
        upright.add_column(no_wrap=True, width=min(widest, out.width // 2))
        upright.add_column(overflow="fold")
        for name, value in zip(names, row, strict=True):
            upright.add_row(Text(name), Text(value))
        out.print(upright)


def plain(value: Any) -> Any:
    """Returns a value of PostgreSQL as JSON can hold it: whole numerics as integers, instants in ISO."""
    match value:
        case Decimal() | float() if not math.isfinite(value):
            converted: Any = None  # JSON has no word for it
        case Decimal():
            converted = int(value) if value == value.to_integral_value() else float(value)
        case datetime() | date() | time():
            converted = value.isoformat()
        case timedelta():
            converted = value.total_seconds()
        case dict():
            converted = {name: plain(item) for name, item in value.items()}
        case list() | tuple():
            converted = [plain(item) for item in value]
        case None | bool() | int() | float() | str():
            converted = value
        case _:
            converted = str(value)
    return converted


def _first_lines(error: BaseException | None) -> str:
    return " ".join(str(error).split("\nCONTEXT")[0].split())
