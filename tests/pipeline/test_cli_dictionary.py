"""`motcua dictionary` as a newcomer types it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.command_line import Motcua


def test_a_word_without_accents_gives_tables_and_columns(motcua: Motcua) -> None:
    matches = json.loads(motcua("dictionary", "hen", "tra", "hien hanh", "--json").stdout)
    assert {
        "object": "core.fct_dossier",
        "kind": "table",
        "column": "due_at",
        "type": "timestamp",
        "meaning_en": "Due date as it stands, local time.",
        "meaning_vi": "Hẹn trả hiện hành, giờ Việt Nam.",
    } in matches
    shown = motcua("dictionary", "open_dossier").stdout
    assert "mart.open_dossier" in shown and "Hồ sơ đang giải quyết" in shown
    assert "Open dossiers" in motcua("--lang", "en", "dictionary", "open_dossier").stdout


def test_a_word_that_nothing_means_and_none_at_all(motcua: Motcua) -> None:
    nothing = motcua("dictionary", "xyzxyz")
    assert (nothing.returncode, nothing.stdout.strip()) == (0, "Không có “xyzxyz” trong từ điển.")
    assert json.loads(motcua("dictionary", "xyzxyz", "--json").stdout) == []
    without = motcua("dictionary")
    assert without.returncode == 2 and "hãy cho từ cần tìm, hoặc --to." in without.stderr


def test_the_whole_is_written_as_a_page_and_a_workbook(motcua: Motcua, tmp_path: Path) -> None:
    done = motcua("dictionary", "--to", "từ điển")
    assert done.returncode == 0, done.stderr
    (folder,) = tmp_path.rglob("từ điển")
    assert {file.name for file in folder.iterdir()} == {"index.html", "dictionary.xlsx"}
    assert "mart.open_dossier" in (folder / "index.html").read_text(encoding="utf-8")
