"""`motcua alerts`: what is unusual, what people do about it, and the notices that tell of it."""

from __future__ import annotations

import getpass
import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from assets.given.texts import plain as plain_words
from assets.given.vietnamese import day, instant, number
from pipelines.cli.alerts_backtest import backtest
from pipelines.cli.console import errors, open_warehouse, out, print_table
from pipelines.cli.query import plain
from pipelines.cli.status import STATES
from pipelines.settings import Settings
from warehouse_sql.warehouse import WarehouseError

app = typer.Typer(
    help="Cảnh báo hồ sơ quá hạn tăng bất thường và các thông báo về chúng.", no_args_is_help=True
)
app.command("backtest")(backtest)
_ALERT = Annotated[str, typer.Argument(metavar="ID", help="Mã cảnh báo, hoặc phần đầu của mã.")]
_BY = Annotated[str | None, typer.Option("--by", help="Ai nhận (mặc định: tài khoản đang dùng).")]
_NOTE = Annotated[str | None, typer.Option("--note", help="Ghi chú, không ghi thông tin của công dân.")]


@app.command("list")
def list_alerts(
    as_json: Annotated[bool, typer.Option("--json", help="In một danh sách JSON.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Cả những cảnh báo đã kết thúc.")] = False,
) -> None:
    """Các cảnh báo đang mở, nặng và cũ nhất trước."""
    from sqlalchemy import text

    where = "" if everything else " where state <> 'resolved'"
    with open_warehouse(Settings()).connect() as connection:
        rows = [
            dict(row)
            for row in connection.execute(
                text(
                    f"select * from ops.alert{where}"
                    " order by state = 'resolved', severity, opened_at desc, alert_id"
                )
            ).mappings()
        ]
    if as_json:
        print(json.dumps(plain(rows), ensure_ascii=False))
    elif not rows:
        out.print("Không có cảnh báo nào." if everything else "Không có cảnh báo nào đang mở.")
    else:
        _show(rows)


