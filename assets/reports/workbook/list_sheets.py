"""The lists behind the forms as sheets: late, overdue, edited, incomplete feeds, claims, findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic

from assets.given.texts import FORMULA_MARKS
from assets.reports.reading.figures import Figures
from assets.reports.statements.listed_rows import EditedRow, LateRow, OverdueRow
from assets.reports.statements.queries import R
from assets.reports.statements.rows import FeedRow
from assets.reports.words import wording
from assets.reports.words.claim_texts import claim_texts
from assets.reports.words.finding_rows import with_texts
from assets.reports.words.form_texts import FormWords
from assets.reports.words.sealed_words import SealedWords
from assets.reports.workbook.cell_formats import Formats, counting, lines_of, set_up_print, write_text

_HEAD = 3
_LINE_POINTS = 16
#: Heading (a text of the catalogue), width, and what stands in the cell: text, a date, an instant or a number.
Column = tuple[str, float, Callable[[R], Any]]


@dataclass(frozen=True)
class List(Generic[R]):
    """One list: names of its texts, its columns and its rows."""

    sheet: str
    title: str
    note: str
    columns: Sequence[Column[R]]
    rows: Sequence[R]


def lists(figures: Figures, words: FormWords) -> list[List[Any]]:
    """Returns the lists of these figures; claims and findings only where there are any."""
    claims = claim_texts(figures)
    return [
        *_appendices(figures, words),
        _edited(figures, words),
        _feeds(figures, words),
        *claims_list(claims.rows, words, claims.checks),
        *findings_list(with_texts(figures.findings, SealedWords(words.lang)), words),
    ]


def _appendices(figures: Figures, words: FormWords) -> list[List[Any]]:
    """Phụ lục I and II, with the columns of the ministry's tables."""
    first: list[Column[LateRow | OverdueRow]] = [
        ("lists.dossier", 28, lambda row: row["dossier_code"]),
        ("lists.received", 14, lambda row: _day(row["received_at"])),
        ("lists.due", 14, lambda row: _day(row["due_at"])),
    ]
    ended: Column[LateRow] = ("lists.ended", 14, lambda row: _day(row["ended_at"]))
    unit: Column[LateRow | OverdueRow] = ("lists.unit", 30, lambda row: row["unit_name"])
    desk: Column[OverdueRow] = ("lists.desk", 32, wording.last_desk)
    note: Column[LateRow | OverdueRow] = ("lists.note", 30, lambda row: wording.lateness(row, words.lang))
    end = words.day(figures.counted_to)
    overdue = words.say("lists.overdue_title", end=end)
    of_late: list[Column[LateRow]] = [*first, ended, unit, note]
    of_overdue: list[Column[OverdueRow]] = [*first, unit, desk, note]
    return [
        List("lists.late_sheet", words.say("lists.late_title"), "", of_late, figures.late),
        List("lists.overdue_sheet", overdue, words.say("lists.desk_note"), of_overdue, figures.overdue),
    ]


def _edited(figures: Figures, words: FormWords) -> List[EditedRow]:
    columns: list[Column[EditedRow]] = [
        ("lists.dossier", 28, lambda row: row["dossier_code"]),
        ("lists.edited_unit", 26, lambda row: row["unit_name"]),
        ("lists.edited_kind", 60, lambda row: words.kind(row["kind"])),
        ("lists.before", 17, lambda row: wording.edited_before(row, words.lang)),
        ("lists.after", 17, lambda row: wording.edited_after(row, words.lang)),
        ("lists.last_seen", 17, lambda row: _instant(row["last_seen_before"])),
        ("lists.first_seen", 17, lambda row: _instant(row["first_seen_at"])),
        ("lists.source", 10, lambda row: row["source"]),
        ("lists.file", 58, lambda row: row["file"]),
        ("lists.row", 8, lambda row: row["row_number"]),
    ]
    title, note = words.say("lists.edited_title"), words.say("lists.edited_note")
    if figures.delays:
        note = " ".join((note, words.say("lists.delays_note", kinds=words.delays(figures))))
    return List("lists.edited_sheet", title, note, columns, figures.edited)


def _feeds(figures: Figures, words: FormWords) -> List[FeedRow]:
    columns: list[Column[FeedRow]] = [
        ("lists.source", 24, lambda row: row["source"]),
        ("lists.feed_day", 16, lambda row: row["day"]),
        (
            "lists.feed_status",
            94,
            lambda row: words.feed_status(row["status"]),
        ),
    ]
    note = words.say("lists.feeds_note" if figures.feeds else "lists.feeds_none")
    return List("lists.feeds_sheet", words.say("lists.feeds_title"), note, columns, figures.feeds)


def cell_value(row: Mapping[str, Any], name: str) -> Any:
    """Returns a value of a claim or finding: as a number where it counts something, else as the row writes it, if
    it does.
    """
    counts = isinstance(row[name], int) or (isinstance(row[name], Decimal) and row[name] == int(row[name]))
    if counts and not row.get("is_share") and row.get("kind") not in ("share", "days"):
        return int(row[name])
    return row.get(f"{name.removesuffix('_value')}_text", row[name])


