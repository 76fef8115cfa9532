"""What a report is made from, and the id that follows from it: equal for equal files, rules, calendar and program.

Here: the ingredients, read in the snapshot of the figures. Not here: the register of what was issued (`issues.py`).
"""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, text

from assets.facts import rule_sets
from assets.reports.reading.code_version import code_version
from quality.catalogue import load_rules
from warehouse_sql.sql_files import statements_of_file

#: What is searched for in a file to learn which report it belongs to; the id follows.
MARK = "motcua-report:"
_SHORT = 16


@dataclass(frozen=True)
class Seal:
    """What a report is made from; digests are SHA-256 in hexadecimal digits. `known_at` None: all that had arrived."""

    parameters: Mapping[str, Any]
    known_at: datetime | None
    known_through: datetime | None
    input_files: int
    input_digest: str
    rules_version: str
    calendar_version: str
    units_version: str
    procedures_version: str
    code_version: str
    content_digest: str

    @property
    def report_id(self) -> str:
        """SHA-256 over everything but `known_through`, which follows from the rest."""
        return digest_of(
            {
                "parameters": self.parameters,
                "known_at": self.known_at.astimezone(UTC).isoformat() if self.known_at else None,
                "inputs": [self.input_files, self.input_digest],
                "rules": self.rules_version,
                "calendar": self.calendar_version,
                "units": self.units_version,
                "procedures": self.procedures_version,
                "code": self.code_version,
                "content": self.content_digest,
            }
        )

    @property
    def short_id(self) -> str:
        """The id as a footer shows it."""
        return self.report_id[:_SHORT]

    @property
    def mark(self) -> str:
        """The id as files carry it."""
        return MARK + self.report_id


def digest_of(value: Any) -> str:
    """Returns SHA-256 of anything that JSON can say, dates and decimals as text; the order of keys does not matter."""
    text_of_value = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text_of_value.encode()).hexdigest()


def read_seal(
    connection: Connection,
    parameters: Mapping[str, Any],
    known_at: datetime | None,
    through: datetime | None = None,
    content: Sequence[Any] = (),
) -> Seal:
    """Returns the seal of a report with these parameters.

    `through` repeats a report without `known_at` on the files that had arrived by then; `content` is what people say
    beside the figures.
    """
    (statement,) = statements_of_file("ops/issue_ingredient.sql")
    moment = known_at or through
    ingredients = (
        connection.execute(text(statement), {"known_at": moment.isoformat() if moment else "infinity"})
        .mappings()
        .one()
    )
    return Seal(
        parameters=parameters,
        known_at=known_at,
        known_through=ingredients["known_through"],
        input_files=ingredients["input_files"],
        input_digest=ingredients["input_digest"],
        rules_version=digest_of([ingredients["rules"], _catalogue_digest(), rule_set_digest()]),
        calendar_version=ingredients["calendar"],
        units_version=ingredients["units"],
        procedures_version=ingredients["procedures"],
        code_version=code_version(),
        content_digest=digest_of(list(content)),
    )


def parameters_of(
    date_from: date, date_to: date, units: Sequence[str], rule_set: str, unit_view: str, lang: str
) -> dict[str, Any]:
    """Returns what was asked for, as the register keeps it, or None for all units."""
    return {
        "from": date_from.isoformat(),
        "to": date_to.isoformat(),
        "units": list(dict.fromkeys(units)) or None,
        "rule_set": rule_set,
        "unit_view": unit_view,
        "lang": lang,
    }


@cache
def _catalogue_digest() -> str:
    return digest_of([str(rule) for rule in load_rules()])


@cache
def rule_set_digest(rules: ModuleType = rule_sets) -> str:
    """Returns a digest of what the rule sets count as on time, late and overdue: of the source that says it."""
    return digest_of(inspect.getsource(rules))
