"""What notices say: one screen of Vietnamese, a subject of at most 80 characters, nothing of citizens.

Names of units and sectors may come out of exports: they are reduced to what cannot be taken for markup, a link or a
mention by any channel. Not here: when a notice is sent, the escaping of a channel's own format (Apprise does it).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from assets.alerts.signal import Signal
from assets.given.texts import shown
from assets.given.vietnamese import day as day_vi
from assets.given.vietnamese import number
from warehouse_sql.messages import message
from warehouse_sql.messages.writing import write

LONGEST_SUBJECT = 80
_SHOWN_MEMBERS = 8
#: One in more working days than this is written as that.
_RAREST = 100_000
_SEVERITY_VI = {"warning": "cần xem", "critical": "nghiêm trọng"}
_MARK_VI = {"warning": "", "critical": "Nghiêm trọng: "}
_KEPT_MARKS = " -'(),.&"
_LINK_DOT = re.compile(r"\.(?=\S)")


@dataclass(frozen=True)
class Late:
    """One open overdue dossier: its code, due day and working days late."""

    dossier_code: str
    due_on: date
    days_late: int


@dataclass(frozen=True)
class AlertNotice:
    """One alert as a notice shows it: its id, the signal, open overdue dossiers of it and the oldest of them."""

    alert_id: str
    signal: Signal
    overdue_open: int = 0
    oldest: tuple[Late, ...] = ()
    is_back: bool = False


def foreign(name: str) -> str:
    """Returns a name out of a file: letters, digits and a few marks; nothing that a channel could take for more."""
    kept = "".join(
        mark if mark in _KEPT_MARKS or unicodedata.category(mark)[0] in "LNM" else " " for mark in shown(name)
    )
    return " ".join(_LINK_DOT.sub(". ", kept).split())


def decimal(value: float) -> str:
    """2.14 -> 2,1; 13.0 -> 13; 1234.6 -> 1.235."""
    return write("{value:amount}", {"value": value}, "vi")


def place(signal: Signal) -> str:
    """Returns the unit, with its sector where only that is meant."""
    unit = foreign(signal.unit_name) or signal.unit_code
    return (
        message("{unit}, lĩnh vực {sector}", unit=unit, sector=foreign(signal.field_name))
        if signal.field_name
        else unit
    )


def sentence(signal: Signal) -> str:
    """Returns what is unusual, and how unusual, in one sentence."""
    if signal.kind == "stock":
        return message(
            "{observed:amount} hồ sơ đang quá hạn chưa giải quyết xong, vượt ngưỡng {expected:amount}.",
            observed=signal.observed,
            expected=signal.expected,
        )
    window = (
        message("trong ngày")
        if signal.window_days <= 1
        else message("trong {window_days} ngày làm việc", window_days=signal.window_days)
    )
    usual = (
        message("gần như không có")
        if signal.expected < 0.05
        else message("khoảng {expected:amount}", expected=signal.expected)
    )
    return message(
        "{observed:amount} hồ sơ mới quá hạn {window}, thường {usual}{rarity}.",
        observed=signal.observed,
        window=window,
        usual=usual,
        rarity=_how_rare(signal.p_value),
    )


def _how_rare(p_value: float | None) -> str:
    if p_value is None or p_value >= 0.5:
        return ""
    if p_value * _RAREST < 1:
        return message("; cỡ này hiếm hơn 1 lần trong {days:number} ngày làm việc", days=_RAREST)
    return message("; cỡ này khoảng 1 lần trong {days:number} ngày làm việc", days=round(1 / p_value))


def subject(text: str) -> str:
    """On one line, at most 80 characters."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1].rstrip() + "…"


def alert_subject(root: AlertNotice, others: int, is_repeat: bool) -> str:
    """Of a notice on one alert, or on a group of them led by `root`."""
    signal = root.signal
    again = "Nhắc lại: " if is_repeat else "Tái diễn: " if root.is_back else ""
    figure = f"{decimal(signal.observed)} hồ sơ"
    what = "đang quá hạn, ngưỡng" if signal.kind == "stock" else "mới quá hạn, thường"
    tail = f"{figure} {what} {decimal(signal.expected)}" + (f", {others} nơi khác" if others else "")
    head = f"{again}{_MARK_VI[signal.severity]}"
    room = LONGEST_SUBJECT - len(head) - len(tail) - 2
    where = place(signal)
    if len(where) > room:
        where = where[: max(room - 1, 8)].rstrip() + "…"
    return subject(f"{head}{where}: {tail}")


