"""Pieces that the templates of the document are made of: paragraphs, tables with a repeated row, dots to complete."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

FONT = "Times New Roman"
#: What an A4 page holds between its margins, in mm.
TEXT_WIDTH = 163
CENTRE, BOTH, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.RIGHT
#: Heading (a key of template.columns), what stands in the cell, width in mm, whether it is a number.
Column = tuple[str, str, float, bool]


def set_font(style: Any, size: float, is_bold: bool) -> None:
    style.font.name, style.font.size, style.font.bold, style.font.italic = FONT, Pt(size), is_bold, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), FONT)


def add_page_number(paragraph: Any) -> None:
    paragraph.alignment = CENTRE
    run = paragraph.add_run()
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)


def add_lines(cell: Any, lines: Sequence[tuple[str, bool, bool]]) -> None:
    for n, (text, is_bold, is_italic) in enumerate(lines):
        paragraph = cell.paragraphs[0] if n == 0 else cell.add_paragraph()
        paragraph.alignment, paragraph.paragraph_format.space_after = CENTRE, Pt(1)
        run = paragraph.add_run(text)
        run.bold, run.italic, run.font.size = is_bold, is_italic, Pt(12)


def add(document: Any, text: str, style: str = "Normal", alignment: Any = None) -> Any:
    paragraph = document.add_paragraph(text, style=style)
    if alignment is not None:
        paragraph.alignment = alignment
    return paragraph


def add_body(document: Any, text: str) -> Any:
    """Returns a paragraph as official documents have it: justified, its first line set in."""
    paragraph = add(document, text, alignment=BOTH)
    paragraph.paragraph_format.first_line_indent = Mm(10)
    return paragraph


def begin_if(document: Any, condition: str) -> None:
    add(document, f"{{%p if {condition} %}}")


def end(document: Any, word: str = "endif") -> None:
    add(document, f"{{%p {word} %}}")


def end_in_dots(paragraph: Any) -> None:
    """Dots from the text to the margin, whatever the font."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
    paragraph.paragraph_format.tab_stops.add_tab_stop(
        Mm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
    )


def add_table(
    document: Any,
    words: Any,
    rows: str,
    columns: Sequence[Column],
    with_total: bool = False,
    style: str = "Table Text",
    total: str = "",
) -> None:
    """Headings that are repeated on each page, and a row that the template repeats for each of `rows`.

    With `total`, which names a row that need not be there, this one stands below them in bold.
    """
    table = document.add_table(
        rows=7 if total else 5 if with_total else 4, cols=len(columns), style="Table Grid"
    )
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _narrow_margins(table)
    set_widths(table, [width for _, _, width, _ in columns])
    head, first, body, last = table.rows[:4]
    repeated = OxmlElement("w:tblHeader")
    keep_whole(head)
    head._tr.get_or_add_trPr().append(repeated)
    for cell, (name, _, _, _) in zip(head.cells, columns, strict=True):
        _fill(cell, words["columns"][name], CENTRE, is_bold=True, style=style)
        cell.paragraphs[0].paragraph_format.keep_with_next = True
        _shade(cell, "E8EEF4")
    first.cells[0].paragraphs[0].add_run(f"{{%tr for row in {rows} %}}")
    for cell, (name, value, _, is_number) in zip(body.cells, columns, strict=True):
        alignment = CENTRE if name == "place" else RIGHT if is_number else None
        _fill(cell, f"{{{{ {value} }}}}", alignment, style=style)
    last.cells[0].paragraphs[0].add_run("{%tr endfor %}")
    keep_whole(body)
    if with_total:
        for cell, (name, value, _, is_number) in zip(table.rows[4].cells, columns, strict=True):
            text = (
                words["columns"]["total"] if not is_number else f"{{{{ {value.replace('row.', 'total.')} }}}}"
            )
            _fill(cell, "" if name == "place" else text, RIGHT if is_number else None, is_bold=True)
            _shade(cell, "F2F2F2")
    if total:
        _add_total(table, total, columns, style)
    add(document, "").paragraph_format.space_after = Pt(0)


def _add_total(table: Any, total: str, columns: Sequence[Column], style: str) -> None:
    """Fills the last three rows of a table: the row of all together, where there is one."""
    begun, row, ended = table.rows[-3:]
    begun.cells[0].paragraphs[0].add_run(f"{{%tr if {total} %}}")
    for cell, (_, value, _, is_number) in zip(row.cells, columns, strict=True):
        written = f"{{{{ {value.replace('row.', f'{total}.')} }}}}"
        _fill(cell, written, RIGHT if is_number else None, is_bold=True, style=style)
        _shade(cell, "F2F2F2")
    ended.cells[0].paragraphs[0].add_run("{%tr endif %}")
    keep_whole(row)


def _fill(cell: Any, text: str, alignment: Any, is_bold: bool = False, style: str = "Table Text") -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style, paragraph.alignment = style, alignment
    paragraph.add_run(text).bold = is_bold


def _shade(cell: Any, colour: str) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), colour)
    cell._tc.get_or_add_tcPr().append(shade)


def keep_whole(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _narrow_margins(table: Any) -> None:
    """A millimetre left and right of the text of a cell: eleven figures stand in a row."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "57")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    # What the schema has after it must stay after it.
    properties = table._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    properties.append(margins) if look is None else look.addprevious(margins)


def set_widths(table: Any, millimetres: Sequence[float]) -> None:
    for column, width in zip(table.columns, millimetres, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
