"""Write, audit, publish: a run whose rows do not pass publishes nothing, and the next one can't walk past it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from assets.rebuild import COMPARED, table_digest
from pipelines.cli.app import app
from quality.catalogue import staged_rules
from quality.resources import check_specs
from tests.command_line import own_environment
from tests.receivers import hook
from tests.worlds import World, provincial

_KEPT = (
    *COMPARED,
    *("landing.export_file", "landing.quarantine", "history.dossier_version", "core.dim_unit"),
    *("core.unit_resolution", "core.procedure_resolution", "core.procedure_said"),
)
_VERSIONS = dg.AssetKey(["history", "dossier_version"])
_SPARED = ("great_expectations", "scipy")
_RUN_AND_TELL = f"""
import sys
from pipelines.cli import main
from quality.audit_process import AuditProcess
started, start = [], AuditProcess.start
AuditProcess.start = lambda process: (started.append("dagster" in sys.modules), start(process))
sys.argv = ["motcua", "run"]
try:
    main()
finally:
    print()
    print("imported:", *sorted(set({_SPARED}) & set(sys.modules)), " audits:", started[:1], sep="")
"""


@pytest.fixture
def world(warehouse: Engine, warehouse_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    world = World(warehouse, tmp_path)
    monkeypatch.setenv("MOTCUA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MOTCUA_WAREHOUSE_URL", warehouse_url)
    monkeypatch.setenv("MOTCUA_LANDING", str(world.landing))
    return world


def _run(*options: str) -> tuple[int, dict[str, object], str]:
    result = CliRunner().invoke(app, ["run", "--json", *options])
    return result.exit_code, json.loads(result.stdout), result.stderr


def _digests(world: World) -> dict[str, tuple[int, int]]:
    with world.engine.connect() as connection:
        return {table: table_digest(connection, table) for table in _KEPT}


def _at_night(world: World, rows: int = 60) -> Path:
    """A page whose times were written in local time where UTC is due: seven hours late, most of them at night."""
    shown = [
        provincial(
            f"000.26.33.H01-230718-{n:04}",
            received="2023-07-18 23:00",
            due="2023-07-20 09:00",
            unit_name="UBND xã Chưa Từng Thấy",
            procedure="9.888888.000.00.00.H01",
            procedure_name="Thủ tục chưa từng thấy",
        )
        for n in range(rows)
    ]
    return world.landing / world.say_provincial("2023-07-19 18:30", *shown)


def test_a_run_that_fails_its_audit_publishes_nothing_until_the_file_is_mended(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTCUA_RETRIES", "2")  # which are for what is out of reach, and not for this
    world.say_provincial("2023-07-17 18:30", provincial())
    assert _run()[0] == 0
    before = _digests(world)

    bad = _at_night(world)
    good = world.say_provincial("2023-07-18 18:30", provincial("000.26.33.H01-230718-0900"))
    for _ in range(2):
        code, shown, notice = _run()
        assert (code, shown["ok"]) == (3, False)
        assert notice.count("\n") == 1 and "times_shifted" in notice and "(60 dòng" in notice
        assert str(bad.relative_to(world.landing)) in notice
        assert _digests(world) == before
    assert world.ask("select status, message like '%times_shifted%' from ops.run order by run_id") == [
        ("success", None),
        ("failed", True),
        ("failed", True),
    ]

    bad.unlink()
    assert _run()[0] == 0
    assert world.ask("select path from landing.export_file order by path") == [
        (path,) for path in sorted(["igate/2023-07-17/183000.json", good])
    ]


def test_the_check_of_a_failed_rule_is_red_on_the_asset_and_green_once_mended(world: World) -> None:
    bad = _at_night(world)
    _run()
    home = Path(world.landing.parent / "home")
    path = str(bad.relative_to(world.landing))

    failed = _check(home, "file_stops_run")
    assert (failed.passed, failed.severity) == (False, dg.AssetCheckSeverity.ERROR)
    assert failed.description and f"times_shifted: 60 rows (first: {path}, row " in failed.description
    assert failed.metadata["failing_rows"].value == 60
    assert _counts(failed)["times_shifted"] == ("block", 60)
    assert _counts(failed)["day_and_month_swapped"] == ("block", 0)
    rows = failed.metadata["first_rows"].value
    assert list(rows) == ["times_shifted"]
    assert {row["file"] for row in rows["times_shifted"]} == {path}
    assert all(row["row_number"] and row["dossier_code"] for row in rows["times_shifted"])
    with dg.DagsterInstance.from_config(str(home / "dagster")) as instance:
        assert instance.get_latest_materialization_event(_VERSIONS) is None
    pages = home / "data-docs"
    (page,) = pages.glob("2*.html")
    assert "Không đạt" in page.read_text(encoding="utf-8") and "times_shifted" in page.read_text(
        encoding="utf-8"
    )

    shutil.rmtree(world.landing / "igate")
    world.say_provincial("2023-07-17 18:30", provincial(due=""))
    assert _run()[0] == 0
    mended, flagged = _check(home, "file_stops_run"), _check(home, "date")
    assert (mended.passed, mended.severity) == (True, dg.AssetCheckSeverity.ERROR)
    assert (flagged.passed, flagged.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert _counts(flagged)["missing_due"] == ("flag", 1)
    with dg.DagsterInstance.from_config(str(home / "dagster")) as instance:
        (version,) = instance.fetch_materializations(_VERSIONS, limit=1).records
    assert flagged.target_materialization_data
    assert flagged.target_materialization_data.storage_id == version.storage_id


def test_every_rule_on_staged_rows_is_in_one_check_and_none_that_stops_is_in_a_warning(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial())
    assert _run()[0] == 0
    home = Path(world.landing.parent / "home")
    shown: list[str] = []
    for spec in check_specs(list(_VERSIONS.path)):
        check = _check(home, spec.name)
        severities = {severity for severity, _ in _counts(check).values()}
        assert (severities == {"flag"}) == (check.severity == dg.AssetCheckSeverity.WARN), spec.name
        shown += _counts(check)
    assert sorted(shown) == sorted(rule.id for rule in staged_rules("reject", "block", "flag"))


def test_a_run_without_new_files_neither_plans_checks_of_rows_nor_imports_what_only_they_and_alerts_need(
    world: World, warehouse_url: str
) -> None:
    home = Path(world.landing.parent / "home")
    environment = own_environment(home, warehouse_url) | {"MOTCUA_LANDING": str(world.landing)}
    command = [sys.executable, "-c", _RUN_AND_TELL]
    last = []
    world.say_provincial("2023-07-17 18:30", provincial())
    for _ in range(2):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        last.append(done.stdout.splitlines()[-1])
    # With news another process has the library, and begins before this one imports Dagster.
    assert last == ["imported:scipy audits:[False]", "imported: audits:[]"]
    checks = {spec.name for spec in check_specs(list(_VERSIONS.path))}
    with dg.DagsterInstance.from_config(str(home / "dagster")) as instance:
        second, first = instance.get_runs(limit=2)
        assert checks <= _events_of_checks(instance, first.run_id)
        assert not checks & _events_of_checks(instance, second.run_id)


def _check(home: Path, name: str) -> dg.AssetCheckEvaluation:
    """The last evaluation of a check on the statements of dossiers, as Dagster's pages show it."""
    with dg.DagsterInstance.from_config(str(home / "dagster")) as instance:
        (record,) = instance.event_log_storage.get_asset_check_execution_history(
            dg.AssetCheckKey(_VERSIONS, name), limit=1
        )
    assert record.event and record.event.dagster_event
    return record.event.dagster_event.asset_check_evaluation_data


