"""`motcua targets`: as its users meet it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.command_line import Motcua

_HEAD = "Giao chỉ tiêu năm 2023\nĐơn vị;Chỉ tiêu;Năm;Mức\n"


def _targets(motcua: Motcua) -> list[tuple[object, ...]]:
    asked = motcua("sql", "select unit_code, indicator, target from mart.target order by 1, 2", "--json")
    return [tuple(row.values()) for row in json.loads(asked.stdout)]


def test_changes_are_shown_and_written_only_with_yes(motcua: Motcua, tmp_path: Path) -> None:
    file = tmp_path / "chỉ tiêu.csv"
    file.write_text(
        f"{_HEAD}UBND phường Thới Sơn;3.3;2023;50 %\nToàn bộ;on_time:ii06;2023;95,5\n", encoding="utf-8-sig"
    )
    asked = motcua("targets", "import", str(file))
    assert asked.returncode == 2
    assert "hãy thêm --yes để ghi" in asked.stderr
    lines = [" ".join(line.split()) for line in asked.stdout.splitlines()]
    assert lines[0] == "chỉ tiêu.csv: 2 mức: 2 mới, 0 đổi, 0 giữ nguyên."
    assert "30517 Phường Thới Sơn 3.3 2023 – 50%" in lines
    assert "all Tất cả đơn vị on_time:ii06 2023 – 95,5%" in lines
    assert _targets(motcua) == []

    done = motcua("targets", "import", str(file), "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Đã ghi 2 mức." in done.stdout
    assert _targets(motcua) == [("30517", "3.3", 0.5), ("all", "on_time:ii06", 0.955)]

    again = motcua("targets", "import", str(file))
    assert (again.returncode, again.stderr) == (0, "")
    assert "Không có gì thay đổi." in again.stdout

    file.write_text(f"{_HEAD}UBND phường Thới Sơn;3.3;2023;60 %\n", encoding="utf-8")
    shown = motcua("targets", "import", str(file)).stdout
    assert "30517 Phường Thới Sơn 3.3 2023 50% 60%" in [" ".join(line.split()) for line in shown.splitlines()]
    assert "0 mới, 1 đổi, 0 giữ nguyên" in shown


def test_a_wrong_row_is_one_sentence_and_the_last_targets_stay(motcua: Motcua, tmp_path: Path) -> None:
    file = tmp_path / "chỉ tiêu.csv"
    file.write_text(f"{_HEAD}Phường Thới Sơn;3.3;2023;50 %\n", encoding="utf-8")
    assert motcua("targets", "import", str(file), "--yes").returncode == 0
    file.write_text(
        f"{_HEAD}Phường Thới Sơn;3.3;2023;60 %\nPhường Nhà Bàng;3.3;2023;120 %\n", encoding="utf-8"
    )
    wrong = motcua("targets", "import", str(file), "--yes")
    assert wrong.returncode == 1
    assert wrong.stderr.strip().splitlines() == [
        "Lỗi: chỉ tiêu.csv: hàng 4, mức “120 %” ngoài khoảng 0 đến 100%; hãy sửa lại, ví dụ 95%."
    ]
    assert _targets(motcua) == [("30517", "3.3", 0.5)]
    missing = motcua("targets", "import", str(tmp_path / "không có.csv"))
    assert missing.returncode == 1
    assert "không mở được tệp" in missing.stderr