def alert_body(
    root: AlertNotice, members: Sequence[AlertNotice], fingerprint: str, board: str | None
) -> Callable[[int], str]:
    """Returns the text of a notice on `root` and the alerts grouped under it; asked for the longest a channel takes."""
    signal = root.signal
    head = [
        f"CẢNH BÁO HỒ SƠ QUÁ HẠN ({_SEVERITY_VI[signal.severity]})",
        f"Nơi: {place(signal)} (mã {foreign(signal.unit_code)})",
        f"Ngày xét: {day_vi(signal.day)}",
        sentence(signal),
    ]
    if members:
        head += ["", f"Cùng đợt có {number(len(members))} cảnh báo khác:"]
        head += [
            f"- {place(member.signal)}: {sentence(member.signal)}" for member in members[:_SHOWN_MEMBERS]
        ]
        if len(members) > _SHOWN_MEMBERS:
            head.append(f"- … và {number(len(members) - _SHOWN_MEMBERS)} cảnh báo nữa (motcua alerts list)")
    late = []
    if root.oldest:
        late = [f"{_late_line(dossier)}" for dossier in root.oldest]
        head += [
            "",
            f"Đang quá hạn, chưa xong: {number(root.overdue_open)} hồ sơ. Trễ lâu nhất:",
        ]
    tail = ["", "Xem thêm: motcua alerts list"]
    if root.oldest:
        tail.append(f"Vì sao quá hạn: motcua explain {root.oldest[0].dossier_code}")
    tail.append(f'Tất cả: motcua sql "{_question(signal)}"')
    if board:
        tail.append(f"Trang theo dõi: {board}")
    tail += [
        f"Nhận việc (thôi nhắc): motcua alerts ack {root.alert_id}",
        f"Tạm tắt: motcua alerts silence {root.alert_id} --until NĂM-THÁNG-NGÀY",
        fingerprint_line(fingerprint),
    ]
    return fitted(head, late, tail)


def _late_line(dossier: Late) -> str:
    return f"- {dossier.dossier_code}: hẹn {day_vi(dossier.due_on)}, trễ {number(dossier.days_late)} ngày làm việc"


def _question(signal: Signal) -> str:
    sector = (
        f" and procedure_code in (select procedure_code from core.dim_procedure where field_code ="
        f" '{signal.field_code}')"
        if signal.field_code and re.fullmatch(r"[\w.-]+", signal.field_code)
        else ""
    )
    unit = signal.unit_code if re.fullmatch(r"[\w.-]+", signal.unit_code) else ""
    units = (
        f"in (select unit_code from core.dim_unit where '{unit}' in (unit_code, parent_code, province_code))"
        if signal.kind in ("province", "district")
        else f"= '{unit}'"
    )
    where = f"is_overdue and unit_code {units}{sector}"
    return f"select dossier_code, unit_name, due_at, working_days_left from mart.open_dossier where {where} order by due_at"


def resolved_subject(ended: Sequence[AlertNotice]) -> str:
    """Returns the subject of a notice that alerts ended."""
    others = f" và {len(ended) - 1} nơi khác" if len(ended) > 1 else ""
    return subject(f"Đã trở lại bình thường: {place(ended[0].signal)}{others}")


def resolved_body(
    ended: Sequence[AlertNotice], on: date, quiet_runs: int, fingerprint: str
) -> Callable[[int], str]:
    """That alerts ended on that working day, after so many quiet runs."""
    head = [
        "HẾT CẢNH BÁO HỒ SƠ QUÁ HẠN",
        f"Ngày xét: {day_vi(on)}. {quiet_runs} lần chạy liên tiếp không thấy bất thường nữa.",
        "",
    ]
    lines = [f"- {place(alert.signal)} (mã cảnh báo {alert.alert_id})" for alert in ended]
    return fitted(head, lines, ["", "Xem lại: motcua alerts list --all", fingerprint_line(fingerprint)])


def fingerprint_line(fingerprint: str) -> str:
    """Returns what receivers may discard repeats by."""
    return f"Mã thông báo: motcua-{fingerprint}"


def fitted(head: Sequence[str], lines: Sequence[str], tail: Sequence[str]) -> Callable[[int], str]:
    """Returns head, lines and tail; from the end of `lines`, then of `head`, as many left out as a channel has no
    room for.
    """

    def body(longest: int) -> str:
        # Some channels count what escaping adds.
        most, kept, top = int(longest * 0.8) or 4000, list(lines), list(head)
        while len(whole := "\n".join([*top, *_with_rest(kept, lines), *tail])) > most and (
            kept or len(top) > 4
        ):
            (kept or top).pop()
        return whole if len(whole) <= most else whole[: most - 1] + "…"

    return body


def _with_rest(kept: Sequence[str], lines: Sequence[str]) -> list[str]:
    rest = len(lines) - len(kept)
    return [*kept, f"- … và {rest} dòng nữa"] if rest else list(kept)
