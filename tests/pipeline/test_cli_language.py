"""What a person reads at the terminal is in one language, chosen by --lang or MOTCUA_LANG; what is stored does not care."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from typer.main import get_command

from pipelines.cli.app import app
from tests.command_line import Motcua, own_environment
from tests.worlds import SAMPLES

_VIETNAMESE = re.compile(r"[À-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ]")
#: Headings that a file given to motcua has to have: they are Vietnamese in any language.
_NAMES = re.compile("Đơn vị|Mã đơn vị|Chỉ tiêu|Năm|Mức")


def _paths(command: Any, *words: str) -> list[tuple[str, ...]]:
    return [
        words,
        *(
            path
            for name, each in getattr(command, "commands", {}).items()
            for path in _paths(each, *words, name)
        ),
    ]


_COMMANDS = [" ".join(path) for path in _paths(get_command(app))]


#: Words that stand for a value in an English usage line.
_STANDS_FOR = re.compile(
    r"(?<![\w.])(?:FILE|DIR|CODE|NAME|NUMBER|OUT|ITEM|QUERY|RULE|MARK|WORD|CLAIMS|HOST)(?![\w-])"
)


@pytest.mark.parametrize("command", _COMMANDS)
def test_every_help_page_is_in_one_language(motcua_alone: Motcua, command: str) -> None:
    vietnamese = motcua_alone(*command.split(), "-h")
    assert vietnamese.returncode == 0
    assert vietnamese.stdout == motcua_alone(*command.split(), "--help").stdout
    assert vietnamese.stdout.startswith("Cách dùng: motcua")
    for word in (
        "Usage",
        "Options",
        "Arguments",
        "Commands",
        "required",
        "default:",
        "Show this",
        "<int",
        "<str",
    ):
        assert word not in vietnamese.stdout
    assert not _STANDS_FOR.findall(vietnamese.stdout), "what stands for a value is Vietnamese, too"

    english = motcua_alone("--lang", "en", *command.split(), "--help")
    assert english.stdout.startswith("Usage: motcua")
    assert not _VIETNAMESE.findall(_NAMES.sub("", english.stdout)), english.stdout
    assert "%Y" not in vietnamese.stdout + english.stdout, (
        "a day is written YYYY-MM-DD, not as a pattern of Python"
    )


_WRONG = {
    "run --foo": ("Không có tùy chọn --foo.", "No such option: --foo"),
    "run --jsn": ("Không có tùy chọn --jsn; có thể là --json.", "No such option: --jsn (Possible options: --json)"),
    "run x": ("Thừa tham số: x.", "Got unexpected extra argument(s) (x)"),
    "simulat": ("Không có lệnh 'simulat'; có phải ý bạn là 'simulate'?", "No such command 'simulat'. Did you mean"),
    "sql": ("Thiếu tham số 'CÂU_HỎI'.", "Missing argument 'QUERY'."),
    "findings add": ("Thiếu tùy chọn '--inspection'.", "Missing option '--inspection'."),
    "report --from": ("Tùy chọn '--from' cần một giá trị.", "Option '--from' requires an argument."),
    "run --json=1": ("Tùy chọn '--json' không nhận giá trị.", "Option '--json' does not take a value."),
    "ui --port 0": ("'--port' không hợp lệ: cần từ 1 trở lên.", "Input should be greater than or equal to 1"),
    "ui --port x": ("'--port' không hợp lệ: cần một số nguyên.", "Input should be a valid integer"),
    "explain x --lang fr": ("'fr' không phải một trong 'vi', 'en'.", "'fr' is not one of 'vi', 'en'."),
    "simulate o --from 1/7/2023 --to 2023-07-02": (
        "'1/7/2023' không đúng dạng 'NĂM-THÁNG-NGÀY'.", "'1/7/2023' does not match the formats 'YYYY-MM-DD'."
    ),
    "quarantine export --source x --out .": ("'.' là một thư mục, không phải tệp.", "file '.' is a directory."),
    "report --out /etc/passwd": ("'/etc/passwd' là một tệp, không phải thư mục.", "dir '/etc/passwd' is a file."),
    "findings close x": ("'SỐ' không hợp lệ: cần một số nguyên.", "Input should be a valid integer"),
    "alerts backtest --write x": ("không có tệp 'x'.", "file 'x' does not exist."),
}  # fmt: skip


@pytest.mark.parametrize("wrong", _WRONG)
def test_wrong_usage_is_explained_in_one_language(motcua_alone: Motcua, wrong: str) -> None:
    vietnamese, english = _WRONG[wrong]
    done = motcua_alone(*wrong.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert vietnamese in done.stderr
    assert done.stderr.splitlines()[-1].startswith("Lỗi: ")
    assert not re.search("Error|Usage|Try |Invalid|Input|Missing", done.stderr)

    done = motcua_alone(*wrong.split(), MOTCUA_LANG="en")
    assert (done.returncode, done.stdout) == (2, "")
    assert english in done.stderr
    assert not _VIETNAMESE.search(done.stderr)


@pytest.mark.parametrize("lang", [("--lang", "en"), ("--lang=en",)])
def test_the_option_goes_before_the_variable(motcua_alone: Motcua, lang: tuple[str, ...]) -> None:
    assert "Options:" in motcua_alone(*lang, "run", "-h", MOTCUA_LANG="vi").stdout


@pytest.mark.parametrize(
    ("arguments", "environment", "named"),
    [
        (("--lang", "fr", "status"), {}, "--lang “fr”"),
        (("status",), {"MOTCUA_LANG": "fr"}, "MOTCUA_LANG “fr”"),
    ],
)
def test_a_language_it_does_not_speak_is_wrong_usage(
    motcua_alone: Motcua, arguments: tuple[str, ...], environment: dict[str, str], named: str
) -> None:
    done = motcua_alone(*arguments, **environment)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"Lỗi: {named} không có; hãy dùng vi hoặc en.\n"


def test_a_wrong_variable_is_wrong_usage_and_its_value_is_not_shown(motcua_alone: Motcua) -> None:
    done = motcua_alone("warehouse", "url", MOTCUA_ALERT_HOLD_RUNS="zero")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Lỗi: Biến MOTCUA_ALERT_HOLD_RUNS không hợp lệ: cần một số nguyên.\n"


def test_the_version_is_that_of_the_package(motcua_alone: Motcua) -> None:
    done = motcua_alone("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"motcua {version('motcua')}\n", "")


def test_an_unknown_variable_is_named_with_the_nearest_known_one(motcua_alone: Motcua) -> None:
    done = motcua_alone(
        "warehouse", "url", MOTCUA_LANDNIG="x", MOTCUA_QWX="y", MOTCUA_DEBUG="", MOTCUA_KILL_AT=""
    )
    assert done.returncode == 0
    assert done.stdout == "postgresql://***@127.0.0.1:1/x\n"
    assert done.stderr.splitlines() == [
        "Không có biến MOTCUA_LANDNIG; ý bạn là MOTCUA_LANDING?",
        "Không có biến MOTCUA_QWX; hãy xem các biến ở docs/reference/environment.md.",
    ]


@pytest.mark.parametrize("option", ["--port", "--pages-port"])
def test_a_port_in_use_is_named_with_who_uses_it(motcua_alone: Motcua, option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        other = "--port" if option == "--pages-port" else "--pages-port"
        done = motcua_alone("ui", option, str(port), other, str(_free_port()))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Lỗi: Cổng {port} đang được chương trình khác dùng")
    assert done.stderr.endswith(f"hãy chọn cổng khác bằng {option}.\n")
    if sys.platform == "linux":
        assert f"PID {os.getpid()}" in done.stderr


def test_one_port_cannot_serve_both_kinds_of_pages(motcua_alone: Motcua) -> None:
    assert motcua_alone("ui", "--port", "3999", "--pages-port", "3999").returncode == 2


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def installed(tmp_path: Path) -> dict[str, str]:
    """A shell's environment in which `motcua` is on the path and its completion is installed."""
    command = tmp_path / "bin" / "motcua"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -c "from pipelines.cli import main; main()" "$@"\n')
    command.chmod(0o755)
    own = own_environment(tmp_path / "home", "postgresql://ai@127.0.0.1:1/x") | {"HOME": str(tmp_path)}
    own |= {"PATH": f"{command.parent}:{os.environ['PATH']}", "PYTHONPATH": str(Path(__file__).parents[2])}
    # A shell that has nothing left to do hands its process over to its last command, which then runs in no bash.
    done = _bash("motcua --install-completion && :", own)
    assert "Đã cài gợi ý lệnh của bash vào" in done
    return own


