"""The one shape that every reader ends in, and the one list of what a dossier and a step consist of.

Here: the attributes with type, meaning, who can say them and whether a change of one is news; the columns of a read list that
follow from them. The tables, comparisons and copies of the warehouse are written in SQL and tested against
this list; the page on attributes in the docs is made from it. Not here: how a particular portal writes them (`readers/`), or what
a row is worth (`quality/`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import polars as pl

from warehouse_sql.definitions import definitions
from warehouse_sql.dictionary.texts import vietnamese

#: One more when an attribute is read that was not read before and that dossiers taken in earlier need: the next run then reads
#: the archive again for what `history/complete_statements.sql` adds.
READER_VERSION = 1

_Type = pl.DataType | type[pl.DataType]

_TEXT = pl.String
_INSTANT = pl.Datetime("us")  # naive, local time of Vietnam (Asia/Ho_Chi_Minh)
#: How the warehouse has a column of a frame.
_SQL_TYPES: dict[_Type, str] = {
    _TEXT: "text",
    _INSTANT: "timestamp",
    pl.Int16: "smallint",
    pl.Int64: "bigint",
    pl.Float64: "double precision",
    pl.Boolean: "boolean",
}
# The names of the shapes (`shapes.py`) whose files can say an attribute.
_NATIONAL, _PROVINCIAL, _LIST = frozenset({"dvcqg"}), frozenset({"igate"}), frozenset({"angiang"})
_EVERY = _NATIONAL | _PROVINCIAL | _LIST


@dataclass(frozen=True)
class Attribute:
    """What a portal states of a dossier or of a step.

    `shapes` names the shapes whose files can say it; `en` says what it means, as its column in history does, and
    warehouse_sql/dictionary/history.yaml says it in Vietnamese.
    `is_news`: a statement that differs from the one before in this alone is a new version; what is no news is evidence of the
    file, kept while a row is judged and in no history. `is_json`: a text here, jsonb in the warehouse.
    """

    name: str
    type: _Type
    shapes: frozenset[str]
    en: str
    is_news: bool = True
    is_json: bool = False

    @property
    def vi(self) -> str:
        """Returns what it means, in Vietnamese."""
        return vietnamese(f"{self.en}.").removesuffix(".")

    @property
    def sql_type(self) -> str:
        """Returns the type of its column in the warehouse."""
        return "jsonb" if self.is_json else _SQL_TYPES[self.type]


#: What is stated of a dossier. Names, addresses, telephone and identity numbers of citizens are never among it.
DOSSIER_ATTRIBUTES: tuple[Attribute, ...] = (
    Attribute(
        "status_raw",
        _TEXT,
        _EVERY,
        en="Status as the source writes it",
        is_news=False,
    ),
    Attribute(
        "status",
        pl.Int16,
        _EVERY,
        en="Status 1 to 10, core.dim_status",
    ),
    Attribute(
        "channel",
        pl.Int16,
        _EVERY,
        en="1 direct, 2 online, 3 postal; null when the source does not say",
    ),
    Attribute(
        "procedure_code",
        _TEXT,
        _EVERY,
        en="Procedure code as the source writes it",
    ),
    Attribute(
        "procedure_name",
        _TEXT,
        _EVERY,
        en="Procedure name",
    ),
    Attribute(
        "field_code",
        _TEXT,
        _EVERY,
        en="Field (lĩnh vực) code",
    ),
    Attribute(
        "field_name",
        _TEXT,
        _EVERY,
        en="Field name",
    ),
    Attribute(
        "unit_code",
        _TEXT,
        _PROVINCIAL,
        en="Organisation code as the source writes it",
    ),
    Attribute(
        "unit_name",
        _TEXT,
        _EVERY,
        en="Name of the receiving or processing unit",
    ),
    Attribute(
        "submitted_at",
        _INSTANT,
        _EVERY,
        en="Submitted, local time",
    ),
    Attribute(
        "received_at",
        _INSTANT,
        _EVERY,
        en="Received, local time",
    ),
    Attribute(
        "due_at",
        _INSTANT,
        _EVERY,
        en="Due, local time",
    ),
    Attribute(
        "ended_at",
        _INSTANT,
        _EVERY,
        en="End of processing, local time",
    ),
    Attribute(
        "returned_at",
        _INSTANT,
        _EVERY,
        en="Result handed over, local time",
    ),
    Attribute(
        "refused_at",
        _INSTANT,
        _NATIONAL | _LIST,
        en="Refused, local time",
    ),
    Attribute(
        "supplement_requested_at",
        _INSTANT,
        _PROVINCIAL | _LIST,
        en="Latest request for a supplement, local time",
    ),
    # A JSON list, ordered by requested_at; each of the four is a local ISO instant or null. Null when the shape does not
    # speak of supplements.
    Attribute(
        "supplements",
        _TEXT,
        _NATIONAL,
        en="Supplement windows: requested_at, resumed_at, due_before, due_after",
        is_json=True,
    ),
    Attribute(
        "limit_value",
        pl.Float64,
        _PROVINCIAL,
        en="Time limit of the procedure, as the source says",
    ),
    Attribute(
        "limit_unit",
        _TEXT,
        _PROVINCIAL,
        en="working_day, day or hour",
    ),
    Attribute(
        "payment_online",
        pl.Int16,
        _NATIONAL,
        en="0 none, 1 national portal, 2 ministry or province gateway, 3 other",
    ),
    Attribute(
        "fee_amount",
        pl.Int64,
        _NATIONAL,
        en="Fees, dong",
    ),
    Attribute(
        "is_digitised",
        pl.Boolean,
        _NATIONAL,
        en="Has digitised components",
    ),
    Attribute(
        "is_identified",
        pl.Boolean,
        _NATIONAL,
        en="Account verified by VNeID",
    ),
    Attribute(
        "has_electronic_result",
        pl.Boolean,
        _NATIONAL,
        en="Has an electronic result",
    ),
    Attribute(
        "has_household_book",
        pl.Boolean,
        _NATIONAL,
        en="An attached paper names a household-registration book",
    ),
    Attribute(
        "has_identity_copy",
        pl.Boolean,
        _NATIONAL,
        en="An attached paper names a copy of CCCD or CMND",
    ),
    Attribute(
        "result_by_post",
        pl.Boolean,
        _NATIONAL,
        en="Result returned by post",
    ),
    Attribute(
        "due_has_clock",
        pl.Boolean,
        _EVERY,
        en="The due date was given with a clock time; a day alone means that whole day, null without a date",
    ),
    Attribute(
        "ended_has_clock",
        pl.Boolean,
        _EVERY,
        en="The end of processing was given with a clock time; a day alone means some time of it, null without a date",
    ),
    Attribute(
        "other_code",
        _TEXT,
        _NATIONAL | _LIST,
        en="Another code of the same dossier (MaHoSoKhac), where it has the form of a dossier code",
    ),
)

#: What is stated of a processing step. All of it but the raw status makes the step: a step that differs is another one.
STEP_ATTRIBUTES: tuple[Attribute, ...] = (
    Attribute(
        "status_raw",
        _TEXT,
        _NATIONAL,
        en="Status as the source writes it",
        is_news=False,
    ),
    Attribute(
        "status",
        pl.Int16,
        _NATIONAL,
        en="Status after the step, core.dim_status",
    ),
    Attribute(
        "processed_at",
        _INSTANT,
        _NATIONAL,
        en="When the step was done, local time",
    ),
    Attribute(
        "started_at",
        _INSTANT,
        _NATIONAL,
        en="Start of the step, local time",
    ),
    Attribute(
        "due_at",
        _INSTANT,
        _NATIONAL,
        en="Due time of the step, local time",
    ),
    Attribute(
        "department",
        _TEXT,
        _NATIONAL,
        en="Department",
    ),
    Attribute(
        "position",
        _TEXT,
        _NATIONAL,
        en="Position of the official",
    ),
)

#: Where a row stands: sheet is the worksheet (null for JSON and CSV), row_number counts from 1: worksheet row, line of the CSV
#: file, or place in the JSON list. The code is NFC, trimmed; null when empty.
_PLACE: dict[str, _Type] = {"sheet": _TEXT, "row_number": pl.Int64, "dossier_code": _TEXT}
#: The source's own name of the first date field that cannot be read, and what stands there.
_UNREADABLE: dict[str, _Type] = {"unreadable_field": _TEXT, "unreadable_value": _TEXT}


def _schema(attributes: tuple[Attribute, ...]) -> dict[str, _Type]:
    return {**_PLACE, **{each.name: each.type for each in attributes}, **_UNREADABLE}


#: One row per row of the file, in file order, bad rows included.
DOSSIER_SCHEMA = _schema(DOSSIER_ATTRIBUTES)
STEP_SCHEMA = _schema(STEP_ATTRIBUTES)

#: The instants that a list says of a dossier.
DATE_COLUMNS = tuple(each.name for each in DOSSIER_ATTRIBUTES if each.type == _INSTANT)

#: Those that say by when a row's state was reached: the latest of them orders rows of one export.
STATE_INSTANTS = tuple(name for name in DATE_COLUMNS if name != "due_at")

#: Instants of which it is kept whether a clock time was given with them -> the attribute that says so.
CLOCKS = {"due_at": "due_has_clock", "ended_at": "ended_has_clock"}

#: The form of a dossier code: organisation code, day, serial number.
DOSSIER_CODE = (
    r"^((?:[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.)?[A-Z][0-9]{2}(?:\.[0-9]{2,3})*)-([0-9]{6}|[0-9]{8})-([0-9]{4,7})$"
)

#: All that a file can say of a dossier.
CONTENT_COLUMNS = tuple(each.name for each in DOSSIER_ATTRIBUTES)

#: What a statement of history says of a dossier; `every_attribute` in statements of the warehouse.
STATED = tuple(each.name for each in DOSSIER_ATTRIBUTES if each.is_news)


#: The shapes of which the list says what they can say.
LISTED_SHAPES = tuple(sorted({shape for each in DOSSIER_ATTRIBUTES for shape in each.shapes}))


def stated_by(shape: str, attributes: tuple[Attribute, ...] = DOSSIER_ATTRIBUTES) -> frozenset[str]:
    """Returns the names of the attributes that files of this shape can say."""
    return frozenset(each.name for each in attributes if shape in each.shapes)


@cache
def life_order() -> dict[int, int]:
    """Returns the place of each status in a dossier's life: of two states of one moment the later stands."""
    return {row["status"]: row["life_order"] for row in definitions("dim_status")}
