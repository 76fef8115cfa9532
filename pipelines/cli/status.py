"""`motcua status`: how things stand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Engine

from assets.exports.completeness import FEED_STATUSES, drift_sentence
from assets.run_log import RUN_STATUSES
from pipelines.cli.console import open_warehouse, say
from pipelines.cli.query import plain
from pipelines.settings import Settings
from pipelines.status import read_status
from quality.catalogue import load_rules
from warehouse_sql.messages import Message, joined, language, message
from warehouse_sql.vietnam_time import VIETNAM

_SHOWN_FILES = _SHOWN_ALERTS = 10
_TREND_DAYS = 365
#: The words for a state of ops.alert.
STATES = {
    "pending": message("đang theo dõi"),
    "firing": message("đang báo"),
    "silenced": message("đang tắt"),
    "resolved": message("đã kết thúc"),
}


def status(
    as_json: Annotated[bool, typer.Option("--json", help="In một đối tượng JSON.")] = False,
    trends: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT.html",
            help="Thay vào đó, ghi trang xu hướng một năm qua: lần chạy, cách ly, quá hạn.",
        ),
    ] = None,
) -> None:
    """Nguồn và độ mới, lần chạy gần nhất, tệp, dòng cách ly, cảnh báo."""
    engine = open_warehouse(Settings())
    if trends:
        _write_trends(engine, trends)
        return
    status = read_status(engine)
    if as_json:
        print(json.dumps(plain(status), ensure_ascii=False))
        return
    _print_run(status["last_run"], status["covered_through"])
    _print_sources(status["sources"])
    _print_feeds(status["feed_gaps"])
    _print_drift(status["drift"])
    _print_clock(status["clock_ahead"])
    _print_failed(status["failed_files"])
    _print_quarantine(status["quarantine"])
    _print_alerts(status["alerts"])
    _print_undelivered(status["undelivered"])


def _write_trends(engine: Engine, file: Path) -> None:
    from pipelines.trends import trends_page

    now = datetime.now(VIETNAM)
    page = trends_page(engine, now.date() - timedelta(days=_TREND_DAYS), now)
    file.write_text(page, encoding="utf-8")
    say(message("Đã ghi {file}.", file=file))


def _print_run(last_run: Any, covered: str | None) -> None:
    if last_run is None:
        say(message("Chưa có lần chạy nào; hãy chạy “motcua run”."))
        return
    known = {"at": last_run["started_at"], "status": RUN_STATUSES[last_run["status"]]}
    if last_run["message"]:
        say(message("Lần chạy gần nhất: {at:instant}, {status} ({why}).", why=last_run["message"], **known))
    else:
        say(message("Lần chạy gần nhất: {at:instant}, {status}.", **known))
    if covered:
        say(message("Số liệu đến hết ngày {on:day}.", on=date.fromisoformat(covered)))


def _print_sources(sources: Any) -> None:
    for row in sources:
        say(message("Nguồn {source}: {title}", source=row["source"], title=row["title_vi"]))
        if not row["files_loaded"] and not row["files_failed"]:
            say(message("  chưa có tệp nào"))
            continue
        say(
            message(
                "  xuất gần nhất {exported:instant}, nhận gần nhất {received:instant}",
                exported=row["last_exported_at"],
                received=row["last_received_at"],
            )
        )
        counts = {
            "files": row["files_loaded"],
            "rows": int(row["rows_read"]),
            "quarantined": int(row["rows_quarantined"]),
        }
        if row["files_not_replaced"]:
            say(
                message(
                    "  {files:number} tệp ({failed:number} chưa nhận), {rows:number} dòng,"
                    " {quarantined:number} dòng bị cách ly",
                    failed=row["files_not_replaced"],
                    **counts,
                )
            )
        else:
            say(
                message(
                    "  {files:number} tệp, {rows:number} dòng, {quarantined:number} dòng bị cách ly", **counts
                )
            )


def _print_feeds(gaps: Any) -> None:
    if not gaps:
        say(message("Nguồn chưa đủ trong 14 ngày gần nhất: không có."))
        return
    say(message("Nguồn chưa đủ trong 14 ngày gần nhất (xem ops.feed_day):"))
    for row in gaps:
        say(
            message(
                "  {source} {on:day}: {status}, {reason}",
                source=row["source"],
                on=row["day"],
                status=FEED_STATUSES[row["status"]],
                reason=row["reason_vi"],
            )
        )


def _print_drift(rows: Any) -> None:
    for row in rows:
        say(
            message("Mới thấy từ {since:day}: {drift}", since=row["first_seen_on"], drift=drift_sentence(row))
        )


def _print_clock(sentence: str | None) -> None:
    if sentence:
        say(message("Lưu ý: {line}", line=sentence))


def _print_failed(files: Any) -> None:
    for row in files[:_SHOWN_FILES]:
        say(message("Tệp chưa nhận: {path}: {error}", path=row["path"], error=row["error"]))
    if len(files) > _SHOWN_FILES:
        say(message("… và {count:number} tệp khác (status --json).", count=len(files) - _SHOWN_FILES))


def _print_quarantine(rows: Any) -> None:
    if not rows:
        say(message("Dòng đang cách ly: không có."))
        return
    say(message("Dòng đang cách ly (xem landing.quarantine):"))
    summaries = {rule.id: rule.summary_vi if language() == "vi" else rule.summary_en for rule in load_rules()}
    for row in rows:
        what = summaries.get(row["rule_id"], "").split(";")[0]
        say(
            message(
                "  {source}: {rows:number} dòng {rule} ({what})",
                source=row["source"],
                rows=row["row_count"],
                rule=row["rule_id"],
                what=what,
            )
        )


def _print_alerts(alerts: Any) -> None:
    if not alerts:
        say(message("Cảnh báo đang mở: không có."))
        return
    for alert in alerts[:_SHOWN_ALERTS]:
        say(
            message(
                "Cảnh báo {alert} ({state}): {text}",
                alert=alert["alert_id"],
                state=alert_state(alert),
                text=alert["message_vi"],
            )
        )
    if len(alerts) > _SHOWN_ALERTS:
        say(
            message(
                "… và {count:number} cảnh báo khác (motcua alerts list).", count=len(alerts) - _SHOWN_ALERTS
            )
        )


def _print_undelivered(channels: Any) -> None:
    for row in channels:
        counts = []
        if row["waiting"]:
            counts.append(message("{count:number} chờ gửi lại", count=row["waiting"]))
        if row["given_up"]:
            counts.append(message("{count:number} đã thôi gửi", count=row["given_up"]))
        known = {"channel": row["channel"], "counts": joined(", ", counts)}
        if row["last_error"]:
            say(
                message("Thông báo chưa tới kênh {channel}: {counts} ({why})", why=row["last_error"], **known)
            )
        else:
            say(message("Thông báo chưa tới kênh {channel}: {counts}", **known))


def alert_state(alert: Mapping[str, Any]) -> Message:
    """Returns the state of an open alert in words, with who took it on or what holds it up."""
    parts = [STATES[alert["state"]]]
    if alert["severity"] == "critical":
        parts.append(message("nghiêm trọng"))
    if alert["acknowledged_by"]:
        parts.append(message("{who} đã nhận", who=alert["acknowledged_by"]))
    if alert["state"] == "silenced" and alert["silenced_until"]:
        parts.append(message("đến hết {until:day}", until=alert["silenced_until"]))
    if alert["inhibited_vi"]:
        parts.append(message("tạm giữ vì {reason}", reason=alert["inhibited_vi"]))
    return joined(", ", parts)
