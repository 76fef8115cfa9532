"""`motcua report`: the inspection report as a page and form II.06a as a workbook."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from pipelines.cli.console import out
from pipelines.settings import Settings
from warehouse_sql.migrate import migrate
from warehouse_sql.warehouse import open_engine

_HERE = ZoneInfo("Asia/Ho_Chi_Minh")


def report(
    start: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="Ngày đầu của kỳ.")],
    end: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Ngày cuối của kỳ.")],
    folder: Annotated[
        Path, typer.Option("--out", metavar="DIR", file_okay=False, help="Thư mục nhận báo cáo.")
    ],
    unit: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODE",
            help="Mã đơn vị, nhắc lại được; mã cấp huyện hoặc tỉnh gồm cả các đơn vị trực thuộc. Mặc định: tất cả.",
        ),
    ] = None,
    rule_set: Annotated[str, typer.Option(metavar="NAME", help="Bộ quy tắc.")] = "ii06",
    unit_view: Annotated[
        str,
        typer.Option(
            metavar="as_received|current",
            help="Đơn vị lúc tiếp nhận, hoặc quy về đơn vị hành chính hiện nay (current).",
        ),
    ] = "as_received",
    lang: Annotated[str, typer.Option(metavar="vi|en", help="Tiếng Việt, hoặc tiếng Anh (en).")] = "vi",
    known_at: Annotated[
        str | None,
        typer.Option(
            metavar="T",
            help="Số liệu như đã biết đến lúc đó: ngày (hết ngày, giờ Việt Nam) hoặc thời điểm ISO.",
        ),
    ] = None,
) -> None:
    """Lập báo cáo kiểm tra: bao-cao.html và bieu-II-06.xlsx."""
    if start > end:
        raise typer.BadParameter("ngày đầu (--from) phải trước hoặc bằng ngày cuối (--to).")
    moment = _moment(known_at) if known_at is not None else None

    from assets.reports.figures import LANGUAGES, UNIT_VIEWS, Request
    from assets.reports.wording import inspection_sentence, warnings
    from assets.reports.write import PAGE, WORKBOOK, write_report

    if unit_view not in UNIT_VIEWS:
        raise typer.BadParameter(f"--unit-view cần một trong {', '.join(UNIT_VIEWS)}, đang là “{unit_view}”.")
    if lang not in LANGUAGES:
        raise typer.BadParameter(f"--lang cần một trong {', '.join(LANGUAGES)}, đang là “{lang}”.")
    request = Request(start.date(), end.date(), tuple(unit or ()), rule_set, moment, unit_view, lang)
    engine = open_engine(Settings().url())
    migrate(engine)
    figures = write_report(engine, request, folder)
    for line in warnings(figures):
        out.print(f"Lưu ý: {line}", markup=False)
    out.print(inspection_sentence(figures), markup=False)
    out.print(f"Đã ghi {folder / PAGE} và {folder / WORKBOOK}.", markup=False)


def _moment(written: str) -> datetime:
    """A date is its last moment in Vietnam; an instant without a zone is Vietnam's time."""
    try:
        try:
            moment = datetime.combine(date.fromisoformat(written), time.max, _HERE)
        except ValueError:
            moment = datetime.fromisoformat(written)
            moment = moment.astimezone(_HERE) if moment.tzinfo else moment.replace(tzinfo=_HERE)
    except (ValueError, OverflowError):
        raise typer.BadParameter(
            f"--known-at “{written}” không phải là ngày hoặc thời điểm ISO, ví dụ 2023-09-01 hoặc 2023-09-01T17:00."
        ) from None
    if moment > datetime.now(_HERE):
        # What is still to come may yet change: such a report could not be repeated.
        raise typer.BadParameter(
            f"--known-at “{written}” chưa qua; hãy bỏ --known-at để lấy số liệu biết đến lúc này."
        )
    return moment
