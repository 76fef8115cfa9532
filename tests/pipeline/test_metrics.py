"""`motcua metrics` and `motcua health`, as Prometheus and probes meet them."""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
import yaml
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from sqlalchemy import Engine

from tests.command_line import Motcua, own_environment
from tests.worlds import World, national

_DEPLOY = Path(__file__).parents[2] / "deploy"
_RULES = _DEPLOY / "prometheus" / "motcua.rules.yml"
_RULE_TESTS = _DEPLOY / "prometheus" / "motcua.rules.test.yml"
_DASHBOARD = _DEPLOY / "grafana" / "motcua.json"
_NAME = re.compile(r"\bmotcua_[a-z0-9_]+")
with_promtool = pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    return World(warehouse, tmp_path)


def _run(motcua: Motcua, world: World) -> None:
    world.say_national("2023-07-17 18:30", national())
    done = motcua("run", "--arrived-when-exported", MOTCUA_LANDING=str(world.landing))
    assert done.returncode == 0, done.stderr


def _samples(page: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def test_metrics_say_what_runs_took_and_how_things_stand(motcua: Motcua, world: World) -> None:
    _run(motcua, world)
    shown = motcua("metrics")
    assert (shown.returncode, shown.stderr) == (0, "")
    samples = _samples(shown.stdout)
    assert samples["motcua_up", ()] == 1
    assert samples["motcua_schema_current", ()] == 1
    assert samples["motcua_runs_total", (("status", "success"),)] == 1
    assert samples["motcua_last_run_success", ()] == 1
    assert samples["motcua_last_run_rows_read", ()] == 1
    assert samples["motcua_last_run_step_rows", (("step", "derive_facts"),)] == 1
    assert samples["motcua_last_run_step_duration_seconds", (("step", "end_run"),)] >= 0
    assert samples["motcua_last_run_step_peak_memory_bytes", (("step", "due_soon"),)] > 10e6
    assert samples["motcua_source_files_loaded", (("source", "dvcqg"),)] == 1
    assert samples["motcua_dossiers_open", (("rule_set", "ii06"),)] == 1
    assert time.time() - samples["motcua_last_success_timestamp_seconds", ()] < 600


def test_a_file_that_was_replaced_is_unreadable_no_more(motcua: Motcua, world: World) -> None:
    counted = []
    world.say_national("2023-07-17 18:30", national())
    (file,) = world.landing.rglob("*.json")
    for content in (b"{", file.read_bytes()):
        file.write_bytes(content)
        motcua("run", "--arrived-when-exported", MOTCUA_LANDING=str(world.landing))
        samples, source = _samples(motcua("metrics").stdout), (("source", "dvcqg"),)
        counted.append(
            [samples[f"motcua_source_files_{name}", source] for name in ("failed", "unreadable", "loaded")]
        )
    assert counted == [[1, 1, 0], [1, 0, 1]]


def test_no_warehouse_is_a_metric_too_and_an_exit_code(motcua_alone: Motcua) -> None:
    shown = motcua_alone("metrics")
    assert shown.returncode == 1
    assert _samples(shown.stdout)["motcua_up", ()] == 0
    assert shown.stderr.startswith("Lỗi: ")
    assert shown.stderr.count("\n") == 1


def test_a_schema_of_another_version_is_left_as_it_is(motcua: Motcua, world: World) -> None:
    with world.engine.begin() as connection:
        connection.exec_driver_sql("update public.alembic_version set version_num = '0001_first'")
    samples = _samples(motcua("metrics").stdout)
    assert (samples["motcua_up", ()], samples["motcua_schema_current", ()]) == (1, 0)
    assert "motcua warehouse migrate" in motcua("health").stdout
    assert world.ask("select version_num from public.alembic_version") == [("0001_first",)]


def test_the_file_for_node_exporter_is_whole_and_readable(motcua: Motcua, tmp_path: Path) -> None:
    out = tmp_path / "motcua.prom"
    assert motcua("metrics", "--out", str(out)).returncode == 0
    assert "motcua_up 1.0\n" in out.read_text(encoding="utf-8")
    assert out.stat().st_mode & 0o777 == 0o644
    assert [file.name for file in tmp_path.glob("motcua.prom*")] == ["motcua.prom"]


def test_prometheus_is_answered_on_loopback_until_the_command_is_stopped(
    warehouse_url: str, tmp_path: Path
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    unit = (_DEPLOY / "systemd" / "motcua-metrics.service").read_text(encoding="utf-8")
    (line,) = re.findall(r"^ExecStart=/opt/motcua/bin/motcua (.*)$", unit, re.M)
    arguments = line.replace(":9187", f":{port}").split()
    command = [sys.executable, "-c", "from pipelines.cli import main; main()", *arguments]
    environment = own_environment(tmp_path, warehouse_url)
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == f"Số đo: http://127.0.0.1:{port}/metrics\n"
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/metrics",
            headers={"Accept": "application/openmetrics-text; version=1.0.0"},
        )
        for _ in range(2):
            with urllib.request.urlopen(request) as answer:
                assert _samples(answer.read().decode())["motcua_up", ()] == 1
        server.send_signal(signal.SIGTERM)
        assert server.wait(20) == 0


def test_an_address_that_is_none_is_wrong_usage(motcua_alone: Motcua) -> None:
    assert motcua_alone("metrics", "--serve", "here").returncode == 2
    assert motcua_alone("metrics", "--serve", "9", "--out", "x").returncode == 2


def test_health_is_one_line_and_an_exit_code(motcua: Motcua, world: World) -> None:
    before = motcua("health")
    assert (before.returncode, before.stdout) == (1, "Không tốt: chưa có lần chạy nào kết thúc tốt\n")
    _run(motcua, world)
    well = motcua("health")
    assert well.returncode == 0
    assert re.fullmatch(
        r"Tốt: lần chạy gần nhất kết thúc lúc .*, số liệu đến hết ngày 17/07/2023\.\n", well.stdout
    )
    old = motcua("health", "--max-hours", "0")
    assert old.returncode == 1
    assert old.stdout.startswith("Không tốt: lần chạy tốt gần nhất đã kết thúc từ ")
    with world.engine.begin() as connection:
        connection.exec_driver_sql(
            "insert into ops.run (started_at, ended_at, status) values (now(), now(), 'failed')"
        )
    failed = motcua("--lang", "en", "health")
    assert failed.returncode == 1
    assert failed.stdout.startswith("Not well: the last run failed (")


def test_health_says_of_an_empty_warehouse_that_it_may_have_been_lost(
    empty_database_url: str, motcua_alone: Motcua
) -> None:
    lost = motcua_alone("health", MOTCUA_WAREHOUSE_URL=empty_database_url)
    assert lost.returncode == 1
    assert lost.stdout == (
        "Không tốt: kho còn trống (kho mới: motcua warehouse migrate; kho đã mất: motcua warehouse restore)\n"
    )


def test_health_names_a_server_that_does_not_answer(motcua_alone: Motcua) -> None:
    gone = motcua_alone("health")
    assert gone.returncode == 1
    assert gone.stdout.startswith("Không tốt: ")
    assert gone.stdout.count("\n") == 1


def test_rules_and_dashboard_name_only_metrics_that_are_written(motcua: Motcua, world: World) -> None:
    _run(motcua, world)
    with world.engine.begin() as connection:
        connection.exec_driver_sql("insert into ops.run (started_at, status) values (now(), 'running')")
    written = {
        name
        for family in text_string_to_metric_families(motcua("metrics").stdout)
        for name in (family.name, *(sample.name for sample in family.samples))
    }
    rules = [rule for group in yaml.safe_load(_RULES.read_text())["groups"] for rule in group["rules"]]
    panels = json.loads(_DASHBOARD.read_text(encoding="utf-8"))["panels"]
    queries = [rule["expr"] for rule in rules]
    queries += [target["expr"] for panel in panels for target in panel.get("targets", [])]
    assert len(queries) > 20
    for query in queries:
        names = set(_NAME.findall(query))
        assert names, query
        assert names <= written, query


@with_promtool
def test_promtool_finds_nothing_wrong_with_the_metrics(motcua: Motcua, world: World) -> None:
    _run(motcua, world)
    out = world.landing.parent / "motcua.prom"
    motcua("metrics", "--out", str(out))
    checked = _promtool("check", "metrics", stdin=out.read_text(encoding="utf-8"))
    assert (checked.returncode, checked.stderr) == (0, "")


@with_promtool
def test_promtool_accepts_the_rules_and_they_fire_when_they_should() -> None:
    checked = _promtool("check", "rules", str(_RULES))
    assert checked.returncode == 0, checked.stdout + checked.stderr
    tried = _promtool("test", "rules", str(_RULE_TESTS))
    assert tried.returncode == 0, tried.stdout + tried.stderr


def test_every_rule_is_tried() -> None:
    rules = [rule for group in yaml.safe_load(_RULES.read_text())["groups"] for rule in group["rules"]]
    tests = yaml.safe_load(_RULE_TESTS.read_text())["tests"]
    tried = {case["alertname"] for test in tests for case in test["alert_rule_test"] if case["exp_alerts"]}
    assert {rule["alert"] for rule in rules} == tried


def _promtool(*arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["promtool", *arguments], input=stdin, capture_output=True, text=True, check=False)
