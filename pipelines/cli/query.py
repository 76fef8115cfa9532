"""`motcua sql`: a read-only question to the warehouse, asked as the analyst role."""

from __future__ import annotations

import csv
import json
import math
import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any

import psycopg
import typer
from rich.table import Table
from sqlalchemy.exc import DBAPIError

from pipelines.cli.console import out
from pipelines.settings import Settings
from warehouse_sql.messages import message
from warehouse_sql.warehouse import WarehouseError, ask_as_analyst, open_engine


def sql(
    query: Annotated[
        str, typer.Argument(metavar="QUERY", help="Một câu lệnh SQL chỉ đọc; “-” đọc từ đầu vào.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="In một danh sách đối tượng JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="In CSV có dòng tiêu đề.")] = False,
) -> None:
    """Hỏi kho dữ liệu bằng SQL (chỉ đọc, với quyền của người phân tích)."""
    if as_json and as_csv:
        raise typer.BadParameter(message("chỉ dùng một trong --json và --csv."))
    asked = sys.stdin.read() if query == "-" else query
    try:
        names, rows = ask_as_analyst(open_engine(Settings().url()), asked)
    except (DBAPIError, psycopg.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise WarehouseError(
            message("PostgreSQL không chạy được câu lệnh: {reason}", reason=_first_lines(cause))
        ) from error
    if as_json:
        print(
            json.dumps([dict(zip(names, map(plain, row), strict=True)) for row in rows], ensure_ascii=False)
        )
    elif as_csv:
        writer = csv.writer(sys.stdout)
        writer.writerow(names)
        writer.writerows(["" if value is None else plain(value) for value in row] for row in rows)
    else:
        table = Table(*names)
        for row in rows:
            table.add_row(*("" if value is None else str(plain(value)) for value in row))
        out.print(table)


def plain(value: Any) -> Any:
    """A value of PostgreSQL as JSON has it: whole numerics as integers, instants in ISO."""
    match value:
        case Decimal() | float() if not math.isfinite(value):
            found: Any = None  # JSON has no word for it
        case Decimal():
            found = int(value) if value == value.to_integral_value() else float(value)
        case datetime() | date() | time():
            found = value.isoformat()
        case timedelta():
            found = value.total_seconds()
        case dict():
            found = {name: plain(item) for name, item in value.items()}
        case list() | tuple():
            found = [plain(item) for item in value]
        case None | bool() | int() | float() | str():
            found = value
        case _:
            found = str(value)
    return found


def _first_lines(error: BaseException | None) -> str:
    return " ".join(str(error).split("\nCONTEXT")[0].split())
