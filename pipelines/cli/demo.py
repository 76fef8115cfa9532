"""`motcua demo`: the whole way on made-up exports of Tịnh Biên, in the embedded warehouse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from math import nan
from pathlib import Path

from sqlalchemy import Engine, text

from pipelines.cli.console import out, progress_bars, say
from pipelines.cli.run import print_result
from pipelines.run import run_daily
from pipelines.settings import Settings
from warehouse_sql.embedded import embedded_url
from warehouse_sql.engine import open_engine
from warehouse_sql.messages import Message, message
from warehouse_sql.sql_files import statements_of_file

_MARKER = ".motcua-demo"
_FROM, _TO = date(2022, 12, 15), date(2023, 8, 30)


class DemoError(RuntimeError):
    """The demo can't be shown here. The message is one sentence that says what to do."""


def demo() -> None:
    """Chạy toàn bộ trên dữ liệu dựng sẵn của thị xã Tịnh Biên và in câu của báo cáo kiểm tra."""
    # The demo has its own warehouse, landing zone and lists and tells nobody, whatever the environment says of real ones.
    settings = Settings(
        warehouse_url=None, landing=None, units=None, calendar=None, notify=None, notify_file=None
    )
    landing = Path(settings.landing_url)
    with progress_bars() as progress:
        write_demo(landing, lambda done, total: progress("simulate", done, total))
        result = run_daily(settings, arrived_when_exported=True, progress=progress)
    print_result(result)
    if not result.ok:
        raise DemoError(result.error)
    out.print()
    say(inspection_line(open_engine(embedded_url(settings.root)), _FROM, _TO))
    out.print()
    say(
        message(
            "Hỏi tiếp: motcua status · motcua sql \"select * from mart.form_ii06('2022-12-15', '2023-08-30')\""
        ),
    )


def write_demo(landing: Path, progress: Callable[[int, int], None] | None = None) -> None:
    """Writes the exports of the demo, unless all of them are there already."""
    from pipelines.simulator import simulate_tinh_bien

    marker = landing / _MARKER
    if landing.is_dir() and any(landing.iterdir()) and not marker.exists():
        raise DemoError(
            message(
                "{landing} đã có tệp không phải của bản mẫu; hãy đặt MOTCUA_HOME là một thư mục khác rồi chạy "
                "lại.",
                landing=landing,
            )
        )
    if marker.exists() and marker.read_text(encoding="utf-8") == "complete":
        return
    landing.mkdir(parents=True, exist_ok=True)
    marker.write_text("incomplete", encoding="utf-8")
    simulate_tinh_bien(landing, progress=progress)
    marker.write_text("complete", encoding="utf-8")


def inspection_line(engine: Engine, start: date, end: date) -> Message:
    """The sentence of the inspection report, every figure counted in the warehouse."""
    (statement,) = statements_of_file("report/inspection_line.sql")
    with engine.connect() as connection:
        units = list(
            connection.execute(
                text(
                    "select unit_code from core.dim_unit where valid_from = date '1900-01-01'"
                    " and (unit_code = '890' or parent_code = '890')"
                )
            ).scalars()
        )
        row = connection.execute(
            text(statement), {"date_from": start, "date_to": end, "units": units, "rule_set": "ii06"}
        ).one()
    received, resolved, timely, late, overdue = (int(value) for value in row)
    return message(
        "Từ {start:day} đến {end:day}, bộ phận một cửa thị xã Tịnh Biên và các xã, phường tiếp nhận trực tiếp"
        " {received:number} hồ sơ; đã giải quyết {resolved:number} ({share:decimal} %), trong đó trước hạn và đúng"
        " hạn {timely:number}, quá hạn {late:number}; đang giải quyết quá hạn {overdue:number} (bộ quy tắc ii06).",
        start=start,
        end=end,
        received=received,
        resolved=resolved,
        # In the very words of the demo since its first edition: other programs read this sentence.
        share=100 * resolved / received if received else nan,
        timely=timely,
        late=late,
        overdue=overdue,
    )