def _show(rows: list[dict[str, Any]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for head in ("Mã", "Trạng thái", "Mức", "Từ ngày", "Lần chạy", "Nội dung", "Ghi chú"):
        table.add_column(head, overflow="fold", no_wrap=head == "Mã")
    for row in rows:
        notes = [
            f"{row['acknowledged_by']} đã nhận" if row["acknowledged_by"] else "",
            f"tắt đến hết {day(row['silenced_until'])}" if row["state"] == "silenced" else "",
            f"tạm giữ: {row['inhibited_vi']}" if row["inhibited_vi"] else "",
            f"báo gần nhất {instant(row['last_notified_at'])}" if row["last_notified_at"] else "",
        ]
        cells = (
            row["alert_id"],
            STATES[row["state"]],
            "nghiêm trọng" if row["severity"] == "critical" else "cần xem",
            day(row["opened_on"]),
            number(row["runs_seen"]),
            row["message_vi"],
            "; ".join(note for note in notes if note),
        )
        table.add_row(*map(Text, cells))
    print_table(table)


@app.command()
def ack(alert_id: _ALERT, by: _BY = None, note: _NOTE = None) -> None:
    """Nhận một cảnh báo: thôi nhắc lại, trừ khi nó nặng thêm; khi hết vẫn báo."""
    from assets.alerts.book import acknowledge
    from assets.alerts.resources import vietnam_now

    who = by or getpass.getuser()
    with open_warehouse(Settings()).begin() as connection:
        found = acknowledge(connection, alert_id, who, note, vietnam_now())
    out.print(f"{who} đã nhận {found.alert.alert_id}: {found.row['message_vi']}", markup=False)


@app.command()
def silence(
    alert_id: _ALERT,
    until: Annotated[datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="Ngày cuối còn tắt.")],
    by: _BY = None,
    note: _NOTE = None,
) -> None:
    """Tắt một cảnh báo đến hết một ngày; sau đó nếu vẫn bất thường thì báo lại."""
    from assets.alerts.book import silence as make_silent
    from assets.alerts.resources import vietnam_now

    who = by or getpass.getuser()
    with open_warehouse(Settings()).begin() as connection:
        found = make_silent(connection, alert_id, until.date(), who, note, vietnam_now())
    out.print(
        f"Đã tắt {found.alert.alert_id} đến hết {day(until.date())}: {found.row['message_vi']}", markup=False
    )


@app.command()
def send() -> None:
    """Gửi những thông báo còn trong hộp thư đi; kênh lỗi được thử lại sau, lâu dần."""
    settings = Settings()
    notifier = settings.notifier()
    _check_channels(notifier.channels)
    sent = notifier.send(open_warehouse(settings))
    out.print(
        f"Đã gửi {number(sent.sent)}, lỗi {number(sent.failed)}, thôi gửi {number(sent.given_up)},"
        f" còn chờ {number(sent.waiting)}."
    )


@app.command()
def deadman() -> None:
    """Báo nếu đã quá giờ của ngày làm việc (MOTCUA_RUN_BY, 07:30) mà chưa có lần chạy nào tốt, hoặc nguồn nào
    không gửi tệp; cho cron, mỗi ngày chỉ báo một lần."""
    from sqlalchemy.exc import DBAPIError

    from pipelines.notices import last_words

    settings = Settings()
    notifier = settings.notifier()
    _check_channels(notifier.channels)
    try:
        engine = open_warehouse(settings)
        written = notifier.watch_runs(engine) + notifier.watch_feeds(engine)
        sent = notifier.send(engine)
    except (DBAPIError, WarehouseError, OSError) as error:
        taken = notifier.warehouse_gone(last_words(error))
        out.print(f"Đã báo thẳng tới {number(taken)} kênh rằng không hỏi được kho.")
        raise
    out.print(
        f"Thông báo mới: {number(written)}. Đã gửi {number(sent.sent)}, lỗi {number(sent.failed)},"
        f" còn chờ {number(sent.waiting)}."
    )


@app.command("test")
def try_channels() -> None:
    """Gửi một thông báo thử tới từng kênh và cho biết kênh nào nhận được."""
    from assets.alerts.channels import Message
    from assets.alerts.resources import vietnam_now

    channels = Settings().notifier().channels
    _check_channels(channels)
    now = vietnam_now()
    told = Message(
        "motcua: thông báo thử",
        f"Thông báo thử của motcua, {instant(now)}. Không cần làm gì.",
        "info",
        f"test-{now:%Y%m%d%H%M%S}",
    )
    failed = 0
    for channel in channels:
        error = channel.send(told)
        failed += error is not None
        out.print(f"{channel.label} ({channel.service}): {error or 'đã nhận'}", markup=False)
    if failed:
        errors.print(f"Lỗi: {failed} trong {len(channels)} kênh không nhận; hãy sửa địa chỉ rồi thử lại.")
        raise typer.Exit(1)


@app.command("due-soon")
def due_soon(
    file: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Ghi thành trang Markdown, hình ở cạnh.")
    ] = None,
    title: Annotated[str, typer.Option("--title", help="Tên của kho trên trang.")] = "Warehouse",
    append: Annotated[bool, typer.Option("--append", help="Thêm vào trang đã có.")] = False,
) -> None:
    """Thử mô hình hồ sơ sắp quá hạn trên kho này: có hơn cách xếp theo số ngày còn lại không."""
    from assets.aggregates.refresh import last_export_day
    from assets.alerts.due_soon_data import all_snapshots, reason_of
    from assets.alerts.due_soon_page import Section, head, reliability_plot, section
    from assets.alerts.due_soon_proof import prove

    with open_warehouse(Settings()).connect() as connection:
        proof = prove(all_snapshots(connection))
        through = last_export_day(connection)
    out.print(reason_of(proof), markup=False)
    if file is None:
        return
    plot = None
    if proof.groups:
        plot = file.with_name(f"{file.stem}-{'-'.join(plain_words(title).split())}.svg")
        plot.write_text(reliability_plot(proof.groups), encoding="utf-8")
    before = file.read_text(encoding="utf-8") if append and file.exists() else head()
    told = section(Section(title, through, proof), plot.name if plot else None)
    file.write_text(before + told, encoding="utf-8")
    out.print(f"Đã ghi {file}.", markup=False)


def _check_channels(channels: Any) -> None:
    if not channels:
        raise typer.BadParameter(
            "chưa có kênh nào; hãy đặt MOTCUA_NOTIFY (địa chỉ của Apprise, cách nhau bằng dấu cách)"
            " hoặc MOTCUA_NOTIFY_FILE (tệp YAML của Apprise)."
        )