def _counts(check: dg.AssetCheckEvaluation) -> dict[str, tuple[str, int]]:
    """Severity and failing rows by rule."""
    table = check.metadata["rules"]
    assert isinstance(table, dg.TableMetadataValue)
    rows = [record.data for record in table.records]
    return {str(row["rule"]): (str(row["severity"]), int(row["failing_rows"] or 0)) for row in rows}


def _events_of_checks(instance: dg.DagsterInstance, run_id: str) -> set[str]:
    """Names of the checks on the statements of dossiers that a run planned or evaluated."""
    names = set()
    for event in (record.dagster_event for record in instance.all_logs(run_id)):
        if event and event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED:
            key = event.asset_check_planned_data.asset_check_key
        elif event and event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION:
            key = event.asset_check_evaluation_data.asset_check_key
        else:
            continue
        names |= {key.name} if key.asset_key == _VERSIONS else set()
    return names


@pytest.mark.long
def test_a_person_may_let_a_blocking_rule_through_once(world: World) -> None:
    _at_night(world)
    assert _run()[0] == 3
    code, shown, _ = _run("--accept", "times_shifted")
    assert (code, shown["files_loaded"], shown["rows_loaded"]) == (0, 1, 60)
    assert world.ask("select count(*) from core.fct_dossier") == [(60,)]


def test_only_a_blocking_rule_can_be_let_through(world: World) -> None:
    result = CliRunner().invoke(app, ["run", "--accept", "missing_code"])
    assert result.exit_code == 2
    assert "không phải là quy tắc chặn" in result.stderr.replace("\n", " ")


@pytest.mark.long
def test_a_run_that_the_gate_stops_is_told_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _at_night(world)
    with hook() as web:
        monkeypatch.setenv("MOTCUA_NOTIFY", web.address)
        for _ in range(2):
            assert _run()[0] == 3
    (only,) = web.posts
    assert only["title"] == "motcua: cổng kiểm soát chất lượng chặn lần chạy"
    assert "times_shifted" in only["message"] and "--accept" in only["message"]
    assert world.ask("select kind, sent_at is not null from ops.notice") == [("run_failed", True)]


def test_a_file_of_a_clock_that_runs_ahead_waits_for_a_person(world: World) -> None:
    path = world.say_provincial("2099-07-19 18:30", provincial())
    code, result, _ = _run()
    assert (code, result["files_failed"]) == (0, 1)
    refused = CliRunner().invoke(app, ["status"]).stdout
    assert path in refused and "19/07/2099 18:30" in refused and "--accept clock_ahead" in refused
    assert _run()[1]["files_known"] == 1
    code, result, _ = _run("--accept", "clock_ahead")
    assert (code, result["files_loaded"], result["rows_loaded"]) == (0, 1, 1)
    assert CliRunner().invoke(app, ["warehouse", "check"]).exit_code == 0
    assert CliRunner().invoke(app, ["warehouse", "rebuild"]).exit_code == 0
    assert world.ask("select status, clock_ahead from landing.export_file") == [("loaded", "accepted")]


def test_what_waits_is_audited_when_a_person_lets_it_in(world: World) -> None:
    page = _at_night(world)
    shown = page.read_bytes()
    page.unlink()
    world.put("igate/2099-07-19/page.json", shown.replace(b"2023-07-19T", b"2099-07-19T"))
    assert _run()[1]["files_failed"] == 1
    before = _digests(world)
    assert _run("--accept", "clock_ahead")[0] == 3
    assert _digests(world) == before
    assert _run("--accept", "clock_ahead", "--accept", "times_shifted")[0] == 0
