"""What Great Expectations is asked of the staged rows: an expectation for each rule of the catalogue.

Here alone is Great Expectations imported, and only when there is something to audit: its import costs seconds. Not here: what
is made of its answers (`audit.py`), and the process that asks (`audit_process.py`).
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from quality.catalogue import Rule
from quality.failing import MOST_FETCHED
from warehouse_sql.engine import session_options
from warehouse_sql.quick_imports import quick_imports

if TYPE_CHECKING:
    from collections.abc import Iterator

    from great_expectations import ValidationDefinition
    from great_expectations.expectations import UnexpectedRowsExpectation
    from sqlalchemy import Engine

_SEVERITY = {"reject": "critical", "block": "critical", "flag": "warning"}
#: Libraries of statistics and of charts that Great Expectations imports for what no rule is made of.
UNUSED = ("scipy.stats", "altair")
_MOST_SHOWN = 5
_ROWS, _NUMBER = "unexpected_rows_query.table", "unexpected_rows_query.row_count"


@dataclass(frozen=True)
class Observed:
    """What fails one rule: how many of the failing rows were fetched (MOST_FETCHED at most), and the first of them by column."""

    fetched: int
    rows: tuple[Mapping[str, Any], ...]


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


def observe(url: str, rules: Sequence[Rule]) -> dict[str, Observed]:
    """Returns what fails each of these rules on the staged rows of the warehouse at that address, by the rule's id.

    Raises RuntimeError when Great Expectations could not ask one of them.
    """
    with _quiet():
        validation, engines = _definition(url, rules)
        try:
            result = validation.run(result_format="COMPLETE")
        finally:
            for engine in engines:
                engine.dispose()
    observed = {}
    for outcome in result.results:
        rule_id = outcome.expectation_config.meta["rule_id"]
        if "observed_value" not in outcome.result:
            raise RuntimeError(f"Rule {rule_id} could not be audited: {_trouble(outcome.exception_info)}")
        rows = outcome.result.get("details", {}).get("unexpected_rows", [])
        observed[rule_id] = Observed(outcome.result["observed_value"], tuple(map(dict, rows[:_MOST_SHOWN])))
    return observed


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
