"""`motcua targets`: what offices set themselves to reach, taken over from their file."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.console import LOCK_WAIT_SECONDS, agreed, content_of, open_warehouse, say, show_rows
from pipelines.settings import Settings
from warehouse_sql.messages import Message, message
from warehouse_sql.run_lock import run_lock

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
    if not yes and not agreed(message("Ghi các mức này?")):
        raise typer.Exit(1)
    with run_lock(engine, LOCK_WAIT_SECONDS), engine.begin() as connection:
        written = write_targets(connection, read, file.name)
    say(message("Đã ghi {written:number} mức.", written=written))


def _show(name: str, count: int, planned: list[Change]) -> None:
    new = sum(change.old is None for change in planned)
    say(
        message(
            "{name}: {count:number} mức: {new:number} mới, {changed:number} đổi, {kept:number} giữ nguyên.",
            name=name,
            count=count,
            new=new,
            changed=len(planned) - new,
            kept=count - len(planned),
        ),
    )
    if not planned:
        say(message("Không có gì thay đổi."))
        return
    heads = (
        message("Mã"),
        message("Đơn vị"),
        message("Chỉ tiêu"),
        message("Năm"),
        message("Cũ"),
        message("Mới"),
    )
    show_rows(heads, map(_cells, planned[:_SHOWN]))
    if len(planned) > _SHOWN:
        say(message("… và {count:number} thay đổi khác.", count=len(planned) - _SHOWN))


def _cells(change: Change) -> tuple[str, ...]:
    target = change.target
    return (
        *(target.unit_code, target.unit_name, target.indicator, str(target.year)),
        *(_percent(change.old), _percent(target.target)),
    )


def _percent(share: Decimal | None) -> Message:
    """0.955 -> 95,5%, with all its decimals; a dash for none."""
    if share is None:
        return message("–")
    return message("{share:exact_percent}", share=share)
