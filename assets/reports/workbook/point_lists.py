"""The lists behind the points of an inspection as sheets: every dossier, with its unit, procedure and sector.

`inspected` holds the points in words, as `point_texts` returns them.

Not here: the other lists (`list_sheets.py`), and writing them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from assets.reports.reading import points
from assets.reports.reading.figures import Figures
from assets.reports.reading.points import Counted
from assets.reports.statements.listed_rows import (
    CatalogueRow,
    DossierRow,
    HandOverRow,
    LateRow,
    OverdueRow,
    PaperRow,
    PortalRow,
    StoppedRow,
)
from assets.reports.words import points as point_words
from assets.reports.words import wording
from assets.reports.words.form_texts import FormWords
from assets.reports.words.point import Point
from assets.reports.workbook.listing import Column, List, day

D = TypeVar("D", bound=DossierRow)


def procedure_columns(words: FormWords) -> list[Column[DossierRow]]:
    """Returns what every list of dossiers has of their procedures."""
    return [
        ("point_columns.procedure_code", 12, point_words.procedure_code),
        ("point_columns.procedure", 40, lambda row: point_words.procedure_name(row, words)),
        ("point_columns.sector", 20, lambda row: point_words.sector(row, words)),
    ]


def _dossier(words: FormWords) -> list[Column[DossierRow]]:
    return [
        ("lists.dossier", 28, lambda row: row["dossier_code"]),
        ("lists.unit", 26, lambda row: row["unit_name"]),
        *procedure_columns(words),
        ("lists.received", 13, lambda row: day(row["received_at"])),
    ]


def waiting_lists(figures: Figures, words: FormWords, inspected: Mapping[str, Point]) -> list[List[Any]]:
    """Returns what is stopped or waits, and what is finished and not handed over."""
    stopped: list[Column[StoppedRow]] = [
        *_dossier(words),
        ("lists.due", 13, lambda row: day(row["due_at"])),
        ("lists.stopped_since", 13, lambda row: day(row["stopped_at"])),
        ("lists.waits_for", 34, lambda row: point_words.waits_for(row, words)),
        ("lists.days", 12, lambda row: row["working_days_stopped"]),
    ]
    hand_over: list[Column[HandOverRow]] = [
        *_dossier(words),
        ("lists.due", 13, lambda row: day(row["due_at"])),
        ("lists.finished", 13, lambda row: day(row["finished_at"])),
        ("lists.when", 18, lambda row: _when(row, words)),
        ("lists.days", 12, lambda row: row["working_days_waiting"]),
    ]
    return [
        List("lists.stopped_sheet", words.say("lists.stopped_title"), inspected["stopped"].text, stopped,
             figures.stopped, figures.listed("stopped")),
        List("lists.hand_over_sheet", words.say("lists.hand_over_title"), inspected["hand_over"].text, hand_over,
             figures.hand_over, figures.listed("hand_over")),
    ]  # fmt: skip


def _when(row: HandOverRow, words: FormWords) -> str:
    return words.say(f"point_columns.{'of_period' if row['is_of_period'] else 'before'}")


def appendices(figures: Figures, words: FormWords) -> list[List[Any]]:
    """Phụ lục I and II, with the columns of the ministry's tables, and after them what can be counted and filtered."""
    first: list[Column[LateRow | OverdueRow]] = [
        ("lists.dossier", 28, lambda row: row["dossier_code"]),
        ("lists.received", 14, lambda row: day(row["received_at"])),
        ("lists.due", 14, lambda row: day(row["due_at"])),
    ]
    ended: Column[LateRow] = ("lists.ended", 14, lambda row: day(row["ended_at"]))
    unit: Column[LateRow | OverdueRow] = ("lists.unit", 30, lambda row: row["unit_name"])
    desk: Column[OverdueRow] = ("lists.desk", 32, wording.last_desk)
    rest: list[Column[LateRow | OverdueRow]] = [
        ("lists.note", 26, lambda row: wording.lateness(row, words.lang)),
        ("lists.days_late", 12, lambda row: row["working_days_late"]),
        *procedure_columns(words),
    ]
    end = words.day(figures.counted_to)
    overdue = words.say("lists.overdue_title", end=end)
    of_late: list[Column[LateRow]] = [*first, ended, unit, *rest]
    of_overdue: list[Column[OverdueRow]] = [*first, unit, desk, *rest]
    return [
        List(
            "lists.late_sheet",
            words.say("lists.late_title"),
            "",
            of_late,
            figures.late,
            figures.listed("late"),
        ),
        List(
            "lists.overdue_sheet",
            overdue,
            words.say("lists.desk_note"),
            of_overdue,
            figures.overdue,
            figures.listed("overdue"),
        ),
    ]


