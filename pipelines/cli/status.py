"""`motcua status`: how things stand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from assets.exports.completeness import FEED_STATUSES, drift_sentence
from assets.given.vietnamese import day, instant, number
from assets.run_log import RUN_STATUSES
from pipelines.cli.console import open_warehouse, out
from pipelines.cli.query import plain
from pipelines.settings import Settings
from pipelines.status import read_status
from quality.catalogue import load_rules

_SHOWN_FILES = _SHOWN_ALERTS = 10
#: What is said of a state of ops.alert.
STATES = {"pending": "đang theo dõi", "firing": "đang báo", "silenced": "đang tắt", "resolved": "đã kết thúc"}


def status(
    as_json: Annotated[bool, typer.Option("--json", help="In một đối tượng JSON.")] = False,
) -> None:
    """Nguồn và độ mới, lần chạy gần nhất, tệp, dòng cách ly, cảnh báo."""
    engine = open_warehouse(Settings())
    found = read_status(engine)
    if as_json:
        print(json.dumps(plain(found), ensure_ascii=False))
        return
    _tell_run(found["last_run"], found["covered_through"])
    _tell_sources(found["sources"])
    _tell_feeds(found["feed_gaps"])
    _tell_drift(found["drift"])
    _tell_failed(found["failed_files"])
    _tell_quarantine(found["quarantine"])
    _tell_alerts(found["alerts"])
    _tell_undelivered(found["undelivered"])


def _tell_run(last_run: Any, covered: str | None) -> None:
    if last_run is None:
        out.print("Chưa có lần chạy nào; hãy chạy “motcua run”.")
        return
    out.print(
        f"Lần chạy gần nhất: {instant(last_run['started_at'])}, {RUN_STATUSES[last_run['status']]}"
        + (f" ({last_run['message']})" if last_run["message"] else "")
        + ".",
        markup=False,
    )
    if covered:
        out.print(f"Số liệu đến hết ngày {'/'.join(reversed(covered.split('-')))}.")


def _tell_sources(sources: Any) -> None:
    for row in sources:
        out.print(f"Nguồn {row['source']}: {row['title_vi']}", markup=False)
        if not row["files_loaded"] and not row["files_failed"]:
            out.print("  chưa có tệp nào")
            continue
        failed = f" ({number(row['files_failed'])} không đọc được)" if row["files_failed"] else ""
        out.print(
            f"  xuất gần nhất {instant(row['last_exported_at'])}, nhận gần nhất {instant(row['last_received_at'])}\n"
            f"  {number(row['files_loaded'])} tệp{failed}, {number(int(row['rows_read']))} dòng,"
            f" {number(int(row['rows_quarantined']))} dòng bị cách ly"
        )


def _tell_feeds(gaps: Any) -> None:
    if not gaps:
        out.print("Nguồn chưa đủ trong 14 ngày gần nhất: không có.")
        return
    out.print("Nguồn chưa đủ trong 14 ngày gần nhất (xem ops.feed_day):")
    for row in gaps:
        out.print(
            f"  {row['source']} {day(row['day'])}: {FEED_STATUSES[row['status']]}, {row['reason_vi']}",
            markup=False,
        )


def _tell_drift(rows: Any) -> None:
    for row in rows:
        out.print(f"Mới thấy từ {day(row['first_seen_on'])}: {drift_sentence(row)}", markup=False)


def _tell_failed(files: Any) -> None:
    for row in files[:_SHOWN_FILES]:
        out.print(f"Tệp không đọc được: {row['path']}: {row['error']}", markup=False)
    if len(files) > _SHOWN_FILES:
        out.print(f"… và {len(files) - _SHOWN_FILES} tệp khác (status --json).")


def _tell_quarantine(rows: Any) -> None:
    if not rows:
        out.print("Dòng đang cách ly: không có.")
        return
    out.print("Dòng đang cách ly (xem landing.quarantine):")
    messages = {rule.id: rule.message_vi for rule in load_rules()}
    for row in rows:
        what = messages.get(row["rule_id"], "").replace("“{value}” ", "").split(";")[0]
        out.print(
            f"  {row['source']}: {number(row['row_count'])} dòng {row['rule_id']} ({what})", markup=False
        )


def _tell_alerts(alerts: Any) -> None:
    if not alerts:
        out.print("Cảnh báo đang mở: không có.")
        return
    for alert in alerts[:_SHOWN_ALERTS]:
        out.print(f"Cảnh báo {alert['alert_id']} ({alert_state(alert)}): {alert['message_vi']}", markup=False)
    if len(alerts) > _SHOWN_ALERTS:
        out.print(f"… và {number(len(alerts) - _SHOWN_ALERTS)} cảnh báo khác (motcua alerts list).")


def _tell_undelivered(channels: Any) -> None:
    for row in channels:
        counts = [
            f"{number(row[name])} {words}"
            for name, words in (("waiting", "chờ gửi lại"), ("given_up", "đã thôi gửi"))
            if row[name]
        ]
        why = f" ({row['last_error']})" if row["last_error"] else ""
        out.print(f"Thông báo chưa tới kênh {row['channel']}: {', '.join(counts)}{why}", markup=False)


def alert_state(alert: Mapping[str, Any]) -> str:
    """The state of an open alert in words, with who took it on or what holds it up."""
    told = [STATES[alert["state"]]]
    if alert["severity"] == "critical":
        told.append("nghiêm trọng")
    if alert["acknowledged_by"]:
        told.append(f"{alert['acknowledged_by']} đã nhận")
    if alert["state"] == "silenced" and alert["silenced_until"]:
        told.append(f"đến hết {day(alert['silenced_until'])}")
    if alert["inhibited_vi"]:
        told.append(f"tạm giữ vì {alert['inhibited_vi']}")
    return ", ".join(told)
