"""What an office installs: the units, the compose file, and that their very commands run."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines import dagster_processes
from pipelines.settings import Settings
from tests.command_line import own_environment

_ROOT = Path(__file__).parents[2]
_DEPLOY = _ROOT / "deploy"
_UNITS = sorted((_DEPLOY / "systemd").iterdir())
_BIN = Path(sys.executable).parent
_ANALYZE = shutil.which("systemd-analyze")
_WITH_SYSTEMD = pytest.mark.skipif(
    not _ANALYZE, reason="systemd-analyze is not installed: units were not verified"
)


def _unit(name: str) -> dict[str, list[str]]:
    """Returns what a unit says, by name; each name may stand several times."""
    settings: dict[str, list[str]] = {}
    for line in (_DEPLOY / "systemd" / name).read_text(encoding="utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            settings.setdefault(name, []).append(value)
    return settings


def _compose() -> dict[str, Any]:
    composed: dict[str, Any] = yaml.safe_load((_DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return composed


@_WITH_SYSTEMD
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    for unit in _UNITS:
        text = unit.read_text(encoding="utf-8").replace("/opt/motcua/bin", str(_BIN))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    assert _ANALYZE
    command = [_ANALYZE, "verify", "--man=no", *(str(tmp_path / unit.name) for unit in _UNITS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@_WITH_SYSTEMD
def test_the_dead_man_looks_three_times_each_morning_in_vietnam() -> None:
    (moments,) = _unit("motcua-deadman.timer")["OnCalendar"]
    assert _ANALYZE
    done = subprocess.run(
        [_ANALYZE, "calendar", "--iterations=3", moments], capture_output=True, text=True, check=True
    )
    times = re.findall(r"(\d\d:\d\d):00 UTC", done.stdout)
    assert sorted(set(times)) == ["00:30", "02:30", "05:30"]  # 7:30, 9:30 and 12:30


def test_the_units_run_what_motcua_ui_runs() -> None:
    file, socket = Path("/etc/motcua/workspace.yaml"), Path("/run/motcua/code.sock")
    assert {name: _exec_start(name) for name in ("code", "daemon", "webserver")} == {
        "code": _installed(dagster_processes.code_location(socket)),
        "daemon": _installed(dagster_processes.daemon(file)),
        "webserver": _installed(dagster_processes.webserver(file, "127.0.0.1", 3000)),
    }
    assert (_DEPLOY / "workspace.yaml").read_text(encoding="utf-8") == dagster_processes.workspace(socket)


def test_every_unit_has_the_settings_and_the_home_of_the_others() -> None:
    services = [_unit(unit.name) for unit in _UNITS if unit.suffix == ".service"]
    assert len(services) == 8
    for name in (
        "User",
        "EnvironmentFile",
        "Environment",
        "StateDirectory",
        "NoNewPrivileges",
        "ProtectSystem",
    ):
        assert len({tuple(service[name]) for service in services}) == 1, name
    given = dict(
        line.split("=", 1) for line in (_DEPLOY / "motcua.env").read_text().splitlines() if line[:1].isalpha()
    )
    assert services[0]["Environment"] == [
        f"DAGSTER_HOME={Settings(home=Path(given['MOTCUA_HOME'])).dagster_home}"
    ]
    watched = _unit("motcua-landing.path")["PathChanged"]
    assert [Path(path).parent for path in watched] == [Path(given["MOTCUA_LANDING"])] * 3


def test_the_compose_file_is_one_by_its_schema() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run(
        [*command, str(_DEPLOY / "compose.yaml")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_compose_file_runs_what_the_units_run_between_containers() -> None:
    services = _compose()["services"]
    file, socket = Path("/etc/motcua/workspace.yaml"), "--socket /run/motcua/code.sock"
    assert " ".join(services["code"]["command"]) == " ".join(
        dagster_processes.code_location(Path("/run/motcua/code.sock"))
    ).replace(socket, "--host 0.0.0.0 --port 4000")
    assert services["daemon"]["command"] == dagster_processes.daemon(file)
    assert services["webserver"]["command"] == dagster_processes.webserver(file, "0.0.0.0", 3000)
    (location,) = yaml.safe_load((_DEPLOY / "workspace-compose.yaml").read_text())["load_from"]
    assert location["grpc_server"] == {"location_name": "motcua", "host": "code", "port": 4000}


def test_the_backup_of_a_morning_is_made_by_the_very_command_of_its_unit(
    warehouse_url: str, tmp_path: Path
) -> None:
    shell, option, command = _exec_start("backup")
    backups, program = tmp_path / "backups", f"{sys.executable} -c 'from pipelines.cli import main; main()'"
    backups.mkdir()
    command = command.replace("%%", "%").replace("/backups/motcua", str(backups))
    done = subprocess.run(
        [shell, option, command.replace("/opt/motcua/bin/motcua", program)],
        env=own_environment(tmp_path / "home", warehouse_url),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (folder,) = backups.iterdir()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", folder.name)
    assert (folder / "backup.json").exists()
    assert "--keep 14" in command


def test_metrics_are_served_where_the_page_on_monitoring_has_prometheus_look() -> None:
    _, *command = _exec_start("metrics")
    assert command == ["metrics", "--serve", "127.0.0.1:9187"]
    assert _compose()["services"]["metrics"]["command"] == ["motcua", "metrics", "--serve", "0.0.0.0:9187"]
    page = (_ROOT / "docs" / "monitoring.md").read_text(encoding="utf-8")
    (scraped,) = yaml.safe_load(page.partition("```yaml\n")[2].partition("```")[0])["scrape_configs"]
    assert scraped["static_configs"] == [{"targets": [command[-1]]}]


def test_only_exports_and_those_who_log_in_are_let_in_from_other_machines() -> None:
    published = {name: service.get("ports", []) for name, service in _compose()["services"].items()}
    assert published.pop("sftp") == ["2222:2222"]
    assert published.pop("webserver") == ["127.0.0.1:3000:3000"]
    assert published.pop("metrics") == ["127.0.0.1:9187:9187"]
    # The board as well, but by TLS and with accounts: without either it refuses to start there.
    assert published.pop("board") == ["8443:8443"]
    assert {"--certificate", "--key"} <= set(_compose()["services"]["board"]["command"])
    assert not any(published.values())


def test_files_and_variables_that_the_images_name_exist() -> None:
    ignored = (_DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    for file, context in (("Dockerfile", _ROOT), ("sftp/Dockerfile", _DEPLOY / "sftp")):
        copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (_DEPLOY / file).read_text(), re.M)
        names = [name for line in copied for name in line.split()]
        assert names and all((context / name).exists() for name in names)
        if context == _ROOT:
            assert sorted(line[1:] for line in ignored if line.startswith("!")) == sorted(names)
    services = _compose()["services"]
    mounted = [
        str(volume).split(":")[0] for service in services.values() for volume in service.get("volumes", [])
    ]
    assert (_DEPLOY / "postgres-init.sql").exists() and "./postgres-init.sql" in mounted
    variables = {name for name in services["code"]["environment"] if name.startswith("MOTCUA_")}
    assert variables <= {f"MOTCUA_{field.upper()}" for field in Settings.model_fields}


@pytest.mark.skipif(
    not Path("/usr/sbin/sshd").exists(), reason="openssh-server is not installed (tests/openssh.sh)"
)
def test_the_sftp_server_lets_nobody_do_anything_but_send(tmp_path: Path) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    text = (_DEPLOY / "sftp" / "sshd_config").read_text()
    (tmp_path / "sshd_config").write_text(text.replace("/etc/ssh/keys/ssh_host_ed25519_key", str(key)))
    Path("/run/sshd").mkdir(exist_ok=True)
    shown = subprocess.run(
        ["/usr/sbin/sshd", "-T", "-f", str(tmp_path / "sshd_config")],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    for line in (
        *(
            "passwordauthentication no",
            "kbdinteractiveauthentication no",
            "permitrootlogin no",
            "permittty no",
        ),
        *("allowtcpforwarding no", "chrootdirectory /srv", "forcecommand internal-sftp -d /landing -u 0022"),
        "allowusers landing",
    ):
        assert line in shown


def _exec_start(name: str) -> list[str]:
    (command,) = _unit(f"motcua-{name}.service")["ExecStart"]
    return shlex.split(command)


def _installed(command: list[str]) -> list[str]:
    return [f"/opt/motcua/bin/{command[0]}", *command[1:]]
