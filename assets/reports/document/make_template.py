"""Makes the templates of the document again from the texts: `python -m assets.reports.document.make_template`.

What it writes is kept in the repository and can be edited in a word processor; after that, this is not run any more
without losing the edits.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from assets.reports.document.document import repacked, template_of
from assets.reports.document.template_parts import (
    BOTH,
    CENTRE,
    Column,
    add,
    add_body,
    add_lines,
    add_page_number,
    add_table,
    begin_if,
    end,
    end_in_dots,
    keep_whole,
    set_font,
    set_widths,
)
from assets.reports.document.template_points import add_annexes, add_point
from assets.reports.reading.figures import LANGUAGES
from assets.reports.words.form_texts import texts
from assets.reports.words.indicator_points import INDICATOR_COLUMNS


def main() -> None:
    """Writes both templates."""
    for lang in LANGUAGES:
        content = io.BytesIO()
        _template(texts(lang), "en-GB" if lang == "en" else "vi-VN").save(content)
        template_of(lang).write_bytes(repacked(content.getvalue()))


def _template(catalogue: Any, locale: str) -> Any:
    document, words = Document(), catalogue["template"]
    _set_up(document, locale)
    _national_heading(document, words)
    _opening(document, words)
    for place, (name, write) in enumerate(_SECTIONS.items()):
        heading = f"{_ROMAN[place]}. {catalogue['headings'][name].upper()}"
        add(document, heading, "Heading 1")
        write(document, catalogue)
    _closing(document, words)
    add_annexes(document, catalogue)
    _methods(document, words)
    properties = document.core_properties
    properties.author = properties.last_modified_by = "motcua"
    properties.title, properties.comments = words["kind"], ""
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
    add_page_number(section.header.paragraphs[0])
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
        set_font(style, size, is_bold)
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
    set_font(cells, 10, False)
    cells.paragraph_format.space_before = cells.paragraph_format.space_after = Pt(1)
    # Eight columns of a list stand on a page upright.
    small = document.styles.add_style("Small Table Text", 1)
    small.base_style = cells
    set_font(small, 8.5, False)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), locale)
    document.styles["Normal"].element.get_or_add_rPr().append(language)


def _national_heading(document: Any, words: Any) -> None:
    table = document.add_table(rows=2, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    set_widths(table, (60, 103))
    left, right = table.rows[0].cells
    add_lines(
        left, ((words["body"], True, False), (words["body_line"], False, False), ("—————", False, False))
    )
    add_lines(
        right, ((words["nation"], True, False), (words["motto"], True, False), ("———————————", False, False))
    )
    add_lines(table.cell(1, 0), ((words["number"], False, False),))
    add_lines(table.cell(1, 1), ((words["place_and_day"], False, True),))
    add(document, "", "Normal")


def _opening(document: Any, words: Any) -> None:
    for text in (words["kind"], words["about"]):
        add(document, text, "Title", CENTRE).paragraph_format.space_after = Pt(2)
    add(document, "—————", alignment=CENTRE)
    for text in words["bases"]:
        basis = add_body(document, text)
        basis.alignment, basis.runs[0].italic = WD_ALIGN_PARAGRAPH.LEFT, True
    add_body(document, words["opening"])


def _headline(document: Any, catalogue: Any) -> None:
    """The sentence of the inspection, and what a reader must know first."""
    words = catalogue["template"]
    add_body(document, "{{ sentence }}")
    begin_if(document, "line.is_any")
    add_body(document, words["explained"])
    end(document)
    add(document, "{%p for note in notes %}")
    add_body(document, words["notes"]).runs[0].italic = True
    end(document, "endfor")
    begin_if(document, "claims")
    add(document, words["claims_section"], "Heading 2")
    claims: list[Column] = [
        ("figure", "row.claim", 26, False),
        ("unit", "row.unit_name", 24, False),
        ("claimed", "row.claimed", 16, True),
        ("recomputed", "row.recomputed", 22, True),
        ("gap", "row.difference", 18, True),
        ("definition", "row.definition_vi", 58, False),
    ]
    add_table(document, words, "claims", claims)
    add(document, "{%p for check in claim_checks %}")
    add_body(document, "{{ check }}")
    end(document, "endfor")
    end(document)


def _shortcomings(document: Any, catalogue: Any) -> None:
    words = catalogue["template"]
    begin_if(document, "shortcomings")
    add_body(document, words["shortcomings_text"])
    add(document, "{%p for item in shortcomings %}")
    add(document, "{{ item.text }}", "List Bullet", BOTH)
    end(document, "endfor")
    end(document, "else")
    add_body(document, words["no_shortcomings"])
    end(document)
    for text in (words["other_shortcomings"], words["causes"]):
        end_in_dots(add_body(document, text + "\t"))


def _recommendations(document: Any, catalogue: Any) -> None:
    """Blanks to complete: one for each shortcoming that the figures name."""
    words = catalogue["template"]
    add(document, words["to_unit"], "Heading 2")
    add(document, "{%p for item in shortcomings %}")
    end_in_dots(add(document, words["about_blank"] + "\t", "List Bullet"))
    end(document, "endfor")
    end_in_dots(add(document, words["other_blank"] + "\t", "List Bullet"))
    for heading in (words["to_others"], words["to_province"]):
        add(document, heading, "Heading 2")
        end_in_dots(add(document, "\t"))


def _handling(document: Any, catalogue: Any) -> None:
    """The form by unit and by sector with its "trong đó" lines, and how it was in the former period."""
    words = catalogue["template"]
    add_body(document, words["intake_text"])
    _form(document, words, "form", "unit", words["by_unit"])
    add(document, "{%p for line in form_lines %}")
    add(document, "{{ line }}", "List Bullet", BOTH)
    end(document, "endfor")
    for name in ("stopped", "hand_over"):
        add_point(document, catalogue, name)
    _form(document, words, "fields", "sector", words["by_sector"])
    add(document, words["comparison"], "Heading 2")
    add_body(document, "{{ comparison.how }} {{ comparison.note }}")
    figures: list[Column] = [
        ("figure", "row.name", 66, False),
        ("now", "row.now", 30, True),
        ("former", "row.former", 30, True),
        ("difference", "row.difference", 38, True),
    ]
    begin_if(document, "comparison.rows")
    add_table(document, words, "comparison.rows", figures)
    end(document)


def _form(document: Any, words: Any, rows: str, head: str, caption: str) -> None:
    begin_if(document, rows)
    add(document, caption, "Caption", CENTRE)
    add_table(document, words, rows, _counts(head), with_total=True)
    end(document)


def _counts(head: str) -> list[Column]:
    return [
        ("place", "row.place", 9, True),
        (head, "row.name", 31, False),
        ("received", "row.received_total", 17, True),
        ("resolved", "row.resolved_total", 18, True),
        ("early", "row.resolved_early", 14, True),
        ("on_time", "row.resolved_on_time", 16, True),
        ("late", "row.resolved_late", 12, True),
        ("pending", "row.pending_total", 14, True),
        ("overdue", "row.pending_overdue", 17, True),
        ("timely", "row.timely", 15, True),
    ]


def _overdue(document: Any, catalogue: Any) -> None:
    """Late, and open and overdue: by unit, through time."""
    words = catalogue["template"]
    add_point(document, catalogue, "late")
    for chart, caption in (("timeliness_chart", "chart_units"), ("overdue_chart", "chart_days")):
        begin_if(document, chart)
        add(document, f"{{{{ {chart} }}}}", alignment=CENTRE).paragraph_format.keep_with_next = True
        add(document, words[caption], "Caption", CENTRE).paragraph_format.keep_with_next = False
        end(document)
    begin_if(document, "months")
    add(document, words["months"], "Caption", CENTRE)
    columns: list[Column] = [
        ("days", "row.days", 58, False),
        ("newly", "row.newly_overdue", 27, True),
        ("cleared", "row.overdue_cleared", 27, True),
        ("overdue_end", "row.overdue_open", 27, True),
        ("pending_end", "row.pending", 27, True),
    ]
    add_table(document, words, "months", columns)
    end(document)


def _papers(document: Any, catalogue: Any) -> None:
    add_point(document, catalogue, "papers")
    add_point(document, catalogue, "paper_procedures", has_text=False)


def _point(name: str) -> Callable[[Any, Any], None]:
    return lambda document, catalogue: add_point(document, catalogue, name)


def _indicators(document: Any, catalogue: Any) -> None:
    """What each indicator comes to, units by rank, what can't be had, what each rule set makes of it, and targets."""
    for name in INDICATOR_COLUMNS:
        add_point(document, catalogue, name)


