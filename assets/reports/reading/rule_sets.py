"""The page of the docs on the named rule sets, made from what the warehouse itself says of them."""

from __future__ import annotations

from sqlalchemy import Engine, text

_HEAD = """# Rule sets: what counts as on time, late and overdue

Made from `core.rule_set` and the comments of `core.judge_*` by `make docs`; change
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
    """Returns Markdown: in each language a table with a column for each rule set, and each one's function."""
    with engine.connect() as connection:
        rule_sets = [
            dict(row)
            for row in connection.execute(
                text(
                    "select r.*, obj_description(p.oid, 'pg_proc') as description, p.proname"
                    " from core.rule_set as r inner join pg_proc as p on p.proname = 'judge_' || r.rule_set"
                    " and p.pronamespace = 'core'::regnamespace order by not r.is_stored, r.rule_set <> 'ii06', r.rule_set"
                )
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
        f"* [`core.{row['proname']}`](../warehouse_sql/core/functions/{row['proname']}.sql): {row['description']}"
        + ("" if row["is_stored"] else " Not stored: computed when asked for.")
        for row in rule_sets
    ]
    return "\n".join(lines) + "\n"