def _bash(script: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        ["bash", "-c", script], env=environment, capture_output=True, text=True, encoding="utf-8", check=True
    )
    return done.stdout


def test_bash_completes_commands_and_options(installed: dict[str, str]) -> None:
    asked = """
        source ~/.bashrc
        complete -p motcua >/dev/null
        for line in "motcua war" "motcua warehouse reb" "motcua run --arr"; do
            COMP_WORDS=($line) COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            COMPREPLY=(); _motcua_completion motcua; echo "${COMPREPLY[*]}"
        done
    """
    own = installed | {"MOTCUA_LANDNIG": "x"}
    assert _bash(asked, own).splitlines() == ["warehouse", "rebuild", "--arrived-when-exported"]


def test_zsh_shows_helps_in_the_language(installed: dict[str, str]) -> None:
    asked = {"_MOTCUA_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": "motcua war"}
    assert "cấu trúc, dựng lại" in _bash("motcua", installed | asked)
    assert "its address, its schema" in _bash("motcua", installed | asked | {"MOTCUA_LANG": "en"})


_LANDING = SAMPLES / "tinh_bien_2023_02_csv" / "landing"
#: Names are in no language: of units, of sources, of columns.
_PROPER = re.compile(r"Source \w+: .*|“[^”]*”|Tịnh Biên|Tết|QĐ 766")


def test_what_commands_print_is_in_one_language_and_what_is_stored_is_vietnamese(
    motcua: Motcua, warehouse: Engine, tmp_path: Path
) -> None:
    landing = tmp_path / "landing"
    shutil.copytree(_LANDING, landing)
    (landing / "igate").mkdir(exist_ok=True)
    (landing / "igate" / "cut.json").write_text('{"content": [', encoding="utf-8")
    commands = [
        ["run", "--landing", str(landing), "--arrived-when-exported"],
        ["status"],
        ["quarantine", "list"],
        ["alerts", "list", "--all"],
        ["warehouse", "migrate"],
        ["findings", "list"],
        ["findings", "indicators"],
        ["explain", "no-such-dossier"],
        ["sql", "select no_such_column"],
        ["report", "--from", "2023-02-01", "--to", "2023-02-17", "--out", str(tmp_path / "report")],
    ]
    for command in commands:
        done = motcua("--lang", "en", *command)
        assert not _VIETNAMESE.search(_PROPER.sub("", done.stdout + done.stderr)), done.stdout + done.stderr
    with warehouse.connect() as connection:
        stored = connection.execute(
            text("select error from landing.export_file where error is not null")
        ).scalars()
        assert [error[:8] for error in stored] == ["Tệp JSON"]
    assert (
        (tmp_path / "report" / "bao-cao.html")
        .read_text(encoding="utf-8")
        .startswith('<!doctype html>\n<html lang="vi"')
    )