def served_list(figures: Figures, words: FormWords, inspected: Mapping[str, Point]) -> List[Any]:
    """Returns how the dossiers of each unit were served: counts, so that any share can be made of them."""
    columns: list[Column[tuple[str, Mapping[str, int]]]] = [
        ("lists.unit", 34, lambda row: row[0] or words.say("points.divided")),
        *(_served_column(name) for name in points.SERVED),
    ]
    text = inspected["served"].text
    return List("lists.served_sheet", words.say("lists.served_title"), text, columns, points.served(figures))


def _served_column(name: str) -> Column[tuple[str, Mapping[str, int]]]:
    return (f"served_columns.{name}", 15, lambda row: row[1][name])


def paper_lists(figures: Figures, words: FormWords, inspected: Mapping[str, Point]) -> list[List[Any]]:
    """Returns papers kept by unit and procedure, and each dossier that holds one."""
    columns: list[Column[PaperRow]] = [
        *_dossier(words),
        ("lists.papers", 36, lambda row: point_words.papers_written(row, words)),
    ]
    counts: list[Column[Counted]] = [
        ("lists.unit", 30, lambda row: row.names[0]),
        ("point_columns.procedure_code", 12, lambda row: row.names[1]),
        ("point_columns.procedure", 50, lambda row: row.names[2] or words.say("points.unnamed_procedure")),
        *(_paper_column(name) for name in point_words.PAPERS),
        ("point_columns.dossiers", 12, lambda row: row.dossiers),
    ]
    by_procedure = points.counted(figures.counts_of("papers"), points.unit_and_procedure_of)
    text, title = inspected["papers"].text, words.say("lists.papers_title")
    return [
        List("lists.paper_counts_sheet", words.say("lists.paper_counts_title"), text, counts, by_procedure),
        List("lists.papers_sheet", title, text, columns, figures.papers, figures.listed("papers")),
    ]


def _paper_column(name: str) -> Column[Counted]:
    return (f"point_columns.{name}", 16, lambda row: row.kinds.get(name, 0))


def portal_list(figures: Figures, words: FormWords, inspected: Mapping[str, Point]) -> List[Any]:
    """Returns each dossier on which the portals differ, or which one of them lacks."""
    columns: list[Column[PortalRow]] = [
        *_dossier(words),
        ("lists.due", 13, lambda row: day(row["due_at"])),
        ("lists.portal_kind", 26, lambda row: words.kind(row["kind"])),
        ("lists.province_states", 24, lambda row: point_words.portal_states(row, "province", words)),
        ("lists.national_states", 24, lambda row: point_words.portal_states(row, "national", words)),
    ]
    text = inspected["portal"].text
    count, title = figures.listed("portal"), words.say("lists.portal_title")
    return List("lists.portal_sheet", title, text, columns, figures.portal, count)


def catalogue_list(figures: Figures, words: FormWords, inspected: Mapping[str, Point]) -> List[Any]:
    """Returns each dossier whose procedure the catalogue did not have as the dossier names it."""
    columns: list[Column[CatalogueRow]] = [
        *_dossier(words),
        ("lists.due", 13, lambda row: day(row["due_at"])),
        ("point_columns.reason", 40, lambda row: point_words.reason(row, words)),
    ]
    text = inspected["catalogue"].text
    count, title = figures.listed("catalogue"), words.say("lists.catalogue_title")
    return List("lists.catalogue_sheet", title, text, columns, figures.catalogue, count)
