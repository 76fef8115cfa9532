"""The command line as its users meet it: exit codes, what stands on which stream, a run and a question in real processes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command_line import Done, Motcua
from tests.worlds import SAMPLES

_LANDING = SAMPLES / "tinh_bien_2023_02_csv" / "landing"


def _sentence(done: Done) -> str:
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("Lỗi: ")
    return lines[0]


@pytest.mark.parametrize(
    "command",
    ["", "demo", "simulate", "run", "status", "sql", "warehouse", "warehouse url", "warehouse migrate",
     "warehouse rebuild", "warehouse check", "warehouse backup", "warehouse restore", "warehouse stop", "archive",
     "archive prune", "report", "report verify", "report claims-template", "ui",
     "findings", "findings add", "findings list", "findings close", "findings check",
     "findings indicators", "procedures", "procedures import",
     "procedures list", "targets", "targets import", "quarantine", "quarantine list", "quarantine export",
     "quarantine replay", "alerts", "alerts list", "alerts ack", "alerts silence", "alerts send", "alerts deadman",
     "alerts test", "alerts due-soon", "alerts backtest"],
)  # fmt: skip
def test_every_command_explains_itself(motcua_alone: Motcua, command: str) -> None:
    done = motcua_alone(*command.split(), "--help")
    assert done.returncode == 0
    assert "Cách dùng: motcua" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such-command"],
        ["sql"],
        ["sql", "select 1", "--json", "--csv"],
        ["simulate", "out", "--from", "2023-01-02", "--to", "2023-01-01"],
        ["simulate", "out", "--from", "01/01/2023", "--to", "2023-01-02"],
        ["simulate", "out", "--from", "2023-01-01", "--to", "2023-01-02", "--spike", "30520:hôm qua:3"],
        ["simulate", "out", "--from", "2023-01-01", "--to", "2023-01-02", "--seed", "-1"],
        ["report"],
        ["report", "--from", "2023-01-01", "--to", "2023-01-02"],
        ["report", "--from", "2023-01-01", "--to", "2023-01-02", "--out", "ra", "--lang", "fr"],
        ["report", "verify"],
        ["report", "--from", "2023-01-01", "verify"],
        ["findings", "add"],
    ],
)
def test_wrong_usage_ends_with_2(motcua_alone: Motcua, arguments: list[str]) -> None:
    done = motcua_alone(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_from_exports_to_answers(motcua_process: Motcua, motcua: Motcua) -> None:
    first = motcua_process("run", "--landing", str(_LANDING), "--arrived-when-exported", "--json")
    assert first.returncode == 0, first.stderr
    shown = json.loads(first.stdout)
    assert (shown["ok"], shown["files_loaded"], shown["files_failed"], shown["rows_quarantined"]) == (
        True,
        27,
        0,
        10,
    )
    assert shown["covered_through"] == "2023-02-17"

    again = motcua("run", "--landing", _LANDING.resolve().as_uri())
    assert again.returncode == 0, again.stderr
    assert "0 mới, 27 đã có" in again.stdout

    asked = motcua_process("sql", "select * from mart.form_ii06('2023-02-01', '2023-02-17')", "--json")
    expected = json.loads((_LANDING.parent / "expected.json").read_text(encoding="utf-8"))["ii06"]
    rows = {f"{row['unit_code']}@2024": row for row in json.loads(asked.stdout)}
    for key, counts in expected.items():
        assert {name: rows[key][name] for name in counts} == counts
    assert asked.stderr == ""

    state = json.loads(motcua("status", "--json").stdout)
    assert state["covered_through"] == "2023-02-17"
    assert state["last_run"]["status"] == "success"
    assert {row["source"]: row["files_loaded"] for row in state["sources"]} == {
        "angiang": 9,
        "dvcqg": 18,
        "igate": 0,
    }
    assert sum(row["row_count"] for row in state["quarantine"]) <= 10
    assert state["feed_gaps"] == []  # every second day is the rhythm of the sample
    written = motcua("status").stdout
    assert "angiang" in written
    assert "Nguồn chưa đủ trong 14 ngày gần nhất: không có." in written

    checked = motcua("warehouse", "check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "KHÁC" not in checked.stdout
    assert "Khóa tới đơn vị, thủ tục và tệp: không thiếu khóa nào." in checked.stdout


def test_questions_are_answered_in_three_forms(motcua: Motcua) -> None:
    assert motcua("warehouse", "migrate").returncode == 0
    query = "select status, status_name_vi, 'a%b :c' as mark from core.dim_status where status < 3 order by 1"
    assert json.loads(motcua("sql", query, "--json").stdout) == [
        {"status": 1, "status_name_vi": "Mới đăng ký", "mark": "a%b :c"},
        {"status": 2, "status_name_vi": "Được tiếp nhận", "mark": "a%b :c"},
    ]
    assert motcua("sql", query, "--csv").stdout.splitlines() == [
        "status,status_name_vi,mark", "1,Mới đăng ký,a%b :c", "2,Được tiếp nhận,a%b :c"
    ]  # fmt: skip
    assert "Được tiếp nhận" in motcua("sql", query).stdout
    assert motcua("sql", "select 1 where false", "--json").stdout.strip() == "[]"


def test_a_wide_answer_loses_nothing_in_a_pipe(motcua: Motcua) -> None:
    values = [f"{number}-[b]{'x' * 20}" for number in range(40)]
    columns = ", ".join(f"'{value}' as column_{number}" for number, value in enumerate(values))
    lines = motcua("sql", f"select {columns}, repeat('dài ', 100) as note").stdout.splitlines()
    assert any(all(f"column_{number}" in line for number in range(40)) for line in lines)
    assert any(all(value in line for value in values) and line.count("dài") == 100 for line in lines)
    assert not any("…" in line for line in lines)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("select * from no_such_table", "no_such_table"),
        ("delete from core.dim_status", "read-only"),
        ("select 1; select 2", "multiple commands"),
        ("select * from landing.staged_row", "permission denied"),
        ("select * from mart.form_ii06('2023-02-01', '2023-02-17', 'khác')", "“khác” không có"),
        ("select * from mart.form_ii06('2023-02-18', '2023-02-17')", "không hợp lệ"),
    ],
)
def test_a_question_that_cannot_be_answered_is_one_sentence(motcua: Motcua, query: str, words: str) -> None:
    motcua("warehouse", "migrate")
    done = motcua("sql", query, "--json")
    assert (done.returncode, done.stdout) == (1, "")
    assert words in _sentence(done)


def test_failures_say_what_to_do(motcua: Motcua, tmp_path: Path) -> None:
    nowhere = motcua("run", "--landing", str(tmp_path / "không có"))
    assert nowhere.returncode == 1
    assert "không có" in _sentence(nowhere) and "--landing" in nowhere.stderr

    unreachable = motcua("status", MOTCUA_WAREHOUSE_URL="postgresql://ai:gì@127.0.0.1:1/x")
    assert unreachable.returncode == 1
    assert "MOTCUA_WAREHOUSE_URL" in _sentence(unreachable)
    assert "gì" not in unreachable.stderr

    other = motcua("status", MOTCUA_WAREHOUSE_URL="mysql://x/y")
    assert other.returncode == 1
    assert "PostgreSQL" in _sentence(other)

    sources = tmp_path / "sources.yaml"
    sources.write_text("a: {title: x}")
    wrong = motcua("run", "--landing", str(_LANDING), MOTCUA_SOURCES=str(sources))
    assert wrong.returncode == 1
    assert str(sources) in _sentence(wrong)


@pytest.mark.long
def test_an_offices_own_units_and_days_count_in_a_run_and_in_a_rebuild(
    motcua: Motcua, tmp_path: Path
) -> None:
    units, days = tmp_path / "đơn vị.yaml", tmp_path / "lịch.yaml"
    units.write_text(
        "aliases: [{name: UBND phường Thới Sơn, unit_code: 30502, valid_from: 1900-01-01, source: x}]",
        "utf-8",
    )
    days.write_text("- {date: 2023-02-08, kind: off, name: Nghỉ, source: x}", "utf-8")
    own = {"MOTCUA_UNITS": str(units), "MOTCUA_CALENDAR": str(days)}
    run = ("run", "--landing", str(_LANDING), "--arrived-when-exported")
    assert motcua(*run, **own).returncode == 0
    question = (
        "select (select count(*) from core.fct_dossier where unit_code = '30517') as thoi_son,"
        " (select is_working_day from core.dim_date where date = '2023-02-08') as works"
    )
    asked = motcua("sql", question, "--json")
    assert json.loads(asked.stdout) == [{"thoi_son": 0, "works": False}]
    assert motcua("warehouse", "check", **own).returncode == 0

    for file, text, words in (
        (units, "weights: [{old_code: 30334, new_code: 30316, weight: 1, source: y}]", "“30325”"),
        (days, "- {date: 2026-02-30, kind: off, name: x, source: y}", "“2026-02-30”"),
    ):
        good = file.read_text("utf-8")
        file.write_text(text, "utf-8")
        refused = motcua("run", "--landing", str(_LANDING), "--json", **own)
        assert refused.returncode == 1
        assert json.loads(refused.stdout)["ok"] is False
        sentence = _sentence(refused)
        assert str(file) in sentence and "mục 1" in sentence and words in sentence
        assert json.loads(motcua("sql", question, "--json").stdout) == [{"thoi_son": 0, "works": False}]
        file.write_text(good, "utf-8")
    assert "thất bại" in motcua("status").stdout


@pytest.mark.long
def test_simulated_exports_come_out_as_they_were_meant(motcua: Motcua, tmp_path: Path) -> None:
    out = tmp_path / "tệp mẫu"
    made = motcua(
        "simulate", str(out), "--from", "2023-03-01", "--to", "2023-03-10", "--dossiers", "120", "--seed", "5"
    )
    assert made.returncode == 0, made.stderr
    assert "120 hồ sơ" in made.stdout
    assert motcua("run", "--landing", str(out), "--arrived-when-exported").returncode == 0
    (row,) = json.loads(
        motcua(
            "sql", "select sum(received_total) as n from mart.form_ii06('2023-03-01', '2023-03-10')", "--json"
        ).stdout
    )
    (all_of_them,) = json.loads(motcua("sql", "select count(*) as n from core.fct_dossier", "--json").stdout)
    assert all_of_them["n"] == 120
    assert 100 <= row["n"] <= 120
