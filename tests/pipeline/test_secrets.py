"""No secret is told: addresses with users, passwords and tokens in them, and everything that a command leaves behind."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg
import psycopg
import pytest
from pydantic import SecretStr
from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from pipelines.definitions import build_definitions
from pipelines.resources import resources_of
from pipelines.sensors import dead_man, run_failed, send_notices
from pipelines.settings import Settings
from tests.command_line import Done, Motcua
from tests.receivers import Hook, free_port
from tests.worlds import World, provincial, work_today
from warehouse_sql.resources import original_of, without_secrets

#: What must stand nowhere: users, passwords and tokens of all addresses.
_CANARIES = ("kiemthu_tk", "Chim7Vang", "Chim8Xanh", "TOKEN-Chim9Do")
_USER, _PASSWORD, _OTHER, _TOKEN = _CANARIES
_OF_A_LIBRARY = "http://u:{}@h/"
_RUN_BY = {"MOTCUA_RUN_BY": "00:00"}


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    world = World(warehouse, tmp_path)
    world.say_provincial("2023-07-17 18:30", provincial())
    work_today(warehouse)  # the dead man rests on days off
    return world


def _secret_url(url: str, user: str = "", password: str = _PASSWORD) -> str:
    """The same warehouse with a password in its address, which a server that trusts its socket does not ask for."""
    address = make_url(url)
    return address.set(username=user or address.username, password=password).render_as_string(False)


def _channels(web: Hook) -> str:
    """A webhook, a mail server that is not there, and a chat that can't be reached; all with secrets."""
    hook = web.address.replace("motcua:Mat-Khau-9", f"{_USER}:{_OTHER}").replace("Token-Bi-Mat-77", _TOKEN)
    mail = f"mailto://{_USER}:{_PASSWORD}@127.0.0.1:{free_port()}?from=a@kho.vn&to=b@xa.vn&mode=insecure"
    return f"{hook} {mail} xmls://{_USER}:{_OTHER}@127.0.0.1:{free_port()}/{_TOKEN} khong-co://{_TOKEN}"


def _leaks(done: list[Done], root: Path, url: str) -> list[str]:
    """Where a canary stands: outputs, files below the test's folder, tables of the warehouse."""
    places = {
        f"{place}: {' '.join(item.args)}": stream
        for item in done
        for place, stream in (("stdout", item.stdout), ("stderr", item.stderr))
    }
    for file in root.rglob("*"):
        if file.is_file():
            places[str(file.relative_to(root))] = file.read_bytes().decode("latin-1")
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "select format('%I.%I', schemaname, tablename) from pg_tables"
            " where schemaname not in ('pg_catalog', 'information_schema')"
        ).fetchall()
        for (table,) in tables:
            with connection.cursor().copy(f"copy {table} to stdout".encode()) as copy:
                places[table] = b"".join(bytes(part) for part in copy).decode()
    return [
        f"{canary} in {place}" for place, text in places.items() for canary in _CANARIES if canary in text
    ]


@pytest.mark.long
def test_a_day_whose_every_channel_fails_tells_no_secret(
    world: World, motcua: Motcua, web: Hook, warehouse_url: str, tmp_path: Path
) -> None:
    web.status = 500
    own = {
        "MOTCUA_WAREHOUSE_URL": _secret_url(warehouse_url),
        "MOTCUA_LANDING": str(world.landing),
        "MOTCUA_NOTIFY": _channels(web),
        "MOTCUA_DEBUG": "1",
    }
    first = motcua("run", "--arrived-when-exported", "--json", **own)
    with world.engine.begin() as connection:
        connection.exec_driver_sql("alter table ops.alert rename to alert_that_is_gone")
    failed = motcua("run", **own)
    with world.engine.begin() as connection:
        connection.exec_driver_sql("alter table ops.alert_that_is_gone rename to alert")
        connection.exec_driver_sql("delete from ops.run where status = 'success'")
    done = [first, failed, motcua("alerts", "deadman", **own, **_RUN_BY), motcua("alerts", "test", **own)]
    done += [motcua("status", **own), motcua("warehouse", "url", **own), motcua("status", "--json", **own)]
    assert [item.returncode for item in done] == [0, 1, 0, 1, 0, 0, 0], [item.stderr for item in done]
    assert _leaks(done, tmp_path, warehouse_url) == []
    # It was really tried, and the reasons are there without the secrets.
    assert web.posts and world.ask("select count(*) from ops.notice where last_error is not null")[0][0] >= 3


_UNREACHABLE = f"{_USER}:{_PASSWORD}@127.0.0.1:1"


