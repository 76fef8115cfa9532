"""The page of the docs on the rules, made from the catalogue. Not here: the rules themselves."""

from __future__ import annotations

from collections.abc import Sequence

from quality.catalogue import Rule, load_rules

#: The categories of rules.yaml in the order of the page, each with what its rules look at.
CATEGORIES = {
    "code": "the dossier code",
    "date": "single dates",
    "order": "dates against each other",
    "status": "the status against dates and results",
    "deadline": "time limits and promises",
    "supplement": "requests for supplements",
    "channel": "the channel against dates",
    "fee": "fees and payments",
    "paper": "papers that ought not to be asked for",
    "dimension": "units and procedures",
    "step": "processing steps",
    "portal": "the two portals against each other",
    "file": "a file as a whole",
}
_HEAD = """# Rules: what is believed of a row, a file and a dossier

Made from `quality/rules.yaml` by `make docs`; change that, not this page. {count} rules: {by_severity}.

* **reject**: the row is quarantined, under the first such rule that holds, in the order of the catalogue.
* **flag**, scope `staged`: the row is let in; the statement and the dossier carry the rule's name in `flags`. It depends on
  the row and on reference data alone, so neither the order nor the grouping of files changes it.
* **flag**, scope `warehouse`: looks at what is published, over both portals: at dossiers whose facts changed, once a week at all
  (`quality/published.py`); what fails stands in `ops.published_finding`.
* **block**: holds for more than half of the rows of a file of fifty or more; the whole run then publishes nothing.
* **refuse**, scope `file`: looks at a file before its rows (`assets/exports/`); the file is registered as failed, nothing of
  it counts, the other files of the run do.

In Dagster's pages a check stands for the rules of a category: `<category>` warns of those that flag, `<category>_stops_run` is
red for those that block, or that reject what the gate let pass. On `history/dossier_version` they are evaluated when files
came, on `core/fct_dossier` in every run, where dossiers are asked again only if something changed; their metadata names rules,
numbers and the first rows.

A person who has looked lets a rule of severity block or refuse through for one run by `motcua run --accept RULE`.

`{{value}}` is what stands in the field. English messages and the columns that each rule looks at stand in the catalogue.
"""


def rule_page() -> str:
    """Returns Markdown: one table for each category, the rules in the order of the catalogue.

    Raises KeyError for an unknown category.
    """
    rules = load_rules()
    parts = [_HEAD.format(count=len(rules), by_severity=_by_severity(rules))]
    for category, title in CATEGORIES.items():
        parts.append(f"## {category}: {title}\n")
        parts.append("| rule | severity | scope | message | source |\n|---|---|---|---|---|")
        parts += [_row(rule) for rule in rules if rule.category == category]
        parts.append("")
    return "\n".join(parts)


def _by_severity(rules: Sequence[Rule]) -> str:
    kinds = [(rule.severity, rule.scope) for rule in rules]
    return ", ".join(
        f"{kinds.count(kind)} {kind[0]}" + (f" ({kind[1]})" if kind[0] == "flag" else "")
        for kind in dict.fromkeys(kinds)
    )


def _row(rule: Rule) -> str:
    cells = (rule.severity, rule.scope, rule.message_vi, rule.source)
    link = f"[`{rule.id}`](../quality/rules/{rule.id}.sql)" if rule.sql else f"`{rule.id}`"
    return " | ".join([f"| {link}", *(cell.replace("|", "\\|") for cell in cells)]) + " |"
