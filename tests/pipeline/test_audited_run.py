"""Write, audit, publish: a run whose rows do not pass publishes nothing, and the next one can't walk past it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from assets.rebuild import COMPARED, table_digest
from pipelines.cli.app import app
from tests.receivers import hook
from tests.worlds import World, provincial

_KEPT = (
    *COMPARED,
    *("landing.export_file", "landing.quarantine", "history.dossier_version", "core.dim_unit"),
    *("core.unit_resolution", "core.procedure_resolution", "core.procedure_said"),
)


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
    said = [
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
    return world.landing / world.say_provincial("2023-07-19 18:30", *said)


def test_a_run_that_fails_its_audit_publishes_nothing_until_the_file_is_mended(world: World) -> None:
    world.say_provincial("2023-07-17 18:30", provincial())
    assert _run()[0] == 0
    before = _digests(world)

    bad = _at_night(world)
    good = world.say_provincial("2023-07-18 18:30", provincial("000.26.33.H01-230718-0900"))
    for _ in range(2):
        code, told, notice = _run()
        assert (code, told["ok"]) == (3, False)
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


def test_the_failed_rule_is_red_on_the_asset_and_green_once_mended(world: World) -> None:
    _at_night(world)
    _run()
    home = Path(world.landing.parent / "home")
    key = dg.AssetKey(["history", "dossier_version"])

    def checked(rule: str) -> tuple[bool, dg.AssetCheckSeverity]:
        with dg.DagsterInstance.from_config(str(home / "dagster")) as instance:
            (record,) = instance.event_log_storage.get_asset_check_execution_history(
                dg.AssetCheckKey(key, rule), limit=1
            )
        assert record.event and record.event.dagster_event
        found = record.event.dagster_event.asset_check_evaluation_data
        return found.passed, found.severity

    assert checked("times_shifted") == (False, dg.AssetCheckSeverity.ERROR)
    with dg.DagsterInstance.from_config(str(home / "dagster")) as instance:
        assert instance.get_latest_materialization_event(key) is None
    pages = home / "data-docs"
    (page,) = pages.glob("2*.html")
    assert "Không đạt" in page.read_text(encoding="utf-8") and "times_shifted" in page.read_text(
        encoding="utf-8"
    )

    shutil.rmtree(world.landing / "igate")
    world.say_provincial("2023-07-17 18:30", provincial(due=""))
    assert _run()[0] == 0
    assert checked("times_shifted") == (True, dg.AssetCheckSeverity.ERROR)
    assert checked("missing_due") == (False, dg.AssetCheckSeverity.WARN)


@pytest.mark.long
def test_a_person_may_let_a_blocking_rule_through_once(world: World) -> None:
    _at_night(world)
    assert _run()[0] == 3
    code, told, _ = _run("--accept", "times_shifted")
    assert (code, told["files_loaded"], told["rows_loaded"]) == (0, 1, 60)
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
    said = page.read_bytes()
    page.unlink()
    world.put("igate/2099-07-19/page.json", said.replace(b"2023-07-19T", b"2099-07-19T"))
    assert _run()[1]["files_failed"] == 1
    before = _digests(world)
    assert _run("--accept", "clock_ahead")[0] == 3
    assert _digests(world) == before
    assert _run("--accept", "clock_ahead", "--accept", "times_shifted")[0] == 0
