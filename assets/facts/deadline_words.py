"""The words of a trace in Vietnamese and English: sentences, dates, durations, names of holidays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

Lang = Literal["vi", "en"]

_WEEKDAYS: dict[Lang, tuple[str, ...]] = {
    "vi": ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_EXCHANGED = "nghỉ hoán đổi"
_EXCHANGED_MARK = "(thay cho"
#: Short names of holidays, as the calendar has them, in English.
_ENGLISH = {
    "Tết": "Tết (Lunar New Year)",
    "Tết Dương lịch": "New Year",
    "Ngày Giỗ Tổ Hùng Vương": "Hung Kings' Day",
    "Ngày Chiến thắng": "Reunification Day",
    "Ngày Quốc tế Lao động": "Labour Day",
    "Quốc khánh": "National Day",
    "Ngày Văn hóa Việt Nam": "Vietnam Culture Day",
    _EXCHANGED: "day off in exchange",
}
_UNITS: dict[Lang, dict[str, tuple[str, str]]] = {
    "vi": {
        "working_day": ("ngày làm việc", "ngày làm việc"),
        "day": ("ngày", "ngày"),
        "hour": ("giờ làm việc", "giờ làm việc"),
    },
    "en": {
        "working_day": ("working day", "working days"),
        "day": ("day", "days"),
        "hour": ("working hour", "working hours"),
    },
}
_DURATIONS: dict[Lang, tuple[tuple[str, str], ...]] = {
    "vi": (("ngày", "ngày"), ("giờ", "giờ"), ("phút", "phút"), ("giây", "giây")),
    "en": (("day", "days"), ("hour", "hours"), ("minute", "minutes"), ("second", "seconds")),
}

_SENTENCES: dict[Lang, dict[str, str]] = {
    "vi": {
        "received": "Tiếp nhận {when}.",
        "after_hours": "Sau giờ làm việc ({clock}): thời hạn tính từ {when}.",
        "before_hours": "Trước giờ làm việc: thời hạn tính từ {when}.",
        "in_break": "Trong giờ nghỉ giữa hai buổi: thời hạn tính từ {when}.",
        "working": "{day}: ngày làm việc thứ {n}.",
        "makeup": "{day}: ngày làm việc thứ {n} ({name}).",
        "calendar": "{day}: ngày thứ {n}.",
        "calendar_off": "{day}: ngày thứ {n} ({name}, vẫn tính).",
        "off": "{day}: {name}, không tính.",
        "rolled": "{day}: {name}, hạn chuyển sang ngày làm việc tiếp theo.",
        "same_day": "Trả trong ngày: hết giờ làm việc {when}.",
        "opens": "Thời hạn theo giờ chạy từ {when}.",
        "hours": "{day}: {spans}, được {worked}, còn {left}.",
        "hours_done": "{day}: {spans}, được {worked}, hết thời hạn.",
        "ignored_pause": "Yêu cầu bổ sung {when}, trước khi tiếp nhận: không tính, thời hạn tính lại từ khi tiếp nhận.",
        "ignored_letter": "Văn bản xin lỗi {when}, trước khi tiếp nhận: không tính.",
        "paused": "Tạm dừng từ {start} đến {end}, cộng {waited} vào ngày hẹn.",
        "moved": "Ngày hẹn cũ {old} cộng {waited} là {new}.",
        "into_hours": "Ngoài giờ làm việc: chuyển sang {when}.",
        "extended": "Văn bản xin lỗi {when}: hẹn trả lại {due}.",
        "waiting": "Tạm dừng từ {when}, chưa tiếp tục: chưa có ngày hẹn trả.",
        "no_limit": "Không có thời hạn giải quyết: không có ngày hẹn trả.",
        "due": "Hẹn trả {when}.",
        "weekend": "nghỉ cuối tuần",
        "holiday": "nghỉ lễ: {name}",
        "s_received": "Tiếp nhận {when}",
        "s_limit": "hạn {limit}",
        "s_zero": "hạn trong ngày",
        "s_from": "tính từ {day}",
        "s_holiday": "{name} −{n} ngày",
        "s_makeup": "{weekday} làm bù +{n}",
        "s_paused": "tạm dừng {waited}",
        "s_extended": "gia hạn đến {due}",
        "s_waiting": "đang tạm dừng từ {when}, chưa có ngày hẹn trả",
        "s_no_limit": "không có thời hạn, không có ngày hẹn trả",
        "s_due": "hẹn trả {when}",
        "s_not_received": "Chưa tiếp nhận, chưa có ngày hẹn trả",
    },
    "en": {
        "received": "Received {when}.",
        "after_hours": "After office hours ({clock}): counted from {when}.",
        "before_hours": "Before office hours: counted from {when}.",
        "in_break": "In the break between the sessions: counted from {when}.",
        "working": "{day}: working day {n}.",
        "makeup": "{day}: working day {n} (worked in exchange for a day off).",
        "calendar": "{day}: day {n}.",
        "calendar_off": "{day}: day {n} ({name}, counted all the same).",
        "off": "{day}: {name}, not counted.",
        "rolled": "{day}: {name}, moved on to the next working day.",
        "same_day": "Due the same day: office hours end {when}.",
        "opens": "The hours run from {when}.",
        "hours": "{day}: {spans}, {worked} done, {left} left.",
        "hours_done": "{day}: {spans}, {worked} done, none left.",
        "ignored_pause": "Supplement asked for {when}, before acceptance: not counted, computed anew from acceptance.",
        "ignored_letter": "Letter of apology {when}, before acceptance: not counted.",
        "paused": "Paused from {start} to {end}: {waited} added to the due date.",
        "moved": "The old due date {old} and {waited} make {new}.",
        "into_hours": "Outside office hours: moved to {when}.",
        "extended": "Letter of apology of {when}: now due {due}.",
        "waiting": "Paused since {when} and not resumed: no due date is in force.",
        "no_limit": "No time limit: no due date.",
        "due": "Due {when}.",
        "weekend": "weekend",
        "holiday": "holiday: {name}",
        "s_received": "Received {when}",
        "s_limit": "limit {limit}",
        "s_zero": "limit the same day",
        "s_from": "counted from {day}",
        "s_holiday": "{name} −{n}",
        "s_makeup": "{weekday} worked in exchange +{n}",
        "s_paused": "paused {waited}",
        "s_extended": "extended to {due}",
        "s_waiting": "paused since {when}, no due date in force",
        "s_no_limit": "no time limit, no due date",
        "s_due": "due {when}",
        "s_not_received": "Not accepted yet, no due date",
    },
}


@dataclass(frozen=True)
class TraceWords:
    """One language."""

    lang: Lang

    def __post_init__(self) -> None:
        if self.lang not in _SENTENCES:
            raise ValueError(f"A trace is written in {' or '.join(_SENTENCES)}, not {self.lang!r}.")

    def say(self, sentence: str, **parts: object) -> str:
        """Returns the sentence with its parts, beginning with a capital letter where it is a sentence of its own."""
        text = _SENTENCES[self.lang][sentence].format(**parts)
        return text[:1].upper() + text[1:] if text.endswith(".") else text

    def weekday(self, day: date) -> str:
        """thứ Hai … Chủ nhật."""
        return _WEEKDAYS[self.lang][day.weekday()]

    def day(self, day: date) -> str:
        """thứ Hai 10/02/2025; Monday 2025-02-10."""
        return f"{self.weekday(day)} {day:%d/%m/%Y}" if self.lang == "vi" else f"{self.weekday(day)} {day}"

    def clock(self, moment: time) -> str:
        """16:45, with seconds and their parts where there are any."""
        text = f"{moment:%H:%M}"
        if moment.second or moment.microsecond:
            text += f":{moment.second:02d}"
        if moment.microsecond:
            text += ("," if self.lang == "vi" else ".") + f"{moment.microsecond:06d}".rstrip("0")
        return text

    def when(self, instant: datetime) -> str:
        """thứ Sáu 16:45 ngày 07/02/2025; Friday 16:45, 2025-02-07."""
        day, clock = instant.date(), self.clock(instant.time())
        if self.lang == "vi":
            return f"{self.weekday(day)} {clock} ngày {day:%d/%m/%Y}"
        return f"{self.weekday(day)} {clock}, {day}"

    def duration(self, span: timedelta) -> str:
        """2 ngày 3 giờ; only the parts that are not 0, exact to the second below."""
        seconds = int(span.total_seconds())
        parts = seconds // 86_400, seconds // 3_600 % 24, seconds // 60 % 60, seconds % 60
        names = _DURATIONS[self.lang]
        shown = [f"{n} {names[place][n != 1]}" for place, n in enumerate(parts) if n]
        return " ".join(shown) or f"0 {names[2][1]}"

    def hours(self, span: timedelta) -> str:
        """4 giờ 30 phút: never in days."""
        hours, rest = divmod(span, timedelta(hours=1))
        names = _DURATIONS[self.lang][1]
        shown = [f"{hours} {names[hours != 1]}"] if hours else []
        return " ".join(shown + ([self.duration(rest)] if rest or not hours else []))

    def limit(self, value: float, unit: str) -> str:
        """5 ngày làm việc."""
        number = f"{value:g}".replace(".", "," if self.lang == "vi" else ".")
        return f"{number} {_UNITS[self.lang][unit][value != 1]}"

    def holiday(self, name: str) -> str:
        """Returns why a day is off: nghỉ lễ: 29 Tết; in English by its short name."""
        short = self.short_holiday(name)
        if _EXCHANGED_MARK in name:
            return name[:1].lower() + name[1:] if self.lang == "vi" else short
        return self.say("holiday", name=name if self.lang == "vi" else short)

    def short_holiday(self, name: str) -> str:
        """Returns one name for all days of a holiday: the seven days of Tết are Tết."""
        if _EXCHANGED_MARK in name:
            short = _EXCHANGED
        elif name.endswith(" Tết") or "Tết Nguyên Đán" in name:
            short = "Tết"
        else:
            short = name.removesuffix(" (nghỉ bù)")
        return short if self.lang == "vi" else _ENGLISH.get(short, short)
