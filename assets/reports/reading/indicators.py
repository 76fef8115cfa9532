"""The page of the docs on indicators, made from what the warehouse itself says of them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import Engine, RowMapping, text

from warehouse_sql.dictionary.comments import described

_HEAD = """# Indicators, periods, targets, ranking

Made from `core.indicator` and the comments of functions by `make docs`; change
[indicator.yaml](../warehouse_sql/core/definitions/indicator.yaml) and the functions, not this page.

## Indicators of QĐ 766/QĐ-TTg

What exports of dossiers can tell of the decision's indicators. Points: `threshold` gives all points from the target on and
below it ratio × points / target; `linear` gives ratio × points, whatever the target; `none` is shown only. A dossier of which
the source does not say what a formula asks for is left out and counted in `unknown_count`: null is not 0. Where a formula can't
be followed to the letter, `is_approximate` is true and `reason_vi` and `reason_en` say what was counted in its place.
"""
_COLUMNS = {
    "en": (
        *("Code", "Code on the national portal", "Indicator", "Points", "Target", "Scoring", "Formula"),
        *("Approximation", "Where the catalogue does not say", "Source"),
    ),
    "vi": (
        *("Mã", "Mã trên Cổng quốc gia", "Chỉ số", "Điểm", "Mục tiêu", "Cách chấm", "Công thức"),
        *("Tính gần đúng", "Khi danh mục không cho biết", "Nguồn"),
    ),
}
_FUNCTIONS = """
## What can be asked
"""
_PERIODS = """
## Periods

`mart.period` names the periods of both calendars, `reporting` (15 to 14) and `calendar`, with the line that a form prints:

```sql
select p.label_vi, f.*
from mart.period as p, mart.form_ii06(p.date_from, p.date_to) as f
where p.calendar = 'reporting' and p.kind = 'quarter' and p.year = 2023
```

## Targets

```sh
motcua targets import "Giao chỉ tiêu 2024.xlsx"        # shows what changes, asks, writes
motcua targets import giao.csv --yes                   # for a script: no question
```

XLSX or CSV with title rows and the columns **Đơn vị** or **Mã đơn vị** (both: they must agree), **Chỉ tiêu**, **Năm**, **Mức**.
The unit is looked up in the list of units of that reporting year (2025: the later list, unless only the earlier one knows the
name); *Toàn bộ* is all units together. The indicator is a code or name of the table above, or `on_time:` and a rule set.
"95 %", "95" and "0,95" are the same share; a number up to 1 without a percent sign is a share of 1, unless the heading has
the sign. A file with a wrong row is refused in one sentence, and nothing of it is written; what a file does not name stays as it
was; importing again changes nothing; a rebuild keeps all. These targets do not change scores: those go by the decision's own.
"""
_DESCRIBED = (
    *("mart.indicator_qd766", "mart.definition_switch", "mart.unit_ranking", "mart.target_progress"),
    "mart.unit_measure",
)


def indicator_page(engine: Engine) -> str:
    """Returns Markdown: the indicators as a table in each language, then what can be asked of them."""
    with engine.connect() as connection:
        rows = connection.execute(text("select * from core.indicator order by code")).mappings().all()
        comments = {
            name: connection.execute(
                text(
                    "select obj_description(p.oid, 'pg_proc') from pg_proc as p"
                    " where p.oid::regproc = cast(:name as regproc)"
                ),
                {"name": name},
            ).scalar_one()
            for name in _DESCRIBED
        }
    lines = [_HEAD, *_table(rows, "en", "source_en"), "", *_table(rows, "vi", "source"), _FUNCTIONS]
    lines += [f"* `{name}`: {described(comment).en}" for name, comment in comments.items()]
    return "\n".join(lines) + "\n" + _PERIODS


def _table(rows: Sequence[RowMapping], lang: str, source: str) -> list[str]:
    columns = _COLUMNS[lang]
    lines = ["| " + " | ".join(columns) + " |", "|---" * len(columns) + "|"]
    for row in rows:
        official = f"`{row['official_code']}`" if row["official_code"] else "–"
        title, formula = row[f"title_{lang}"], row[f"formula_{lang}"]
        cells = (
            *(row["code"], official, title, str(row["max_score"]), _percent(row["default_target"])),
            *(f"`{row['scoring']}`", formula, row[f"approximation_{lang}"] or "–"),
            *(row[f"catalogue_gap_{lang}"] or "–", row[source]),
        )
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def _percent(share: Decimal | None) -> str:
    return "–" if share is None else f"{(share * 100).normalize():f} %"
