"""`motcua sql`: a read-only question to the warehouse, asked as a login that can do nothing else."""

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
from rich.text import Text

from pipelines.cli.console import print_table
from pipelines.settings import Settings
from warehouse_sql.errors import WarehouseError
from warehouse_sql.messages import message
from warehouse_sql.query_login import Answer, ask_embedded, ask_given_login, ask_made_login


def sql(
    query: Annotated[
        str, typer.Argument(metavar="QUERY", help="Một câu lệnh SQL chỉ đọc; “-” đọc từ đầu vào.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="In một danh sách đối tượng JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="In CSV có dòng tiêu đề.")] = False,
    timeout: Annotated[
        float, typer.Option("--timeout", metavar="S", help="Số giây câu hỏi được chạy.", min=0.001, max=86400)
    ] = 60,
) -> None:
    """Hỏi kho dữ liệu bằng SQL (chỉ đọc, với quyền của người phân tích)."""
    if as_json and as_csv:
        raise typer.BadParameter(message("chỉ dùng một trong --json và --csv."))
    asked = sys.stdin.read() if query == "-" else query
    try:
        names, rows = _ask(Settings(), asked, timeout)
    except psycopg.Error as error:
        raise WarehouseError(
            message("PostgreSQL không chạy được câu lệnh: {reason}", reason=_first_lines(error))
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
        table = Table()
        for name in names:
            table.add_column(Text(name), overflow="fold")
        for row in rows:
            table.add_row(*(Text("" if value is None else str(plain(value))) for value in row))
        print_table(table)


def _ask(settings: Settings, query: str, timeout_seconds: float) -> Answer:
    if settings.analyst_url:
        return ask_given_login(settings.analyst_url, query, timeout_seconds)
    settings.root.mkdir(mode=0o755, parents=True, exist_ok=True)
    if settings.warehouse_url:
        return ask_made_login(
            settings.warehouse_url, settings.root, query, timeout_seconds, settings.role_prefix
        )
    return ask_embedded(settings.root, query, timeout_seconds)


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
