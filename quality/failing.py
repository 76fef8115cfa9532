"""One query over many rules on staged rows: a million rows are read once, not once for each rule.

Here: putting the SQL of rules together. Not here: the rules, or what is done with the rows they find.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quality.catalogue import Rule

#: So many rules fit into the bits of a bigint.
MOST_IN_A_MASK = 60
#: Of the rows that fail a rule no more are fetched by the audit: a rule that every row fails must not fill the memory.
MOST_FETCHED = 1000
_COMMENTS = re.compile(r"(?:--[^\n]*\n)+")
_SINGLE_CONDITION = re.compile(
    r"select\s+staged_id,\s+(?P<field>.+?) as field,\s+(?P<value>.+?) as value\s+"
    r"from landing\.staged_row\s+where (?P<condition>.+)",
    re.DOTALL,
)
# What may follow a condition is no part of it.
_MORE = re.compile(r"\b(?:group by|having|window|union|except|intersect|order by|limit|offset|for)\b\s+\w")


@dataclass(frozen=True)
class _Condition:
    """A rule that looks at one staged row at a time; `rank` is its place among the rules asked for."""

    rank: int
    rule_id: str
    field: str
    value: str
    condition: str


def masks_query(rules: Sequence[Rule]) -> str:
    """Returns the staged rows that fail at least one of at most `MOST_IN_A_MASK` rules: staged_id, failing.

    failing is the sum of the bits of the rules that the row fails; the bit of a rule is 2 to the power of its place in `rules`.
    """
    conditions = [condition for place, rule in enumerate(rules) if (condition := _condition(place, rule))]
    shared = {condition.rank for condition in conditions}
    parts = [_single_scan(conditions)] if conditions else []
    parts += [
        f"select r.staged_id, {1 << place}::bigint as failing from (\n{rule.sql}\n) as r"
        for place, rule in enumerate(rules)
        if place not in shared
    ]
    failing = "\nunion all\n".join(parts)
    return f"select f.staged_id, bit_or(f.failing) as failing from (\n{failing}\n) as f group by f.staged_id"


def refusals_query(rules: Sequence[Rule]) -> str:
    """Returns the rows of staged_failing under each of these rules that they fail: rank (place in `rules`, from 0), rule_id,
    staged_id, field, value.

    The bits of the rules in staged_failing are those of `masks_query`. ValueError for a rule that looks at more than one row.
    """
    conditions = [condition for place, rule in enumerate(rules) if (condition := _condition(place, rule))]
    if len(conditions) < len(rules):
        raise ValueError("A rule of severity reject must be a condition on one row: no join, no CTE.")
    listed = ",\n".join(f"({c.rank}, {1 << c.rank}::bigint, '{c.rule_id}')" for c in conditions)
    return f"""\
select k.rank, k.rule_id, s.staged_id, {_chosen((c.rank, c.field) for c in conditions)} as field,
{_chosen((c.rank, c.value) for c in conditions)} as value
from staged_failing as m
inner join landing.staged_row as s on m.staged_id = s.staged_id
cross join (values
{listed}
) as k (rank, bit, rule_id)
where m.failing & {(1 << len(rules)) - 1}::bigint <> 0 and m.failing & k.bit <> 0"""


def is_single_condition(rule: Rule) -> bool:
    """Returns whether the rule shares the scan of the others: no join, no CTE, all columns by their bare names."""
    return _condition(0, rule) is not None


def _condition(rank: int, rule: Rule) -> _Condition | None:
    match = _SINGLE_CONDITION.fullmatch(_COMMENTS.sub("", rule.sql, count=1))
    if not match or _MORE.search(_without_brackets(match["condition"])):
        return None
    return _Condition(rank, rule.id, match["field"], match["value"], match["condition"])


def _without_brackets(sql: str) -> str:
    """Returns the text outside of all brackets."""
    before = None
    while before != sql:
        before, sql = sql, re.sub(r"\([^()]*\)", "", sql)
    return sql


def _single_scan(conditions: Sequence[_Condition]) -> str:
    mask = " |\n".join(
        f"case when (\n{c.condition}\n) then {1 << c.rank}::bigint else 0 end" for c in conditions
    )
    return f"""\
select m.* from (
select staged_id,
{mask}
as failing
from landing.staged_row
-- the mask is made once a row, not once a rule; nothing else goes from the workers that read in parallel
offset 0
) as m
where m.failing <> 0"""


def _chosen(by_rank: Iterable[tuple[int, str]]) -> str:
    return "case k.rank\n" + "\n".join(f"when {rank} then {sql}" for rank, sql in by_rank) + "\nend"
