"""Rows of the statements of a report: counts, figures, and what people recorded. Not here: lists of dossiers
(`listed_rows.py`), and which statement gives which row (`queries.py`).
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import NotRequired, TypedDict


class ListedRow(TypedDict):
    """A row of a list: the numbers of its unit (None: one that was divided) and of its sector."""

    unit_no: int | None
    sector_no: int


class ListCountRow(ListedRow):
    """A row of report/list_count.sql: rows of a list that are alike, and the most days among them.

    A dossier that has several rows in a list counts once in `dossiers`.
    """

    list: str
    unit_name: str
    procedure_code: str | None
    procedure_name: str | None
    kinds: list[str]
    listed: int
    dossiers: int
    longest: int | None


class DelayRow(TypedDict):
    """A row of report/delay.sql."""

    source: str
    delays: int
    dossiers: int
    median_hours: int


class DueSoonProofRow(TypedDict):
    """A row of report/due_soon_proof.sql."""

    lists: int
    precision_model: float
    precision_plain: float
    calibration_error: float


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


class BatchBaseRow(TypedDict):
    """A row of report/batch_base.sql."""

    unit_no: int | None
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


class CatalogueImportRow(TypedDict):
    """A row of report/catalogue_import.sql."""

    imports: int
    last_from: date | None


class DayRow(TypedDict):
    """A row of report/day.sql."""

    date: date
    reporting_month: date
    newly_overdue: int
    overdue_cleared: int
    overdue_open: int
    pending: int


class EditedOfAllRow(TypedDict):
    """A row of report/edited_of_all.sql."""

    received: int
    edits: int


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


class FormSectorRow(CountsRow):
    """A row of report/form_sector.sql."""

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

    unit_no: int | None
    finished_before: int
    finished_after: int
    paused_last_day: int
    paused: int


class NextDayRow(TypedDict):
    """A row of report/next_day.sql."""

    next_on: date | None


class OverdueCellRow(ListedRow):
    """A row of report/overdue_cell.sql."""

    date: date
    newly_overdue: int
    overdue_cleared: int


class PageSectorRow(TypedDict):
    """A row of report/page_sector.sql."""

    sector_no: int
    field_name: str | None


class PageUnitRow(TypedDict):
    """A row of report/page_unit.sql."""

    unit_no: int
    unit_code: str
    valid_from: date
    unit_name: str


class PeriodRow(TypedDict):
    """A row of report/period.sql."""

    calendar: str | None
    kind: str | None
    label_vi: str | None
    former_label_vi: str | None
    former_from: date
    former_to: date


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
    payment_stated: int
    paid_online: int
    digitised_stated: int
    digitised: int
    identified_stated: int
    identified: int
    result_stated: int
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
    title_en: str
    files_loaded: int
    files_failed: int
    rows_read: int
    last_exported_at: datetime | None
    last_received_at: datetime | None


class StepRow(ListedRow):
    """A row of report/step.sql."""

    status: int
    status_name_vi: str
    status_name_en: str
    department: str | None
    quarter_hours: list[int]
    ended_counts: list[int]
    open_counts: list[int]


class IndicatorRow(TypedDict):
    """A row of report/indicator.sql."""

    is_all: bool
    unit_no: int | None
    unit_name: str | None
    code: str
    title_vi: str
    title_en: str
    is_share: bool
    numerator: Decimal | None
    denominator: Decimal | None
    unknown_count: int
    value: Decimal | None
    target: Decimal | None
    score: Decimal | None
    max_score: Decimal
    rank: int | None
    ranked_count: int
    has_catalogue_gap: bool
    formula_vi: str
    formula_en: str
    approximation_vi: str | None
    approximation_en: str | None
    catalogue_gap_vi: str | None
    catalogue_gap_en: str | None
    attribute_vi: str | None
    attribute_en: str | None


class DefinitionRow(TypedDict):
    """A row of report/definition.sql: a rule set, with what it makes of the period."""

    rule_set: str
    title_vi: str
    title_en: str
    resolved_timed: int
    resolved_in_time: int
    resolved_late: int
    pending_overdue: int
    share: Decimal | None
    moves: Decimal | None


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
    """A row of ops/finding_recorded.sql: a finding as people recorded it."""

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


class CheckRow(TypedDict):
    """A row of ops/checklist_recorded.sql: an answer of an inspection to an item of the checklist."""

    inspection: str
    unit_code: str
    unit_valid_from: date
    unit_name: str
    item: str
    answer: str
    note: str | None
    answered_on: date
    place: int
    former_inspection: str | None
    former_answer: str | None


class UnitRow(TypedDict):
    """A unit that was asked for by its code."""

    unit_code: str
    unit_name: str
    level: str


class LevelSectorRow(CountsRow):
    """Form II.06 of one level of units and one sector."""

    level: str
    field_name: str
