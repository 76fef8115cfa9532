"""Dates as the portals write them, parsed column by column into naive local instants.

Every result is naive time of Vietnam (Asia/Ho_Chi_Minh, UTC+7 all year). A value that is no date of the
given styles, does not exist in the calendar, or lies outside 1990 to 2100 is null.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

# Vietnam has kept UTC+7 without summer time in all years that are read.
_LOCAL_MINUTES = 7 * 60
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_CLOCK = r"(?<hour>[01]?\d|2[0-3]):(?<minute>[0-5]\d)(?::(?<second>[0-5]\d))?(?:[.,](?<fraction>\d{1,9}))?"
_ISO = (
    r"^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})"
    rf"(?:(?:T|t|\s+){_CLOCK}\s*(?<offset>[Zz]|[+-]\d{{2}}:?(?:\d{{2}})?)?)?$"
)
_DAY_FIRST = rf"^(?<day>\d{{1,2}})/(?<month>\d{{1,2}})/(?<year>\d{{4}})(?:[\sT,]+{_CLOCK})?$"
_COMPACT = (
    r"^(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})"
    r"(?:(?<hour>[01]\d|2[0-3])(?<minute>[0-5]\d)(?<second>[0-5]\d))?$"
)
_SERIAL = r"^(\d{5}(?:\.\d+)?)$"
_EPOCH_MILLISECONDS = r"^(\d{12,13})$"

Parser = Callable[[pl.Series], pl.Series]


def parse_national(texts: pl.Series) -> pl.Series:
    """yyyyMMddHHmmss, yyyyMMdd and ISO; without an offset the time is local."""
    text = pl.col("text")
    return _parsed(texts, [_instant(text, _COMPACT), _iso(text, unmarked_is_utc=False)])


def parse_utc(texts: pl.Series) -> pl.Series:
    """ISO and epoch milliseconds; a time without an offset is UTC, a bare day is a local day."""
    text = pl.col("text")
    millis = text.str.extract(_EPOCH_MILLISECONDS).cast(pl.Int64, strict=False)
    epoch = pl.from_epoch(millis, time_unit="ms").cast(pl.Datetime("us")) + _minutes(pl.lit(_LOCAL_MINUTES))
    return _parsed(texts, [_iso(text, unmarked_is_utc=True), epoch])


def parse_list(texts: pl.Series) -> pl.Series:
    """dd/MM/yyyy with or without time, ISO, and Excel's day numbers, to the second."""
    text = pl.col("text")
    days = text.str.extract(_SERIAL).cast(pl.Float64, strict=False)
    # Excel counts from 1899-12-30 (its year 1900 has a 29 February); a day is 86,400,000 ms.
    serial = pl.datetime(1899, 12, 30) + pl.duration(milliseconds=(days * 86_400_000).round().cast(pl.Int64))
    found = _parsed(texts, [_instant(text, _DAY_FIRST), _iso(text, unmarked_is_utc=False), serial])
    # A spreadsheet keeps an instant as a fraction of a day, which is a few microseconds off.
    return found.dt.round("1s")


def _parsed(texts: pl.Series, styles: list[pl.Expr]) -> pl.Series:
    """The first style that fits each text, in the range of years; a frame of its own keeps names apart."""
    instant = pl.coalesce(styles).cast(pl.Datetime("us"))
    frame = texts.alias("text").to_frame().select(instant.alias("instant"))
    in_range = pl.col("instant").dt.year().is_between(_FIRST_YEAR, _LAST_YEAR)
    return frame.select(pl.when(in_range).then(pl.col("instant")))["instant"].alias(texts.name)


def _instant(text: pl.Expr, pattern: str) -> pl.Expr:
    """The instant that the named parts of `pattern` say, without regard to an offset."""
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
    hours = offset.str.extract(r"^[+-](\d{2})").cast(pl.Int64).fill_null(0)
    minutes = offset.str.extract(r"^[+-]\d{2}:?(\d{2})$").cast(pl.Int64).fill_null(0)
    east = hours * 60 + minutes
    shift = pl.lit(_LOCAL_MINUTES) - pl.when(offset.str.starts_with("-")).then(-east).otherwise(east)
    unmarked = pl.lit(_LOCAL_MINUTES if unmarked_is_utc else 0)
    said = (
        pl.when(parts.field("hour").is_null())
        .then(pl.lit(0))
        .when(offset.is_null())
        .then(unmarked)
        .otherwise(shift)
    )
    return _instant(text, _ISO) + _minutes(said)


def _minutes(count: pl.Expr) -> pl.Expr:
    return pl.duration(minutes=count)
