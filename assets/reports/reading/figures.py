"""Everything a report says, and what it was asked. Not here: reading it (`read.py`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from assets.reports.claims.claims import Compared
from assets.reports.issue.seal import Seal
from assets.reports.reading.sections import Sections
from assets.reports.reading.statements import (
    Row,
)
from assets.reports.words.texts import VIETNAMESE

#: Units as their dossiers were received, or rolled into those that took them over on 1/7/2025.
AS_RECEIVED, CURRENT = UNIT_VIEWS = ("as_received", "current")


class ReportError(ValueError):
    """The report can't be made. The message is one sentence that says what to do."""


@dataclass(frozen=True)
class Request:
    """What is asked for: known_at has a time zone; None is "as known now". No units: all of them.

    `unit_view` is one of UNIT_VIEWS, `lang` one of texts.LANGUAGES.
    """

    date_from: date
    date_to: date
    units: tuple[str, ...] = ()
    rule_set: str = "ii06"
    known_at: datetime | None = None
    unit_view: str = AS_RECEIVED
    lang: str = VIETNAMESE


@dataclass(frozen=True)
class Figures:
    """Rows by topic, each named as its statement in warehouse_sql/report/."""

    request: Request
    asked_units: Sequence[Row] = ()
    rule_set: Row = field(default_factory=dict)
    form: Sequence[Row] = ()
    form_field: Sequence[Row] = ()
    heirs: Sequence[Row] = ()
    line: Row = field(default_factory=dict)
    days: Sequence[Row] = ()
    late: Sequence[Row] = ()
    overdue: Sequence[Row] = ()
    edited: Sequence[Row] = ()
    portal: Sequence[Row] = ()
    sources: Sequence[Row] = ()
    quarantine: Sequence[Row] = ()
    feeds: Sequence[Row] = ()
    period: Row = field(default_factory=dict)
    comparison: Sequence[Row] = ()
    targets: Sequence[Row] = ()
    sections: Sections = field(default_factory=Sections)
    #: Claimed and recomputed, findings (`findings.read_findings`), contents by source.
    claims: Compared = field(default_factory=Compared)
    findings: Sequence[Row] = ()
    contents: Sequence[Row] = ()
    #: What all of this is made from; not part of what it says.
    seal: Seal | None = field(default=None, compare=False)

    @property
    def covered_through(self) -> date | None:
        """The last day that exports reach."""
        return max((row["covered_through"] for row in self.sources if row["covered_through"]), default=None)

    @property
    def last_exported_at(self) -> datetime | None:
        """The last export of any source."""
        return max((row["last_exported_at"] for row in self.sources if row["last_exported_at"]), default=None)
