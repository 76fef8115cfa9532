"""`motcua targets`: what offices set themselves to reach, taken over from their file."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assets.given.vietnamese import number
from pipelines.cli.console import LOCK_WAIT_SECONDS, agreed, content_of, open_warehouse, out, print_table
from pipelines.settings import Settings
from warehouse_sql.warehouse import run_lock

if TYPE_CHECKING:
    from assets.dimensions.targets import Change

app = typer.Typer(help="Chỉ tiêu giao cho các đơn vị: nhập từ tệp.", no_args_is_help=True)
_SHOWN = 200


@app.callback()
def targets() -> None:
    """Keeps `import` a command of its own though it is the only one."""


@app.command("import")
def take_over(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="XLSX hoặc CSV có các cột Đơn vị hoặc Mã đơn vị, Chỉ tiêu, Năm, Mức."
        ),
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Ghi mà không hỏi lại.")] = False,
) -> None:
    """Nhập chỉ tiêu: cho xem thay đổi trước, hỏi rồi mới ghi; nhập lại cùng tệp không thay đổi gì."""
    from assets.dimensions.load import load_reference
    from assets.dimensions.targets import changes, read_targets, write_targets

    content = content_of(file)
    settings = Settings()
    engine = open_warehouse(settings)
    with run_lock(engine, LOCK_WAIT_SECONDS), engine.begin() as connection:
        # the units that the file names
        load_reference(connection, settings.source_list(), settings.office_files())
        read = read_targets(connection, content, file.name)
        planned = changes(connection, read)
    _show(file.name, len(read), planned)
    if not planned:
        return
    if not yes and not agreed("Ghi các mức này?"):
        raise typer.Exit(1)
    with run_lock(engine, LOCK_WAIT_SECONDS), engine.begin() as connection:
        written = write_targets(connection, read, file.name)
    out.print(f"Đã ghi {number(written)} mức.")


def _show(name: str, count: int, planned: list[Change]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    new = sum(one.old is None for one in planned)
    out.print(
        f"{name}: {number(count)} mức: {number(new)} mới, {number(len(planned) - new)} đổi,"
        f" {number(count - len(planned))} giữ nguyên.",
        markup=False,
    )
    if not planned:
        out.print("Không có gì thay đổi.")
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for head in ("Mã", "Đơn vị", "Chỉ tiêu", "Năm", "Cũ", "Mới"):
        table.add_column(head, overflow="fold")
    for one in planned[:_SHOWN]:
        told = one.target
        cells = (
            told.unit_code,
            told.unit_name,
            told.indicator,
            str(told.year),
            _percent(one.old),
            _percent(told.target),
        )
        table.add_row(*map(Text, cells))
    print_table(table)
    if len(planned) > _SHOWN:
        out.print(f"… và {number(len(planned) - _SHOWN)} thay đổi khác.")


def _percent(share: Decimal | None) -> str:
    """0.955 -> 95,5 %, with all its decimals; a dash for none."""
    return "–" if share is None else f"{(share * 100).normalize():f}".replace(".", ",") + " %"
