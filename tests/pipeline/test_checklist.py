"""What no export tells: a checklist whose answers people record, kept with the inspection and compared next time."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from docx import Document

from assets.rebuild import rebuild
from assets.reports.document.document import write_document
from assets.reports.findings.checklist import NewAnswer, answers, items, read_answers, record_answer
from assets.reports.findings.findings import FindingError
from assets.reports.page.page import render_page
from assets.reports.reading.figures import Figures, Request
from assets.reports.reading.read import read_figures
from assets.reports.words.checklist_points import checklist_points
from assets.reports.words.form_texts import FormWords
from tests.asking import ask_as_analyst
from tests.command_line import Motcua
from tests.pipeline.sealed_world import JULY
from tests.worlds import World
from warehouse_sql.messages import speak, spoken

_HERE = ZoneInfo("Asia/Ho_Chi_Minh")
_FIRST = NewAnswer(
    "QĐ 417/QĐ-UBND", "Phường Thới Sơn", "qr_scanners", "chưa đạt", date(2023, 8, 30), "Chưa có máy"
)


@pytest.fixture
def world(four_dossiers: World) -> World:
    """Four dossiers at one desk."""
    return four_dossiers


def _record(world: World, **changed: Any) -> None:
    with world.engine.begin() as connection:
        record_answer(connection, replace(_FIRST, **changed))


def _read(world: World, recorded_by: str = "infinity", units: tuple[str, ...] = ()) -> list[Any]:
    with world.engine.connect() as connection:
        return list(read_answers(connection, units, recorded_by))


def _row(figures: Figures, code: str, lang: str = "vi") -> Any:
    (row,) = (
        r
        for r in checklist_points(figures, FormWords(lang))["checklist"].rows
        if r["item"] == _title(code, lang)
    )
    return row


def _title(code: str, lang: str = "vi") -> str:
    return items()[code].title_vi if lang == "vi" else items()[code].title_en


@pytest.mark.both_servers
def test_the_next_inspection_is_compared_with_the_one_before(world: World) -> None:
    _record(world)
    _record(world, inspection="QĐ 90/QĐ-UBND", answer="đạt", answered_on=date(2024, 5, 10), note="")
    last, first = _read(world)
    assert (last["answer"], last["former_answer"], last["former_inspection"]) == (
        "yes",
        "no",
        "QĐ 417/QĐ-UBND",
    )
    assert (first["place"], first["answer"], first["former_answer"], first["note"]) == (
        2,
        "no",
        None,
        "Chưa có máy",
    )
    row = _row(read_figures(world.engine, JULY), "qr_scanners")
    assert (row["answer"], row["former"]) == ("Đạt", "Chưa đạt (QĐ 417/QĐ-UBND)")


def test_a_later_answer_to_the_same_item_takes_the_place_of_the_first(world: World) -> None:
    _record(world)
    between = datetime.now(_HERE).isoformat()
    _record(world, answer="một phần")
    assert [(row["answer"], row["former_answer"]) for row in _read(world)] == [("partly", None)]
    assert [row["answer"] for row in _read(world, between)] == ["no"], "a report of an earlier moment"
    assert world.ask("select count(*) from ops.inspection_answer") == [(2,)]


def test_answers_belong_to_the_reports_of_their_units(world: World) -> None:
    _record(world)
    _record(world, unit="all", item="plan")
    assert [row["item"] for row in _read(world, units=("890",))] == ["qr_scanners", "plan"]
    assert [row["item"] for row in _read(world, units=("883",))] == ["plan"]


def test_the_document_has_a_blank_for_what_is_not_answered(world: World, tmp_path: Path) -> None:
    _record(world)
    figures = read_figures(world.engine, JULY)
    write_document(figures, tmp_path / "x.docx")
    tables = [
        {row.cells[0].text: [cell.text for cell in row.cells] for row in table.rows}
        for table in Document(str(tmp_path / "x.docx")).tables
    ]
    (table,) = (table for table in tables if _title("texts") in table)
    assert set(table) == {"Nội dung", *(item.title_vi for item in items().values())}
    assert table[_title("qr_scanners")][1:] == ["Phường Thới Sơn", "Chưa đạt", "–", "Chưa có máy"]
    assert table[_title("texts")][2:] == ["□\xa0Đạt □\xa0Một\xa0phần □\xa0Chưa\xa0đạt", "–", "…………"]
    page = render_page(figures, "x.xlsx")
    assert "Chưa có máy" in page and _title("posted_lists") in page
    english = replace(figures, request=replace(figures.request, lang="en"))
    assert _row(english, "qr_scanners", "en")["answer"] == "Not in order"


def test_an_answer_makes_another_issue(world: World) -> None:
    """What a report says of an inspection is part of its content."""
    before = read_figures(world.engine, JULY).seal
    _record(world)
    after = read_figures(world.engine, JULY).seal
    assert before is not None and after is not None and before.content_digest != after.content_digest


def test_a_rebuild_leaves_answers_alone(world: World) -> None:
    _record(world)
    kept = world.ask("select * from ops.inspection_answer")
    rebuild(world.engine, world.archive, world.sources)
    assert world.ask("select * from ops.inspection_answer") == kept
    assert ask_as_analyst(world.engine, "select count(*) from ops.inspection_answer")[1] == [(1,)]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (
            {"item": "máy in"},
            "“máy in” không có trong danh sách kiểm tra tại chỗ; hãy dùng một trong: texts,",
        ),
        ({"answer": "tốt"}, "“tốt” không có; hãy dùng một trong: đạt, một phần, chưa đạt."),
        ({"unit": "Phường Không Đâu"}, "“Phường Không Đâu” không có trong danh sách đơn vị ngày 30/08/2023"),
        ({"inspection": " "}, "Thiếu đợt kiểm tra"),
    ],
)
def test_an_answer_that_cannot_be_recorded_is_one_sentence(world: World, changed: Any, words: str) -> None:
    with pytest.raises(FindingError) as raised:
        _record(world, **changed)
    assert words in str(raised.value)
    assert world.ask("select count(*) from ops.inspection_answer") == [(0,)]


def test_the_command_line_shows_the_list_and_records_an_answer(motcua: Motcua, world: World) -> None:
    shown = motcua("findings", "check")
    assert shown.returncode == 0, shown.stderr
    assert all(item.title_vi in shown.stdout for item in items().values())
    given = ("--inspection", "QĐ 417", "--unit", "30517", "--on", "2023-08-30")
    done = motcua("findings", "check", "training", *given, "--answer", "đạt", "--note", "12 người")
    assert (done.returncode, done.stdout.strip()) == (0, f"Đã ghi: {_title('training')}: đạt."), done.stderr
    (row,) = json.loads(motcua("findings", "check", "--json", "--inspection", "qđ 417").stdout)
    assert (row["item"], row["unit_name"], row["answer"]) == ("training", "Phường Thới Sơn", "yes")
    assert "12 người" in motcua("findings", "check").stdout
    assert motcua("findings", "check", "training").returncode == 2
    wrong = motcua("findings", "check", "training", *given, "--answer", "tốt")
    assert wrong.returncode == 1 and wrong.stderr.startswith("Lỗi: Trả lời “tốt” không có")


def test_an_english_reader_is_told_of_the_answers_in_english(world: World) -> None:
    with pytest.raises(FindingError) as raised:
        _record(world, answer="tốt")
    speak("en")
    try:
        assert spoken(raised.value.args[0]).endswith(
            "use one of: " + ", ".join(a.title_en for a in answers().values()) + "."
        )
    finally:
        speak("vi")


def test_a_report_of_no_inspection_has_only_blanks(world: World) -> None:
    figures = read_figures(world.engine, Request(JULY.date_from, JULY.date_to))
    rows = checklist_points(figures, FormWords("vi"))["checklist"].rows
    assert [row["item"] for row in rows] == [item.title_vi for item in items().values()]
    assert {row["unit"] for row in rows} == {""}
