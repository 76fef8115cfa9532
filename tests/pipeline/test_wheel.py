"""The wheel as an office installs it: into an empty environment, with the pins and their hashes, and run there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command_line import own_environment

pytestmark = pytest.mark.long
_ROOT = Path(__file__).parents[2]
_ROOMS = ("assets", "quality", "pipelines", "warehouse_sql")
_Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from what stands in the rooms, apart from this folder: nothing of an older build gets into it."""
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for room in _ROOMS:
        shutil.copytree(_ROOT / room, source / room, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(_ROOT / name, source / name)
    _pip(sys.executable, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(built), str(source))
    (file,) = built.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`motcua` in an environment that was empty."""
    folder = tmp_path_factory.mktemp("office") / "venv"
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    _pip(
        python,
        "install",
        "--no-deps",
        "--require-hashes",
        "--no-compile",
        "--requirement",
        str(_ROOT / "requirements" / "runtime.txt"),
    )
    _pip(python, "install", "--no-deps", str(wheel))
    _pip(python, "check")  # the pins are all that is needed
    return folder / "bin" / "motcua"


@pytest.fixture
def motcua(program: Path, tmp_path: Path, warehouse_url: str) -> _Run:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = own_environment(tmp_path / "home", warehouse_url)
        environment.pop("PYTHONPATH", None)
        done = subprocess.run(
            [program, *arguments], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done

    return run


def test_everything_that_is_no_program_is_in_the_wheel(wheel: Path) -> None:
    """SQL, templates, YAML: whatever stands in the rooms."""
    with zipfile.ZipFile(wheel) as packed:
        inside = set(packed.namelist())
    ours = {
        file.relative_to(_ROOT).as_posix()
        for room in _ROOMS
        for file in (_ROOT / room).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert sorted(ours - inside) == []
    assert [name for name in inside if not name.startswith((*_ROOMS, "motcua-"))] == []


def test_the_wheel_runs_where_nothing_else_is(motcua: _Run, tmp_path: Path) -> None:
    version = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert motcua("--version").stdout == f"motcua {version}\n"
    motcua("warehouse", "migrate")
    motcua("simulate", "exports", "--from", "2023-07-17", "--to", "2023-07-18", "--dossiers", "20")
    result = json.loads(motcua("run", "--landing", "exports", "--arrived-when-exported", "--json").stdout)
    assert result["ok"] is True
    assert result["rows_read"] > 0
    asked = motcua("sql", "select count(*) as dossiers from core.fct_dossier", "--json")
    assert json.loads(asked.stdout)[0]["dossiers"] > 0
    assert motcua("health").stdout.startswith("Tốt: ")


def _pip(python: str, *arguments: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [python, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
