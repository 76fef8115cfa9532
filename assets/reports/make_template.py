"""Makes the templates of the document anew from the texts: `python -m assets.reports.make_template`.

What it writes is kept in the repository and can be edited in a word processor; after that, this is not run any more
without losing the edits.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from assets.reports.document import repacked, template_of
from assets.reports.figures import LANGUAGES
from assets.reports.form_texts import texts

_FONT = "Times New Roman"
_CENTRE, _BOTH, _RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.RIGHT
#: Heading (a key of template.columns), what stands in the cell, width in mm, whether it is a number.
Column = tuple[str, str, float, bool]


def main() -> None:
    """Writes both templates."""
    for lang in LANGUAGES:
        content = io.BytesIO()
        _template(texts(lang)["template"], "en-GB" if lang == "en" else "vi-VN").save(content)
        template_of(lang).write_bytes(repacked(content.getvalue()))


def _template(said: Any, locale: str) -> Any:
    document = Document()
    _set_up(document, locale)
    _national_heading(document, said)
    _opening(document, said)
    _situation(document, said)
    _results(document, said)
    _over_time(document, said)
    _beside_others(document, said)
    _shortcomings(document, said)
    _recommendations(document, said)
    _closing(document, said)
    _annex(document, said)
    properties = document.core_properties
    properties.author = properties.last_modified_by = "motcua"
    properties.title, properties.comments = said["kind"], ""
    properties.created = properties.modified = datetime(2000, 1, 1)
    return document


def _set_up(document: Any, locale: str) -> None:
    """A4 and margins as official documents have them; the number of the page at the top, not on the first."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(17)
    section.different_first_page_header_footer = True
    _page_number(section.header.paragraphs[0])
    for name, size, is_bold in (
        ("Normal", 13, False),
        ("Title", 14, True),
        ("Heading 1", 13, True),
        ("Heading 2", 13, True),
        ("Caption", 12, True),
        ("List Bullet", 13, False),
        ("Header", 12, False),
    ):
        style = document.styles[name]
        _font(style, size, is_bold)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(0), Pt(6)
    for name in ("Heading 1", "Heading 2"):
        document.styles[name].paragraph_format.space_before = Pt(8)
    document.styles["Caption"].paragraph_format.keep_with_next = True
    title = document.styles["Title"].element
    title.get_or_add_pPr().remove_all("w:pBdr")
    for tag in ("w:spacing", "w:kern"):
        title.get_or_add_rPr().remove_all(tag)
    cells = document.styles.add_style("Table Text", 1)
    cells.base_style = document.styles["Normal"]
    _font(cells, 10, False)
    cells.paragraph_format.space_before = cells.paragraph_format.space_after = Pt(1)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), locale)
    document.styles["Normal"].element.get_or_add_rPr().append(language)


def _font(style: Any, size: float, is_bold: bool) -> None:
    style.font.name, style.font.size, style.font.bold, style.font.italic = _FONT, Pt(size), is_bold, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), _FONT)


def _page_number(paragraph: Any) -> None:
    paragraph.alignment = _CENTRE
    run = paragraph.add_run()
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)


