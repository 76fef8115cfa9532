"""The lists of dossiers at the end of what is printed: the first rows of each, and how many more the workbook has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from assets.reports.reading import points
from assets.reports.reading.figures import Figures
from assets.reports.reading.sections import MOST_LISTED
from assets.reports.statements.listed_rows import DossierRow
from assets.reports.words import points as point_words
from assets.reports.words import wording
from assets.reports.words.form_texts import FormWords

D = TypeVar("D", bound=DossierRow)
# Some procedures have a name of a whole sentence; the workbook has it whole.
_MOST_LETTERS = 70
#: So many rows of each list are printed; the workbook has all.
MOST_PRINTED = 20
#: What every annex says of a dossier, before what is its own.
_FIRST = ("place", "code", "unit", "procedure", "received")
#: Annexes in their order, each with its own columns; headings are `annex_columns` of the catalogue.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "late": (*_FIRST, "due", "ended", "late_days"),
    "overdue": (*_FIRST, "due", "desk", "late_days"),
    "stopped": (*_FIRST, "since", "waits_for", "days"),
    "hand_over": (*_FIRST, "due", "ended", "days"),
    "papers": (*_FIRST, "papers"),
    "portal": (*_FIRST, "kind", "province", "national"),
    "catalogue": (*_FIRST, "reason"),
}


@dataclass(frozen=True)
class Annex:
    """One list: its title with how many there are, its first rows by column, and where the rest is."""

    name: str
    title: str
    rows: Sequence[Mapping[str, str]]
    count: str
    note: str

    @property
    def columns(self) -> tuple[str, ...]:
        """Returns the names of its columns."""
        return COLUMNS[self.name]


@dataclass(frozen=True)
class Rows(Generic[D]):
    """Dossiers of one annex, and what writes one of them: its texts by column, but for its place."""

    dossiers: Sequence[D]
    write: Callable[[D], Mapping[str, str]]


def annexes(figures: Figures, words: FormWords, most: int) -> list[Annex]:
    """Returns all of them, each with at most so many rows."""

    def annex(name: str, rows: Rows[Any]) -> Annex:
        shown = [{"place": str(n), **rows.write(row)} for n, row in enumerate(rows.dossiers[:most], 1)]
        listed = figures.listed(name)
        count = words.number(listed)
        title = words.say(f"annexes.{name}", count=count, end=words.day(figures.counted_to))
        return Annex(name, title, shown, count, _rest(listed, len(shown), name, words))

    return [annex(name, rows) for name, rows in annex_rows(figures, words).items()]


def annex_rows(figures: Figures, words: FormWords) -> dict[str, Rows[Any]]:
    """Returns the rows of each annex by its name."""

    def first(row: DossierRow) -> dict[str, str]:
        return _dossier(row, words)

    def days(count: int | None) -> str:
        return "–" if count is None else words.number(count)

    # Templates of offices have named `ended` and `desk` in both of the first from the beginning.
    return {
        "late": Rows(
            figures.late,
            lambda row: {
                **first(row),
                "due": words.day(row["due_at"]),
                "ended": words.day(row["ended_at"]),
                "desk": "",
                "late_days": days(row["working_days_late"]),
            },
        ),
        "overdue": Rows(
            figures.overdue,
            lambda row: {
                **first(row),
                "due": words.day(row["due_at"]),
                "ended": words.day(None),
                "desk": wording.last_desk(row),
                "late_days": days(row["working_days_late"]),
            },
        ),
        "stopped": Rows(
            figures.stopped,
            lambda row: {
                **first(row),
                "since": words.day(row["stopped_at"]),
                "waits_for": point_words.waits_for(row, words),
                "days": days(row["working_days_stopped"]),
            },
        ),
        "hand_over": Rows(
            figures.hand_over,
            lambda row: {
                **first(row),
                "due": words.day(row["due_at"]),
                "ended": words.day(row["finished_at"]),
                "days": days(row["working_days_waiting"]),
            },
        ),
        "papers": Rows(
            figures.papers,
            lambda row: {**first(row), "papers": point_words.papers_written(row, words)},
        ),
        "portal": Rows(
            figures.portal,
            lambda row: {
                **first(row),
                "kind": words.kind(row["kind"]),
                "province": point_words.portal_states(row, "province", words),
                "national": point_words.portal_states(row, "national", words),
            },
        ),
        "catalogue": Rows(
            figures.catalogue,
            lambda row: {**first(row), "reason": point_words.reason(row, words)},
        ),
    }


def _dossier(row: DossierRow, words: FormWords) -> dict[str, str]:
    code, sector = points.procedure_of(row)[0], point_words.sector(row, words)
    name = point_words.procedure_name(row, words)
    if len(name) > _MOST_LETTERS:
        name = f"{name[:_MOST_LETTERS].rsplit(' ', 1)[0]} …"
    return {
        "code": row["dossier_code"],
        "unit": row["unit_name"],
        "procedure": f"{name} ({', '.join(filter(None, (code, sector)))})",
        "received": words.day(row["received_at"]),
    }


def _rest(listed: int, shown: int, name: str, words: FormWords) -> str:
    """Returns where the rows are that are not printed; empty where all are."""
    if listed == shown:
        return ""
    return words.say(
        "points.rest" if listed <= MOST_LISTED else "points.rest_of_long",
        count=words.number(listed - shown),
        most=words.number(MOST_LISTED),
        sheet=words.say(f"lists.{name}_sheet"),
    )
