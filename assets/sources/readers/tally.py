"""What is counted over the pieces of a file, and the remarks that come of it: on codes, statuses and names of fields.

A remark says of how many rows it is, so it is made when all of them are read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from assets.given.remarks import CODE, HEADING, Unknown, safe_heading
from assets.given.texts import safe_to_show, shown
from assets.sources.additions import is_timeliness, parted, without_names
from assets.sources.readers.field_shapes import Shapes
from assets.sources.source import Source
from warehouse_sql.messages import message


@dataclass
class Tally:
    """Counts of raw statuses, of codes that are in no list by field, and of unknown names of fields; shapes by field."""

    statuses: Counter[str] = field(default_factory=Counter)
    unread: dict[str, Counter[str]] = field(default_factory=dict)
    names: Counter[str] = field(default_factory=Counter)
    shapes: dict[str, frozenset[str]] = field(default_factory=dict)
    unread_fees: int = 0

    def add_statuses(self, raw: pl.Series) -> None:
        """Counts the statuses of a piece."""
        self.statuses.update(_counts(raw.drop_nulls()))

    def add_unread(self, of: str, raw: pl.Series, read: pl.Series) -> None:
        """Counts the codes of a field of a piece that nothing was read from. Nothing is read where nothing is written."""
        counts = self.unread.setdefault(of, Counter())
        if raw.null_count() != read.null_count():
            for text, count in _counts(raw.filter(raw.is_not_null() & read.is_null())).items():
                counts[safe_to_show(text)] += count

    def add_names(self, records: Sequence[Mapping[str, object]], known: frozenset[str]) -> None:
        """Counts the names of fields that are not among the known ones."""
        if known.issuperset(frozenset[str]().union(*records)):
            return
        for record in records:
            if not record.keys() <= known:
                self.names.update({safe_heading(name) for name in record.keys() - known})

    def add_shapes(self, shapes: Shapes) -> None:
        """Adds the shapes met in a piece."""
        for name, met in shapes.items():
            self.shapes[name] = self.shapes.get(name, frozenset()) | met


def _counts(texts: pl.Series) -> dict[str, int]:
    if texts.is_empty():
        return {}
    counted = texts.alias("text").value_counts()
    return dict(zip(counted["text"].to_list(), counted["count"].to_list(), strict=True))


def unknown_codes(tally: Tally, of: str) -> list[str]:
    """Returns a remark for each code of a field that is not in the list for it, with the number of rows."""
    return [
        Unknown(
            message(
                "{field}: mã “{code}” không có trong danh mục ({count} dòng).",
                field=of,
                code=code,
                count=count,
            ),
            CODE,
            of,
            code,
        )
        for code, count in sorted(tally.unread.get(of, Counter()).items())
    ]


def odd_statuses(tally: Tally, of: str, source: Source) -> list[str]:
    """Returns a remark for each status that the list of sources ignores, and for each unknown addition to a
    status.
    """
    ignored = [
        message(
            "{field}: trạng thái “{status}” được khai là bỏ qua ({count} dòng).",
            field=of,
            status=safe_to_show(text),
            count=count,
        )
        for text, count in sorted(tally.statuses.items())
        if source.ignores(text)
    ]
    return ignored + _unknown_additions(of, tally.statuses, source)


def _unknown_additions(field: str, counts: Counter[str], source: Source) -> list[str]:
    unknown: Counter[str] = Counter()
    for text, count in counts.items():
        _, additions = parted(text)
        strange = [a for a in additions if not is_timeliness(a) and not source.knows_status(a)]
        if strange and source.status(text, True) is not None:
            unknown[without_names(text)] += count
    return [
        Unknown(
            message(
                "{field}: trạng thái “{text}” có phần trong ngoặc không có trong danh mục, chỉ đọc phần ngoài "
                "ngoặc ({count} dòng).",
                field=field,
                text=text,
                count=count,
            ),
            CODE,
            field,
            text,
        )
        for text, count in sorted(unknown.items())
    ]


def unknown_names(tally: Tally) -> list[str]:
    """Returns a remark for each name of a field that is not among the known ones."""
    return [
        Unknown(
            message(
                "Trường “{name}” không có trong mô tả của cổng, không đọc ({count} dòng).",
                name=shown(name),
                count=count,
            ),
            HEADING,
            name,
        )
        for name, count in sorted(tally.names.items())
    ]
