"""`motcua procedures`: as its users meet it, with a terminal and without."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests.command_line import Motcua

_HEAD = "Danh mục thủ tục\nMã TTHC;Tên TTHC;Thời hạn giải quyết\n"
_BIRTH = "1.001193.000.00.00.H01;Đăng ký khai sinh;02 Ngày làm việc\n"
_LANTERN = "7.700001;Cấp phép thả đèn trời;theo lịch hẹn\n"


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    file = tmp_path / "danh mục.csv"
    file.write_text(_HEAD + _BIRTH + _LANTERN, encoding="utf-8-sig")
    return file


def _imports(warehouse: Engine) -> int:
    with warehouse.connect() as connection:
        return int(connection.execute(text("select count(*) from core.catalogue_import")).scalar_one())


def test_without_a_terminal_it_shows_the_changes_and_writes_only_with_yes(
    motcua: Motcua,
    catalogue: Path,
    warehouse: Engine,
) -> None:
    asked = motcua("procedures", "import", str(catalogue))
    assert asked.returncode == 2
    assert asked.stderr.strip().splitlines() == [
        "Lỗi: Chưa ghi gì, vì không chạy trong cửa sổ lệnh nên không hỏi lại được; hãy thêm --yes để ghi."
    ]
    assert "2 thủ tục" in asked.stdout
    assert "1 mới, 1 đổi, 9 hết hiệu lực, 1 thời hạn không đọc được" in asked.stdout
    lines = [" ".join(line.split()) for line in asked.stdout.splitlines()]
    assert "Đổi 1.001193 Đăng ký khai sinh Thời hạn giải quyết 1 ngày làm việc 2 ngày làm việc" in lines
    assert "không đọc được, để trống hàng 4 7.700001 theo lịch hẹn" in lines
    assert _imports(warehouse) == 0

    done = motcua("procedures", "import", str(catalogue), "--yes", "--valid-from", "2023-07-01")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Đã ghi danh mục danh mục.csv, có hiệu lực từ 01/07/2023." in done.stdout
    assert _imports(warehouse) == 1

    again = motcua("procedures", "import", str(catalogue))
    assert (again.returncode, again.stderr) == (0, "")
    assert "không có gì thay đổi" in again.stdout
    assert _imports(warehouse) == 1


def test_the_catalogue_is_listed_as_of_a_day(motcua: Motcua, catalogue: Path) -> None:
    motcua("procedures", "import", str(catalogue), "--yes", "--valid-from", "2023-07-01")
    listed = motcua("procedures", "list")
    assert listed.returncode == 0
    assert "2 thủ tục." in listed.stdout
    assert "Cấp phép thả đèn trời" in listed.stdout
    then = json.loads(motcua("procedures", "list", "--on", "2023-06-30", "--json").stdout)
    assert [item["limit_value"] for item in then if item["procedure_code"] == "1.001193"] == [1]
    assert len(then) == 10


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (_HEAD + _BIRTH + _BIRTH, "danh mục.csv: mã 1.001193 có hai lần, ở hàng 3 và hàng 4"),
        (_HEAD + "BCA-01;Khác;1 ngày\n", "hàng 3 có mã “BCA-01”"),
        ("Tên\nMột\n", "không tìm thấy hàng tiêu đề"),
        ("", "Tệp rỗng"),
        (None, "không mở được tệp"),
    ],
)
def test_a_file_that_can_not_be_used_is_one_sentence_and_exit_code_1(
    motcua: Motcua,
    catalogue: Path,
    warehouse: Engine,
    content: str | None,
    words: str,
) -> None:
    if content is None:
        catalogue.unlink()
    else:
        catalogue.write_text(content, encoding="utf-8")
    done = motcua("procedures", "import", str(catalogue), "--yes")
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("Lỗi: ")
    assert words in line
    assert _imports(warehouse) == 0


def test_a_wrong_day_is_wrong_usage(motcua: Motcua, catalogue: Path) -> None:
    assert motcua("procedures", "import", str(catalogue), "--valid-from", "1/7/2023").returncode == 2


@pytest.mark.parametrize(("answer", "code", "written"), [("y", 0, 1), ("n", 1, 0)])
def test_on_a_terminal_it_asks(
    catalogue: Path,
    warehouse: Engine,
    warehouse_url: str,
    tmp_path: Path,
    answer: str,
    code: int,
    written: int,
) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", "from pipelines.cli import main; main()", "procedures", "import"]
    own = {"MOTCUA_HOME": str(tmp_path / "home"), "MOTCUA_WAREHOUSE_URL": warehouse_url}
    os.write(ours, f"{answer}\n".encode())
    done = subprocess.run(
        [*command, str(catalogue)],
        env=os.environ | own,
        stdin=theirs,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    os.close(ours)
    os.close(theirs)
    assert done.returncode == code, done.stderr
    assert "Ghi các thay đổi này vào danh mục?" in done.stdout
    assert _imports(warehouse) == written
