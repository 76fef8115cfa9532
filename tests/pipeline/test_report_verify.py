"""Whether a file is ours, altered or from elsewhere, and what the register of issues keeps."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from docx import Document
from sqlalchemy import text

from assets.reports.findings.findings import add_finding
from assets.reports.issue.issues import files_of_issue
from assets.reports.issue.verify import ALTERED, COMPLETED, FOREIGN, OURS, UNKNOWN, make_again, verify
from assets.reports.issue.write import DOCUMENT, FILES, PDF, SEALED, write_report
from tests.asking import ask_as_analyst
from tests.command_line import Motcua
from tests.pipeline.sealed_world import JULY, finding, sha256
from tests.worlds import World, national


@pytest.mark.both_servers
def test_a_file_is_ours_altered_or_from_elsewhere(small: World, tmp_path: Path) -> None:
    figures = write_report(small.engine, JULY, tmp_path / "ra")
    assert figures.seal is not None
    for name in FILES:
        file = tmp_path / "ra" / name
        actual = verify(small.engine, file)
        assert (actual.state, actual.report_id) == (OURS, figures.seal.report_id), name
        assert actual.issue is not None and actual.issue["file_name"] == name
        # renamed or copied it is still ours
        assert verify(small.engine, Path(shutil.copy(file, tmp_path / f"bản sao.{name}"))).state == OURS
        _alter(file, tmp_path / name)
        altered = verify(small.engine, tmp_path / name)
        assert (altered.state, altered.report_id) == (ALTERED, figures.seal.report_id), name
    with small.engine.begin() as connection:
        connection.execute(text("delete from ops.report_file"))
        connection.execute(text("delete from ops.report_issue"))
    assert {verify(small.engine, tmp_path / "ra" / name).state for name in FILES} == {UNKNOWN}
    for name, content in (("a.pdf", b"%PDF-1.7 else"), ("a.xlsx", b"PK\x03\x04 broken"), ("a", b"")):
        (tmp_path / name).write_bytes(content)
        assert verify(small.engine, tmp_path / name).state == FOREIGN


def _alter(file: Path, to: Path) -> None:
    if file.suffix != ".xlsx":
        to.write_bytes(file.read_bytes().replace(b"\n", b"\n ", 1) + b"\n")
        return
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, old.read(part) + (b" " if part.endswith("sheet1.xml") else b""))


def test_the_register_counts_issues_and_keeps_every_content(small: World, tmp_path: Path) -> None:
    figures = write_report(small.engine, JULY, tmp_path / "1")
    write_report(small.engine, JULY, tmp_path / "2")
    assert figures.seal is not None
    files = {row["file_name"]: row for row in files_of_issue(small.engine, figures.seal.report_id)}
    assert set(files) == set(FILES)
    assert {name: row["sha256"] for name, row in files.items()} == {
        name: sha256(tmp_path / "1", name) for name in FILES
    }
    assert {row["written_count"] for row in files.values()} == {2}
    assert {name for name, row in files.items() if row["is_sealed"]} == set(SEALED)
    _, rows = ask_as_analyst(
        small.engine, "select issued_count, first_issued_at < last_issued_at from ops.report_issue"
    )
    assert rows == [(2, True)]


@pytest.mark.long
def test_an_issue_is_made_again_after_other_files_came(small: World, tmp_path: Path) -> None:
    write_report(small.engine, JULY, tmp_path / "ra")
    issue = verify(small.engine, tmp_path / "ra" / PDF).issue
    assert issue is not None
    assert make_again(small.engine, issue).is_same
    small.say_national(
        "2023-07-25 18:30", national("000.26.33.H01-230717-0003", status=10, ended="2023-07-24 10:00")
    )
    small.run()
    assert make_again(small.engine, issue).is_same
    with small.engine.begin() as connection:
        add_finding(connection, finding())
    again = make_again(small.engine, issue)
    assert (again.is_same, again.differs) == (False, ("số liệu đã nêu, kết luận kiểm tra hoặc chỉ tiêu",))


@pytest.mark.both_servers
def test_the_command_line_issues_and_verifies(
    motcua: Motcua,
    small: World,
    tmp_path: Path,
) -> None:
    out, claims = tmp_path / "báo cáo", tmp_path / "đã nêu.yaml"
    claims.write_text("- {figure: quá hạn, value: 3}\n- {figure: số lượt khen, value: 3}\n", encoding="utf-8")
    period = ("--from", "2023-07-15", "--to", "2023-07-20")
    issued = motcua("report", *period, "--out", str(out), "--claims", str(claims))
    assert issued.returncode == 0, issued.stderr
    assert issued.stderr.startswith("Bỏ qua: đã nêu.yaml: mục 2, số liệu “số lượt khen”")
    assert "quá hạn" in issued.stdout and "Mã báo cáo " in issued.stdout
    short = issued.stdout.rsplit("Mã báo cáo ", 1)[1][:16]

    for name in FILES:
        ours = motcua("report", "verify", str(out / name))
        assert (ours.returncode, ours.stderr) == (0, ""), name
        lines = ours.stdout.splitlines()
        assert lines[0] == f"{name}: đúng là báo cáo {short} do kho này phát hành, còn nguyên vẹn."
        assert "Kỳ: từ 15/07/2023 đến 20/07/2023. Đơn vị: tất cả đơn vị. Bộ quy tắc: ii06." in lines[1]
        assert "3 nội dung" in lines[2] and "Chương trình: 0." in lines[3]
    again = motcua("report", "verify", str(out / PDF), "--again", "--claims", str(claims))
    assert (again.returncode, again.stdout.splitlines()[-1]) == (0, "Lập lại: bản PDF giống đến từng byte.")
    without = motcua("report", "verify", str(out / PDF), "--again")
    assert without.returncode == 1
    assert "nay đã khác: số liệu đã nêu, kết luận kiểm tra hoặc chỉ tiêu" in without.stdout

    (out / PDF).write_bytes((out / PDF).read_bytes() + b"\n")
    altered = motcua("report", "verify", str(out / PDF))
    assert altered.returncode == 1
    assert f"mang mã báo cáo {short} do kho này phát hành, nhưng nội dung đã bị sửa" in altered.stdout
    foreign = motcua("report", "verify", str(claims))
    assert (foreign.returncode, foreign.stderr) == (1, "")
    assert "không phải báo cáo do kho này phát hành" in foreign.stdout
    missing = motcua("report", "verify", "không có.pdf")
    assert missing.returncode == 1 and missing.stderr.startswith("Lỗi: không có.pdf: không mở được tệp")
    template = motcua("report", "claims-template", str(tmp_path / "mẫu" / "nêu.xlsx"))
    assert template.returncode == 0 and (tmp_path / "mẫu" / "nêu.xlsx").stat().st_size > 1000


def _edited(file: Path, to: Path, old: str, new: str) -> Path:
    """Returns a copy in which a person has written `new` for `old`, wherever a paragraph has it first."""
    document = Document(str(file))
    cells = (cell for table in document.tables for row in table.rows for cell in row.cells)
    paragraphs = [*document.paragraphs, *(p for cell in cells for p in cell.paragraphs)]
    paragraph = next(p for p in paragraphs if old in p.text)
    paragraph.text = paragraph.text.replace(old, new, 1)
    document.save(str(to))
    return to


def test_a_document_with_its_blanks_filled_has_all_its_computed_parts(small: World, tmp_path: Path) -> None:
    write_report(small.engine, JULY, tmp_path / "ra")
    issued = tmp_path / "ra" / DOCUMENT
    filled = _edited(issued, tmp_path / "1.docx", "□\xa0Đạt □\xa0Một\xa0phần □\xa0Chưa\xa0đạt", "Đạt")
    filled = _edited(filled, tmp_path / "2.docx", "…", "12")
    document = Document(str(filled))
    document.add_paragraph("Kiến nghị thêm của đoàn kiểm tra.")
    document.save(str(filled))
    actual = verify(small.engine, filled)
    assert (actual.state, actual.changed) == (COMPLETED, ())
    assert actual.unchanged > 50


def test_a_changed_figure_is_named_with_its_section(small: World, tmp_path: Path, motcua: Motcua) -> None:
    write_report(small.engine, JULY, tmp_path / "ra")
    issued = tmp_path / "ra" / DOCUMENT
    altered = _edited(issued, tmp_path / "x.docx", "trực tiếp 4 hồ sơ", "trực tiếp 40 hồ sơ")
    actual = verify(small.engine, altered)
    assert actual.state == ALTERED
    ((section, words),) = actual.changed
    assert section == "I. KẾT QUẢ CHUNG" and words.startswith("Từ 01/07/2023")
    shown = motcua("report", "verify", str(altered))
    assert shown.returncode == 1 and "1 phần đã bị sửa hoặc mất" in shown.stdout
    assert "ở “I. KẾT QUẢ CHUNG”: “Từ 01/07/2023" in shown.stdout
    filled = _edited(issued, tmp_path / "y.docx", "…", "12")
    well = motcua("report", "verify", str(filled))
    assert well.returncode == 0 and "còn nguyên như khi phát hành" in well.stdout


def test_a_document_that_libreoffice_saved_has_all_its_computed_parts(small: World, tmp_path: Path) -> None:
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not on this machine")
    write_report(small.engine, JULY, tmp_path / "ra")
    subprocess.run(
        [program, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "docx:MS Word 2007 XML",
         "--outdir", str(tmp_path / "lo"), str(tmp_path / "ra" / DOCUMENT)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    actual = verify(small.engine, tmp_path / "lo" / DOCUMENT)
    assert (actual.state, actual.changed) == (COMPLETED, ())
