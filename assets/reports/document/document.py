"""The inspection report as a Word document, out of a template that an office may replace; the same bytes for the same
figures."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assets.reports.charts.pictures import Picture, overdue_picture, timeliness_picture
from assets.reports.charts.series import MOST_UNITS
from assets.reports.document.narrative import context
from assets.reports.reading.figures import Figures, ReportError
from assets.reports.words.form_texts import FormWords
from assets.reports.workbook.workbook import moment
from warehouse_sql.messages import message
from warehouse_sql.messages.system import system_reason

_TEMPLATES = Path(__file__).with_name("templates")
_WIDTH_MM = 160
# The oldest day that a zip file can tell.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MOST_SHOWN = 160


def template_of(lang: str) -> Path:
    """Returns the template that motcua brings along."""
    return _TEMPLATES / ("bao-cao.docx" if lang == "vi" else f"bao-cao.{lang}.docx")


def write_document(figures: Figures, path: Path, template: Path | None = None) -> None:
    """Writes the document to `path`, by the office's template where one is given.

    Raises ReportError for a template that can't be read or rendered: which, why, and what to do.
    """
    words = FormWords(figures.request.lang)
    names = context(figures, words)
    names["chart_units_note"] = (
        words.say("template.fewest", count=MOST_UNITS) if len(figures.form) > MOST_UNITS else ""
    )
    pictures = {
        "timeliness_chart": timeliness_picture(figures.form, words.lang),
        "overdue_chart": overdue_picture(figures.days, words.lang),
    }
    title = f"{words.say('document.subject')} – {words.unit(figures)}"
    properties = {
        "title": title,
        "author": "motcua",
        "last_modified_by": "motcua",
        "keywords": figures.seal.mark if figures.seal else "",
        "created": moment(figures),
        "modified": moment(figures),
        "revision": 1,
    }
    made = _rendered(template or template_of(words.lang), names, pictures, properties)
    path.write_bytes(repacked(made))


def _rendered(
    template: Path,
    names: dict[str, Any],
    pictures: Mapping[str, Picture | None],
    properties: Mapping[str, Any],
) -> bytes:
    # Half a second, paid only by who writes a document.
    from docx.shared import Mm  # noqa: PLC0415
    from docxtpl import DocxTemplate, InlineImage  # noqa: PLC0415
    from jinja2 import StrictUndefined  # noqa: PLC0415
    from jinja2.sandbox import SandboxedEnvironment  # noqa: PLC0415

    # A template is an office's, and may have come by mail: it names values, and reaches nothing else.
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True, finalize=_in_xml)
    content = _content(template)
    try:
        document = DocxTemplate(io.BytesIO(content))
        document.init_docx()
    except Exception as error:
        raise _unusable(
            template, message("không phải là tệp Word (.docx): {error}", error=_error_line(error))
        ) from error
    images = {
        name: InlineImage(document, io.BytesIO(picture.png), width=Mm(_WIDTH_MM)) if picture else ""
        for name, picture in pictures.items()
    }
    try:
        document.render(names | images, environment, autoescape=True)
    # Whatever an expression of the template may raise.
    except Exception as error:
        raise _unusable(template, message("không điền được: {error}", error=_error_line(error))) from error
    _describe_images(
        document.docx, {picture.png: picture.description for picture in pictures.values() if picture}
    )
    for name, value in properties.items():
        setattr(document.docx.core_properties, name, value)
    written = io.BytesIO()
    document.docx.save(written)
    return written.getvalue()


def _in_xml(value: Any) -> Any:
    """Names come from outside: what no XML can hold is left out. A share stays on one line with its sign."""
    return _NOT_IN_XML.sub("", value).replace(" %", "\u00a0%") if isinstance(value, str) else value


def _content(template: Path) -> bytes:
    try:
        return template.read_bytes()
    except OSError as error:
        raise _unusable(
            template, message("không đọc được ({reason})", reason=system_reason(error))
        ) from error


def _unusable(template: Path, why: str) -> ReportError:
    return ReportError(
        message(
            "Mẫu báo cáo “{template}” {why}; hãy sửa mẫu theo docs/report.md, hoặc bỏ --template và "
            "MOTCUA_REPORT_TEMPLATE để dùng mẫu có sẵn.",
            template=template,
            why=why,
        )
    )


def _error_line(error: Exception) -> str:
    """Returns what went wrong on one line, and near which words of the template."""
    near = " ".join(" ".join(getattr(error, "docx_context", ())).split())
    line = " ".join(str(error).split()) or type(error).__name__
    if near:
        return message("{error}, gần “{near}”", error=line[:_MOST_SHOWN], near=near[:_MOST_SHOWN])
    return line[:_MOST_SHOWN]


def _describe_images(document: Any, descriptions: Mapping[bytes, str]) -> None:
    """Text alternatives for the charts, wherever a template puts them."""
    for inline in document.element.body.iter("{*}inline"):
        (blip,) = inline.iter("{*}blip")
        related = blip.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed")
        description = descriptions.get(document.part.related_parts[related].blob)
        if description is not None:
            inline.docPr.set("descr", description)


def repacked(content: bytes) -> bytes:
    """Returns the same parts without the moment at which they were written."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as parts, zipfile.ZipFile(written, "w") as packed:
        for part in parts.infolist():
            named = zipfile.ZipInfo(part.filename, _ZIP_TIME)
            named.compress_type = zipfile.ZIP_DEFLATED
            named.create_system = 3  # the same whatever it is written on
            packed.writestr(named, parts.read(part))
    return written.getvalue()
