"""The dictionary as pages of Markdown: one of each schema, and one that lists them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assets.dictionary.entries import SCHEMAS, Column, Entry
from warehouse_sql.dictionary.comments import Description

_SCHEMA_TITLES = {
    "landing": Description("What arrived", "Những gì đã đến"),
    "history": Description("What sources stated, append-only", "Điều các nguồn đã nói, chỉ thêm"),
    "core": Description("Facts and dimensions", "Số liệu gốc và danh mục"),
    "mart": Description("What analysts ask", "Những gì người phân tích hỏi"),
    "vi": Description("The marts under Vietnamese headings", "Số liệu với tiêu đề tiếng Việt"),
    "ops": Description("Runs, feeds, alerts, reports", "Lần chạy, nguồn, cảnh báo, báo cáo"),
}
_HEAD = """# Dictionary · Từ điển dữ liệu

Every table, view and function that analysts may read: what a row is, keys, what its columns mean, in which unit, where they
come from. Made from the database by `make docs`; change the descriptions in the SQL and in
[warehouse_sql/dictionary](../../warehouse_sql/dictionary), not these pages. `motcua dictionary WORD` searches it, with accents
or without, in both languages; `motcua dictionary --to DIR` writes it as a page that works offline, with a search box, and as a
workbook. Examples are made up. Where to start: [what to ask the warehouse](../reference/warehouse.md),
[questions with answers](../queries.md).

*Mọi bảng, khung nhìn và hàm mà người phân tích đọc được: mỗi dòng là gì, khóa, ý nghĩa các cột, đơn vị tính, lấy từ đâu. Các
trang này được lập từ cơ sở dữ liệu. `motcua dictionary TỪ` tìm trong đó, có dấu hay không dấu; `motcua dictionary --to THƯ_MỤC`
ghi thành trang dùng ngoại tuyến có ô tìm kiếm, và thành bảng tính. Ví dụ là giả định.*

**readers**: also for logins that only read marts. · *Cả người chỉ đọc các bảng số liệu (mart) cũng xem được.*
"""
_COLUMN_HEADS = (
    "column",
    "type",
    "meaning",
    "ý nghĩa",
    "unit · đơn vị tính",
    "from · lấy từ",
    "example · ví dụ",
)


def dictionary_pages(entries: Sequence[Entry]) -> dict[str, str]:
    """Returns the text of each page by the name of its file."""
    schemas = [schema for schema in SCHEMAS if any(entry.schema == schema for entry in entries)]
    pages = {f"{schema}.md": _schema_page(schema, _of(entries, schema)) for schema in schemas}
    return {"README.md": _index(entries, schemas)} | pages


def from_where(column: Column) -> str:
    """Returns where a column comes from: portals, the column that is passed on, or the table whose key it is."""
    parts = [", ".join(column.portals), column.origin, f"→ {column.refers_to}" if column.refers_to else ""]
    return "; ".join(part for part in parts if part)


def unit_in_words(column: Column) -> str:
    """Returns the unit in both languages."""
    return " · ".join(part for part in column.unit if part)


def _of(entries: Iterable[Entry], schema: str) -> list[Entry]:
    return [entry for entry in entries if entry.schema == schema]


def _index(entries: Sequence[Entry], schemas: Iterable[str]) -> str:
    lines = [_HEAD]
    for schema in schemas:
        title = _SCHEMA_TITLES[schema]
        lines += [f"## {schema}: {title.en} · {title.vi}", "", "| | holds | nội dung |", "|---|---|---|"]
        lines += [
            f"| [`{entry.name}`]({schema}.md#{_anchor(entry)}) | {_cell(_first(entry.meaning.en))} |"
            f" {_cell(_first(entry.meaning.vi))} |"
            for entry in _of(entries, schema)
        ]
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def _schema_page(schema: str, entries: Iterable[Entry]) -> str:
    title = _SCHEMA_TITLES[schema]
    lines = [
        f"# {schema}: {title.en} · {title.vi}",
        "",
        "Made from the database by `make docs`, see [the dictionary](README.md).",
    ]
    for entry in entries:
        lines += ["", f"## {entry.name}", "", *_facts(entry)]
        if entry.columns:
            lines += ["", _row(_COLUMN_HEADS), "|---" * len(_COLUMN_HEADS) + "|"]
            lines += [_row(_cells(column)) for column in entry.columns]
    return "\n".join(lines) + "\n"


def _facts(entry: Entry) -> list[str]:
    lines = [entry.meaning.en, "", f"*{entry.meaning.vi}*", ""]
    lines.append(f"* {entry.kind}{', readers' if entry.for_readers else ''}")
    if entry.kind == "function":
        result = "rows of the columns below" if entry.columns else f"`{entry.result}`"
        lines.append(f"* arguments · tham số: `({entry.arguments})`; returns {result}")
    named = (
        ("grain · mỗi dòng là", " · ".join(part for part in entry.grain if part)),
        ("keys · khóa", "; ".join(f"`{', '.join(key)}`" for key in entry.keys)),
        ("made from · lập từ", _names(entry.reads)),
        ("read by · được dùng trong", _names(entry.read_by)),
        ("rule sets · bộ quy tắc", ", ".join(f"`{each}`" for each in entry.rule_sets)),
    )
    return lines + [f"* {name}: {value}" for name, value in named if value]


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _cells(column: Column) -> tuple[str, ...]:
    return (
        f"`{column.name}`",
        column.type,
        _cell(column.meaning.en),
        _cell(column.meaning.vi),
        unit_in_words(column),
        from_where(column),
        _cell(column.example),
    )


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(written: str) -> str:
    return written.replace("|", "\\|").replace("<", "&lt;")


def _first(written: str) -> str:
    return written.split(". ", maxsplit=1)[0].rstrip(".")


def _anchor(entry: Entry) -> str:
    return entry.name.replace(".", "").replace(" ", "-").lower()
