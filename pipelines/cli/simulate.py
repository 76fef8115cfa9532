"""`motcua simulate`: made-up exports in the shapes of the portals."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.console import progress_bars, say
from warehouse_sql.messages import message, message_of


def simulate(
    folder: Annotated[Path, typer.Argument(metavar="OUT", help="Thư mục nhận các tệp.")],
    start: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="Ngày đầu.")],
    end: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Ngày cuối.")],
    per_day: Annotated[float | None, typer.Option(min=0, help="Số hồ sơ mỗi ngày làm việc.")] = None,
    dossiers: Annotated[int | None, typer.Option(min=1, help="Tổng số hồ sơ của cả kỳ.")] = None,
    seed: Annotated[int, typer.Option(help="Hạt giống: cùng số thì cùng tệp.")] = 1,
    spike: Annotated[
        list[str] | None, typer.Option(help="Đợt quá hạn: MÃ_ĐƠN_VỊ:NGÀY:HỆ_SỐ, ví dụ 30520:2023-07-10:3.")
    ] = None,
) -> None:
    """Dựng tệp xuất mẫu của cả ba loại cổng (không có công dân thật nào)."""
    from pipelines.simulator import parse_spike
    from pipelines.simulator import simulate as write

    try:
        spikes = [parse_spike(text) for text in spike or []]
        with progress_bars() as progress:
            truth = write(
                folder,
                start=start.date(),
                end=end.date(),
                per_day=per_day,
                dossiers=dossiers,
                seed=seed,
                spikes=spikes,
                progress=lambda done, total: progress("simulate", done, total),
            )
    except ValueError as error:
        raise typer.BadParameter(message_of(error)) from None
    say(
        message(
            "Đã dựng {dossiers:number} hồ sơ trong {files:number} tệp ở {folder}.",
            dossiers=truth.dossiers,
            files=truth.files,
            folder=folder,
        )
    )
