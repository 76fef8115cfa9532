"""`motcua export`: a folder of Parquet files that says what it is, proves itself whole and is read by other programs."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import polars as pl
import pytest
import yaml
from sqlalchemy import text

from tests.command_line import HOME, Motcua, own_environment, run_here
from tests.conftest import _taken_in, own_database
from tests.own_environment import PackagesMissingError, python_with
from tests.worlds import World

_ROOT = Path(__file__).parents[2]
_TOOLS = _ROOT / "tests" / "extracts" / "requirements.txt"
_COUNTED = (
    "core.fct_dossier",
    "core.fct_dossier_span",
    "core.dim_unit",
    "mart.daily_flow",
    "mart.timeliness_month",
)


@pytest.fixture(scope="module")
def exported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is exported of the sample; nobody writes into it."""
    root = tmp_path_factory.mktemp("export")
    made = root / "mang theo"
    template, _ = _taken_in(request.config, "18", "sample")
    with own_database(request.config, "18", template) as url:
        done = run_here(("export", "--to", str(made)), own_environment(root / HOME, url), root)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Đã xuất ")
    return made


@pytest.fixture
def folder(exported: Path, tmp_path: Path) -> Path:
    """The same as a test's own."""
    return shutil.copytree(exported, tmp_path / "mang theo")


def test_polars_reads_every_table_with_the_rows_and_columns_of_the_warehouse(
    folder: Path, sample: World
) -> None:
    with sample.engine.connect() as connection:
        for name in _COUNTED:
            frame = pl.read_parquet(folder / name.replace(".", "_") / "*.parquet")
            assert frame.height == connection.execute(text(f"select count(*) from {name}")).scalar_one(), name
            assert frame.columns == list(connection.execute(text(f"select * from {name} limit 0")).keys())
        received = connection.execute(text("select sum(received) from mart.daily_flow")).scalar_one()
    assert pl.read_parquet(folder / "mart_daily_flow" / "*.parquet")["received"].sum() == received > 0


def test_the_views_under_vietnamese_headings_lie_under_names_without_marks(
    folder: Path, sample: World
) -> None:
    assert {table.name for table in folder.iterdir() if table.name.startswith("vi_")} >= {
        "vi_ho_so",
        "vi_ket_qua_theo_thang",
        "vi_don_vi",
    }
    frame = pl.read_parquet(folder / "vi_ho_so" / "*.parquet")
    with sample.engine.connect() as connection:
        asked = connection.execute(text('select * from vi."Hồ sơ"'))
        assert (frame.columns, frame.height) == (list(asked.keys()), len(asked.all()))


def test_facts_are_cut_by_year_and_lists_are_not(folder: Path) -> None:
    assert [file.name for file in (folder / "core_dim_unit").iterdir()] == ["all.parquet"]
    names = [file.stem for file in (folder / "core_fct_dossier").iterdir()]
    assert names
    assert all(name.isdigit() or name == "without-year" for name in names)
    assert not [table for table in folder.iterdir() if "staged" in table.name]


def test_the_checksums_are_those_of_every_other_file(folder: Path) -> None:
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, name in (line.split("  ") for line in lines)}
    files = {file.relative_to(folder).as_posix(): file for file in folder.rglob("*") if file.is_file()}
    assert listed == {
        name: hashlib.sha256(file.read_bytes()).hexdigest()
        for name, file in files.items()
        if name != "SHA256SUMS"
    }


def test_the_contract_and_the_readme_name_every_table_and_column(folder: Path) -> None:
    contract = yaml.safe_load((folder / "datacontract.odcs.yaml").read_text(encoding="utf-8"))
    readme = (folder / "README.md").read_text(encoding="utf-8")
    tables = {table["name"]: [each["name"] for each in table["properties"]] for table in contract["schema"]}
    assert set(tables) == {place.name for place in folder.iterdir() if place.is_dir()}
    for name, columns in tables.items():
        assert f"* `{name}` (" in readme
        for file in (folder / name).iterdir():
            assert pl.read_parquet_schema(file).keys() == dict.fromkeys(columns).keys(), file


def test_a_folder_with_something_in_it_is_left_alone(motcua: Motcua, tmp_path: Path) -> None:
    (tmp_path / "có").mkdir()
    (tmp_path / "có" / "tệp").write_text("x", encoding="utf-8")
    done = motcua("export", "--to", str(tmp_path / "có"))
    assert done.returncode == 1
    assert "đã có dữ liệu; hãy chọn một thư mục mới hoặc trống" in done.stderr
    assert [file.name for file in (tmp_path / "có").iterdir()] == ["tệp"]
    assert not [left for left in tmp_path.iterdir() if left.name.endswith(".part")]


@pytest.fixture
def tools() -> Path:
    """The Python of what reads exported folders: too heavy to be installed with motcua."""
    try:
        return python_with(_TOOLS, _ROOT / "build" / "extracts")
    except PackagesMissingError as error:
        pytest.skip(f"datacontract-cli and marimo can't be installed here: {error}")


@pytest.mark.long
def test_duckdb_counts_what_the_warehouse_counts(folder: Path, sample: World, tools: Path) -> None:
    query = "select count(*), max(valid_to) from 'core_fct_dossier_span/*.parquet'"
    shown = _run(folder, str(tools), "-c", f'import duckdb; print(duckdb.sql("{query}").fetchone())')
    with sample.engine.connect() as connection:
        rows = connection.execute(text("select count(*) from core.fct_dossier_span")).scalar_one()
    assert shown.strip() == f"({rows}, datetime.datetime(9999, 12, 31, 0, 0))"


@pytest.mark.long
def test_datacontract_accepts_the_contract_and_holds_the_files_to_it(folder: Path, tools: Path) -> None:
    command = str(tools.with_name("datacontract"))
    assert "Data contract is valid" in _run(folder, command, "lint", "datacontract.odcs.yaml")
    _run(folder, command, "test", "datacontract.odcs.yaml")
    file = next((folder / "core_fct_dossier").iterdir())
    pl.read_parquet(file).drop("status").write_parquet(file)
    done = subprocess.run(
        [command, "test", "datacontract.odcs.yaml"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1


@pytest.mark.long
def test_the_notebook_of_the_docs_runs_on_the_folder(folder: Path, sample: World, tools: Path) -> None:
    shown = _run(
        folder, str(tools), str(_ROOT / "docs" / "notebooks" / "on_time.py"), "--folder", str(folder)
    )
    with sample.engine.connect() as connection:
        rows = connection.execute(text("select count(*) from core.fct_dossier")).scalar_one()
    assert f"{rows} dossiers, " in shown


def _run(folder: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    return done.stdout
