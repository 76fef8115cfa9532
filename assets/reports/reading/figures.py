"""Everything a report says, and what it was asked. Not here: reading it (`read.py`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from assets.reports.claims.claims import Compared
from assets.reports.findings.findings import FindingRow
from assets.reports.reading.seal import Seal
from assets.reports.reading.sections import Sections
from assets.reports.statements import listed_rows, rows

#: What a report is written in.
VIETNAMESE, ENGLISH = LANGUAGES = ("vi", "en")
#: Units as their dossiers were received, or rolled into those that took them over on 1/7/2025.
AS_RECEIVED, CURRENT = UNIT_VIEWS = ("as_received", "current")


class ReportError(ValueError):
    """The report can't be made. The message is one sentence that says what to do."""


@dataclass(frozen=True)
class Request:
    """What is asked for: known_at has a time zone; None is "as known now". No units: all of them.

    `unit_view` is one of UNIT_VIEWS, `lang` one of LANGUAGES.
    """

    date_from: date
    date_to: date
    units: tuple[str, ...] = ()
    rule_set: str = "ii06"
    known_at: datetime | None = None
    unit_view: str = AS_RECEIVED
    lang: str = VIETNAMESE


def _not_read() -> Any:
    return {}


@dataclass(frozen=True)
class Figures:
    """Rows by topic, each named as its statement in warehouse_sql/report/."""

    request: Request
    #: The last day that figures count as known then (mart.horizon); None before the first file.
    covered_through: date | None = None
    asked_units: Sequence[rows.UnitRow] = ()
    rule_set: rows.RuleSetRow = field(default_factory=_not_read)
    form: Sequence[rows.FormRow] = ()
    form_sector: Sequence[rows.FormSectorRow] = ()
    heirs: Sequence[rows.HeirRow] = ()
    line: rows.LineRow = field(default_factory=_not_read)
    days: Sequence[rows.DayRow] = ()
    #: Lists of dossiers: their first rows, as far as a workbook and a page have room; `list_counts` counts all that they have.
    late: Sequence[listed_rows.LateRow] = ()
    overdue: Sequence[listed_rows.OverdueRow] = ()
    stopped: Sequence[listed_rows.StoppedRow] = ()
    hand_over: Sequence[listed_rows.HandOverRow] = ()
    papers: Sequence[listed_rows.PaperRow] = ()
    portal: Sequence[listed_rows.PortalRow] = ()
    catalogue: Sequence[listed_rows.CatalogueRow] = ()
    list_counts: Sequence[rows.ListCountRow] = ()
    #: From when the last catalogue holds that was taken over; None where none was.
    catalogue_from: date | None = None
    edited: Sequence[listed_rows.EditedRow] = ()
    delays: Sequence[rows.DelayRow] = ()
    #: Of all units of the warehouse, where the report has only some.
    edited_of_all: rows.EditedOfAllRow | None = None
    sources: Sequence[rows.SourceRow] = ()
    quarantine: Sequence[rows.QuarantineRow] = ()
    feeds: Sequence[rows.FeedRow] = ()
    period: rows.PeriodRow = field(default_factory=_not_read)
    comparison: Sequence[rows.ComparisonRow] = ()
    targets: Sequence[rows.TargetRow] = ()
    indicators: Sequence[rows.IndicatorRow] = ()
    definitions: Sequence[rows.DefinitionRow] = ()
    sections: Sections = field(default_factory=Sections)
    #: Claimed and recomputed, findings (`findings.read_findings`), contents by source.
    claims: Compared = field(default_factory=Compared)
    findings: Sequence[FindingRow] = ()
    checklist: Sequence[rows.CheckRow] = ()
    contents: Sequence[rows.ContentRow] = ()
    #: What all of this is made from; not part of what it says.
    seal: Seal | None = field(default=None, compare=False)

    def counts_of(self, name: str) -> list[rows.ListCountRow]:
        """Returns what a list has in all, by its name."""
        return [row for row in self.list_counts if row["list"] == name]

    def listed(self, name: str) -> int:
        """Returns how many rows a list has in all, read or not."""
        return sum(row["listed"] for row in self.counts_of(name))

    @property
    def received_ever(self) -> int:
        """How many dossiers were received by the end of the period: those of which something may be changed or stated late."""
        return sum(row["received_online"] + row["received_direct_postal"] for row in self.sections.cells)

    @property
    def counted_to(self) -> date:
        """The last day counted: the end of the period, or the horizon where that is before it."""
        end = self.request.date_to
        return end if self.covered_through is None else min(end, self.covered_through)

    @property
    def last_exported_at(self) -> datetime | None:
        """The last export of any source."""
        return max((row["last_exported_at"] for row in self.sources if row["last_exported_at"]), default=None)
