"""Dates as the portals write them, parsed column by column into naive local instants.

Every result is naive time of Vietnam (Asia/Ho_Chi_Minh, UTC+7 all year). A value that is no date of the
given styles, does not exist in the calendar, or lies outside 1990 to 2100 is null.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache

import polars as pl

# Vietnam has kept UTC+7 without summer time in all years that are read.
_LOCAL_MINUTES = 7 * 60
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_CLOCK = r"(?<hour>[01]?[0-9]|2[0-3]):(?<minute>[0-5][0-9])(?::(?<second>[0-5][0-9]))?(?:[.,](?<fraction>[0-9]{1,9}))?"
_ISO = (
    r"^(?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2})"
    rf"(?:(?:T|t|\s+){_CLOCK}\s*(?<offset>[Zz]|[+-][0-9]{{2}}:?(?:[0-9]{{2}})?)?)?$"
)
_DAY_FIRST = rf"^(?<day>[0-9]{{1,2}})/(?<month>[0-9]{{1,2}})/(?<year>[0-9]{{4}})(?:[\sT,]+{_CLOCK})?$"
_COMPACT = (
    r"^(?<year>[0-9]{4})(?<month>[0-9]{2})(?<day>[0-9]{2})"
    r"(?:(?<hour>[01][0-9]|2[0-3])(?<minute>[0-5][0-9])(?<second>[0-5][0-9]))?$"
)
_SERIAL = r"^([0-9]{5}(?:\.[0-9]+)?)$"
_EPOCH_MILLISECONDS = r"^([0-9]{12,13})$"
# A clock time has a colon, or is the end of a run of digits, or the fraction of Excel's day.
_CLOCKED = r":|^[0-9]{12,14}$|^[0-9]{5}\.[0-9]*[1-9]"
# A spreadsheet knows no day without a clock, and writes this of one.
_SHEET_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2} 00:00:00$"

# The usual spellings, recognised by pattern and then read by one format. Only digits of ASCII, and only times
# that exist, so that what a format forgives does not matter.
_DAY, _HOUR = "[0-9]{4}-[0-9]{2}-[0-9]{2}", "(?:[01][0-9]|2[0-3])"
_TIME = f"{_HOUR}:[0-5][0-9]:[0-5][0-9]"
_DAY_MONTH_YEAR = "[0-9]{2}/[0-9]{2}/[0-9]{4}"
# Pattern, length of what the format reads, format.
_USUAL_COMPACT = (f"^[0-9]{{8}}{_HOUR}[0-5][0-9][0-5][0-9]$", 14, "%Y%m%d%H%M%S")
_USUAL_COMPACT_DAY = ("^[0-9]{8}$", 8, "%Y%m%d")
_USUAL_ISO = (f"^{_DAY}T{_TIME}$", 19, "%Y-%m-%dT%H:%M:%S")
_USUAL_SHEET = (f"^{_DAY} {_TIME}$", 19, "%Y-%m-%d %H:%M:%S")
_USUAL_SECOND = (f"^{_DAY_MONTH_YEAR} {_TIME}$", 19, "%d/%m/%Y %H:%M:%S")
_USUAL_MINUTE = (f"^{_DAY_MONTH_YEAR} {_HOUR}:[0-5][0-9]$", 16, "%d/%m/%Y %H:%M")
_USUAL_DAY = (f"^{_DAY_MONTH_YEAR}$", 10, "%d/%m/%Y")
_USUAL_MILLI_UTC = (rf"^{_DAY}T{_TIME}\.[0-9]{{3}}(?:Z|\+00:?00)$", 23, "%Y-%m-%dT%H:%M:%S%.3f")
_USUAL_UTC = (rf"^{_DAY}T{_TIME}(?:Z|\+00:?00)$", 19, "%Y-%m-%dT%H:%M:%S")

_TEXT = pl.col("text")
Parser = Callable[[pl.Series], pl.Series]


def parse_national(texts: pl.Series) -> pl.Series:
    """yyyyMMddHHmmss, yyyyMMdd and ISO; without an offset the time is local."""
    return _parsed(texts, _national())


def parse_utc(texts: pl.Series) -> pl.Series:
    """ISO and epoch milliseconds; a time without an offset is UTC, a bare day is a local day."""
    return _parsed(texts, _utc())


def parse_list(texts: pl.Series) -> pl.Series:
    """dd/MM/yyyy with or without time, ISO, and Excel's day numbers, to the second."""
    # A spreadsheet keeps an instant as a fraction of a day, which is a few microseconds off.
    return _parsed(texts, _list()).dt.round("1s")


def day_first(year: str, month: str, day: str) -> date | None:
    """Returns the day of digits as `parse_list` reads it from dd/MM/yyyy; None where there is no such day."""
    try:
        read = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return read if _FIRST_YEAR <= read.year <= _LAST_YEAR else None


