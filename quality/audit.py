"""The audit between the gate and publishing: what fails a rule among the staged rows that the gate let pass.

Here: what came of the rules, and whether the run may be published. Not here: the rules (`rules.yaml`, `rules/`), how Great
Expectations is asked (`expectations.py`), the pages that show a result (`data_docs.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, text

from quality.catalogue import Rule, staged_rules
from quality.expectations import Observed, observe
from warehouse_sql.messages import in_both, joined, message

#: Asks Great Expectations what fails each rule in the warehouse at an address.
Observe = Callable[[str, Sequence[Rule]], Mapping[str, Observed]]


@dataclass(frozen=True)
class Example:
    """One row that fails a rule; `row_number` as in landing.staged_row."""

    file: str
    sheet: str | None
    row_number: int
    dossier_code: str | None
    field: str
    value: str | None


@dataclass(frozen=True)
class Finding:
    """What the audit found of one rule: number of failing rows, some of them. `is_accepted`: let through by a person."""

    rule: Rule
    failing: int
    examples: tuple[Example, ...] = ()
    is_accepted: bool = False

    @property
    def stops(self) -> bool:
        """Whether it keeps the run from being published."""
        return self.failing > 0 and self.rule.severity != "flag" and not self.is_accepted


@dataclass(frozen=True)
class Audit:
    """The audit of one run: how many rows the gate let pass, and a finding for every rule on staged rows."""

    rows: int
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether the run may be published."""
        return not any(finding.stops for finding in self.findings)


class AuditFailedError(RuntimeError):
    """The run is not published. The message is one Vietnamese sentence that says what to do."""

    def __init__(self, audit: Audit) -> None:
        self.audit = audit
        super().__init__(_sentence(audit))


def audit_staged(
    engine: Engine,
    files: Mapping[int, str],
    accepted: Collection[str] = (),
    rules: Sequence[Rule] | None = None,
    observed_by: Observe = observe,
) -> Audit:
    """Tries every rule on the staged rows that the gate let pass; `files` are their paths by file_no.

    `accepted` are ids of blocking rules that a person has looked at; `observed_by` asks Great Expectations. Nothing is written;
    the rows must be committed.
    """
    tried = staged_rules("reject", "block", "flag") if rules is None else list(rules)
    with engine.connect() as connection:
        rows = connection.execute(
            text("select count(*) from landing.staged_row where verdict is null")
        ).scalar_one()
    if not rows:
        return Audit(0, tuple(Finding(rule, 0) for rule in tried))
    observed = observed_by(engine.url.render_as_string(hide_password=False), tried)
    counts = _counts(engine, [rule for rule in tried if observed[rule.id].fetched])
    findings = tuple(
        Finding(
            rule,
            counts.get(rule.id, 0),
            tuple(_example(row, files) for row in observed[rule.id].rows),
            rule.severity == "block" and rule.id in accepted,
        )
        for rule in tried
    )
    return Audit(rows, findings)


def _counts(engine: Engine, failing: Sequence[Rule]) -> dict[str, int]:
    """Returns how many rows fail each of these rules: Great Expectations saw the first thousand."""
    with engine.connect() as connection:
        counts = {
            row.rule_id: int(row.failing)
            for row in connection.execute(
                text(
                    "select f.rule_id, count(*) as failing"
                    " from landing.staged_row as s cross join unnest(s.flags) as f (rule_id)"
                    " where s.verdict is null group by f.rule_id"
                )
            )
        }
        for rule in failing:
            if rule.severity != "flag":
                counts[rule.id] = connection.execute(
                    text(
                        f"select count(*) from (\n{rule.sql}\n) as f inner join landing.staged_row as s"
                        " on f.staged_id = s.staged_id where s.verdict is null"
                    )
                ).scalar_one()
    return counts


def _example(row: Mapping[str, Any], files: Mapping[int, str]) -> Example:
    return Example(
        file=files.get(int(row["file_no"]), ""),
        sheet=row["sheet"],
        row_number=int(row["row_number"]),
        dossier_code=row["dossier_code"],
        field=row["field"] or "",
        value=row["value"],
    )


def _sentence(audit: Audit) -> str:
    stopping = [finding for finding in audit.findings if finding.stops]
    sentences = []
    for finding in stopping:
        rule, first = finding.rule, next(iter(finding.examples), None)
        known = {
            "rule": rule.id,
            "summary": in_both(rule.summary_vi.rstrip("."), rule.summary_en.rstrip(".")),
            "rows": finding.failing,
        }
        if first:
            sentences.append(
                message(
                    "{rule}: {summary} ({rows} dòng, ví dụ {file} dòng {row})",
                    file=first.file,
                    row=first.row_number,
                    **known,
                )
            )
        else:
            sentences.append(message("{rule}: {summary} ({rows} dòng)", **known))
    return message(
        "Kiểm tra trước khi công bố không đạt, chưa ghi gì vào kho, số liệu lần trước giữ nguyên – "
        "{findings}. Hãy sửa hoặc bỏ tệp ra khỏi nơi nhận rồi chạy lại; nếu đã xem và tệp đúng là như vậy, "
        "chạy lại với --accept {rules}.",
        findings=joined("; ", sentences),
        rules=" --accept ".join(finding.rule.id for finding in stopping),
    )
