"""What is stated of the origins of facts holds: a column of history changes only what is stated to come from it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

import polars as pl
import pytest

from assets.facts.fold import Facts, History, fold
from assets.facts.lineage import FOLD_ORIGINS
from assets.facts.lives import NEVER
from assets.facts.merged import PASSED_ON
from assets.sources.canonical import DOSSIER_ATTRIBUTES, STATED
from tests.facts.histories import drawn, reference

_STATED = "history.dossier_version"
_FRAMES = {
    "core.fct_dossier": "dossiers",
    "core.fct_dossier_span": "spans",
    "core.fct_dossier_event": "events",
    "core.fct_stage": "stages",
    "core.fct_dossier_edit": "edits",
}
_KEYS = {
    "core.fct_dossier": (),
    "core.fct_dossier_span": ("span_number",),
    "core.fct_dossier_event": ("event_on", "kind", "rule_sets"),
    "core.fct_stage": ("stage_number",),
    "core.fct_dossier_edit": ("source", "kind", "first_seen_at", "state_at", "state_rank", "file_rank"),
}
_VALUES: dict[str, tuple[Any, ...]] = {
    **{"limit_value": (1.0, 5.0, None), "limit_unit": ("day", "working_day", None)},
    **{"procedure_name": ("Chứng thực bản sao", "Lạ"), "unit_code": ("H01.1", "H01.2")},
}
_OF_TYPE: dict[Any, tuple[Any, ...]] = {
    pl.Int16: (1, 2, 3, None),
    pl.Int64: (10, 20, None),
    pl.Boolean: (True, False, None),
}


@cache
def _history() -> History:
    """Returns a drawn history in whose statements every attribute is stated."""
    rng, whole = Random(18), drawn(18)
    statements = whole.statements
    for each in DOSSIER_ATTRIBUTES:
        values = _VALUES.get(each.name, _OF_TYPE.get(each.type, ()))
        if each.name in STATED and statements[each.name].null_count() == statements.height and values:
            drawn_values = [rng.choice(values) for _ in range(statements.height)]
            statements = statements.with_columns(pl.Series(each.name, drawn_values, dtype=each.type))
    instants = statements.select(
        submitted_at="received_at", refused_at=pl.when(pl.col("status") == 3).then("due_at")
    )
    return replace(whole, statements=statements.with_columns(instants))


@cache
def _facts() -> Facts:
    return fold(_history(), reference())


@cache
def _come_from(attribute: str) -> dict[str, frozenset[str]]:
    """Returns the columns of each table that come from it, also by way of other facts."""
    reached, by_table = {(_STATED, attribute)}, defaultdict[str, set[str]](set)
    for table, column, origin, of in FOLD_ORIGINS * 3:
        if (origin, of) in reached:
            reached.add((table, column))
            by_table[table].add(column)
    return {table: frozenset(columns) for table, columns in by_table.items()}


def _changed(table: str, before: pl.DataFrame, after: pl.DataFrame) -> set[str] | None:
    """Returns the columns that differ in what is known now; None where there are other rows."""
    keys = ["dossier_code", *_KEYS[table]]
    first, second = (
        rows.filter(pl.col("known_to") == NEVER).drop("known_from", "known_to").sort(keys)
        for rows in (before, after)
    )
    if not first.select(keys).equals(second.select(keys)):
        return None
    return {name for name in first.columns if not first[name].equals(second[name], null_equal=True)}


@pytest.mark.parametrize("attribute", STATED)
def test_an_attribute_changes_no_column_that_is_not_stated_to_come_from_it(attribute: str) -> None:
    whole = _history()
    shuffled = whole.statements[attribute].shuffle(seed=7)
    facts = fold(replace(whole, statements=whole.statements.with_columns(shuffled)), reference())
    for table, frame in _FRAMES.items():
        stated = _come_from(attribute).get(table, frozenset())
        changed = _changed(table, getattr(_facts(), frame), getattr(facts, frame))
        assert changed - stated == set() if changed is not None else stated, (table, changed)
        if table == "core.fct_dossier" and attribute in PASSED_ON:
            assert attribute in (changed or set())


def test_every_column_that_the_fold_makes_has_an_origin() -> None:
    for table, frame in _FRAMES.items():
        stated = {column for of, column, _, _ in FOLD_ORIGINS if of == table}
        assert stated == set(getattr(_facts(), frame).columns), table
