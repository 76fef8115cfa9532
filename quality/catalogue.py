"""The rule catalogue: what `rules.yaml` and `rules/<id>.sql` say, checked against each other.

Here: reading the list of rules. Not here: what is done with rows that fail (`gate.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from warehouse_sql.yaml_files import read_yaml

RULES = Path(__file__).with_name("rules.yaml")
#: reject: the row is quarantined; flag: let in and flagged; block: stops the whole run before it is published; refuse:
#: the file does not come in.
SEVERITIES = ("reject", "flag", "block", "refuse")
#: staged: looks at landing.staged_row; warehouse: looks at what is published, so it can only flag; file: looks at a file
#: before its rows, in the code that takes it in, so it has no SQL and can only refuse.
SCOPES = ("staged", "warehouse", "file")
_KEYS = {"id", "severity", "category", "message_vi", "message_en", "source", "fields"}
# As “{value}” stands in messages, alone or in brackets.
_VALUE = re.compile(r" ?\(?“\{value\}”\)?")
_OPTIONAL = {"scope", "expected_vi"}


class CatalogueError(ValueError):
    """The catalogue can't be used. The message is one sentence naming file and rule."""


@dataclass(frozen=True)
class Rule:
    """One rule; `sql` returns the failing rows.

    Columns, scope staged: staged_id, field, value of rows of landing.staged_row. Scope warehouse: dossier_code, field,
    value. Scope file: `sql` is empty.
    """

    id: str
    severity: str
    category: str
    message_vi: str
    message_en: str
    source: str
    fields: tuple[str, ...]
    sql: str
    scope: str = "staged"
    #: What ought to stand there, for whoever has to mend it; empty where the message says all.
    expected_vi: str = ""
    #: The same as `sql` for a warehouse on several servers (Citus), where it has to be asked otherwise; else empty.
    sql_on_several_servers: str = ""

    @property
    def summary_vi(self) -> str:
        """The message without the value of a row."""
        return _VALUE.sub("", self.message_vi)

    @property
    def summary_en(self) -> str:
        """The same in English."""
        return _VALUE.sub("", self.message_en)


@cache
def load_rules(path: Path = RULES) -> tuple[Rule, ...]:
    """Returns the rules in the order in which they are tried."""
    entries = read_yaml(path)
    if not isinstance(entries, list):
        raise CatalogueError(f"{path.name} must be a list of rules.")
    rules = tuple(_rule(entry, path) for entry in entries)
    ids = [rule.id for rule in rules]
    for name in ids:
        if ids.count(name) > 1:
            raise CatalogueError(f"{path.name} has more than one rule {name}.")
    with_sql = {rule.id for rule in rules if rule.scope != "file"}
    strays = {file.stem for file in (path.parent / "rules").rglob("*.sql")} - with_sql
    if strays:
        raise CatalogueError(f"rules/{min(strays)}.sql belongs to no rule of {path.name}.")
    return rules


def _rule(entry: Any, path: Path) -> Rule:
    if not isinstance(entry, dict) or set(entry) - _OPTIONAL != _KEYS:
        name = entry.get("id") if isinstance(entry, dict) else entry
        raise CatalogueError(f"{path.name}, rule {name!r}: needs exactly {', '.join(sorted(_KEYS))}.")
    if entry["severity"] not in SEVERITIES:
        raise CatalogueError(f"{path.name}, rule {entry['id']}: severity is one of {', '.join(SEVERITIES)}.")
    scope = entry.get("scope", "staged")
    if scope not in SCOPES:
        raise CatalogueError(f"{path.name}, rule {entry['id']}: scope is one of {', '.join(SCOPES)}.")
    if scope == "warehouse" and entry["severity"] != "flag":
        raise CatalogueError(f"{path.name}, rule {entry['id']}: a rule on what is published can only flag.")
    if (scope == "file") != (entry["severity"] == "refuse"):
        raise CatalogueError(
            f"{path.name}, rule {entry['id']}: a rule on a file can only refuse, no other can."
        )
    file = path.parent / "rules" / f"{entry['id']}.sql"
    if scope != "file" and not file.is_file():
        raise CatalogueError(f"{path.name}, rule {entry['id']}: there is no rules/{file.name}.")
    texts = {name: str(entry[name]).strip() for name in _KEYS - {"fields"}}
    if not all(texts.values()):
        raise CatalogueError(f"{path.name}, rule {entry['id']}: an entry is empty.")
    otherwise = file.parent / "several_servers" / file.name
    return Rule(
        **texts,
        fields=tuple(entry["fields"]),
        sql=file.read_text(encoding="utf-8").strip() if scope != "file" else "",
        scope=scope,
        expected_vi=str(entry.get("expected_vi", "")).strip(),
        sql_on_several_servers=otherwise.read_text(encoding="utf-8").strip() if otherwise.is_file() else "",
    )


def staged_rules(*severities: str) -> list[Rule]:
    """Returns the rules on staged rows of these severities, in the order in which they are tried."""
    return [rule for rule in load_rules() if rule.scope == "staged" and rule.severity in severities]


def file_rule(rule_id: str) -> Rule:
    """The rule of scope file with that id. KeyError when there is none."""
    return {rule.id: rule for rule in load_rules() if rule.scope == "file"}[rule_id]


def acceptable_rules() -> list[str]:
    """The ids of rules that a person who has looked may let through for one run."""
    return [rule.id for rule in load_rules() if rule.severity in ("block", "refuse")]
