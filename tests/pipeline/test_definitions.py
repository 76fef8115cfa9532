"""What Dagster shows: the asset graph as it is pinned, and that showing it touches nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
import yaml

from assets.sources.sources import load_sources
from pipelines.definitions import build_definitions
from pipelines.partitions import export_days

_SNAPSHOT = Path(__file__).with_name("asset_graph.json")
_RENEW = "MOTCUA_RENEW_SNAPSHOTS=1 .venv/bin/python -m pytest tests/pipeline/test_definitions.py"
_ROOT = Path(__file__).parents[2]
# Whatever opens a connection, starts a program or makes a folder while the definitions are loaded is told.
_WATCHED = """
import sys
seen = []
def note(event, arguments):
    if event == "subprocess.Popen" and arguments[0] == "file":
        return  # Dagster's croniter asks it whether Python has 32 bits
    if event in ("socket.connect", "subprocess.Popen", "os.mkdir", "os.posix_spawn", "os.fork"):
        seen.append((event, str(arguments[0])))
sys.addaudithook(note)
from pipelines.definitions import defs
defs.resolve_all_job_defs()
print(seen)
print([name for name in ("great_expectations", "apprise", "assets.alerts.detect") if name in sys.modules])
"""


@pytest.fixture(scope="module")
def definitions() -> dg.Definitions:
    return build_definitions(sources=load_sources())


def test_the_asset_graph_is_the_one_that_is_pinned(definitions: dg.Definitions) -> None:
    actual = _graph(definitions)
    if os.environ.get("MOTCUA_RENEW_SNAPSHOTS"):
        _SNAPSHOT.write_text(json.dumps(actual, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    pinned = json.loads(_SNAPSHOT.read_text(encoding="utf-8"))
    different = sorted(_differences(pinned, actual))
    assert not different, (
        "The asset graph is not the one in tests/pipeline/asset_graph.json:\n  "
        + "\n  ".join(different)
        + f"\nIf all of this is meant, renew the file, look at its diff and commit it:\n  {_RENEW}"
    )


def test_every_asset_says_what_it_is_and_whose(definitions: dg.Definitions) -> None:
    for spec in definitions.resolve_all_asset_specs():
        assert spec.description, spec.key
        assert spec.owners and all(owner.startswith("team:") for owner in spec.owners), spec.key
        assert spec.kinds, spec.key
        assert spec.group_name in ("exports", "history", "dimensions", "facts", "aggregates", "alerts"), (
            spec.key
        )


def test_loading_the_definitions_starts_and_connects_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    environment = os.environ | {
        "MOTCUA_HOME": str(home),
        "MOTCUA_WAREHOUSE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    shown = subprocess.run(
        [sys.executable, "-c", _WATCHED],
        cwd=_ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    seen, slow = shown.stdout.splitlines()[-2:]
    assert seen == "[]"
    # What takes long to import is imported by who needs it.
    assert slow == "[]"
    assert not home.exists()
    assert shown.stderr == ""


def test_the_daily_run_starts_at_half_past_five_in_vietnam(definitions: dg.Definitions) -> None:
    (schedule,) = definitions.schedules or []
    assert isinstance(schedule, dg.ScheduleDefinition)
    assert schedule.job_name == "daily_run"
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("30 5 * * *", "Asia/Ho_Chi_Minh")


def test_an_export_day_is_a_day_in_vietnam_and_today_is_one() -> None:
    assert export_days.timezone == "Asia/Ho_Chi_Minh"
    today = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date().isoformat()
    assert export_days.get_last_partition_key() == today
    assert export_days.get_first_partition_key() == "2020-01-01"


def test_a_list_of_sources_of_ones_own_shows_its_portals(tmp_path: Path) -> None:
    own = yaml.safe_load((_ROOT / "assets/sources/sources.yaml").read_text(encoding="utf-8"))
    file = tmp_path / "sources.yaml"
    file.write_text(yaml.safe_dump({"kiengiang": own["igate"]}, allow_unicode=True), encoding="utf-8")
    graph = _graph(build_definitions(sources=load_sources(file)))
    assert [key for key in graph["assets"] if key.startswith("portal/")] == ["portal/kiengiang"]
    assert "portal/kiengiang" in graph["assets"]["landing/export_file"]["deps"]


def _graph(definitions: dg.Definitions) -> dict[str, Any]:
    graph = definitions.resolve_asset_graph()
    assets = {
        node.key.to_user_string(): {
            "group": node.group_name,
            "kinds": sorted(node.kinds),
            "owners": sorted(node.owners),
            "deps": sorted(key.to_user_string() for key in node.parent_keys),
            "checks": sorted(key.name for key in node.check_keys),
            "partitions": str(node.partitions_def) if node.partitions_def else None,
            "external": node.is_external,
        }
        for node in graph.asset_nodes
    }
    jobs = {
        name: {
            "assets": sorted(key.to_user_string() for key in job.asset_layer.selected_asset_keys),
            "steps": sorted(node.name for node in job.nodes),
        }
        for name, job in ((name, definitions.resolve_job_def(name)) for name in ("daily_run", "export_day"))
    }
    schedules = {
        schedule.name: [schedule.job_name, schedule.cron_schedule, schedule.execution_timezone]
        for schedule in definitions.schedules or []
        if isinstance(schedule, dg.ScheduleDefinition)
    }
    sensors = {
        sensor.name: [sensor.minimum_interval_seconds, sensor.default_status.value]
        for sensor in sorted(definitions.sensors or [], key=lambda sensor: sensor.name)
    }
    return {"assets": dict(sorted(assets.items())), "jobs": jobs, "schedules": schedules, "sensors": sensors}


def _differences(pinned: Any, expected: Any, place: str = "") -> Iterator[str]:
    if isinstance(pinned, dict) and isinstance(expected, dict):
        for name in pinned.keys() | expected.keys():
            yield from _differences(
                pinned.get(name), expected.get(name), f"{place} › {name}" if place else name
            )
    elif pinned != expected:
        yield f"{place}: pinned {pinned}, found {expected}"
