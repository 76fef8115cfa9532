"""The one shape that every reader ends in.

Here: the columns of a read dossier list and of a read list of steps, and what a reader returns.
Not here: how a particular portal writes them (`readers/`), or what a row is worth (`quality/`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import polars as pl

_TEXT = pl.String
_INSTANT = pl.Datetime("us")  # naive, local time of Vietnam (Asia/Ho_Chi_Minh)

#: One row per row of the file, in file order, bad rows included. Names, addresses, telephone and identity
#: numbers of citizens are never among the columns.
DOSSIER_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "sheet": _TEXT,  # worksheet name; null for JSON and CSV
    "row_number": pl.Int64,  # 1-based: worksheet row, line of the CSV file, or place in the JSON list
    "dossier_code": _TEXT,  # NFC, trimmed; null when empty
    "status_raw": _TEXT,  # as written, NFC, trimmed
    "status": pl.Int16,  # 1..10 of the national list; null when the code or text is not known
    "channel": pl.Int16,  # 1 direct, 2 online, 3 postal; null when not said
    "procedure_code": _TEXT,
    "procedure_name": _TEXT,
    "field_code": _TEXT,
    "field_name": _TEXT,
    "unit_code": _TEXT,  # organisation code as the portal writes it, if it does
    "unit_name": _TEXT,
    "submitted_at": _INSTANT,
    "received_at": _INSTANT,
    "due_at": _INSTANT,
    "ended_at": _INSTANT,  # end of processing (NgayKetThucXuLy)
    "returned_at": _INSTANT,  # result handed over (NgayTra)
    "refused_at": _INSTANT,
    "supplement_requested_at": _INSTANT,
    # JSON list, ordered by requested_at, of {requested_at, resumed_at, due_before, due_after}: local
    # ISO instants or null. Null when the shape does not speak of supplements.
    "supplements": _TEXT,
    "limit_value": pl.Float64,
    "limit_unit": _TEXT,  # working_day, day or hour
    "payment_online": pl.Int16,  # 0 none, 1 national portal, 2 ministry or province gateway, 3 other
    "fee_amount": pl.Int64,  # dong, sum of the fees
    "is_digitised": pl.Boolean,
    "is_identified": pl.Boolean,  # account verified by VNeID
    "has_electronic_result": pl.Boolean,
    "has_household_book": pl.Boolean,  # an attached paper names a household-registration book
    "has_identity_copy": pl.Boolean,  # an attached paper names a copy of CCCD or CMND
    "result_by_post": pl.Boolean,
    "unreadable_field": _TEXT,  # the source's own name of the first date field that cannot be read
    "unreadable_value": _TEXT,  # what stands there
}

#: The instants that a list says of a dossier.
DATE_COLUMNS = (
    *("submitted_at", "received_at", "due_at", "ended_at", "returned_at", "refused_at"),
    "supplement_requested_at",
)

STEP_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "sheet": _TEXT,
    "row_number": pl.Int64,
    "dossier_code": _TEXT,
    "status_raw": _TEXT,
    "status": pl.Int16,
    "processed_at": _INSTANT,
    "started_at": _INSTANT,
    "due_at": _INSTANT,
    "department": _TEXT,
    "position": _TEXT,
    "is_synthetic": pl.Boolean,  # reserved for steps that a portal is known to make up
    "unreadable_field": _TEXT,
    "unreadable_value": _TEXT,
}

#: Place of each status in a dossier's life, 0 when there is none: of two states of one moment the later stands.
#: core.dim_status holds the same.
LIFE_ORDER: dict[int, int] = {1: 1, 3: 2, 2: 3, 4: 4, 5: 5, 6: 6, 8: 7, 7: 8, 9: 9, 10: 10}

#: The columns a statement about a dossier consists of: a change in any of them is a new version.
CONTENT_COLUMNS: tuple[str, ...] = tuple(
    name
    for name in DOSSIER_SCHEMA
    if name not in {"sheet", "row_number", "dossier_code", "unreadable_field", "unreadable_value"}
)


@dataclass(frozen=True)
class Reading:
    """What a reader found in one file: frames of every row, and what a person should know about it.

    `exported_at` is naive local time (Asia/Ho_Chi_Minh), None when the file does not say it.
    Exactly one of `dossiers` and `steps` is set. `columns` names the canonical columns the file can
    speak of (a list without a channel column does not say that the channel is empty).
    `complete` is set where the file, with others of its export moment, names every dossier of its source received
    from the first to the last of these days: a dossier that is not in it is gone. `is_whole` is False where the file itself
    shows that rows may be missing: then it never says that a dossier is gone.
    `remarks` are sentences in Vietnamese on headings, codes or fields that are not known, each by name; those of
    `remarks.Unknown` say it in parts, too. `shapes` names the shapes met (text, number, styles of dates) by the source's
    own name of a field.
    """

    dossiers: pl.DataFrame | None = None
    steps: pl.DataFrame | None = None
    exported_at: datetime | None = None
    columns: frozenset[str] = frozenset()
    complete: tuple[date, date] | None = None
    is_whole: bool = True
    remarks: list[str] = field(default_factory=list)
    shapes: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def row_count(self) -> int:
        """Rows of the file, bad ones included."""
        frame = self.dossiers if self.dossiers is not None else self.steps
        return 0 if frame is None else frame.height
