"""The statements of a report, each with the row that it gives. A test holds both together.

Here: file and columns of every statement. Not here: running them (`statements.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Generic, NotRequired, TypedDict, TypeVar, cast

R = TypeVar("R")


@dataclass(frozen=True)
class Query(Generic[R]):
    """A statement of warehouse_sql/ that gives rows of one kind."""

    file: str
    row: type[R]


class CountsRow(TypedDict):
    """Columns 1 to 11 of form II.06."""

    received_total: int
    received_online: int
    received_direct_postal: int
    carried_over: int
    resolved_total: int
    resolved_early: int
    resolved_on_time: int
    resolved_late: int
    pending_total: int
    pending_in_time: int
    pending_overdue: int


class ListedRow(TypedDict):
    """A row of a list: the numbers of its unit (None: one that was divided) and of its field."""

    page: int | None
    field: int


class PlacedRow(ListedRow):
    """A row of a list that is cut: its place in all of it, and in its unit, field and both; how many both have."""

    place: int
    place_in_unit: int
    place_in_field: int
    place_in_cell: int
    in_cell: int


class BatchRow(TypedDict):
    """A row of report/batch.sql."""

    page: int
    unit_code: str
    unit_name: str
    minute_at: datetime
    dossiers: int
    instants: int
    dossier_codes: list[str]


class BatchBaseRow(TypedDict):
    """A row of report/batch_base.sql."""

    page: int | None
    finished: int
    in_batches: int
    batches: int
    largest: int


class CellRow(ListedRow):
    """A row of report/cell.sql."""

    month: date | None
    received_online: int
    received_direct_postal: int
    resolved_early: int
    resolved_on_time: int
    resolved_late: int
    resolved_untimed: int
    newly_overdue: int
    overdue_cleared: int


class ComparisonRow(CountsRow):
    """A row of report/comparison.sql."""

    is_former: bool
    date_from: date
    date_to: date
    first_on: date | None


class DayRow(TypedDict):
    """A row of report/day.sql."""

    date: date
    reporting_month: date
    newly_overdue: int
    overdue_cleared: int
    overdue_open: int
    pending: int


class DueNextRow(PlacedRow):
    """A row of report/due_next.sql."""

    dossier_code: str
    unit_code: str
    unit_name: str
    received_at: datetime
    due_at: datetime
    status: int
    status_name_vi: str
    next_on: date


class DueSoonRow(PlacedRow):
    """A row of report/due_soon.sql."""

    dossier_code: str
    unit_name: str
    due_at: datetime
    working_days_left: int
    probability: float


class DueSoonProofRow(TypedDict):
    """A row of report/due_soon_proof.sql."""

    lists: int
    precision_model: float
    precision_plain: float
    calibration_error: float


class EditedRow(ListedRow):
    """A row of report/edited.sql."""

    dossier_code: str
    unit_code: str
    unit_name: str
    source: str
    kind: str
    old_value: datetime | None
    new_value: datetime | None
    old_status: str | None
    new_status: str | None
    last_seen_before: datetime | None
    first_seen_at: datetime | None
    file: str | None
    row_number: int | None


class FeedRow(TypedDict):
    """A row of report/feed.sql."""

    source: str
    day: date
    status: str


class FormRow(CountsRow):
    """A row of report/form.sql."""

    unit_code: str
    unit_name: str
    valid_from: date
    level: str
    is_estimate: NotRequired[bool]


class FormFieldRow(CountsRow):
    """A row of report/form_field.sql."""

    unit_code: str
    unit_name: str
    valid_from: date
    level: str
    field_name: str


class HeirRow(TypedDict):
    """A row of report/heir.sql."""

    unit_code: str
    valid_from: date
    is_whole: bool
    heir_code: str
    heir_valid_from: date


class LateRow(ListedRow):
    """A row of report/late.sql."""

    dossier_code: str
    received_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    unit_code: str
    unit_name: str
    working_days_late: int


class LineRow(TypedDict):
    """A row of report/line.sql."""

    received: int
    resolved: int
    early_or_on_time: int
    late: int
    overdue_open: int


class LineCellRow(ListedRow):
    """A row of report/line_cell.sql."""

    received: int
    resolved: int
    early_or_on_time: int
    late: int
    overdue_open: int


class NearRow(TypedDict):
    """A row of report/near.sql."""

    page: int | None
    finished_before: int
    finished_after: int
    paused_last_day: int
    paused: int


class NearListRow(PlacedRow):
    """A row of report/near_list.sql."""

    dossier_code: str
    unit_code: str
    unit_name: str
    kind: str
    received_at: datetime
    due_at: datetime
    happened_at: datetime


class NextDayRow(TypedDict):
    """A row of report/next_day.sql."""

    next_on: date | None


class OldestRow(PlacedRow):
    """A row of report/oldest.sql."""

    dossier_code: str
    unit_code: str
    unit_name: str
    received_at: datetime
    due_at: datetime | None
    is_overdue: bool
    status: int
    status_name_vi: str
    working_days_open: int


class OverdueRow(ListedRow):
    """A row of report/overdue.sql."""

    dossier_code: str
    received_at: datetime
    due_at: datetime | None
    unit_code: str
    unit_name: str
    department: str | None
    position: str | None
    working_days_late: int


class OverdueCellRow(ListedRow):
    """A row of report/overdue_cell.sql."""

    date: date
    newly_overdue: int
    overdue_cleared: int


class PageFieldRow(TypedDict):
    """A row of report/page_field.sql."""

    field: int
    field_name: str | None


class PageUnitRow(TypedDict):
    """A row of report/page_unit.sql."""

    page: int
    unit_code: str
    valid_from: date
    unit_name: str


class PaperRow(PlacedRow):
    """A row of report/paper.sql."""

    dossier_code: str
    unit_code: str
    unit_valid_from: date
    received_at: datetime
    has_household_book: bool
    has_identity_copy: bool
    unit_name: str


class PeriodRow(TypedDict):
    """A row of report/period.sql."""

    calendar: str | None
    kind: str | None
    label_vi: str | None
    former_label_vi: str | None
    former_from: date
    former_to: date


class PortalRow(TypedDict):
    """A row of report/portal.sql."""

    unit_code: str
    unit_name: str
    missing_national: int
    missing_provincial: int
    status: int
    due_date: int


class PortalCellRow(ListedRow):
    """A row of report/portal_cell.sql."""

    missing_national: int
    missing_provincial: int
    status: int
    due_date: int


class QuarantineRow(TypedDict):
    """A row of report/quarantine.sql."""

    source: str
    rule_id: str
    row_count: int


class ReceivedRow(ListedRow):
    """A row of report/received.sql."""

    month: date | None
    received: int
    direct: int
    online: int
    postal: int
    payment_said: int
    paid_online: int
    digitised_said: int
    digitised: int
    identified_said: int
    identified: int
    result_said: int
    electronic_result: int
    with_household_book: int
    with_identity_copy: int
    with_either: int


class RuleSetRow(TypedDict):
    """A row of report/rule_set.sql."""

    rule_set: str
    times_all: bool
    title_vi: str
    title_en: str
    compares_vi: str
    compares_en: str
    without_due_vi: str
    without_due_en: str
    withdrawn_vi: str
    withdrawn_en: str
    waiting_vi: str
    waiting_en: str
    paying_vi: str
    paying_en: str
    stopped_vi: str
    stopped_en: str


class SourceRow(TypedDict):
    """A row of report/source.sql."""

    source: str
    title_vi: str
    files_loaded: int
    files_failed: int
    rows_read: int
    last_exported_at: datetime | None
    last_received_at: datetime | None
    covered_through: date | None


class StepRow(ListedRow):
    """A row of report/step.sql."""

    status: int
    status_name_vi: str
    department: str | None
    quarter_hours: list[int]
    ended_counts: list[int]
    open_counts: list[int]


class TargetRow(TypedDict):
    """A row of report/target.sql."""

    unit_code: str
    unit_name: str
    indicator: str
    title_vi: str
    title_en: str
    date_from: date
    target: Decimal
    reached: Decimal | None
    gap: Decimal | None
    is_on_course: bool | None


class ContentRow(TypedDict):
    """A row of ops/issue_source.sql."""

    source: str
    title_vi: str
    files_loaded: int
    files_failed: int
    rows_read: int
    first_exported_at: datetime | None
    last_exported_at: datetime | None
    files_digest: str


class RecordedRow(TypedDict):
    """A row of ops/finding_said.sql: a finding as people recorded it."""

    finding_id: int
    inspection: str
    unit_code: str
    unit_valid_from: date | None
    unit_name: str
    finding: str
    measure: str
    due_on: date
    indicator: str | None
    baseline_from: date
    baseline_to: date
    baseline_value: Decimal | None
    created_on: date
    closed_on: date | None
    closing_note: str | None


class UnitRow(TypedDict):
    """A unit that was asked for by its code."""

    unit_code: str
    unit_name: str
    level: str


class LevelFieldRow(CountsRow):
    """Form II.06 of one level of units and one field."""

    level: str
    field_name: str


def number(row: Mapping[str, object], name: str) -> int:
    """Returns a count by a name that is only known while the program runs."""
    return cast(int, row[name])


RECORDED = Query("ops/finding_said.sql", RecordedRow)
CONTENT = Query("ops/issue_source.sql", ContentRow)
BATCH = Query("report/batch.sql", BatchRow)
BATCH_BASE = Query("report/batch_base.sql", BatchBaseRow)
CELL = Query("report/cell.sql", CellRow)
COMPARISON = Query("report/comparison.sql", ComparisonRow)
DAY = Query("report/day.sql", DayRow)
DUE_NEXT = Query("report/due_next.sql", DueNextRow)
DUE_SOON = Query("report/due_soon.sql", DueSoonRow)
DUE_SOON_PROOF = Query("report/due_soon_proof.sql", DueSoonProofRow)
EDITED = Query("report/edited.sql", EditedRow)
FEED = Query("report/feed.sql", FeedRow)
FORM = Query("report/form.sql", FormRow)
FORM_CURRENT = Query("report/form_current.sql", FormRow)
FORM_FIELD = Query("report/form_field.sql", FormFieldRow)
HEIR = Query("report/heir.sql", HeirRow)
LATE = Query("report/late.sql", LateRow)
LINE = Query("report/line.sql", LineRow)
LINE_CELL = Query("report/line_cell.sql", LineCellRow)
NEAR = Query("report/near.sql", NearRow)
NEAR_LIST = Query("report/near_list.sql", NearListRow)
NEXT_DAY = Query("report/next_day.sql", NextDayRow)
OLDEST = Query("report/oldest.sql", OldestRow)
OVERDUE = Query("report/overdue.sql", OverdueRow)
OVERDUE_CELL = Query("report/overdue_cell.sql", OverdueCellRow)
PAGE_FIELD = Query("report/page_field.sql", PageFieldRow)
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
TARGET = Query("report/target.sql", TargetRow)
