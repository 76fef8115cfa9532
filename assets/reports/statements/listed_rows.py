"""Rows of the lists of dossiers in a report. Not here: rows that are counts (`rows.py`)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypedDict

from assets.reports.statements.rows import ListedRow


class PlacedRow(ListedRow):
    """A row of a list that is cut: its place in all of it, and in its unit, sector and both; how many both have."""

    place: int
    place_in_unit: int
    place_in_sector: int
    place_in_cell: int
    in_cell: int


class DossierRow(ListedRow):
    """A dossier in a list, with its unit, its procedure and its sector; None where no source names them."""

    dossier_code: str
    unit_code: str
    unit_name: str
    procedure_code: str | None
    procedure_name: str | None
    field_name: str | None
    received_at: datetime


class BatchRow(TypedDict):
    """A row of report/batch.sql."""

    unit_no: int
    unit_code: str
    unit_name: str
    minute_at: datetime
    dossiers: int
    instants: int
    dossier_codes: list[str]


class DueSoonRow(PlacedRow):
    """A row of report/due_soon.sql."""

    dossier_code: str
    unit_name: str
    due_at: datetime
    working_days_left: int
    probability: float


class EditedRow(ListedRow):
    """A row of report/edited.sql."""

    dossier_code: str
    unit_code: str
    unit_name: str
    source: str
    kind: str
    old_value: datetime | None
    new_value: datetime | None
    old_status_vi: str | None
    old_status_en: str | None
    new_status_vi: str | None
    new_status_en: str | None
    last_seen_before: datetime | None
    first_seen_at: datetime | None
    file: str | None
    row_number: int | None


class LateRow(DossierRow):
    """A row of report/late.sql."""

    due_at: datetime | None
    ended_at: datetime | None
    working_days_late: int


class NearListRow(PlacedRow):
    """A row of report/near_list.sql."""

    dossier_code: str
    unit_code: str
    unit_name: str
    kind: str
    received_at: datetime
    due_at: datetime
    happened_at: datetime


class OpenListRow(PlacedRow):
    """A row of report/open_list.sql. `working_days_open` is known of every row of `oldest`."""

    kind: str
    order_at: datetime | None
    dossier_code: str
    unit_code: str
    unit_name: str
    received_at: datetime
    due_at: datetime | None
    is_overdue: bool
    status: int
    status_name_vi: str
    status_name_en: str
    working_days_open: int | None


class OverdueRow(DossierRow):
    """A row of report/overdue.sql."""

    due_at: datetime | None
    department: str | None
    position: str | None
    working_days_late: int


class PaperRow(DossierRow):
    """A row of report/paper.sql."""

    has_household_book: bool
    has_identity_copy: bool


class StoppedRow(DossierRow):
    """A row of report/stopped.sql."""

    due_at: datetime | None
    is_overdue: bool
    status: int
    status_name_vi: str
    status_name_en: str
    stopped_at: datetime
    working_days_stopped: int


class HandOverRow(DossierRow):
    """A row of report/hand_over.sql."""

    due_at: datetime | None
    finished_at: datetime
    is_of_period: bool
    working_days_waiting: int


class PortalRow(DossierRow):
    """A row of report/portal.sql. What the portals state stands in it where they state different things."""

    due_at: datetime | None
    kind: str
    province_status_vi: str | None
    province_status_en: str | None
    national_status_vi: str | None
    national_status_en: str | None
    province_due_at: datetime | None
    national_due_at: datetime | None


class CatalogueRow(DossierRow):
    """A row of report/catalogue.sql."""

    due_at: datetime | None
    reason: str
    ended_on: date | None
