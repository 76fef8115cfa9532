"""The page of the docs on attributes, made from the one list of them."""

from __future__ import annotations

from collections.abc import Iterable

from assets.sources.canonical import DOSSIER_ATTRIBUTES, LISTED_SHAPES, STEP_ATTRIBUTES, Attribute

_HEAD = """# Attributes: what portals state of a dossier and of a step

Made from [canonical.py](../../assets/sources/canonical.py) by `make docs`; change that, not this page. How to add one:
[add-an-attribute.md](../how-to/add-an-attribute.md).

Under a shape: ● its files can say it. News: a statement that differs from the one before in this alone is a new version in
`history.dossier_version` (of steps: another step in `history.process_step`); what is no news is evidence of the file and kept in
no history. Names, addresses, telephone and identity numbers of citizens are never read.
"""


def attribute_page() -> str:
    """Returns Markdown: a table of the attributes of a dossier, and one of those of a step."""
    lines = [_HEAD, "## Of a dossier · Của hồ sơ", "", *_table(DOSSIER_ATTRIBUTES)]
    lines += ["", "## Of a step · Của bước xử lý", "", *_table(STEP_ATTRIBUTES)]
    return "\n".join(lines) + "\n"


def _table(attributes: Iterable[Attribute]) -> list[str]:
    heads = ("attribute", "meaning", "ý nghĩa", "type", *(f"`{shape}`" for shape in LISTED_SHAPES), "news")
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    for each in attributes:
        marks = ["●" if shape in each.shapes else "" for shape in LISTED_SHAPES]
        cells = (f"`{each.name}`", each.en, each.vi, each.sql_type, *marks, "●" if each.is_news else "")
        lines.append("| " + " | ".join(cells) + " |")
    return lines
