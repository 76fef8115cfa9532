"""What units call the figures of their reports, and what is meant by each name.

Here: names of figures, their families, channels and bases. Not here: reading a file (`claims_file.py`), counting
(`claim_search.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assets.given.texts import plain

#: Channels that a figure counts, core.dim_channel; in order of how near they are to those before.
CHANNELS: dict[str, frozenset[int]] = {
    "direct": frozenset({1}),
    "direct_postal": frozenset({1, 3}),
    "all": frozenset({1, 2, 3}),
    "online": frozenset({2}),
}
#: received: only dossiers received in the period, as in the sentence of an inspection; form: all, as on form II.06.
BASES = ("received", "form")


@dataclass(frozen=True)
class Measure:
    """A named figure; `near` are others that it is taken for, the likeliest first. A share is of 1."""

    name: str
    title_vi: str
    title_en: str
    is_share: bool = False
    near: tuple[str, ...] = ()
    is_stock: bool = False


MEASURES = {
    measure.name: measure
    for measure in (
        Measure("received", "Tiếp nhận trong kỳ", "Received in the period", near=("received_total",)),
        Measure("received_total", "Nhận giải quyết, gồm từ kỳ trước (cột 1)",
            "Received and carried over (column 1)", near=("received",)),
        Measure("carried_over", "Từ kỳ trước chuyển sang (cột 4)", "Carried over (column 4)", near=("pending",)),
        Measure("resolved", "Đã giải quyết", "Resolved", near=("resolved_timed", "early_or_on_time")),
        Measure("resolved_timed", "Đã giải quyết, không tính hồ sơ không xét thời hạn", "Resolved and timed", near=("resolved",)),
        Measure("early", "Giải quyết trước hạn", "Resolved early", near=("early_or_on_time", "on_time")),
        Measure("on_time", "Giải quyết đúng hạn", "Resolved on time", near=("early_or_on_time", "early")),
        Measure("early_or_on_time", "Giải quyết trước hạn và đúng hạn", "Resolved early or on time", near=("early", "resolved")),
        Measure("late", "Đã giải quyết quá hạn", "Resolved late", near=("overdue_open", "late_or_overdue", "newly_overdue")),
        Measure("pending", "Đang giải quyết cuối kỳ", "Open at the end", near=("pending_in_time", "carried_over"), is_stock=True),
        Measure("pending_in_time", "Đang giải quyết trong hạn", "Open and in time", near=("pending",), is_stock=True),
        Measure("overdue_open", "Đang giải quyết quá hạn",
            "Open and overdue", near=("late", "late_or_overdue", "newly_overdue"), is_stock=True),
        Measure("newly_overdue", "Mới quá hạn trong kỳ", "Newly overdue in the period", near=("overdue_open", "late")),
        Measure("late_or_overdue", "Quá hạn, cả đã và đang giải quyết", "Late, resolved or open", near=("late", "overdue_open")),
        Measure("resolved_share", "Tỷ lệ đã giải quyết trên tiếp nhận", "Resolved of received", True, ("on_time_share",)),
        Measure("on_time_share", "Tỷ lệ trước và đúng hạn trên đã giải quyết",
            "Early or on time of resolved", True, ("in_time_share", "resolved_share")),
        Measure("late_share", "Tỷ lệ quá hạn trên đã giải quyết", "Late of resolved", True, ("overdue_share",)),
        Measure("overdue_share", "Tỷ lệ quá hạn trên đang giải quyết", "Overdue of open", True, ("late_share",)),
        Measure("in_time_share", "Tỷ lệ đúng hạn, kể cả đang giải quyết trong hạn",
            "In time, open ones included", True, ("on_time_share",)),
        Measure("online_share", "Tỷ lệ tiếp nhận trực tuyến", "Received online", True),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Meaning:
    """What a name of a figure means: the figure, the channels it counts and its basis."""

    measure: Measure
    channels: str = "direct"
    basis: str = "received"


def _of(measure: str, channels: str = "direct", basis: str = "received") -> Meaning:
    return Meaning(MEASURES[measure], channels, basis)


_FORM = ("all", "form")
_NAMES: dict[str, Meaning] = {
    "tiep nhan|tiep nhan truc tiep|nhan truc tiep|so ho so tiep nhan|received|received directly": _of(
        "received"
    ),
    "tiep nhan truc tuyen|nhan truc tuyen|truc tuyen|received online|online": _of(
        "received", "online", "form"
    ),
    "tiep nhan trong ky|tong so tiep nhan trong ky|tong tiep nhan|tiep nhan tat ca cac kenh": _of(
        "received", *_FORM
    ),
    "nhan giai quyet|tong so nhan giai quyet|so ho so nhan giai quyet|received total": _of(
        "received_total", *_FORM
    ),
    "tu ky truoc|ky truoc chuyen sang|tu ky truoc chuyen sang|ton ky truoc|carried over": _of(
        "carried_over", *_FORM
    ),
    "da giai quyet|giai quyet|so ho so da giai quyet|da xu ly|resolved": _of("resolved"),
    "truoc han|giai quyet truoc han|som han|early|resolved early": _of("early"),
    "dung han|giai quyet dung han|on time|resolved on time": _of("on_time"),
    "truoc va dung han|truoc han va dung han|truoc dung han|giai quyet truoc va dung han|som va dung han"
    "|giai quyet truoc han va dung han|early and on time|early or on time": _of("early_or_on_time"),
    "qua han|tre han|ho so qua han|ho so tre han|giai quyet qua han|giai quyet tre han|da giai quyet qua han"
    "|late|overdue|resolved late": _of("late"),
    "dang giai quyet|dang xu ly|ton|con ton|pending|open": _of("pending"),
    "dang giai quyet trong han|chua den han|pending in time": _of("pending_in_time"),
    "dang giai quyet qua han|dang xu ly qua han|ton qua han|ton dong qua han|chua giai quyet qua han"
    "|open and overdue|open overdue|pending overdue": _of("overdue_open"),
    "moi qua han|moi qua han trong ky|newly overdue": _of("newly_overdue"),
    "ty le|ty le giai quyet|ty le da giai quyet|share|resolved share": _of("resolved_share"),
    "ty le dung han|ty le truoc va dung han|ty le truoc han va dung han|ty le giai quyet dung han|on time share"
    "|ty le giai quyet truoc va dung han|share on time": _of("on_time_share"),
    "ty le qua han|ty le tre han|late share": _of("late_share"),
    "ty le truc tuyen|ty le tiep nhan truc tuyen|ty le ho so truc tuyen|online share": _of(
        "online_share", *_FORM
    ),
}
_BY_NAME = {name: meaning for names, meaning in _NAMES.items() for name in names.split("|")}
_COLUMNS = (
    *("received_total", "received", "received", "carried_over", "resolved", "early", "on_time", "late"),
    *("pending", "pending_in_time", "overdue_open"),
)
_COLUMN_CHANNELS = {2: "online", 3: "direct_postal"}
_COLUMN = re.compile(r"(?:bieu (?:so )?(?:ii )?0?6\w? ?)?(?:cot|column) (\d{1,2})")
_SCOPES = {
    "truc tiep": ("direct", "received"),
    "direct": ("direct", "received"),
    "truc tiep va buu chinh": ("direct_postal", "form"),
    "truc tuyen": ("online", "form"),
    "online": ("online", "form"),
    "bieu": _FORM,
    "bieu ii 06": _FORM,
    "bieu ii 06a": _FORM,
    "form": _FORM,
    "tat ca": _FORM,
    "tat ca cac kenh": _FORM,
    "all": _FORM,
}
#: One name of each figure, as a template offers them.
OFFERED = (
    *("tiếp nhận trực tiếp", "tiếp nhận trong kỳ", "tiếp nhận trực tuyến", "từ kỳ trước", "đã giải quyết"),
    *("trước hạn", "đúng hạn", "trước và đúng hạn", "quá hạn", "đang giải quyết", "đang giải quyết quá hạn"),
    *("tỷ lệ giải quyết", "tỷ lệ trước và đúng hạn", "tỷ lệ trực tuyến"),
)
SCOPES = ("trực tiếp", "trực tuyến", "biểu")


def meaning_of(figure: str) -> Meaning | None:
    """Returns what a name of a figure means, however it is typed, or None for a name that is not known."""
    written = plain(figure)
    if column := _COLUMN.fullmatch(written):
        number = int(column[1])
        if 1 <= number <= len(_COLUMNS):
            return _of(_COLUMNS[number - 1], _COLUMN_CHANNELS.get(number, "all"), "form")
        return None
    return _BY_NAME.get(written) or _BY_NAME.get(written.removeprefix("so ").removeprefix("ho so "))


def within(meaning: Meaning, scope: str) -> Meaning | None:
    """Returns the meaning within the scope that a file gives, or None for a scope that is not known."""
    scope_words = _SCOPES.get(plain(scope))
    return replace(meaning, channels=scope_words[0], basis=scope_words[1]) if scope_words else None
