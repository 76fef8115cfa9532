"""The page of the docs on the named rule sets, made from core.rule_set and from what the rule sets say of themselves."""

from __future__ import annotations

import inspect

from sqlalchemy import Engine, text

from assets.facts.rule_sets import RULE_SETS

_SOURCE = "assets/facts/rule_sets.py"
_HEAD = f"""# Rule sets: what counts as on time, late and overdue

Made from `core.rule_set` and the functions of [rule_sets.py](../{_SOURCE}) by `make docs`; change
[rule_set.yaml](../warehouse_sql/core/definitions/rule_set.yaml) and the functions, not this page.
Every mart carries the rule set of its figures; `mart.form_ii06(…, rule_set => …)` and
`motcua report --rule-set` take any of them.
"""
#: Column of core.rule_set without its language -> what the table calls it, in English and in Vietnamese.
_ROWS = {
    "title": ("", ""),
    "compares": ("Compares", "So sánh"),
    "without_due": ("No due date", "Không có ngày hẹn trả"),
    "withdrawn": ("Withdrawn by the citizen (7)", "Công dân rút hồ sơ (7)"),
    "waiting": ("Waiting for a supplement (5)", "Chờ bổ sung (5)"),
    "paying": ("Waiting for payment (6)", "Chờ thực hiện nghĩa vụ tài chính (6)"),
    "stopped": ("Stopped (8)", "Dừng xử lý (8)"),
}


def rule_set_page(engine: Engine) -> str:
    """Returns Markdown: in each language a table with a column for each rule set, and what each one's function says."""
    with engine.connect() as connection:
        rule_sets = [
            dict(row)
            for row in connection.execute(
                text("select * from core.rule_set order by not is_stored, rule_set <> 'ii06', rule_set")
            ).mappings()
        ]
    lines = [_HEAD]
    for place, lang in enumerate(("en", "vi")):
        lines.append("| | " + " | ".join(f"`{row['rule_set']}`" for row in rule_sets) + " |")
        lines.append("|---" * (len(rule_sets) + 1) + "|")
        lines += [
            f"| {titles[place]} | " + " | ".join(row[f"{name}_{lang}"] for row in rule_sets) + " |"
            for name, titles in _ROWS.items()
        ]
        lines.append("")
    lines += [
        f"* [`{row['rule_set']}`](../{_SOURCE}): {_meaning(row['rule_set'])}"
        + ("" if row["is_stored"] else " Not in the marts of stocks and months.")
        for row in rule_sets
    ]
    return "\n".join(lines) + "\n"


def _meaning(rule_set: str) -> str:
    """Returns what the function of a rule set says of it, in one line."""
    return " ".join((inspect.getdoc(RULE_SETS[rule_set]) or "").split())
