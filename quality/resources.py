"""The audit of a run as Dagster sees it: where its pages are kept, and the checks in which its rules are shown.

A check stands for the rules of one category, those that stop a run apart from those that only flag: each event costs a run
time, and there are 70 rules. Which rules failed, how often and in which rows stands in the check's metadata.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.definitions.asset_checks.asset_check_evaluation import (
    AssetCheckEvaluationTargetMaterializationData,
)
from sqlalchemy import Engine

from quality.audit import Audit, AuditFailedError, Example, Finding, audit_staged
from quality.audit_process import AuditProcess
from quality.catalogue import Rule, staged_rules
from quality.data_docs import INDEX, write_page
from quality.page import CATEGORIES
from quality.published import findings_as_published, published_rules
from warehouse_sql.resources import is_selected

_STOPS = "_stops_run"
_TABLE = dg.TableSchema(
    [dg.TableColumn("rule"), dg.TableColumn("severity"), dg.TableColumn("failing_rows", type="int")]
)


@dataclass(frozen=True)
class Auditor:
    """Audits staged rows before they are published, and writes a page of it into the folder `pages`.

    `accepted` are blocking rules that a person let through this time; `process` is where Great Expectations is asked.
    """

    pages: Path | None = None
    accepted: Sequence[str] = ()
    process: AuditProcess = field(default_factory=AuditProcess, repr=False, compare=False)

    def audit(self, engine: Engine, files: Mapping[int, str], at: datetime) -> Audit:
        """Audits the staged rows of these files and writes the page.

        Raises AuditFailedError when they must not be published.
        """
        audit = audit_staged(engine, files, self.accepted, observed_by=self.process.observe)
        if self.pages is not None and audit.rows:
            write_page(self.pages, audit, at)
        if not audit.ok:
            raise AuditFailedError(audit)
        return audit


def check_specs(key: Sequence[str]) -> list[dg.AssetCheckSpec]:
    """Returns the checks of the asset for the rules on staged rows."""
    return _specs(key, _staged_rules())


def audit_checks(key: Sequence[str]) -> dg.AssetChecksDefinition:
    """Returns the checks of the asset for the rules on staged rows, as a step that evaluates nothing.

    They look at rows before those are published, so the intake evaluates them. They are no part of its step, so that a
    run that nothing came for neither plans nor evaluates them.
    """

    @dg.multi_asset_check(
        name="audit",
        specs=check_specs(key),
        can_subset=True,
        description="Rules on staged rows: evaluated by take_in_exports when files came; this step does nothing.",
    )
    def audit_step() -> Iterable[dg.AssetCheckResult]:
        yield from ()

    return audit_step


def check_evaluations(
    audit: Audit, key: Sequence[str], pages: Path | None, instance: dg.DagsterInstance
) -> Iterator[dg.AssetCheckEvaluation]:
    """Yields what the audit found of the rules of each check."""
    asset = dg.AssetKey(list(key))
    target = _last_materialization(instance, asset)
    by_rule = {finding.rule.id: finding for finding in audit.findings}
    for name, rules in _by_check(_staged_rules()).items():
        findings = [by_rule[rule.id] for rule in rules]
        shown = {
            finding.rule.id: [vars(example) for example in finding.examples]
            for finding in findings
            if finding.failing
        }
        metadata = {"rows": audit.rows} | _metadata(
            [(finding.rule, finding.failing) for finding in findings], shown
        )
        if pages is not None:
            metadata["pages"] = dg.MetadataValue.path(str(pages / INDEX))
        yield dg.AssetCheckEvaluation(
            check_name=name,
            asset_key=asset,
            passed=not any(finding.failing and not finding.is_accepted for finding in findings),
            severity=_severity(rules),
            description=_sentence(findings),
            metadata=metadata,
            target_materialization_data=target,
        )


def published_check_specs(key: Sequence[str]) -> list[dg.AssetCheckSpec]:
    """Returns the checks of the asset for the rules on what is published."""
    return _specs(key, published_rules())


def published_check_results(
    context: dg.AssetExecutionContext, engine: Engine, key: Sequence[str]
) -> Iterator[dg.AssetCheckResult]:
    """Yields what fails the rules on what is published: shown, never a reason to stop."""
    by_check = {
        name: rules for name, rules in _by_check(published_rules()).items() if is_selected(context, name, key)
    }
    if not by_check:
        return
    with engine.begin() as connection:
        failing = findings_as_published(connection)
    for name, rules in by_check.items():
        shown = {
            rule.id: [vars(example) for example in failing[rule.id].examples]
            for rule in rules
            if failing[rule.id].count
        }
        yield dg.AssetCheckResult(
            check_name=name,
            asset_key=dg.AssetKey(list(key)),
            passed=not shown,
            severity=_severity(rules),
            metadata=_metadata([(rule, failing[rule.id].count) for rule in rules], shown),
        )


def _staged_rules() -> list[Rule]:
    return staged_rules("reject", "block", "flag")


def _by_check(rules: Iterable[Rule]) -> dict[str, list[Rule]]:
    """Returns the rules by the name of their check: the category, and of those that stop a run with an ending."""
    by_check: dict[str, list[Rule]] = {}
    for rule in rules:
        name = rule.category + ("" if rule.severity == "flag" else _STOPS)
        by_check.setdefault(name, []).append(rule)
    return by_check


def _specs(key: Sequence[str], rules: Iterable[Rule]) -> list[dg.AssetCheckSpec]:
    return [
        dg.AssetCheckSpec(
            name,
            asset=dg.AssetKey(list(key)),
            description=_description(name, members),
            # The audit stops the run before anything is published; Dagster shows which checks may do so.
            blocking=name.endswith(_STOPS),
        )
        for name, members in _by_check(rules).items()
    ]


def _description(name: str, rules: Sequence[Rule]) -> str:
    what = CATEGORIES[rules[0].category]
    effect = "a run with rows that fail is not published" if name.endswith(_STOPS) else "a warning"
    lines = [f"* `{rule.id}`: {_of_any_row(rule.message_en)}" for rule in rules]
    return "\n".join([f"Rules on {what}; {effect}.", "", *lines])


def _of_any_row(text: str) -> str:
    """Returns the message of a rule with an ellipsis for what stands in the field of a row."""
    return text.replace("{value}", "…")


def _severity(rules: Sequence[Rule]) -> dg.AssetCheckSeverity:
    is_warning = all(rule.severity == "flag" for rule in rules)
    return dg.AssetCheckSeverity.WARN if is_warning else dg.AssetCheckSeverity.ERROR


def _metadata(counts: Sequence[tuple[Rule, int]], rows: Mapping[str, Any]) -> dict[str, Any]:
    """Returns what a check shows: rules with severity and number of failing rows, and the first of those rows by rule."""
    table = dg.MetadataValue.table(
        [
            dg.TableRecord({"rule": rule.id, "severity": rule.severity, "failing_rows": count})
            for rule, count in counts
        ],
        _TABLE,
    )
    metadata: dict[str, Any] = {"failing_rows": sum(count for _, count in counts), "rules": table}
    return metadata | ({"first_rows": dg.MetadataValue.json(dict(rows))} if rows else {})


def _sentence(findings: Sequence[Finding]) -> str | None:
    """Returns which rules failed, each with the first row, or None where none did."""
    failed = [finding for finding in findings if finding.failing]
    return "; ".join(map(_of_rule, failed)) or None


def _of_rule(finding: Finding) -> str:
    accepted = ", accepted by a person" if finding.is_accepted else ""
    first = "".join(_place(example) for example in finding.examples[:1])
    return f"{finding.rule.id}: {finding.failing} rows{accepted}{first}"


def _place(example: Example) -> str:
    sheet = f", sheet {example.sheet}" if example.sheet else ""
    return f" (first: {example.file}{sheet}, row {example.row_number})"


def _last_materialization(
    instance: dg.DagsterInstance, asset: dg.AssetKey
) -> AssetCheckEvaluationTargetMaterializationData | None:
    """Returns which materialization the checks are of: Dagster's pages show whether a check is older than its asset."""
    record = next(iter(instance.fetch_materializations(asset, limit=1).records), None)
    if record is None:
        return None
    return AssetCheckEvaluationTargetMaterializationData(
        storage_id=record.storage_id, run_id=record.run_id, timestamp=record.timestamp
    )
