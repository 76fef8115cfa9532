"""What a report has besides its figures: claims, findings, the contents it rests on, and its seal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from assets.reports.claims.claims import Compared, Scope, compare_claims
from assets.reports.claims.claims_file import ClaimFile
from assets.reports.findings.checklist import read_answers
from assets.reports.findings.findings import read_findings
from assets.reports.reading.figures import Figures
from assets.reports.reading.seal import parameters_of, read_seal
from assets.reports.statements.queries import CONTENT
from assets.reports.statements.rows import TargetRow
from assets.reports.statements.running import rows_of
from warehouse_sql.vietnam_time import VIETNAM


def read_claims_and_findings(
    connection: Connection, figures: Figures, claims: ClaimFile | None, through: datetime | None
) -> dict[str, Any]:
    """Returns fields of `Figures` by name: claims, findings, checklist, contents, seal.

    In the snapshot of the figures; `through` as in `figures.read_figures`.
    """
    request = figures.request
    moment = request.known_at or through
    known_at = moment.isoformat() if moment else "infinity"
    findings = read_findings(
        connection,
        request.units,
        # recorded by people while files do not arrive: what is known now is known of findings too
        request.known_at.isoformat() if request.known_at else "infinity",
        known_at,
        moment.astimezone(VIETNAM).date() if moment else figures.covered_through or request.date_to,
        (request.date_from, request.date_to),
    )
    answers = read_answers(
        connection, request.units, request.known_at.isoformat() if request.known_at else "infinity"
    )
    contents = rows_of(connection, CONTENT, {"known_at": known_at})
    findings_recorded = [
        {name: value for name, value in row.items() if not name.startswith(("after_", "before_"))}
        for row in findings
    ]
    seal = read_seal(
        connection,
        parameters_of(
            request.date_from,
            request.date_to,
            request.units,
            request.rule_set,
            request.unit_view,
            request.lang,
        ),
        request.known_at,
        through,
        [*_claimed(claims), *findings_recorded, *answers, *_assigned(figures.targets)],
    )
    return {
        "claims": _compared(connection, figures, claims, known_at),
        "findings": findings,
        "checklist": answers,
        "contents": contents,
        "seal": seal,
    }


def _compared(connection: Connection, figures: Figures, claims: ClaimFile | None, known_at: str) -> Compared:
    if claims is None:
        return Compared()
    request = figures.request
    scope = Scope(
        start=request.date_from,
        end=request.date_to,
        units=request.units,
        rule_set=request.rule_set,
        known_at=known_at,
        covered=figures.covered_through,
        by_successor=request.unit_view == "current",
    )
    return compare_claims(connection, claims, scope)


def _assigned(targets: Sequence[TargetRow]) -> list[Any]:
    """Returns which targets are set; what is reached follows from the files."""
    return [
        [row["unit_code"], row["indicator"], str(row["date_from"]), str(row["target"])] for row in targets
    ]


def _claimed(claims: ClaimFile | None) -> list[Any]:
    """Returns what a file claims, row by row, as far as the report shows it."""
    if claims is None:
        return []
    return [
        [
            claim.file,
            claim.place,
            claim.text,
            str(claim.meaning),
            str(claim.value),
            claim.decimals,
            claim.unit,
            claim.start,
            claim.end,
        ]
        for claim in claims.claims
    ] + list(claims.problems)
