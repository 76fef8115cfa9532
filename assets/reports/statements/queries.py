"""The statements of a report, each with the row that it gives. A test holds both together.

Here: the file of every statement. Not here: the rows (`rows.py`, `listed_rows.py`), running them (`running.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from assets.reports.statements.listed_rows import (
    BatchRow,
    CatalogueRow,
    DueSoonRow,
    EditedRow,
    HandOverRow,
    LateRow,
    NearListRow,
    OpenListRow,
    OverdueRow,
    PaperRow,
    PortalRow,
    StoppedRow,
)
from assets.reports.statements.rows import (
    BatchBaseRow,
    CatalogueImportRow,
    CellRow,
    CheckRow,
    ComparisonRow,
    ContentRow,
    DayRow,
    DefinitionRow,
    DelayRow,
    DueSoonProofRow,
    EditedOfAllRow,
    FeedRow,
    FormRow,
    FormSectorRow,
    HeirRow,
    IndicatorRow,
    LineCellRow,
    LineRow,
    ListCountRow,
    NearRow,
    NextDayRow,
    OverdueCellRow,
    PageSectorRow,
    PageUnitRow,
    PeriodRow,
    PortalCellRow,
    QuarantineRow,
    ReceivedRow,
    RecordedRow,
    RuleSetRow,
    SourceRow,
    StepRow,
    TargetRow,
)

R = TypeVar("R")


@dataclass(frozen=True)
class Query(Generic[R]):
    """A statement of warehouse_sql/ that gives rows of one kind."""

    file: str
    row: type[R]


def number(row: Mapping[str, object], name: str) -> int:
    """Returns a count by a name that is only known while the program runs."""
    return cast(int, row[name])


RECORDED = Query("ops/finding_recorded.sql", RecordedRow)
CHECKLIST = Query("ops/checklist_recorded.sql", CheckRow)
CONTENT = Query("ops/issue_source.sql", ContentRow)
BATCH = Query("report/batch.sql", BatchRow)
BATCH_BASE = Query("report/batch_base.sql", BatchBaseRow)
CATALOGUE = Query("report/catalogue.sql", CatalogueRow)
CATALOGUE_IMPORT = Query("report/catalogue_import.sql", CatalogueImportRow)
CELL = Query("report/cell.sql", CellRow)
COMPARISON = Query("report/comparison.sql", ComparisonRow)
DAY = Query("report/day.sql", DayRow)
DEFINITION = Query("report/definition.sql", DefinitionRow)
DELAY = Query("report/delay.sql", DelayRow)
DUE_SOON = Query("report/due_soon.sql", DueSoonRow)
DUE_SOON_PROOF = Query("report/due_soon_proof.sql", DueSoonProofRow)
EDITED = Query("report/edited.sql", EditedRow)
EDITED_OF_ALL = Query("report/edited_of_all.sql", EditedOfAllRow)
FEED = Query("report/feed.sql", FeedRow)
FORM = Query("report/form.sql", FormRow)
FORM_CURRENT = Query("report/form_current.sql", FormRow)
FORM_SECTOR = Query("report/form_sector.sql", FormSectorRow)
HAND_OVER = Query("report/hand_over.sql", HandOverRow)
HEIR = Query("report/heir.sql", HeirRow)
INDICATOR = Query("report/indicator.sql", IndicatorRow)
LATE = Query("report/late.sql", LateRow)
LINE = Query("report/line.sql", LineRow)
LINE_CELL = Query("report/line_cell.sql", LineCellRow)
LIST_COUNT = Query("report/list_count.sql", ListCountRow)
NEAR = Query("report/near.sql", NearRow)
NEAR_LIST = Query("report/near_list.sql", NearListRow)
NEXT_DAY = Query("report/next_day.sql", NextDayRow)
OPEN_LIST = Query("report/open_list.sql", OpenListRow)
OVERDUE = Query("report/overdue.sql", OverdueRow)
OVERDUE_CELL = Query("report/overdue_cell.sql", OverdueCellRow)
PAGE_SECTOR = Query("report/page_sector.sql", PageSectorRow)
PAGE_UNIT = Query("report/page_unit.sql", PageUnitRow)
PAPER = Query("report/paper.sql", PaperRow)
PERIOD = Query("report/period.sql", PeriodRow)
PORTAL = Query("report/portal.sql", PortalRow)
PORTAL_CELL = Query("report/portal_cell.sql", PortalCellRow)
QUARANTINE = Query("report/quarantine.sql", QuarantineRow)
RECEIVED = Query("report/received.sql", ReceivedRow)
RULE_SET = Query("report/rule_set.sql", RuleSetRow)
SOURCE = Query("report/source.sql", SourceRow)
STEP = Query("report/step.sql", StepRow)
STOPPED = Query("report/stopped.sql", StoppedRow)
TARGET = Query("report/target.sql", TargetRow)