@pytest.mark.parametrize(
    "landing",
    [
        f"http://{_UNREACHABLE}/in?token={_TOKEN}",
        f"khongco://{_UNREACHABLE}/in",
        f"http://{_USER}:{_OTHER}@{_PASSWORD}@127.0.0.1:1/in",
        f"http://{_USER}:{_OTHER}/{_PASSWORD}@127.0.0.1/in",
        f"sftp://{_UNREACHABLE}/in",
    ],
)
def test_a_landing_zone_that_fails_tells_no_secret(
    landing: str, world: World, motcua: Motcua, warehouse_url: str, tmp_path: Path
) -> None:
    proxy = f"http://{_USER}:{_OTHER}@127.0.0.1:1"
    own = {"MOTCUA_DEBUG": "1", "HTTP_PROXY": proxy, "https_proxy": proxy}
    done = [
        motcua("run", MOTCUA_LANDING=landing, **own),
        motcua("run", "--landing", landing, "--json"),
        motcua("status"),
    ]
    done[1].args = ["motcua", "run", "--landing"]
    assert [item.returncode for item in done] == [1, 1, 0], [item.stderr for item in done]
    assert _leaks(done, tmp_path, warehouse_url) == []


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://{_UNREACHABLE}/kho",
        f"postgresql://{_USER}:{_OTHER}@{_PASSWORD}@127.0.0.1:1/kho",
        f"postgresql://{_USER}:{_PASSWORD}@{_TOKEN}.invalid:cong/kho",
        f"mysql://{_UNREACHABLE}/kho",
        f"postgresql://127.0.0.1:1/kho?user={_USER}&password={_PASSWORD}&sslpassword={_OTHER}",
        "a user that the server does not know",
    ],
)
def test_a_warehouse_that_fails_tells_no_secret(
    url: str, world: World, motcua: Motcua, web: Hook, warehouse_url: str, tmp_path: Path
) -> None:
    own = {
        "MOTCUA_WAREHOUSE_URL": _secret_url(warehouse_url, _USER) if " " in url else url,
        "MOTCUA_LANDING": str(world.landing),
        "MOTCUA_NOTIFY": _channels(web),
        "MOTCUA_DEBUG": "1",
    }
    done = [motcua(command, **own) for command in ("run", "status")]
    done += [motcua("alerts", "deadman", **own, **_RUN_BY), motcua("warehouse", "migrate", **own)]
    assert [item.returncode for item in done] == [1, 1, 1, 1], [item.stderr for item in done]
    leaks = _leaks(done, tmp_path, warehouse_url)
    # The host is no secret, whatever it is called.
    assert [leak for leak in leaks if _TOKEN not in leak] == []
    shown = " ".join(post["message"] for post in web.posts)
    assert shown and not [canary for canary in _CANARIES[:3] if canary in shown]


def test_the_address_is_shown_whole_only_where_it_is_asked_for(motcua: Motcua) -> None:
    url = f"postgresql://{_USER}:{_PASSWORD}@127.0.0.1:1/kho"
    assert (
        motcua("warehouse", "url", MOTCUA_WAREHOUSE_URL=url).stdout
        == "postgresql://***:***@127.0.0.1:1/kho\n"
    )
    assert motcua("warehouse", "url", "--show-password", MOTCUA_WAREHOUSE_URL=url).stdout == f"{url}\n"


def test_an_address_is_no_configuration_that_dagster_keeps_and_shows() -> None:
    address = f"postgresql://{_UNREACHABLE}/kho"
    settings = Settings(warehouse_url=address, landing=address, notify=SecretStr(address))
    resources = resources_of(lambda: settings)
    contexts: list[Any] = [
        SimpleNamespace(run=SimpleNamespace(job_name=job)) for job in ("daily_run", "wide_run")
    ]
    made = [resource.resource_fn(context) for resource in resources.values() for context in contexts]
    assert not [canary for canary in _CANARIES if canary in repr(made)]
    job = build_definitions(resources).resolve_job_def("daily_run")
    fields = job.run_config_schema.config_type.fields["resources"].config_type.fields
    for name in resources:
        assert fields[name].config_type.fields["config"].config_type.fields == {}
    with dg.DagsterInstance.ephemeral() as instance:
        run = instance.get_runs(limit=1) or [
            instance.get_run_by_id(job.execute_in_process(instance=instance, raise_on_error=False).run_id)
        ]
        kept = str(run) + str([record.event_log_entry for record in _events(instance)])
    assert not [canary for canary in _CANARIES if canary in kept]


def _events(instance: dg.DagsterInstance) -> list[dg.EventLogRecord]:
    return [
        record for run in instance.get_runs() for record in instance.get_records_for_run(run.run_id).records
    ]


def test_every_step_and_sensor_masks_what_it_raises() -> None:
    definitions = build_definitions()
    steps = [step for step in definitions.assets or [] if isinstance(step, dg.AssetsDefinition)]
    functions = [step.op.compute_fn.decorated_fn for step in steps if step.is_executable]  # type: ignore[union-attr]
    functions += [send_notices._raw_fn, dead_man._raw_fn, run_failed._run_status_sensor_fn]
    assert len(functions) >= 11
    assert [actual.__name__ for actual in functions if not hasattr(actual, "__wrapped__")] == []


def test_an_error_is_masked_with_its_causes_and_an_innocent_one_passes_as_it_is() -> None:
    @without_secrets
    def step(password: str) -> None:
        try:
            raise KeyError(_OF_A_LIBRARY.format(password) if password else "x")
        except KeyError as error:
            raise ValueError("không đọc được") from error

    with pytest.raises(ValueError, match="không đọc được"):
        step("")
    with pytest.raises(RuntimeError, match="ValueError: không đọc được") as raised:
        step(_PASSWORD)
    assert raised.value.__context__ is None and raised.value.__cause__ is None
    assert _PASSWORD not in str(raised.value.__notes__) and "http://***:***@h/" in str(raised.value.__notes__)
    assert isinstance(original_of(raised.value), ValueError)
