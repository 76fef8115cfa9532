"""The audit of a run as Dagster sees it: where its pages are kept, and a check for every rule of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import dagster as dg
from sqlalchemy import Engine

from quality.audit import Audit, AuditFailedError, Finding, audit_staged
from quality.catalogue import Rule, staged_rules
from quality.data_docs import INDEX, write_page
from quality.published import failing_published, published_rules


@dataclass(frozen=True)
class Auditor:
    """Audits staged rows before they are published, and writes a page of it into the folder `pages`.

    `accepted` are blocking rules that a person let through this time.
    """

    pages: Path | None = None
    accepted: Sequence[str] = ()

    def audit(self, engine: Engine, files: Mapping[int, str], at: datetime) -> Audit:
        """Audits the staged rows of these files and writes the page.

        Raises AuditFailedError when they must not be published.
        """
        audit = audit_staged(engine, files, self.accepted)
        if self.pages is not None and audit.rows:
            write_page(self.pages, audit, at)
        if not audit.ok:
            raise AuditFailedError(audit)
        return audit


def check_specs(key: Sequence[str]) -> list[dg.AssetCheckSpec]:
    """Returns a check of the asset for each rule on staged rows."""
    return [
        dg.AssetCheckSpec(rule.id, asset=dg.AssetKey(list(key)), description=rule.message_en)
        for rule in _rules()
    ]


def check_results(
    audit: Audit | None, key: Sequence[str], pages: Path | None
) -> Iterator[dg.AssetCheckResult]:
    """Yields what the audit found, rule by rule; without an audit nothing new came, and nothing new can be wrong."""
    by_rule = {finding.rule.id: finding for finding in audit.findings} if audit else {}
    for rule in _rules():
        finding = by_rule.get(rule.id, Finding(rule, 0))
        metadata: dict[str, Any] = {"failing_rows": finding.failing, "rows": audit.rows if audit else 0}
        if finding.examples:
            metadata["first_rows"] = dg.MetadataValue.json([vars(example) for example in finding.examples])
        if pages is not None:
            metadata["pages"] = dg.MetadataValue.path(str(pages / INDEX))
        yield dg.AssetCheckResult(
            check_name=rule.id,
            asset_key=dg.AssetKey(list(key)),
            passed=finding.failing == 0 or finding.is_accepted,
            severity=dg.AssetCheckSeverity.WARN if rule.severity == "flag" else dg.AssetCheckSeverity.ERROR,
            metadata=metadata,
        )


def published_check_specs(key: Sequence[str]) -> list[dg.AssetCheckSpec]:
    """Returns a check of the asset for each rule on what is published."""
    return [
        dg.AssetCheckSpec(rule.id, asset=dg.AssetKey(list(key)), description=rule.message_en)
        for rule in published_rules()
    ]


def published_check_results(engine: Engine, key: Sequence[str]) -> Iterator[dg.AssetCheckResult]:
    """Yields what fails the rules on what is published: shown, never a reason to stop."""
    with engine.connect() as connection:
        failing = failing_published(connection)
    for rule_id, findings in failing.items():
        metadata: dict[str, Any] = {"failing_rows": findings.count}
        if findings.examples:
            metadata["first_rows"] = dg.MetadataValue.json([vars(example) for example in findings.examples])
        yield dg.AssetCheckResult(
            check_name=rule_id,
            asset_key=dg.AssetKey(list(key)),
            passed=findings.count == 0,
            severity=dg.AssetCheckSeverity.WARN,
            metadata=metadata,
        )


def _rules() -> list[Rule]:
    return staged_rules("reject", "block", "flag")