def _findings(document: Any, catalogue: Any) -> None:
    words = catalogue["template"]
    begin_if(document, "findings")
    findings: list[Column] = [
        ("unit", "row.unit_name", 26, False),
        ("finding", "row.finding", 36, False),
        ("measure", "row.measure", 36, False),
        ("due", "row.due_on", 20, False),
        ("before", "row.before_value", 15, True),
        ("after", "row.after_value", 15, True),
        ("state", "row.state", 18, False),
    ]
    add_table(document, words, "findings", findings)
    end(document, "else")
    add_body(document, words["no_findings"])
    end(document)
    add_point(document, catalogue, "checklist")


def _edited(document: Any, catalogue: Any) -> None:
    add(document, "{%p for text in edited %}")
    add_body(document, "{{ text }}")
    end(document, "endfor")


def _closing(document: Any, words: Any) -> None:
    # Nobody signs a page with nothing on it.
    add_body(document, words["closing"]).paragraph_format.keep_with_next = True
    table = document.add_table(rows=1, cols=2)
    set_widths(table, (80, 83))
    left, right = table.rows[0].cells
    for n, text in enumerate((words["receivers"], words["receiver"], words["receiver"], words["filed"])):
        paragraph = left.paragraphs[0] if n == 0 else left.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        run = paragraph.add_run(text)
        run.bold = run.italic = n == 0
        run.font.size = Pt(12 if n == 0 else 11)
    add_lines(
        right, ((words["signer"], True, False), (words["sign"], False, True), *[("", False, False)] * 4)
    )
    for cell in (left, right):
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = True
    keep_whole(table.rows[0])


def _methods(document: Any, words: Any) -> None:
    """What the figures rest on, after all of them."""
    add(document, words["scope"], "Heading 2")
    add_body(document, words["scope_text"])
    add_body(document, words["rules_text"])


#: Sections of the document by the name of their heading, in the order of every file of the report.
_SECTIONS: Mapping[str, Callable[[Any, Any], None]] = {
    "headline": _headline,
    "review": _shortcomings,
    "todo": _recommendations,
    "handling": _handling,
    "overdue": _overdue,
    "served": _point("served"),
    "papers": _papers,
    "portal": _point("portal"),
    "catalogue": _point("catalogue"),
    "indicators": _indicators,
    "findings": _findings,
    "edited": _edited,
}
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


if __name__ == "__main__":
    main()
