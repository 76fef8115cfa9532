"""Words of the portals and made-up people; and instants as the portals write them."""

from __future__ import annotations

import polars as pl

from pipelines.simulator.clock import HOUR, NEVER
from pipelines.simulator.places import PROCEDURES

#: The words of the national list of states, 1..10, as the province's list shows them.
STATUS_WORDS = (
    "",
    "Mới đăng ký",
    "Được tiếp nhận",
    "Không được tiếp nhận",
    "Đang xử lý",
    "Yêu cầu bổ sung giấy tờ",
    "Yêu cầu thực hiện nghĩa vụ tài chính",
    "Công dân yêu cầu rút hồ sơ",
    "Dừng xử lý",
    "Đã xử lý xong",
    "Đã trả kết quả",
)

_SURNAMES = ["Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Đặng", "Bùi", "Chau", "Néang"]
_MIDDLE_NAMES = ["Văn", "Thị", "Hữu", "Minh", "Ngọc", "Kim", "Sóc"]
_GIVEN_NAMES = [
    "An",
    "Bình",
    "Cường",
    "Dũng",
    "Giang",
    "Hạnh",
    "Lộc",
    "Mỹ",
    "Oanh",
    "Phước",
    "Quỳnh",
    "Sơn",
    "Thảo",
    "Yến",
]
_HOLDERS = pl.Series(
    [f"{surname} {two} {three}" for surname in _SURNAMES for two in _MIDDLE_NAMES for three in _GIVEN_NAMES],
    dtype=pl.String,
)

COMPACT, ISO, LIST = "%Y%m%d%H%M%S", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M:%S"
_UTC = "%Y-%m-%dT%H:%M:%S.000+0000"


def look_up(words: list[str], column: str) -> pl.Expr:
    """Returns the word at the place that the column says."""
    return pl.lit(pl.Series(words, dtype=pl.String)).gather(pl.col(column))


def holder() -> pl.Expr:
    """Returns a made-up name."""
    return pl.lit(_HOLDERS).gather(pl.col("holder") % len(_HOLDERS))


def procedure(words: list[str]) -> pl.Expr:
    """Returns the word of each row's procedure."""
    assert len(words) == len(PROCEDURES)
    return look_up(words, "procedure")


def written(column: str, style: str, shown: pl.Expr | None = None) -> pl.Expr:
    """Returns the local instant in that style; empty unless shown (by default: unless it has happened by `at`)."""
    is_shown = pl.col(column) <= pl.col("at") if shown is None else shown
    text = pl.from_epoch(pl.col(column), time_unit="s").dt.strftime(style)
    return pl.when(is_shown).then(text).otherwise(pl.lit(""))


def has_due() -> pl.Expr:
    """Returns whether a due date is promised at the state's moment."""
    return pl.col("due_then") < NEVER


def written_utc(column: str, shown: pl.Expr | None = None) -> pl.Expr:
    """Returns the instant in UTC as a JSON text, or null."""
    is_shown = pl.col(column) <= pl.col("at") if shown is None else shown
    text = pl.from_epoch(pl.col(column) - 7 * HOUR, time_unit="s").dt.strftime(f'"{_UTC}"')
    return pl.when(is_shown).then(text).otherwise(pl.lit("null"))
