"""Columns out of loose values: text, switches, codes and the frame they end in.

Here: what all readers do to a column. Not here: what a portal calls it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import lru_cache, partial
from typing import NamedTuple

import polars as pl

from assets.given.cleaning import split_columns
from assets.given.dates import Parser, has_clock
from assets.given.texts import safe_to_show
from assets.sources.canonical import CLOCKS, DOSSIER_CODE
from assets.sources.source import Source, code_key

_SWITCH = {"0": False, "false": False, "không": False, "1": True, "true": True, "có": True}


class DateField(NamedTuple):
    """A date column: the source's own name of it, what was written, and the local instants of it."""

    name: str
    texts: pl.Series
    instants: pl.Series


def date_fields(
    texts: Mapping[str, pl.Series], names: Mapping[str, str], parse: Parser
) -> dict[str, DateField]:
    """Returns the columns of text parsed as one; `names` holds the source's own name of each."""
    if not texts:
        return {}
    instants = split_columns(parse(pl.concat(list(texts.values()))), texts.keys())
    return {name: DateField(names[name], text, instants[name]) for name, text in texts.items()}


def clocks(dates: Mapping[str, DateField]) -> dict[str, pl.Series]:
    """Returns whether clock times were given, of those dates of which that is kept."""
    return {
        CLOCKS[name]: has_clock(field.texts, field.instants)
        for name, field in dates.items()
        if name in CLOCKS
    }


def other_codes(texts: pl.Series) -> pl.Series:
    """Returns other codes of dossiers; what has not the form of a code may be about a citizen, and is left out."""
    return texts.to_frame().select(pl.when(pl.col(texts.name).str.contains(DOSSIER_CODE)).then(pl.all()))[
        texts.name
    ]


def mapped(column: pl.Series, meaning: Callable[[str], object], dtype: type[pl.DataType]) -> pl.Series:
    """Returns `meaning` of every text, asked once for each different one."""
    texts = column.drop_nulls().unique()
    if texts.is_empty():
        return pl.Series(column.name, [None], dtype=dtype).new_from_index(0, len(column))
    values = pl.Series([meaning(text) for text in texts.to_list()], dtype=dtype)
    return column.replace_strict(texts, values, default=None, return_dtype=dtype)


@lru_cache(maxsize=256)  # asked for every paper of every dossier
def switch(text: str) -> bool | None:
    """0/1, true/false in any spelling."""
    return _SWITCH.get(code_key(text))


def payment(text: str) -> int | None:
    """0..3 of the national list."""
    code = code_key(text)
    return int(code) if code in ("0", "1", "2", "3") else None


def statuses(raw: pl.Series, accepted: pl.Series, source: Source) -> pl.Series:
    """1..10 of every raw status; `accepted` says whether the dossier was ever accepted."""
    if accepted.all():
        return mapped(raw, partial(source.status, accepted=True), pl.Int16)
    read = {
        is_accepted: mapped(
            raw.zip_with(accepted if is_accepted else ~accepted, pl.Series([None], dtype=pl.String)),
            partial(source.status, accepted=is_accepted),
            pl.Int16,
        )
        for is_accepted in (True, False)
    }
    return read[True].zip_with(accepted, read[False]).alias(raw.name)


def first_unreadable(fields: Iterable[DateField]) -> dict[int, tuple[str, str]]:
    """Returns row index -> name and value of its first date field that is neither empty nor a date."""
    by_row: dict[int, tuple[str, str]] = {}
    for field in fields:
        if field.texts.null_count() == field.instants.null_count():
            continue  # an instant for every text
        bad = field.texts.is_not_null() & field.instants.is_null()
        for row in bad.arg_true().to_list():
            by_row.setdefault(row, (field.name, safe_to_show(field.texts[row])))
    return by_row


def unreadable_columns(by_row: Mapping[int, tuple[str, str]], height: int) -> dict[str, pl.Series]:
    """Returns the two columns that name the unreadable date of each row; none where all can be read."""
    if not by_row:
        return {}
    fields: list[str | None] = [None] * height
    values: list[str | None] = [None] * height
    for row, (field, value) in by_row.items():
        fields[row], values[row] = field, value
    return {
        "unreadable_field": pl.Series(fields, dtype=pl.String),
        "unreadable_value": pl.Series(values, dtype=pl.String),
    }


def assemble(
    schema: Mapping[str, pl.DataType | type[pl.DataType]], columns: Mapping[str, pl.Series], height: int
) -> pl.DataFrame:
    """Returns a frame of exactly that schema; a column that is not given is null."""
    whole = {
        name: (
            columns[name].cast(dtype)
            if name in columns
            else pl.Series([None], dtype=dtype).new_from_index(0, height)
        ).alias(name)
        for name, dtype in schema.items()
    }
    return pl.DataFrame(list(whole.values()))


def iso_or_none(instant: datetime | None) -> str | None:
    """Returns a local instant as ISO text."""
    return None if instant is None else instant.isoformat()
