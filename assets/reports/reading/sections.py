"""What the page shows besides the form: cells that add up to any unit, sector and month, and lists with both in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from assets.reports.reading.survival import Durations, merged, quantiles
from assets.reports.reading.timing import Judged, Rate, compared_with_others
from assets.reports.statements import listed_rows, rows
from assets.reports.statements.queries import (
    BATCH,
    BATCH_BASE,
    CELL,
    DUE_SOON,
    DUE_SOON_PROOF,
    LINE_CELL,
    NEAR,
    NEAR_LIST,
    NEXT_DAY,
    OPEN_LIST,
    OVERDUE_CELL,
    PAGE_SECTOR,
    PAGE_UNIT,
    PORTAL_CELL,
    RECEIVED,
    STEP,
    number,
)
from assets.reports.statements.running import Read

#: So many dossiers of one unit that are finished in one minute are a batch.
LEAST_BATCH = 10
#: Of a list the page shows at most so many of all: of the appendices and what was edited, and of every other list.
MOST_ROWS, MOST_OTHERS = 200, 50
#: Of a list of dossiers the workbook has at most so many rows: more take minutes to open, and nobody reads them.
MOST_LISTED = 20_000
# It carries more, for choices: of each unit or sector, and of each sector of each unit, as many as make so many over all
# of them, within these bounds. With 156 units the page stays below 5 MB.
_CARRIED, _OF_SINGLE, _OF_CELL = 2000, (10, 50), (5, 50)
#: A stage that was seen less often tells little of how slow it is.
LEAST_STAGE = 5


@dataclass(frozen=True)
class Stage:
    """How long dossiers lay in one stage of one sector; `unit_no` None stands for all units.

    Durations are working time in quarters of an hour; None is "not reached".
    """

    unit_no: int | None
    sector_no: int
    status: int
    status_name_vi: str
    status_name_en: str
    department: str | None
    total: int
    censored: int
    median: int | None
    ninetieth: int | None


@dataclass(frozen=True)
class Limits:
    """How many rows of a list the page carries: of one unit or one sector, and of one sector of one unit."""

    of_single: int = _OF_SINGLE[0]
    of_cell: int = _OF_CELL[0]

    @property
    def cut(self) -> dict[str, int]:
        """Returns the parameters of statements that cut a list."""
        return {
            "most": MOST_OTHERS,
            "most_listed": MOST_LISTED,
            "most_of_one": self.of_single,
            "most_of_cell": self.of_cell,
        }

    @classmethod
    def for_cells(cls, cells: int, units: int) -> Limits:
        """So that the page stays small where there are many units and sectors, and has much where there are few."""
        of_cell = min(max(_CARRIED // max(cells, 1), _OF_CELL[0]), _OF_CELL[1])
        of_single = min(max(_CARRIED // max(units, 1), _OF_SINGLE[0]), _OF_SINGLE[1])
        return cls(max(of_single, of_cell), of_cell)


@dataclass(frozen=True)
class Sections:
    """Rows by topic, each named as its statement in warehouse_sql/report/; `unit_no` and `sector_no` number units and sectors."""

    units: Sequence[rows.PageUnitRow] = ()
    sectors: Sequence[rows.PageSectorRow] = ()
    cells: Sequence[rows.CellRow] = ()
    line_cells: Sequence[rows.LineCellRow] = ()
    overdue_cells: Sequence[rows.OverdueCellRow] = ()
    received: Sequence[rows.ReceivedRow] = ()
    portal_cells: Sequence[rows.PortalCellRow] = ()
    oldest: Sequence[listed_rows.OpenListRow] = ()
    due_next: Sequence[listed_rows.OpenListRow] = ()
    due_soon: Sequence[listed_rows.DueSoonRow] = ()
    due_soon_proof: Sequence[rows.DueSoonProofRow] = ()
    limits: Limits = field(default_factory=Limits)
    next_working_day: date | None = None
    stages: Sequence[Stage] = ()
    finished_before: Sequence[Judged] = ()
    paused: Sequence[Judged] = ()
    near: Sequence[listed_rows.NearListRow] = ()
    batched: Sequence[Judged] = ()
    batch_counts: Sequence[rows.BatchBaseRow] = ()
    batches: Sequence[listed_rows.BatchRow] = ()


def read_cells(read: Read) -> Sections:
    """Returns what counts of units and sectors there are, and how many rows of a list there is room for."""
    cells = read(CELL)
    limits = Limits.for_cells(
        len({(row["unit_no"], row["sector_no"]) for row in cells}), len({row["unit_no"] for row in cells})
    )
    return Sections(
        units=read(PAGE_UNIT),
        sectors=read(PAGE_SECTOR),
        cells=cells,
        limits=limits,
        received=read(RECEIVED),
        portal_cells=read(PORTAL_CELL),
    )


def read_page(read: Read, sections: Sections) -> Sections:
    """Returns all sections: those given and what stands on the page alone. What `read` reads in parallel is asked for last."""
    cut = sections.limits.cut
    (next_day,) = read(NEXT_DAY)
    open_lists = read(OPEN_LIST, **cut)
    sections = replace(
        sections,
        line_cells=read(LINE_CELL),
        overdue_cells=read(OVERDUE_CELL),
        oldest=[row for row in open_lists if row["kind"] == "oldest"],
        due_next=[row for row in open_lists if row["kind"] == "due_next"],
        due_soon=read(DUE_SOON, **cut),
        due_soon_proof=read(DUE_SOON_PROOF),
        next_working_day=next_day["next_on"],
    )
    near, batch_base = read(NEAR), read(BATCH_BASE)
    return replace(
        sections,
        stages=stages(read(STEP)),
        finished_before=compared_with_others(
            [_rate(row, "finished_before", "finished_before", "finished_after") for row in near], even=True
        ),
        paused=compared_with_others([_rate(row, "paused_last_day", "paused") for row in near]),
        near=read(NEAR_LIST),
        batched=compared_with_others([_rate(row, "in_batches", "finished") for row in batch_base]),
        batch_counts=[row for row in batch_base if row["unit_no"] is not None],
        batches=read(BATCH),
    )


def _rate(row: rows.NearRow | rows.BatchBaseRow, hits: str, *trials: str) -> Rate:
    return Rate(row["unit_no"], number(row, hits), sum(number(row, name) for name in trials))


def stages(steps: Sequence[rows.StepRow]) -> list[Stage]:
    """Returns every stage by sector, of each unit and of all together."""
    parts: dict[tuple[Any, ...], list[Durations]] = defaultdict(list)
    names = {}
    for row in steps:
        counted = Durations(row["quarter_hours"], row["ended_counts"], row["open_counts"])
        names[row["status"]] = row["status_name_vi"], row["status_name_en"]
        of_stage = (row["status"], row["department"])
        for unit_no in {row["unit_no"], None}:
            parts[(unit_no, row["sector_no"], *of_stage)].append(counted)
    stages = []
    for (unit_no, sector_no, status, department), together in parts.items():
        counted = merged(together) if len(together) > 1 else together[0]
        half, most = quantiles(counted)
        stages.append(
            Stage(
                unit_no,
                sector_no,
                status,
                *names[status],
                department,
                counted.total,
                counted.censored,
                half,
                most,
            )
        )
    return sorted(stages, key=_place)


def _place(stage: Stage) -> tuple[Any, ...]:
    """Returns the slowest first: what does not even reach nine in ten, then the longest."""
    longest = float("inf")
    return (
        stage.unit_no or 0,
        -(longest if stage.ninetieth is None else stage.ninetieth),
        -(longest if stage.median is None else stage.median),
        stage.sector_no,
        stage.status,
        stage.department or "",
    )