def _national_heading(document: Any, said: Any) -> None:
    table = document.add_table(rows=2, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _widths(table, (60, 103))
    left, right = table.rows[0].cells
    _lines(left, ((said["body"], True, False), (said["body_line"], False, False), ("—————", False, False)))
    _lines(right, ((said["nation"], True, False), (said["motto"], True, False), ("———————————", False, False)))
    _lines(table.cell(1, 0), ((said["number"], False, False),))
    _lines(table.cell(1, 1), ((said["place_and_day"], False, True),))
    _add(document, "", "Normal")


def _lines(cell: Any, lines: Sequence[tuple[str, bool, bool]]) -> None:
    for n, (text, is_bold, is_italic) in enumerate(lines):
        paragraph = cell.paragraphs[0] if n == 0 else cell.add_paragraph()
        paragraph.alignment, paragraph.paragraph_format.space_after = _CENTRE, Pt(1)
        run = paragraph.add_run(text)
        run.bold, run.italic, run.font.size = is_bold, is_italic, Pt(12)


def _add(document: Any, text: str, style: str = "Normal", alignment: Any = None) -> Any:
    paragraph = document.add_paragraph(text, style=style)
    if alignment is not None:
        paragraph.alignment = alignment
    return paragraph


def _body(document: Any, text: str) -> Any:
    """A paragraph as official documents have it: justified, its first line set in."""
    paragraph = _add(document, text, alignment=_BOTH)
    paragraph.paragraph_format.first_line_indent = Mm(10)
    return paragraph


def _when(document: Any, condition: str) -> None:
    _add(document, f"{{%p if {condition} %}}")


def _end(document: Any, word: str = "endif") -> None:
    _add(document, f"{{%p {word} %}}")


def _opening(document: Any, said: Any) -> None:
    for text in (said["kind"], said["about"]):
        _add(document, text, "Title", _CENTRE).paragraph_format.space_after = Pt(2)
    _add(document, "—————", alignment=_CENTRE)
    for text in said["bases"]:
        _body(document, text).runs[0].italic = True
    _body(document, said["opening"])


def _situation(document: Any, said: Any) -> None:
    _add(document, said["h1"], "Heading 1")
    _add(document, said["scope"], "Heading 2")
    _body(document, said["scope_text"])
    _body(document, said["rules_text"])
    _add(document, "{%p for note in notes %}")
    _body(document, said["notes"]).runs[0].italic = True
    _end(document, "endfor")
    _add(document, said["intake"], "Heading 2")
    _body(document, said["intake_text"])


def _results(document: Any, said: Any) -> None:
    _add(document, said["h2"], "Heading 1")
    _add(document, said["results"], "Heading 2")
    _body(document, "{{ sentence }}")
    _body(document, said["explained"])
    _form(document, said, "form", "unit", said["by_unit"])
    _when(document, "timeliness_chart")
    _add(document, "{{ timeliness_chart }}", alignment=_CENTRE).paragraph_format.keep_with_next = True
    _add(document, said["chart_units"], "Caption", _CENTRE).paragraph_format.keep_with_next = False
    _end(document)
    _form(document, said, "fields", "field", said["by_field"])


def _form(document: Any, said: Any, rows: str, head: str, caption: str) -> None:
    _when(document, rows)
    _add(document, caption, "Caption", _CENTRE)
    _table(document, said, rows, _counts(head), with_total=True)
    _end(document)


def _counts(head: str) -> list[Column]:
    return [
        ("place", "row.place", 9, True),
        (head, "row.name", 31, False),
        ("received", "row.received_total", 17, True),
        ("resolved", "row.resolved_total", 18, True),
        ("early", "row.resolved_early", 16, True),
        ("on_time", "row.resolved_on_time", 16, True),
        ("late", "row.resolved_late", 12, True),
        ("pending", "row.pending_total", 14, True),
        ("overdue", "row.pending_overdue", 15, True),
        ("timely", "row.timely", 15, True),
    ]


def _over_time(document: Any, said: Any) -> None:
    _add(document, said["overdue"], "Heading 2")
    _when(document, "overdue_chart")
    _add(document, "{{ overdue_chart }}", alignment=_CENTRE).paragraph_format.keep_with_next = True
    _add(document, said["chart_days"], "Caption", _CENTRE).paragraph_format.keep_with_next = False
    _end(document)
    _when(document, "months")
    _add(document, said["months"], "Caption", _CENTRE)
    columns: list[Column] = [
        ("days", "row.days", 58, False),
        ("newly", "row.newly_overdue", 27, True),
        ("cleared", "row.overdue_cleared", 27, True),
        ("overdue_end", "row.overdue_open", 27, True),
        ("pending_end", "row.pending", 27, True),
    ]
    _table(document, said, "months", columns)
    _end(document)


def _beside_others(document: Any, said: Any) -> None:
    _add(document, said["comparison"], "Heading 2")
    _body(document, "{{ comparison.how }} {{ comparison.note }}")
    _when(document, "comparison.rows")
    _add(document, said["compared"], "Caption", _CENTRE)
    figures: list[Column] = [
        ("figure", "row.name", 66, False),
        ("now", "row.now", 30, True),
        ("former", "row.former", 30, True),
        ("difference", "row.difference", 38, True),
    ]
    _table(document, said, "comparison.rows", figures)
    _end(document)
    _add(document, said["target"], "Heading 2")
    _body(document, "{{ targets.line }}")
    _when(document, "targets.rows")
    _add(document, said["targets"], "Caption", _CENTRE)
    targets: list[Column] = [
        ("unit", "row.name", 42, False),
        ("figure", "row.indicator", 58, False),
        ("target", "row.target", 20, True),
        ("reached", "row.reached", 20, True),
        ("state", "row.state", 24, False),
    ]
    _table(document, said, "targets.rows", targets)
    _end(document)
    _add(document, said["claims_section"], "Heading 2")
    _when(document, "claims")
    _add(document, said["claims"], "Caption", _CENTRE)
    claims: list[Column] = [
        ("figure", "row.claim", 42, False),
        ("unit", "row.unit_name", 28, False),
        ("claimed", "row.claimed", 19, True),
        ("recomputed", "row.recomputed", 19, True),
        ("gap", "row.difference", 19, True),
        ("definition", "row.definition_vi", 37, False),
    ]
    _table(document, said, "claims", claims)
    _end(document, "else")
    _body(document, said["no_claims"])
    _end(document)


def _shortcomings(document: Any, said: Any) -> None:
    _add(document, said["h3"], "Heading 1")
    _when(document, "shortcomings")
    _body(document, said["shortcomings_text"])
    _add(document, "{%p for item in shortcomings %}")
    _add(document, "{{ item.text }}", "List Bullet", _BOTH)
    _end(document, "endfor")
    _end(document, "else")
    _body(document, said["no_shortcomings"])
    _end(document)
    for text in (said["other_shortcomings"], said["causes"]):
        _dotted(_body(document, text + "\t"))
    _when(document, "findings")
    _add(document, said["findings_section"], "Heading 2")
    _add(document, said["findings"], "Caption", _CENTRE)
    findings: list[Column] = [
        ("unit", "row.unit_name", 26, False),
        ("finding", "row.finding", 36, False),
        ("measure", "row.measure", 36, False),
        ("due", "row.due_on", 20, False),
        ("before", "row.before_value", 15, True),
        ("after", "row.after_value", 15, True),
        ("state", "row.state", 18, False),
    ]
    _table(document, said, "findings", findings)
    _end(document)


def _recommendations(document: Any, said: Any) -> None:
    """Blanks to complete: one for each shortcoming that the figures name."""
    _add(document, said["h4"], "Heading 1")
    _add(document, said["to_unit"], "Heading 2")
    _add(document, "{%p for item in shortcomings %}")
    _dotted(_add(document, said["about_blank"] + "\t", "List Bullet"))
    _end(document, "endfor")
    _dotted(_add(document, said["other_blank"] + "\t", "List Bullet"))
    for heading in (said["to_others"], said["to_province"]):
        _add(document, heading, "Heading 2")
        for _ in range(2):
            _dotted(_add(document, "\t"))


def _dotted(paragraph: Any) -> None:
    """Dots from the text to the margin, whatever the font."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(163), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)


def _closing(document: Any, said: Any) -> None:
    _body(document, said["closing"])
    table = document.add_table(rows=1, cols=2)
    _widths(table, (80, 83))
    left, right = table.rows[0].cells
    for n, text in enumerate((said["receivers"], said["receiver"], said["receiver"], said["filed"])):
        paragraph = left.paragraphs[0] if n == 0 else left.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        run = paragraph.add_run(text)
        run.bold = run.italic = n == 0
        run.font.size = Pt(12 if n == 0 else 11)
    _lines(right, ((said["signer"], True, False), (said["sign"], False, True), *[("", False, False)] * 4))
    for cell in (left, right):
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = True
    _keep_whole(table.rows[0])


def _annex(document: Any, said: Any) -> None:
    _add(document, said["annex"], "Heading 1", _CENTRE).paragraph_format.page_break_before = True
    common: list[Column] = [
        ("place", "row.place", 9, True),
        ("dossier", "row.code", 54, False),
        ("received_on", "row.received", 20, False),
        ("due_on", "row.due", 20, False),
    ]
    ended: Column = ("ended_on", "row.ended", 20, False)
    desk: Column = ("desk", "row.desk", 22, False)
    for rows, caption, own in (("late", "annex_late", ended), ("overdue", "annex_overdue", desk)):
        _add(document, said[caption], "Heading 2")
        _when(document, rows)
        rest: list[Column] = [("unit", "row.unit", 24, False), ("late_days", "row.late_days", 16, True)]
        columns = [*common, own, *rest] if rows == "late" else [*common, rest[0], own, rest[1]]
        _table(document, said, rows, columns)
        _end(document, "else")
        _body(document, said["none"])
        _end(document)


def _table(document: Any, said: Any, rows: str, columns: Sequence[Column], with_total: bool = False) -> None:
    """Headings that are repeated on each page, and a row that the template repeats for each of `rows`."""
    table = document.add_table(rows=5 if with_total else 4, cols=len(columns), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _narrow_margins(table)
    _widths(table, [width for _, _, width, _ in columns])
    head, first, body, last = table.rows[:4]
    repeated = OxmlElement("w:tblHeader")
    head._tr.get_or_add_trPr().append(repeated)
    for cell, (name, _, _, _) in zip(head.cells, columns, strict=True):
        _fill(cell, said["columns"][name], _CENTRE, is_bold=True)
        _shade(cell, "E8EEF4")
    first.cells[0].paragraphs[0].add_run(f"{{%tr for row in {rows} %}}")
    for cell, (name, value, _, is_number) in zip(body.cells, columns, strict=True):
        _fill(cell, f"{{{{ {value} }}}}", _CENTRE if name == "place" else _RIGHT if is_number else None)
    last.cells[0].paragraphs[0].add_run("{%tr endfor %}")
    _keep_whole(body)
    if with_total:
        for cell, (name, value, _, is_number) in zip(table.rows[4].cells, columns, strict=True):
            text = said["columns"]["total"] if not is_number else f"{{{{ {value.replace('row.', 'total.')} }}}}"
            _fill(cell, "" if name == "place" else text, _RIGHT if is_number else None, is_bold=True)
            _shade(cell, "F2F2F2")
    _add(document, "").paragraph_format.space_after = Pt(0)


def _fill(cell: Any, text: str, alignment: Any, is_bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style, paragraph.alignment = "Table Text", alignment
    paragraph.add_run(text).bold = is_bold


def _shade(cell: Any, colour: str) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), colour)
    cell._tc.get_or_add_tcPr().append(shade)


def _keep_whole(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _narrow_margins(table: Any) -> None:
    """A millimetre beside the text of a cell: eleven figures stand beside each other."""
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


def _widths(table: Any, millimetres: Sequence[float]) -> None:
    for column, width in zip(table.columns, millimetres, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


if __name__ == "__main__":
    main()
