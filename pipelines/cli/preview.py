"""`motcua preview`: what a change of reference data would move, before it is applied; nothing is written."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.cli.console import content_of, progress_bars, say, show_rows
from pipelines.settings import Settings
from warehouse_sql.engine import open_engine
from warehouse_sql.messages import Message, message
from warehouse_sql.migrate import migrate
from warehouse_sql.side_database import side_database

if TYPE_CHECKING:
    from assets.preview import Catalogue, Preview

_WORDS = {
    "unit_code": message("Đơn vị"),
    "procedure_code": message("Thủ tục"),
    "due_at": message("Hạn trả"),
    "computed_due_at": message("Hạn tính được"),
    "status": message("Trạng thái"),
}


def preview(
    units: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Tệp tên khác và trọng số của đơn vị (như MOTCUA_UNITS)."),
    ] = None,
    calendar: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Tệp ngày nghỉ, ngày làm bù (như MOTCUA_CALENDAR).")
    ] = None,
    sources: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Danh sách nguồn (như MOTCUA_SOURCES).")
    ] = None,
    corrections: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Tệp đính chính (như MOTCUA_CORRECTIONS).")
    ] = None,
    catalogue: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Danh mục thủ tục sẽ nhập: XLSX hoặc CSV.")
    ] = None,
    valid_from: Annotated[
        datetime | None,
        typer.Option("--valid-from", formats=["%Y-%m-%d"], help="Ngày đầu có hiệu lực (mặc định: hôm nay)."),
    ] = None,
    first: Annotated[int, typer.Option("--first", metavar="N", help="Số hồ sơ được liệt kê.", min=0)] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="In dạng JSON.")] = False,
) -> None:
    """Cho biết hồ sơ và số liệu nào sẽ đổi nếu áp dụng tệp này; không ghi gì vào kho."""
    from assets.exports.archived import require_bytes
    from assets.given.archive import Archive
    from assets.preview import preview as preview_of

    given = {"units": units, "calendar": calendar, "sources": sources, "corrections": corrections}
    changed = {name: file for name, file in given.items() if file is not None}
    if not changed and catalogue is None:
        raise typer.BadParameter(
            message(
                "hãy nêu ít nhất một tệp: --units, --calendar, --sources, --corrections hoặc --catalogue."
            )
        )
    for file in changed.values():
        content_of(file)
    current = Settings()
    settings = current.model_copy(update=changed)
    listed = settings.source_list()
    engine, archive = open_engine(current.url()), Archive(settings.archive)
    require_bytes(engine, archive)
    with side_database(engine, "preview") as side, progress_bars(quiet=as_json) as progress:
        migrate(side)
        result = preview_of(
            engine,
            side,
            archive,
            listed,
            settings.office_files(),
            _catalogue(catalogue, valid_from),
            progress,
        )
    if as_json:
        print(json.dumps(_as_json(result, first), ensure_ascii=False, default=str))
    else:
        _show(result, first)


def _catalogue(file: Path | None, valid_from: datetime | None) -> Catalogue | None:
    from assets.exports.intake import now
    from assets.preview import Catalogue

    if file is None:
        return None
    at = now()
    return Catalogue(content_of(file), file.name, valid_from.date() if valid_from else at.date(), at)


def _changes(row: dict[str, Any]) -> dict[str, list[Any]]:
    return {name: [row[name], row[f"{name}_after"]] for name in _WORDS if row[f"{name}_moves"]}


def _as_json(result: Preview, first: int) -> dict[str, Any]:
    rows = result.dossiers.head(first).iter_rows(named=True)
    return {
        "dossiers": result.dossiers.height,
        "changes": dict(result.counts),
        "first": [{"dossier_code": row["dossier_code"], **_changes(row)} for row in rows],
        "period": result.period,
        "units": result.figures,
        "units_of_today": result.figures_of_today,
    }


def _show(result: Preview, first: int) -> None:
    if result.dossiers.is_empty() and not result.figures and not result.figures_of_today:
        say(message("Không hồ sơ hay số liệu nào đổi."))
        return
    say(message("{count:number} hồ sơ sẽ đổi.", count=result.dossiers.height))
    if not result.dossiers.is_empty():
        _show_dossiers(result, first)
    if result.period is None:
        return
    start, end = result.period
    _show_figures(
        message(
            "Biểu II.06 từ {start:day} đến {end:day} (ii06): {count:number} đơn vị có số liệu đổi.",
            start=start,
            end=end,
            count=len(result.figures),
        ),
        result.figures,
    )
    _show_figures(
        message(
            "Biểu II.06 theo đơn vị hiện nay từ {start:day} đến {end:day} (ii06): {count:number} đơn vị có số liệu đổi.",
            start=start,
            end=end,
            count=len(result.figures_of_today),
        ),
        result.figures_of_today,
    )


def _show_dossiers(result: Preview, first: int) -> None:
    counts = [
        (_WORDS[name], message("{count:number}", count=count))
        for name, count in result.counts.items()
        if count
    ]
    show_rows((message("Nội dung"), message("Số hồ sơ")), counts)
    rows = [
        (row["dossier_code"], _WORDS[name], _shown(was), _shown(would_be))
        for row in result.dossiers.head(first).iter_rows(named=True)
        for name, (was, would_be) in _changes(row).items()
    ]
    show_rows((message("Mã hồ sơ"), message("Nội dung"), message("Nay"), message("Sẽ là")), rows)
    if result.dossiers.height > first:
        say(message("… và {count:number} hồ sơ khác.", count=result.dossiers.height - first))


def _show_figures(heading: Message, units: list[dict[str, Any]]) -> None:
    if not units:
        return
    say(heading)
    cells = [
        (unit["unit_code"], unit["unit_name"], name, str(was), str(would_be))
        for unit in units
        for name, (was, would_be) in unit["figures"].items()
    ]
    heads = (message("Mã"), message("Đơn vị"), message("Chỉ tiêu"), message("Nay"), message("Sẽ là"))
    show_rows(heads, cells)


def _shown(value: Any) -> Message | str:
    if value is None:
        return message("–")
    return message("{at:instant}", at=value) if isinstance(value, datetime) else str(value)
