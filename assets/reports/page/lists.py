"""The lists of dossiers that the page shows: the first rows of all, of every unit and of every sector, as they are read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from assets.reports.reading.figures import VIETNAMESE, Figures
from assets.reports.reading.sections import LEAST_STAGE, MOST_OTHERS, MOST_ROWS, Limits, Stage
from assets.reports.statements import listed_rows
from assets.reports.statements.queries import R
from assets.reports.statements.rows import ListedRow
from assets.reports.words import wording
from assets.reports.words.annexes import COLUMNS, Rows, annex_rows
from assets.reports.words.form_texts import FormWords
from assets.reports.words.texts import Count, Manner, texts

L = TypeVar("L", bound=ListedRow)
P = TypeVar("P", bound=listed_rows.PlacedRow)
#: (unit, sector): None for a divided unit.
Cell = tuple[int | None, int]
_HOURS_OF_DAY = 8
# Of a list of no more rows than that the page carries all.
_CARRIED_WHOLE = 2000
_MOST_CODES = 30
# Columns of annexes that are no running text, and annexes that the page calls otherwise.
_KINDS = {
    **{"code": "code", "procedure": "words", "waits_for": "words", "late_days": "n", "days": "n"},
    **dict.fromkeys(("received", "due", "ended", "since"), "t"),
}
_NAMES = {"overdue": "open_late"}
#: So many rows of a list that is folded on the screen stand on paper.
PRINTED_ROWS = 5


@dataclass(frozen=True)
class Listing:
    """One list. `columns` are (kind, heading), kind one of code, t (does not wrap), n (a number), words (long text) and text.

    `rows` are (unit, sector, cells) in their order, enough for any choice: `most` of all, and of units and
    sectors as many as sections.Limits says, or more. `totals`: how many each cell really has. With
    `by_scope`, rows of unit None are those of all units together, and are no part of a single one's; a
    `sectorless` one has no sector.
    """

    name: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[tuple[int | None, int | None, Sequence[str]]]
    totals: Mapping[Cell, int]
    by_scope: bool = False
    sectorless: bool = False
    most: int = MOST_OTHERS

    @property
    def total(self) -> int:
        """How many rows there are, shown or not."""
        return sum(self.totals.values())

    @property
    def first(self) -> Sequence[Sequence[str]]:
        """What is shown before anything is chosen."""
        chosen = [cells for unit, _, cells in self.rows if unit is None or not self.by_scope]
        return chosen[: self.most]


def listings(figures: Figures) -> dict[str, Listing]:
    """Returns all lists by name."""
    say = _Say(figures)
    s = figures.sections
    near: dict[str, list[listed_rows.NearListRow]] = defaultdict(list)
    for row in s.near:
        near[row["kind"]].append(row)
    listings = [
        *say.annexes(),
        say.first("edited", "edited", figures.edited, say.edited),
        say.cut("oldest", s.oldest, say.oldest),
        say.cut("due_next", s.due_next, say.due_next),
        say.cut("due_soon", s.due_soon, say.due_soon),
        say.cut("before", near["finish_before"], say.near("happened_finish")),
        say.cut("pause", near["pause"], say.near("happened_pause")),
        say.batches(),
        say.stages(),
    ]
    return {listing.name: listing for listing in listings}


Columns = Sequence[tuple[str, str]]
#: Headings of a list, and what writes one of its rows.
Written = tuple[Columns, Callable[[R], list[str]]]


@dataclass(frozen=True)
class _Say:
    """Rows in words."""

    figures: Figures

    @property
    def _t(self) -> dict[str, Any]:
        return texts(self.figures.request.lang)

    @property
    def _limits(self) -> Limits:
        return self.figures.sections.limits

    @property
    def _m(self) -> Manner:
        return Manner(self.figures.request.lang)

    def first(self, list_name: str, name: str, rows: Sequence[L], columns_and_cells: Written[L]) -> Listing:
        """Returns those rows of a list that a page has room for."""
        columns, write = columns_and_cells
        totals: Counter[Cell] = Counter()
        for count in self.figures.counts_of(list_name):
            totals[(count["unit_no"], count["sector_no"])] += count["listed"]
        kept = [
            (row["unit_no"], row["sector_no"], write(row))
            for row in _first_of_each(rows, self._limits, _cell_of)
        ]
        return Listing(name, columns, kept, totals, most=MOST_ROWS)

    def annexes(self) -> list[Listing]:
        """Returns the lists that stand at the end of what is printed, too."""
        words = FormWords(self.figures.request.lang)

        def written(name: str, rows: Rows[Any]) -> Written[Any]:
            columns = COLUMNS[name][1:]  # each list of the page counts its rows itself
            headings = [
                (_KINDS.get(column, "text"), words.say(f"annex_columns.{column}")) for column in columns
            ]
            return headings, lambda row: [cells[column] for cells in [rows.write(row)] for column in columns]

        return [
            self.first(name, _NAMES.get(name, name), rows.dossiers, written(name, rows))
            for name, rows in annex_rows(self.figures, words).items()
        ]

    def cut(self, name: str, rows: Sequence[P], columns_and_cells: Written[P]) -> Listing:
        """Returns rows that the warehouse has cut already."""
        columns, write = columns_and_cells
        totals = {(row["unit_no"], row["sector_no"]): row["in_cell"] for row in rows}
        return Listing(
            name, columns, [(row["unit_no"], row["sector_no"], write(row)) for row in rows], totals
        )

    def _columns(self, *names: tuple[str, str]) -> Columns:
        return [("code", self._t["page"]["dossier"]), *names]

    def _dates(self) -> list[tuple[str, str]]:
        return [("t", self._t["page"]["received_on"]), ("t", self._t["page"]["due_on"])]

    @property
    def oldest(self) -> Written[listed_rows.OpenListRow]:
        """Open for longest."""
        p, m, own = self._t["page"], self._m, self._t["oldest"]
        columns = self._columns(
            *self._dates(), ("text", p["handled_by"]), ("text", own["status"]), ("n", own["open_for"])
        )
        return columns, lambda row: [
            row["dossier_code"],
            m.day(row["received_at"]),
            m.day(row["due_at"]),
            row["unit_name"],
            ", ".join([wording.status_name(row, m.lang), *([own["overdue"]] if row["is_overdue"] else [])]),
            m.number(row["working_days_open"] or 0),
        ]

    @property
    def due_next(self) -> Written[listed_rows.OpenListRow]:
        """Due on the next working day."""
        p, m = self._t["page"], self._m
        columns = self._columns(
            ("t", p["received_on"]),
            ("t", self._t["timing"]["due_at"]),
            ("text", p["handled_by"]),
            ("text", self._t["oldest"]["status"]),
        )
        return columns, lambda row: [
            row["dossier_code"],
            m.day(row["received_at"]),
            m.instant(row["due_at"]),
            row["unit_name"],
            wording.status_name(row, m.lang),
        ]

    @property
    def due_soon(self) -> Written[listed_rows.DueSoonRow]:
        """Due within three working days, by the estimated chance of going overdue."""
        p, m, own = self._t["page"], self._m, self._t["due_soon"]
        columns = self._columns(
            ("t", self._t["timing"]["due_at"]),
            ("n", own["days_left"]),
            ("text", p["handled_by"]),
            ("n", own["chance"]),
        )
        return columns, lambda row: [
            row["dossier_code"],
            m.instant(row["due_at"]),
            m.number(row["working_days_left"]),
            row["unit_name"],
            m.percent(round(1000 * row["probability"]), 1000),
        ]

    @property
    def edited(self) -> Written[listed_rows.EditedRow]:
        """Changes to be checked."""
        m, own = self._m, self._t["edited"]
        columns = self._columns(
            ("text", self._t["page"]["unit"]),
            ("text", own["what"]),
            ("t", own["before"]),
            ("t", own["after"]),
            ("t", own["last_old"]),
            ("t", own["first_new"]),
            ("text", own["source"]),
        )
        return columns, lambda row: [
            row["dossier_code"],
            row["unit_name"],
            own["kinds"][row["kind"]],
            wording.edited_before(row, m.lang, m.instant),
            wording.edited_after(row, m.lang, m.instant),
            m.instant(row["last_seen_before"]),
            m.instant(row["first_seen_at"]),
            row["source"],
        ]

    def near(self, happened: str) -> Written[listed_rows.NearListRow]:
        """Close to the due instant."""
        p, m, own = self._t["page"], self._m, self._t["timing"]
        columns = self._columns(
            ("t", p["received_on"]), ("t", own[happened]), ("t", own["due_at"]), ("text", p["handled_by"])
        )
        return columns, lambda row: [
            row["dossier_code"],
            m.day(row["received_at"]),
            m.instant(row["happened_at"]),
            m.instant(row["due_at"]),
            row["unit_name"],
        ]

    def batches(self) -> Listing:
        """Returns each batch: a minute of one unit; its dossiers may be of several sectors."""
        m, own = self._m, self._t["timing"]
        columns = [
            ("t", own["batch_minute"]),
            ("text", self._t["page"]["unit"]),
            ("n", own["batch_dossiers"]),
            ("text", own["batch_codes"]),
        ]
        rows = self.figures.sections.batches
        kept = []
        for row in _first_of_each(rows, self._limits, _unit_of):
            more = len(row["dossier_codes"]) - _MOST_CODES
            codes = ", ".join(row["dossier_codes"][:_MOST_CODES])
            more_text = f" {own['batch_more'].format(count=m.number(more))}" if more > 0 else ""
            cells = [
                m.instant(row["minute_at"]),
                row["unit_name"],
                m.number(row["dossiers"]),
                codes + more_text,
            ]
            kept.append((row["unit_no"], None, cells))
        totals: Counter[Cell] = Counter((row["unit_no"], 0) for row in rows)
        return Listing("batch", columns, kept, totals, sectorless=True)

    def stages(self) -> Listing:
        """Returns how long dossiers lay where; of a unit, or of all together."""
        p, own = self._t["page"], self._t["stages"]
        columns = [
            ("text", p["sector"]),
            ("text", own["stage"]),
            ("text", own["office"]),
            ("n", own["total"]),
            ("n", own["censored"]),
            ("n", own["median"]),
            ("n", own["ninetieth"]),
        ]
        names = sector_names(self.figures)
        shown = [stage for stage in self.figures.sections.stages if stage.total >= LEAST_STAGE]
        rows = [(stage.unit_no, stage.sector_no, self._stage(stage, names)) for stage in shown]
        totals: Counter[Cell] = Counter(
            (stage.unit_no, stage.sector_no) for stage in shown if stage.unit_no is None
        )
        return Listing("stages", columns, rows, totals, by_scope=True)

    def _stage(self, stage: Stage, names: Mapping[int, str]) -> list[str]:
        return [
            names[stage.sector_no],
            stage.status_name_vi if self._m.lang == VIETNAMESE else stage.status_name_en,
            stage.department or "–",
            self._m.number(stage.total),
            self._m.number(stage.censored),
            self._time(stage.median),
            self._time(stage.ninetieth),
        ]

    def _time(self, quarters: int | None) -> str:
        own = self._t["stages"]
        if quarters is None:
            return str(own["not_reached"])
        if quarters < 4 * _HOURS_OF_DAY:
            return str(own["hours"]).format(value=self._m.decimal(quarters * 25))
        # rounded up to a tenth: not to look faster than it is
        tenths = -(-quarters * 10 // (4 * _HOURS_OF_DAY))
        return str(own["days"]).format(value=Count(self._m.decimal(tenths * 10)))


def sector_names(figures: Figures) -> dict[int, str]:
    """Returns names of sectors by their number."""
    unnamed = str(texts(figures.request.lang)["page"]["unnamed_sector"])
    return {row["sector_no"]: row["field_name"] or unnamed for row in figures.sections.sectors}


def _cell_of(row: ListedRow) -> tuple[int | None, int | None]:
    return row["unit_no"], row["sector_no"]


def _unit_of(row: listed_rows.BatchRow) -> tuple[int | None, int | None]:
    return row["unit_no"], None


def _first_of_each(
    rows: Sequence[R], limits: Limits, cell_of: Callable[[R], tuple[int | None, int | None]]
) -> list[R]:
    """Returns the rows that are among the first of all, of their unit, of their sector, or of both."""
    if len(rows) <= _CARRIED_WHOLE:
        return list(rows)
    seen: Counter[Any] = Counter()
    kept = []
    for row in rows:
        unit, sector = cell_of(row)
        by_sector = sector is not None
        most_of = {
            "all": MOST_ROWS,
            ("unit", unit): limits.of_single,
            ("sector", sector): limits.of_single if by_sector else 0,
            (unit, sector): limits.of_cell if by_sector else 0,
        }
        if any(seen[key] < most for key, most in most_of.items()):
            kept.append(row)
        for key in most_of:
            seen[key] += 1
    return kept
