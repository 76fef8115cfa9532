"""The inspection report as a Word document: its figures, its comparisons, and templates of an office's own."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from docx import Document
from sqlalchemy import Engine, text

from assets.given.vietnamese import number, percent
from assets.reports.document.document import template_of, write_document
from assets.reports.document.narrative import claims, context, findings
from assets.reports.issue.write import DOCUMENT, write_report
from assets.reports.reading.by_sector import COUNTS, total
from assets.reports.reading.figures import ENGLISH, LANGUAGES, Figures, ReportError, Request
from assets.reports.reading.read import read_figures
from assets.reports.words.form_texts import FormWords
from assets.reports.words.wording import inspection_sentence
from assets.reports.workbook.list_sheets import cell_value
from tests.pipeline.sealed_world import JULY
from tests.worlds import World, national

_HERE = ZoneInfo("Asia/Ho_Chi_Minh")
_WHOLE = Request(date(2023, 2, 1), date(2023, 2, 17), ("890",))


def _plain(words: str) -> str:
    return words.replace("\u00a0", " ")


def _paragraphs(path: Path) -> list[str]:
    return [_plain(paragraph.text) for paragraph in Document(str(path)).paragraphs]


def _tables(path: Path) -> list[list[list[str]]]:
    return [
        [[_plain(cell.text) for cell in row.cells] for row in table.rows]
        for table in Document(str(path)).tables
    ]


def _table(path: Path, *heads: str) -> list[list[str]]:
    """The one with these headings among its own."""
    (result,) = [table for table in _tables(path) if set(heads) <= set(table[0])]
    return result


def test_the_document_says_the_sentence_and_has_the_figures(sample: World, tmp_path: Path) -> None:
    figures = write_report(sample.engine, _WHOLE, tmp_path / "ra")
    path = tmp_path / "ra" / DOCUMENT
    shown = _paragraphs(path)
    assert inspection_sentence(figures) in shown
    line = figures.line
    (explained,) = [text for text in shown if text.startswith("Hai con số")]
    late = f"({number(line['resolved'])} − {number(line['early_or_on_time'])} = {number(line['late'])})"
    assert (
        late in explained and f"; {number(line['overdue_open'])} là số hồ sơ còn đang giải quyết" in explained
    )
    sums = total(figures.form)
    columns = ("received_total", "resolved_total", "resolved_early", "resolved_on_time", "resolved_late")
    columns = (*columns, "pending_total", "pending_overdue")

    def row(counts: Any) -> list[str]:
        timely = percent(counts["resolved_early"] + counts["resolved_on_time"], counts["resolved_total"])
        return [*(number(counts[name]) for name in columns), timely]

    by_unit = _table(path, "STT", "Đơn vị", "Trước hạn")
    assert by_unit[1:-1] == [
        [str(n), item["unit_name"], *row(item)] for n, item in enumerate(figures.form, start=1)
    ]
    assert by_unit[-1] == ["", "Tổng số", *row(sums)]
    by_sector = _table(path, "STT", "Lĩnh vực")
    assert by_sector[-1] == by_unit[-1]
    assert sum(int(row[2].replace(".", "")) for row in by_sector[1:-1]) == sums["received_total"]
    months = _table(path, "Từ ngày – đến ngày")
    assert months[-1][3:] == [number(figures.days[-1][name]) for name in ("overdue_open", "pending")]
    appendices = [table for table in _tables(path) if table[0][1:2] == ["Mã hồ sơ"]]
    assert [len(table) - 1 for table in appendices] == [
        min(20, len(rows))
        for rows in (
            figures.late,
            figures.overdue,
            figures.stopped,
            figures.hand_over,
            figures.papers,
            figures.portal,
        )
    ]
    assert appendices[0][1][1] == figures.late[0]["dossier_code"]
    # Everything of the template is filled in.
    everything = "\n".join([*shown, *(cell for table in _tables(path) for row in table for cell in row)])
    assert "{" not in everything and "None" not in everything


def test_headings_of_tables_stay_whole_and_with_their_first_row(sample: World, tmp_path: Path) -> None:
    write_document(read_figures(sample.engine, _WHOLE), tmp_path / "x.docx")
    heads = [row for row in _rows(tmp_path / "x.docx") if _is_head(row)]
    assert len(heads) > 15
    assert all(row._tr.xpath("./w:trPr/w:cantSplit") for row in heads)
    assert all(cell.paragraphs[0].paragraph_format.keep_with_next for row in heads for cell in row.cells)


def test_the_sums_of_tables_stand_in_bold(sample: World, tmp_path: Path) -> None:
    write_document(read_figures(sample.engine, _WHOLE), tmp_path / "x.docx")
    sums = [
        row
        for row in _rows(tmp_path / "x.docx")
        if "Tổng số" in [cell.text for cell in row.cells[:2]] and not _is_head(row)
    ]
    assert len(sums) > 6
    runs = [run for row in sums for cell in row.cells for run in cell.paragraphs[0].runs if run.text]
    assert runs and all(run.bold for run in runs)


def _rows(path: Path) -> list[Any]:
    return [row for table in Document(str(path)).tables for row in table.rows]


def _is_head(row: Any) -> bool:
    return bool(row._tr.xpath("./w:trPr/w:tblHeader"))


def test_a_district_has_at_most_twelve_pages_before_its_annexes(sample: World, tmp_path: Path) -> None:
    """Word processors break pages each in its own way; this one is at hand."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice here: apt-get install libreoffice-writer-nogui")
    write_document(read_figures(sample.engine, _WHOLE), tmp_path / "x.docx")
    document = Document(str(tmp_path / "x.docx"))
    body = document.element.body
    (annexes,) = (paragraph._p for paragraph in document.paragraphs if paragraph.text == "PHỤ LỤC")
    for element in [annexes, *annexes.itersiblings()]:
        if not element.tag.endswith("}sectPr"):
            body.remove(element)
    document.save(str(tmp_path / "before.docx"))
    subprocess.run(
        [office, f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", "pdf", "--outdir",
         str(tmp_path), str(tmp_path / "before.docx")],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    pages = re.findall(rb"/Type\s*/Page\b", (tmp_path / "before.pdf").read_bytes())
    assert 3 < len(pages) <= 12


def test_charts_are_png_and_described(sample: World, tmp_path: Path) -> None:
    write_report(sample.engine, _WHOLE, tmp_path / "ra")
    document = Document(str(tmp_path / "ra" / DOCUMENT))
    described = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert [shown.split(".")[0] for shown in described] == [
        "Biểu đồ tỷ lệ trước hạn và đúng hạn theo đơn vị",
        "Biểu đồ hồ sơ quá hạn theo ngày",
    ]
    with zipfile.ZipFile(tmp_path / "ra" / DOCUMENT) as parts:
        pictures = [parts.read(name) for name in parts.namelist() if name.startswith("word/media/")]
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert len(pictures) == 2
    for picture in pictures:
        assert picture.startswith(b"\x89PNG") and int.from_bytes(picture[16:20]) > 1000  # at twice its size
    properties = document.core_properties
    assert properties.created == properties.modified == datetime(2023, 2, 17, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_same_figures_give_the_same_bytes(sample: World, tmp_path: Path, lang: str) -> None:
    figures = read_figures(sample.engine, replace(_WHOLE, lang=lang))
    for name in ("one.docx", "other.docx"):
        write_document(figures, tmp_path / name)
    assert (tmp_path / "one.docx").read_bytes() == (tmp_path / "other.docx").read_bytes()


def test_in_english_with_english_numbers(sample: World, tmp_path: Path) -> None:
    figures = read_figures(sample.engine, replace(_WHOLE, lang=ENGLISH))
    write_document(figures, tmp_path / "x.docx")
    shown = _paragraphs(tmp_path / "x.docx")
    assert "REPORT" in shown and "I. RESULTS AT A GLANCE" in shown
    share = percent(figures.line["resolved"], figures.line["received"]).replace(",", ".")
    (sentence,) = [
        text
        for text in shown
        if text.startswith("From 01 Feb 2023 to 17 Feb 2023, dossiers received directly")
    ]
    assert f"resolved: {figures.line['resolved']:,} ({share})" in sentence


def _compared(figures: Figures) -> dict[str, list[str]]:
    rows = context(figures, FormWords("vi"))["comparison"]["rows"]
    return {row["name"]: [row["now"], row["former"], row["difference"]] for row in rows}


def _form(world: World, start: date, end: date) -> dict[str, int]:
    rows = world.form(start.isoformat(), end.isoformat()).values()
    return {name: sum(row[name] for row in rows) for name in COUNTS}


def test_the_former_period_is_as_long_or_that_of_the_calendar(sample: World, tmp_path: Path) -> None:
    half = Request(date(2023, 2, 10), date(2023, 2, 17), ("890",))
    figures = read_figures(sample.engine, half)
    assert (figures.period["former_from"], figures.period["former_to"]) == (
        date(2023, 2, 2),
        date(2023, 2, 9),
    )
    shown = context(figures, FormWords("vi"))["comparison"]
    assert shown["how"].startswith("Kỳ trước là 8 ngày liền trước, từ 02/02/2023 đến 09/02/2023,")
    now, former = (
        _form(sample, half.date_from, half.date_to),
        _form(sample, date(2023, 2, 2), date(2023, 2, 9)),
    )
    rows = _compared(figures)

    def counted(name: str) -> list[str]:
        change = now[name] - former[name]
        sign = "+" if change > 0 else "−" if change < 0 else ""
        return [number(now[name]), number(former[name]), sign + number(abs(change))]

    assert former["resolved_total"] and now["pending_overdue"]
    assert rows["Đã giải quyết"] == counted("resolved_total")
    assert rows["– trong đó quá hạn"] == counted("pending_overdue")
    assert rows["Từ kỳ trước chuyển sang"] == counted("carried_over")
    timely = [row["resolved_early"] + row["resolved_on_time"] for row in (now, former)]
    shares = [percent(timely[0], now["resolved_total"]), percent(timely[1], former["resolved_total"])]
    assert rows["Tỷ lệ trước hạn và đúng hạn"][:2] == shares

    month = read_figures(sample.engine, Request(date(2023, 2, 15), date(2023, 3, 14)))
    assert (
        month.period["label_vi"] == "Kỳ báo cáo: Tháng 03 năm 2023 (Từ ngày 15/02/2023 đến ngày 14/03/2023)"
    )
    assert (month.period["former_from"], month.period["former_to"]) == (date(2023, 1, 15), date(2023, 2, 14))
    shown = context(month, FormWords("vi"))["comparison"]
    assert shown["how"].startswith("Kỳ trước là Tháng 02 năm 2023 (Từ ngày 15/01/2023 đến ngày 14/02/2023)")
    assert shown["note"].startswith("Hồ sơ đầu tiên trong kho được tiếp nhận ngày") and shown["rows"]

    nothing = read_figures(sample.engine, Request(date(2021, 1, 15), date(2021, 2, 14)))
    shown = context(nothing, FormWords("vi"))["comparison"]
    assert shown["note"] == "Không so được: đến hết kỳ chưa có hồ sơ nào của các đơn vị này."
    write_document(nothing, tmp_path / "x.docx")
    assert not [text for text in _paragraphs(tmp_path / "x.docx") if text.startswith("Hai con số")]

    nine = read_figures(sample.engine, Request(date(2022, 12, 15), date(2023, 9, 14)))
    assert (nine.period["former_from"], nine.period["former_to"]) == (date(2021, 12, 15), date(2022, 9, 14))
    shown = context(nine, FormWords("vi"))["comparison"]
    assert shown["note"].startswith("Không so được") and shown["rows"] == []


def test_targets_stand_beside_what_was_reached_and_not_in_a_past_report(
    sample: World, tmp_path: Path
) -> None:
    figures = read_figures(sample.engine, _WHOLE)
    assert "Chưa có chỉ tiêu" in context(figures, FormWords("vi"))["targets"]["line"]
    with sample.engine.begin() as connection:
        connection.execute(
            text(
                "insert into mart.target (unit_code, unit_valid_from, indicator, year, target, source) values"
                " ('all', '1900-01-01', 'on_time:ii06', 2023, 1, 'x'), ('30502', '1900-01-01', '3.3', 2023, 0.01, 'x'),"
                " ('884', '1900-01-01', '3.3', 2023, 0.5, 'x')"
            )
        )
    figures = read_figures(sample.engine, _WHOLE)
    assert [row["unit_code"] for row in figures.targets] == ["all", "30502"], "only units of the report"
    reached = sample.ask(
        "select reached from mart.target_progress(2023, '2023-02-17') where unit_code = 'all'"
    )
    assert figures.targets[0]["reached"] == reached[0][0]
    write_document(figures, tmp_path / "x.docx")
    (table,) = [table for table in _tables(tmp_path / "x.docx") if "Mức giao" in table[0]]
    assert table[1][:3] == ["Tất cả đơn vị trong kho", "Giải quyết trước hạn và đúng hạn (ii06)", "100,0%"]
    assert [row[4] for row in table[1:]] == ["Chưa đạt", "Đạt"]

    then = read_figures(sample.engine, replace(_WHOLE, known_at=datetime(2023, 2, 17, tzinfo=_HERE)))
    assert then.targets == []
    assert "thời điểm đã qua" in context(then, FormWords("vi"))["targets"]["line"]


def test_shortcomings_are_counted_and_each_asks_for_a_recommendation(sample: World, tmp_path: Path) -> None:
    figures = read_figures(sample.engine, _WHOLE)
    write_document(figures, tmp_path / "x.docx")
    shown = _paragraphs(tmp_path / "x.docx")
    sums = total(figures.form)
    (overdue,) = [
        text for text in shown if text.startswith("Còn ") and "quá hạn đến hết ngày 17/02/2023" in text
    ]
    assert f"Còn {number(sums['pending_overdue'])} hồ sơ" in overdue
    assert figures.overdue[0]["dossier_code"] in overdue
    for item in context(figures, FormWords("vi"))["shortcomings"]:
        assert item["text"] in shown
        assert [text for text in shown if text.startswith(f"Về {item['about']} (thời hạn ……")]


def _template(path: Path, *paragraphs: str) -> Path:
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(str(path))
    return path


@pytest.mark.long
def test_an_office_may_bring_its_own_template(
    sample: World, warehouse_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = _template(
        tmp_path / "mẫu của tỉnh.docx",
        "{{ unit }}: {{ line.late }}",
        "{%p for row in form %}",
        "{{ row.name }}",
        "{%p endfor %}",
    )
    monkeypatch.setenv("MOTCUA_WAREHOUSE_URL", warehouse_url)
    arguments = ["--from", "2023-02-01", "--to", "2023-02-17", "--unit", "890", "--out", str(tmp_path / "ra")]
    figures = read_figures(sample.engine, _WHOLE)
    expected = [f"thị xã Tịnh Biên: {figures.line['late']}", *(row["unit_name"] for row in figures.form)]
    assert _motcua(monkeypatch, *arguments, "--template", str(own)) == 0
    assert _paragraphs(tmp_path / "ra" / DOCUMENT) == expected
    monkeypatch.setenv("MOTCUA_REPORT_TEMPLATE", str(own))
    (tmp_path / "ra" / DOCUMENT).unlink()
    assert _motcua(monkeypatch, *arguments) == 0
    assert _paragraphs(tmp_path / "ra" / DOCUMENT) == expected
    assert _motcua(monkeypatch, *arguments, "--template", str(template_of("vi"))) == 0
    assert len(_paragraphs(tmp_path / "ra" / DOCUMENT)) > 40
    monkeypatch.delenv("MOTCUA_REPORT_TEMPLATE")
    assert _motcua(monkeypatch, *arguments, "--lang", "en") == 0
    assert "I. RESULTS AT A GLANCE" in _paragraphs(tmp_path / "ra" / DOCUMENT)
    assert _motcua(monkeypatch, *arguments, "--lang", "fr") == 2


def _motcua(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    from pipelines.cli import main

    monkeypatch.setattr(sys, "argv", ["motcua", "report", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


@pytest.mark.parametrize(
    ("paragraph", "why"),
    [
        ("{{ thong_tin }}", "'thong_tin' is undefined"),
        ("Số hồ sơ {{ line.late ", "gần"),
        ("{%p for row in form %}", "endfor"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{{ form + 1 }}", "không điền được"),
        ("{{ 1 / 0 }}", "không điền được"),
        (None, "không phải là tệp Word"),
        ("", "không đọc được"),
    ],
)
def test_a_template_that_cannot_be_used_is_reported_in_one_sentence(
    small: World, tmp_path: Path, paragraph: str | None, why: str
) -> None:
    own = tmp_path / "mẫu.docx"
    if paragraph:
        _template(own, paragraph)
    elif paragraph is None:
        own.write_bytes("Mẫu báo cáo".encode())
    with pytest.raises(ReportError) as raised:
        write_report(small.engine, JULY, tmp_path / "ra", template=own)
    shown = str(raised.value)
    assert shown.startswith(f"Mẫu báo cáo “{own}” ") and why in shown and "\n" not in shown
    assert shown.endswith("để dùng mẫu có sẵn.")
    assert list((tmp_path / "ra").iterdir()) == [], "whole or not at all"


def test_hostile_names_stay_text(warehouse: Engine, tmp_path: Path) -> None:
    world = World(warehouse, tmp_path)
    names = ["Phường </w:t></w:r><w:r>x", "{{ 7 * 7 }}", "{% include 'x' %} & co", "Xã <b>a</b>"]
    for n, name in enumerate(names):
        world.say_national(f"2023-07-17 18:3{n}", national(f"000.26.33.H01-230717-000{n}", DonViXuLy=name))
    world.run()
    figures = write_report(world.engine, Request(date(2023, 7, 1), date(2023, 7, 20)), tmp_path / "ra")
    written = {row["unit_name"] for row in figures.form}
    assert len(written) == len(names)
    assert written <= {row[1] for row in _table(tmp_path / "ra" / DOCUMENT, "STT", "Đơn vị", "Trước hạn")}
    strange = replace(figures, form=[{**row, "unit_name": "a\x00\x0bb\uffff"} for row in figures.form])
    write_document(strange, tmp_path / "x.docx")
    assert {row[1] for row in _table(tmp_path / "x.docx", "STT", "Đơn vị", "Trước hạn")[1:-1]} == {"ab"}


def test_claims_and_findings_as_they_are_written() -> None:
    words = FormWords("vi")
    claim = {
        **{"claim": "quá hạn", "unit_name": "Thị xã Tịnh Biên", "period": "9 tháng", "claimed": 1448},
        **{"recomputed": 1484, "difference": 36, "definition_vi": None},
    }
    (row,) = claims([claim], words)
    assert (row["claimed"], row["recomputed"], row["definition_vi"]) == ("1.448", "1.484", "–")
    (row,) = findings([{"finding": "x", "due_on": date(2023, 12, 31), "before_value": 0.5}], words)
    assert row == {"finding": "x", "due_on": "31/12/2023", "before_value": "0.5"}
    share = {"is_share": True, "claimed": Decimal("0.962"), "claimed_text": "96,2 %"}
    assert claims([share], words)[0]["claimed"] == "96,2 %" == cell_value(share, "claimed")
    assert cell_value({"claimed": Decimal(448), "claimed_text": "448"}, "claimed") == 448
    finding = {"kind": "share", "before_value": Decimal("0.5"), "before_text": "50,0%"}
    assert findings([finding], words)[0]["before_value"] == "50,0%" == cell_value(finding, "before_value")
