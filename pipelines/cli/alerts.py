"""`motcua alerts`: what is unusual, what people do about it, and the notices that tell of it."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from assets.given.texts import plain as plain_words
from pipelines.cli.alerts_backtest import backtest
from pipelines.cli.console import open_warehouse, say, show_rows, warn
from pipelines.cli.language import error_line
from pipelines.cli.query import plain
from pipelines.cli.status import STATES
from pipelines.settings import Settings
from warehouse_sql.errors import WarehouseError
from warehouse_sql.messages import Message, joined, message, spoken

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
        say(message("Không có cảnh báo nào.") if everything else message("Không có cảnh báo nào đang mở."))
    else:
        _show(rows)


def _show(rows: list[dict[str, Any]]) -> None:
    heads = (
        message("Mã"),
        message("Trạng thái"),
        message("Mức"),
        message("Từ ngày"),
        message("Lần chạy"),
        message("Nội dung"),
        message("Ghi chú"),
    )
    cells = [
        (
            row["alert_id"],
            STATES[row["state"]],
            message("nghiêm trọng") if row["severity"] == "critical" else message("cần xem"),
            message("{on:day}", on=row["opened_on"]),
            message("{runs:number}", runs=row["runs_seen"]),
            spoken(row["message_vi"]),
            joined("; ", _notes(row)),
        )
        for row in rows
    ]
    show_rows(heads, cells, unbroken=(0,))


def _notes(row: dict[str, Any]) -> Iterator[Message]:
    if row["acknowledged_by"]:
        yield message("{who} đã nhận", who=row["acknowledged_by"])
    if row["state"] == "silenced":
        yield message("tắt đến hết {until:day}", until=row["silenced_until"])
    if row["inhibited_vi"]:
        yield message("tạm giữ: {reason}", reason=row["inhibited_vi"])
    if row["last_notified_at"]:
        yield message("báo gần nhất {at:instant}", at=row["last_notified_at"])


@app.command()
def ack(alert_id: _ALERT, by: _BY = None, note: _NOTE = None) -> None:
    """Nhận một cảnh báo: thôi nhắc lại, trừ khi nó nặng thêm; khi hết vẫn báo."""
    from assets.alerts.book import acknowledge
    from assets.alerts.resources import vietnam_now

    who = by or getpass.getuser()
    with open_warehouse(Settings()).begin() as connection:
        alert = acknowledge(connection, alert_id, who, note, vietnam_now())
    say(
        message(
            "{who} đã nhận {alert_id}: {text}",
            who=who,
            alert_id=alert.alert.alert_id,
            text=alert.row["message_vi"],
        )
    )


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
        alert = make_silent(connection, alert_id, until.date(), who, note, vietnam_now())
    say(
        message(
            "Đã tắt {alert_id} đến hết {date:day}: {text}",
            alert_id=alert.alert.alert_id,
            date=until.date(),
            text=alert.row["message_vi"],
        )
    )


@app.command()
def send() -> None:
    """Gửi những thông báo còn trong hộp thư đi; kênh lỗi được thử lại sau, lâu dần."""
    settings = Settings()
    notifier = settings.notifier()
    _check_channels(notifier.channels)
    sent = notifier.send(open_warehouse(settings))
    say(
        message(
            "Đã gửi {sent:number}, lỗi {failed:number}, thôi gửi {given_up:number}, còn chờ {waiting:number}.",
            sent=sent.sent,
            failed=sent.failed,
            given_up=sent.given_up,
            waiting=sent.waiting,
        )
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
        say(message("Đã báo thẳng tới {taken:number} kênh rằng không hỏi được kho.", taken=taken))
        raise
    say(
        message(
            "Thông báo mới: {written:number}. Đã gửi {sent:number}, lỗi {failed:number}, còn chờ "
            "{waiting:number}.",
            written=written,
            sent=sent.sent,
            failed=sent.failed,
            waiting=sent.waiting,
        )
    )


@app.command("test")
def try_channels() -> None:
    """Gửi một thông báo thử tới từng kênh và cho biết kênh nào nhận được."""
    from assets.alerts.channels import Message
    from assets.alerts.resources import vietnam_now

    channels = Settings().notifier().channels
    _check_channels(channels)
    now = vietnam_now()
    line = Message(
        message("motcua: thông báo thử"),
        message("Thông báo thử của motcua, {now:instant}. Không cần làm gì.", now=now),
        "info",
        f"test-{now:%Y%m%d%H%M%S}",
    )
    failed = 0
    for channel in channels:
        error = channel.send(line)
        failed += error is not None
        say(
            message(
                "{label} ({service}): {answer}",
                label=channel.label,
                service=channel.service,
                answer=error or message("đã nhận"),
            )
        )
    if failed:
        reason = message(
            "{failed} trong {channels} kênh không nhận; hãy sửa địa chỉ rồi thử lại.",
            failed=failed,
            channels=len(channels),
        )
        warn(error_line(reason))
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
    from assets.aggregates.refresh import horizon
    from assets.alerts.due_soon_data import all_snapshots, reason_of
    from assets.alerts.due_soon_page import Section, head, reliability_plot, section
    from assets.alerts.due_soon_proof import prove

    with open_warehouse(Settings()).connect() as connection:
        proof = prove(all_snapshots(connection))
        through = horizon(connection)
    say(reason_of(proof))
    if file is None:
        return
    plot = None
    if proof.groups:
        plot = file.with_name(f"{file.stem}-{'-'.join(plain_words(title).split())}.svg")
        plot.write_text(reliability_plot(proof.groups), encoding="utf-8")
    before = file.read_text(encoding="utf-8") if append and file.exists() else head()
    text = section(Section(title, through, proof), plot.name if plot else None)
    file.write_text(before + text, encoding="utf-8")
    say(message("Đã ghi {file}.", file=file))


def _check_channels(channels: Any) -> None:
    if not channels:
        raise typer.BadParameter(
            message(
                "chưa có kênh nào; hãy đặt MOTCUA_NOTIFY (địa chỉ của Apprise, cách nhau bằng dấu cách) hoặc "
                "MOTCUA_NOTIFY_FILE (tệp YAML của Apprise)."
            )
        )