def has_clock(texts: pl.Series, instants: pl.Series) -> pl.Series:
    """Returns whether each text gives a clock time with the day; null where it was read as no instant."""
    text = pl.col("text")
    frame = pl.DataFrame([texts.alias("text"), instants.alias("instant")])
    is_given = text.str.contains(_CLOCKED) & ~text.str.contains(_SHEET_DAY)
    return frame.select(pl.when(pl.col("instant").is_not_null()).then(is_given))["text"].alias(texts.name)


@cache
def _national() -> list[pl.Expr]:
    usual = [_usual(*style) for style in (_USUAL_COMPACT, _USUAL_ISO, _USUAL_COMPACT_DAY)]
    return [*usual, pl.coalesce(_instant(_TEXT, _COMPACT), _iso(_TEXT, unmarked_is_utc=False))]


@cache
def _utc() -> list[pl.Expr]:
    local = _minutes(pl.lit(_LOCAL_MINUTES))
    usual = [_usual(*style) + local for style in (_USUAL_MILLI_UTC, _USUAL_UTC)]
    millis = _TEXT.str.extract(_EPOCH_MILLISECONDS).cast(pl.Int64, strict=False)
    epoch = pl.from_epoch(millis, time_unit="ms").cast(pl.Datetime("us")) + local
    return [*usual, pl.coalesce(_iso(_TEXT, unmarked_is_utc=True), epoch)]


@cache
def _list() -> list[pl.Expr]:
    usual = [_usual(*style) for style in (_USUAL_SECOND, _USUAL_MINUTE, _USUAL_DAY, _USUAL_SHEET)]
    days = _TEXT.str.extract(_SERIAL).cast(pl.Float64, strict=False)
    # Excel counts from 1899-12-30 (its year 1900 has a 29 February); a day is 86,400,000 ms.
    serial = pl.datetime(1899, 12, 30) + pl.duration(milliseconds=(days * 86_400_000).round().cast(pl.Int64))
    return [*usual, pl.coalesce(_instant(_TEXT, _DAY_FIRST), _iso(_TEXT, unmarked_is_utc=False), serial)]


def _parsed(texts: pl.Series, styles: Sequence[pl.Expr]) -> pl.Series:
    """Returns the first style that fits each text, in the range of years; each style sees what is left over."""
    instants = _read(texts, styles[0])
    for style in styles[1:]:
        if texts.null_count() == instants.null_count():
            break
        rest = (texts.is_not_null() & instants.is_null()).arg_true()
        instants = instants.scatter(rest, _read(texts.gather(rest), style))
    in_range = pl.col("instant").dt.year().is_between(_FIRST_YEAR, _LAST_YEAR)
    return instants.to_frame().select(pl.when(in_range).then(pl.col("instant")))["instant"].alias(texts.name)


def _read(texts: pl.Series, style: pl.Expr) -> pl.Series:
    # A frame of its own keeps names apart.
    instant = style.cast(pl.Datetime("us")).alias("instant")
    return texts.alias("text").to_frame().select(instant)["instant"]


def _usual(pattern: str, length: int, form: str) -> pl.Expr:
    """Returns the texts of that pattern, whose first `length` characters one format reads."""
    start = _TEXT.str.slice(0, length)
    return pl.when(_TEXT.str.contains(pattern)).then(
        start.str.to_datetime(form, strict=False, time_unit="us")
    )


def _instant(text: pl.Expr, pattern: str) -> pl.Expr:
    """Returns the instant of the named parts of `pattern`, without regard to an offset."""
    parts = text.str.extract_groups(pattern).struct

    def two(name: str) -> pl.Expr:
        return parts.field(name).fill_null("").str.zfill(2)

    written = pl.concat_str(
        [parts.field("year"), two("month"), two("day"), two("hour"), two("minute"), two("second")]
    )
    whole = written.str.to_datetime("%Y%m%d%H%M%S", strict=False, time_unit="us")
    if "<fraction>" not in pattern:
        return whole
    micro = parts.field("fraction").str.pad_end(6, "0").str.slice(0, 6).cast(pl.Int64).fill_null(0)
    return whole + pl.duration(microseconds=micro)


def _iso(text: pl.Expr, *, unmarked_is_utc: bool) -> pl.Expr:
    parts = text.str.extract_groups(_ISO).struct
    offset = parts.field("offset")
    hours = offset.str.extract(r"^[+-]([0-9]{2})").cast(pl.Int64).fill_null(0)
    minutes = offset.str.extract(r"^[+-][0-9]{2}:?([0-9]{2})$").cast(pl.Int64).fill_null(0)
    east = hours * 60 + minutes
    shift = pl.lit(_LOCAL_MINUTES) - pl.when(offset.str.starts_with("-")).then(-east).otherwise(east)
    unmarked = pl.lit(_LOCAL_MINUTES if unmarked_is_utc else 0)
    pattern_text = (
        pl.when(parts.field("hour").is_null())
        .then(pl.lit(0))
        .when(offset.is_null())
        .then(unmarked)
        .otherwise(shift)
    )
    return _instant(text, _ISO) + _minutes(pattern_text)


def _minutes(count: pl.Expr) -> pl.Expr:
    return pl.duration(minutes=count)