def claims_list(
    claims: Sequence[Mapping[str, Any]], words: FormWords, checks: Sequence[str] = ()
) -> list[List[Any]]:
    """Returns what is claimed next to what is recomputed; nothing without claims. `checks` is what the claims say of each other.

    Rows: claim, unit_name, period, claimed, recomputed, difference, definition_vi; claimed_text and so on as written.
    """
    columns: list[Column[Mapping[str, Any]]] = [
        ("lists.claim", 42, lambda row: row["claim"]),
        ("lists.claim_unit", 26, lambda row: row["unit_name"]),
        ("lists.claim_period", 24, lambda row: row["period"]),
        ("lists.claimed", 14, lambda row: cell_value(row, "claimed")),
        ("lists.recomputed", 14, lambda row: cell_value(row, "recomputed")),
        ("lists.difference", 14, lambda row: cell_value(row, "difference")),
        ("lists.definition", 60, lambda row: row["definition_vi"]),
    ]
    title, note = words.say("lists.claims_title"), " ".join((words.say("lists.claims_note"), *checks))
    return [List("lists.claims_sheet", title, note, columns, claims)] if claims else []


def findings_list(findings: Sequence[Mapping[str, Any]], words: FormWords) -> list[List[Any]]:
    """Returns findings and what became of them; nothing without any.

    Rows: finding_id, inspection, unit_code, unit_name, finding, measure, due_on, indicator, before_value, after_value,
    closed_on, state; indicator_text, before_text, after_text and state_text as written.
    """
    columns: list[Column[Mapping[str, Any]]] = [
        ("lists.finding_inspection", 24, lambda row: row["inspection"]),
        ("lists.unit", 26, lambda row: row["unit_name"]),
        ("lists.finding", 44, lambda row: row["finding"]),
        ("lists.measure", 44, lambda row: row["measure"]),
        ("lists.finding_due", 13, lambda row: row["due_on"]),
        ("lists.indicator", 22, lambda row: cell_value(row, "indicator")),
        ("lists.before_value", 12, lambda row: cell_value(row, "before_value")),
        ("lists.after_value", 12, lambda row: cell_value(row, "after_value")),
        ("lists.closed", 13, lambda row: row["closed_on"]),
        ("lists.state", 20, lambda row: cell_value(row, "state")),
    ]
    title, note = words.say("lists.findings_title"), words.say("lists.findings_note")
    return [List("lists.findings_sheet", title, note, columns, findings)] if findings else []


def write_list(sheet: Any, formats: Formats, figures: Figures, listing: List[R], words: FormWords) -> None:
    """Writes one list, row by row: it may be long."""
    write_text(sheet, 0, 0, listing.title, formats, "list_title")
    line = words.say(
        "lists.line",
        period=words.period(figures),
        known=wording.known(figures),
        count=words.number(len(listing.rows)),
    )
    write_text(sheet, 1, 0, line, formats, "plain")
    write_text(sheet, 2, 0, listing.note, formats, "plain")
    sheet.set_column(0, 0, 7)
    sheet.set_row(_HEAD, 2 * _LINE_POINTS)
    sheet.write_string(_HEAD, 0, words.say("lists.place"), formats["head"])
    for column, (heading, width, _) in enumerate(listing.columns, start=1):
        sheet.set_column(column, column, width)
        sheet.write_string(_HEAD, column, words.say(heading), formats["head"])
    for place, row in enumerate(listing.rows, start=1):
        sheet.write_number(_HEAD + place, 0, place, formats["number"])
        lines = 1
        for column, (_, width, value) in enumerate(listing.columns, start=1):
            written = value(row)
            _write(sheet, _HEAD + place, column, written, formats)
            if isinstance(written, str) and len(written) > width:
                lines = max(lines, lines_of(written, width))
        if lines > 1:
            sheet.set_row(_HEAD + place, lines * _LINE_POINTS)
    last = (_HEAD + max(len(listing.rows), 1), len(listing.columns))
    sheet.freeze_panes(_HEAD + 1, 2)
    sheet.autofilter(_HEAD, 0, *last)
    set_up_print(sheet, (_HEAD, _HEAD), last, words)


def _write(sheet: Any, row: int, column: int, value: Any, formats: Formats) -> None:
    if isinstance(value, str):
        risky = value.startswith(FORMULA_MARKS)
        sheet.write_string(row, column, value, formats["risky_text" if risky else "text"])
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, value, formats["instant"])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, formats["day"])
    elif isinstance(value, int):
        sheet.write_number(row, column, value, counting(formats, "count", value))
    elif isinstance(value, (float, Decimal)):
        sheet.write_number(row, column, float(value), formats["share"])
    else:
        sheet.write_string(row, column, "" if value is None else str(value), formats["text"])


def _day(value: datetime | None) -> date | None:
    return value.date() if value else None


def _instant(value: datetime | None) -> datetime | None:
    """Without its zone, which is Vietnam's, and without seconds."""
    return value.replace(tzinfo=None, second=0, microsecond=0) if value else None
