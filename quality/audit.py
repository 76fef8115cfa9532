"""The audit between the gate and publishing: Great Expectations looks at the staged rows that the gate let pass.

Here: the suite made from the rule catalogue, running it on PostgreSQL, what came of it. Not here: the rules
(`rules.yaml`, `rules/`), the pages that show a result (`data_docs.py`). Great Expectations is imported only when there is
something to audit: its import costs seconds.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Collection, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, text

from quality.catalogue import Rule, staged_rules
from quality.failing import MOST_FETCHED
from warehouse_sql.engine import session_options
from warehouse_sql.messages import in_both, joined, message
from warehouse_sql.quick_imports import quick_imports

if TYPE_CHECKING:
    from collections.abc import Iterator

    from great_expectations import ValidationDefinition
    from great_expectations.expectations import UnexpectedRowsExpectation

_SEVERITY = {"reject": "critical", "block": "critical", "flag": "warning"}
#: Libraries of statistics and of charts that Great Expectations imports for expectations that no rule is made of.
UNUSED = ("scipy.stats", "altair")
_MOST_EXAMPLES = 5
_ROWS, _NUMBER = "unexpected_rows_query.table", "unexpected_rows_query.row_count"


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
) -> Audit:
    """Tries every rule on the staged rows that the gate let pass; `files` are their paths by file_no.

    `accepted` are ids of blocking rules that a person has looked at. Nothing is written; the rows must be committed.
    """
    tried = staged_rules("reject", "block", "flag") if rules is None else list(rules)
    with engine.connect() as connection:
        rows = connection.execute(
            text("select count(*) from landing.staged_row where verdict is null")
        ).scalar_one()
    if not rows:
        return Audit(0, tuple(Finding(rule, 0) for rule in tried))
    results = _validate(engine.url.render_as_string(hide_password=False), tried)
    counts = _counts(engine, [rule for rule in tried if results[rule.id]["observed_value"]])
    findings = tuple(
        Finding(
            rule,
            counts.get(rule.id, 0),
            tuple(_example(row, files) for row in _rows(results[rule.id])[:_MOST_EXAMPLES]),
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


def expectation(rule: Rule) -> UnexpectedRowsExpectation:
    """Returns the expectation of a rule: none of the rows that passed the gate fails it, or for a flag: is flagged
    with it. What it observes is how many of the failing rows were fetched.
    """
    # {batch} is the staged rows; where there is no join, Great Expectations itself gives them that name.
    columns = "subselect.file_no, subselect.sheet, subselect.row_number, subselect.dossier_code"
    if rule.severity == "flag":
        # The gate has just tried it on every row; the first that it found are looked up by rule.
        query = (
            f"select {columns}, null as field, null as value from landing.staged_flag as flag"
            " inner join {batch} as subselect on flag.staged_id = subselect.staged_id"
            f" where flag.rule_id = '{rule.id}' and subselect.verdict is null"
        )
    else:
        sql = rule.sql.replace("{", "{{").replace("}", "}}")
        query = (
            f"select {columns}, failing.field, failing.value from (\n{sql}\n) as failing"
            " inner join {batch} as subselect on failing.staged_id = subselect.staged_id where subselect.verdict is null"
        )
    return _rows_asked_once()(
        # What fails is fetched: a rule that every row fails must not fill the memory.
        unexpected_rows_query=f"{query} order by file_no, row_number, field limit {MOST_FETCHED}",
        description=rule.message_vi,
        severity=_SEVERITY[rule.severity],
        meta={"rule_id": rule.id},
    )


@cache
def _rows_asked_once() -> type[UnexpectedRowsExpectation]:
    """Returns a kind of expectation that runs its query once; Great Expectations' own runs it for rows and for their number."""
    import great_expectations.expectations as gxe  # noqa: PLC0415

    class RowsAskedOnce(gxe.UnexpectedRowsExpectation):  # type: ignore[misc]  # imported late, it is Any
        metric_dependencies = (_ROWS,)

        def _validate(self, metrics: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
            return super()._validate({**metrics, _NUMBER: len(metrics[_ROWS])}, *args, **kwargs)

    return RowsAskedOnce


def _validate(url: str, rules: Sequence[Rule]) -> dict[str, Mapping[str, Any]]:
    """Returns the result of each rule's expectation by its id."""
    with _quiet():
        validation, engines = _definition(url, rules)
        try:
            result = validation.run(result_format="COMPLETE")
        finally:
            for engine in engines:
                engine.dispose()
    results = {}
    for outcome in result.results:
        rule_id = outcome.expectation_config.meta["rule_id"]
        if "observed_value" not in outcome.result:
            raise RuntimeError(f"Rule {rule_id} could not be audited: {_trouble(outcome.exception_info)}")
        results[rule_id] = outcome.result
    return results


def import_great_expectations() -> None:
    """Imports what an audit needs: a second or two, which may as well be spent while the server is at work."""
    with quick_imports(*UNUSED):
        import great_expectations as gx  # noqa: F401, PLC0415


def _definition(url: str, rules: Sequence[Rule]) -> tuple[ValidationDefinition, list[Engine]]:
    import_great_expectations()
    import great_expectations as gx  # noqa: PLC0415
    from great_expectations.data_context.types.base import ProgressBarsConfig  # noqa: PLC0415

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_sql(
        "warehouse",
        connection_string=url,
        kwargs={"connect_args": {"options": session_options()}},
    )
    batch = source.add_table_asset(
        "staged_row", table_name="staged_row", schema_name="landing"
    ).add_batch_definition_whole_table("run")
    suite = gx.ExpectationSuite(name="staged_row", expectations=[expectation(rule) for rule in rules])
    definition = gx.ValidationDefinition(name="run", data=batch, suite=context.suites.add(suite))
    return context.validation_definitions.add(definition), [
        source.get_engine(),
        source.get_execution_engine().engine,
    ]


@contextmanager
def _quiet() -> Iterator[None]:
    """No telemetry, no talk: the result says it all."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _trouble(info: Mapping[str, Any]) -> str:
    """Returns the first line of what Great Expectations says of an error, by metric or at once."""
    parts = [info, *(part for part in info.values() if isinstance(part, Mapping))]
    messages = [str(part["exception_message"]) for part in parts if part.get("exception_message")]
    return messages[0].splitlines()[0] if messages else "no reason given"


def _rows(result: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = result.get("details", {}).get("unexpected_rows", [])
    return rows


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
