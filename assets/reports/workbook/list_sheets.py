"""The lists of a report as sheets, in their order: those of changes, feeds, claims and findings; and writing a list.

Not here: the lists behind the points of an inspection (`point_lists.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from assets.given.texts import FORMULA_MARKS
from assets.reports.reading.figures import Figures
from assets.reports.reading.sections import MOST_LISTED
from assets.reports.statements.listed_rows import EditedRow
from assets.reports.statements.queries import R
from assets.reports.statements.rows import FeedRow
from assets.reports.words import wording
from assets.reports.words.claim_texts import claim_texts
from assets.reports.words.finding_rows import with_texts
from assets.reports.words.form_texts import FormWords
from assets.reports.words.point import Point
from assets.reports.words.points import point_texts
from assets.reports.words.sealed_words import SealedWords
from assets.reports.workbook.cell_formats import Formats, counting, lines_of, set_up_print, write_text
from assets.reports.workbook.indicator_lists import indicator_lists
from assets.reports.workbook.listing import Column, List, minute
from assets.reports.workbook.point_lists import (
    appendices,
    catalogue_list,
    paper_lists,
    portal_list,
    served_list,
    waiting_lists,
)

_HEAD = 3
_LINE_POINTS = 16
_PLACE_WIDTH = 7
# Bold letters are wider: so many of them fit where one plain letter does.
_BOLD_LETTERS = 0.9


def lists(figures: Figures, words: FormWords) -> list[List[Any]]:
    """Returns the lists of these figures in the order of the report; claims and findings only where there are any."""
    claims, inspected = claim_texts(figures), point_texts(figures, words)
    return [
        *claims_list(claims.rows, words, claims.checks),
        *waiting_lists(figures, words, inspected),
        *appendices(figures, words),
        served_list(figures, words, inspected),
        *paper_lists(figures, words, inspected),
        portal_list(figures, words, inspected),
        catalogue_list(figures, words, inspected),
        *indicator_lists(figures, words, inspected),
        *findings_list(with_texts(figures.findings, SealedWords(words.lang)), words),
        _checklist(inspected["checklist"], words),
        _edited(figures, words),
        _feeds(figures, words),
    ]


def _edited(figures: Figures, words: FormWords) -> List[EditedRow]:
    columns: list[Column[EditedRow]] = [
        ("lists.dossier", 28, lambda row: row["dossier_code"]),
        ("lists.edited_unit", 26, lambda row: row["unit_name"]),
        ("lists.edited_kind", 60, lambda row: words.kind(row["kind"])),
        ("lists.before", 17, lambda row: wording.edited_before(row, words.lang)),
        ("lists.after", 17, lambda row: wording.edited_after(row, words.lang)),
        ("lists.last_seen", 17, lambda row: minute(row["last_seen_before"])),
        ("lists.first_seen", 17, lambda row: minute(row["first_seen_at"])),
        ("lists.source", 10, lambda row: row["source"]),
        ("lists.file", 58, lambda row: row["file"]),
        ("lists.row", 8, lambda row: row["row_number"]),
    ]
    rate = words.per_thousand(figures.listed("edited"), figures.received_ever)
    title, note = words.say("lists.edited_title"), words.say("lists.edited_note", rate=rate)
    if figures.delays:
        note = " ".join((note, words.say("lists.delays_note", kinds=words.delays(figures))))
    return List("lists.edited_sheet", title, note, columns, figures.edited, figures.listed("edited"))


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


def _checklist(point: Point, words: FormWords) -> List[Mapping[str, str]]:
    columns: list[Column[Mapping[str, str]]] = [
        ("point_columns.item", 60, lambda row: row["item"]),
        ("point_columns.unit", 30, lambda row: row["unit"]),
        ("point_columns.answer", 32, lambda row: row["answer"]),
        ("point_columns.former", 34, lambda row: row["former"]),
        ("point_columns.note", 50, lambda row: row["note"]),
    ]
    title = words.say("lists.checklist_title")
    return List("lists.checklist_sheet", title, point.text, columns, point.rows)


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
    """Writes one list, row by row: it may be long. Of one with more rows than it may have the first, and says so."""
    shown, count = listing.rows, len(listing.rows) if listing.count is None else listing.count
    note = listing.note
    if count > MOST_LISTED:
        # What was read beyond it are the first of single units.
        shown = shown[:MOST_LISTED]
        cut = words.say("lists.cut", shown=words.number(len(shown)), count=words.number(count))
        note = f"{cut} {note}".strip()
    write_text(sheet, 0, 0, listing.title, formats, "list_title")
    line = words.say(
        "lists.line",
        period=words.period(figures),
        known=wording.known(figures),
        count=words.number(count),
    )
    write_text(sheet, 1, 0, line, formats, "plain")
    _write_note(sheet, note, formats, [width for _, width, _ in listing.columns])
    sheet.set_column(0, 0, _PLACE_WIDTH)
    sheet.write_string(_HEAD, 0, words.say("lists.place"), formats["head"])
    head_lines = 2
    for column, (heading, width, _) in enumerate(listing.columns, start=1):
        sheet.set_column(column, column, width)
        sheet.write_string(_HEAD, column, words.say(heading), formats["head"])
        head_lines = max(head_lines, lines_of(words.say(heading), _BOLD_LETTERS * width))
    sheet.set_row(_HEAD, head_lines * _LINE_POINTS)
    for place, row in enumerate(shown, start=1):
        sheet.write_number(_HEAD + place, 0, place, formats["number"])
        lines = 1
        for column, (_, width, value) in enumerate(listing.columns, start=1):
            written = value(row)
            _write(sheet, _HEAD + place, column, written, formats)
            if isinstance(written, str) and len(written) > width:
                lines = max(lines, lines_of(written, width))
        if lines > 1:
            sheet.set_row(_HEAD + place, lines * _LINE_POINTS)
    last = (_HEAD + max(len(shown), 1), len(listing.columns))
    sheet.freeze_panes(_HEAD + 1, 2)
    sheet.autofilter(_HEAD, 0, *last)
    set_up_print(sheet, (_HEAD, _HEAD), last, words)


def _write_note(sheet: Any, note: str, formats: Formats, widths: Sequence[float]) -> None:
    """Over the whole width of the list, on as many lines as it takes: what runs out of a page is not printed."""
    sheet.merge_range(2, 0, 2, len(widths), "", formats["wrapped"])
    write_text(sheet, 2, 0, note, formats, "wrapped")
    sheet.set_row(2, _LINE_POINTS * lines_of(note, _PLACE_WIDTH + sum(widths)))


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
