"""Dagster's three processes as they are run in production: the code location, the daemon and the webserver.

Here: their commands, and running all three for as long as one wants. Not here: the units and the compose file that run
them one by one (`deploy/`), whose commands are these.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from warehouse_sql.messages import message

DEFINITIONS = "pipelines.definitions"
LOCATION = "motcua"
_STARTS_WITHIN_SECONDS = 120
_ENDS_WITHIN_SECONDS = 20
_POLL_SECONDS = 0.2

Process = subprocess.Popen[bytes]


class ProcessError(RuntimeError):
    """One of the processes ended by itself. The message is one Vietnamese sentence."""


def workspace(socket: Path) -> str:
    """Returns the workspace file of the webserver and the daemon: where the code location answers."""
    return f"load_from:\n  - grpc_server:\n      location_name: {LOCATION}\n      socket: {socket}\n"


def code_location(socket: Path, logs_json: bool = True) -> list[str]:
    """Returns the command that serves the definitions, and starts runs as children of its own."""
    command = ["dagster", "api", "grpc", "--module-name", DEFINITIONS, "--socket", str(socket)]
    return [*command, "--location-name", LOCATION, "--log-level", "warning", *_log_format(logs_json)]


def daemon(workspace_file: Path, logs_json: bool = True) -> list[str]:
    """Returns the command of schedules, sensors, the run queue and run monitoring."""
    command = ["dagster-daemon", "run", "--workspace", str(workspace_file), "--log-level", "warning"]
    return [*command, *_log_format(logs_json)]


def webserver(workspace_file: Path, host: str, port: int, logs_json: bool = True) -> list[str]:
    """Returns the command of the pages."""
    command = ["dagster-webserver", "--workspace", str(workspace_file), "--host", host, "--port", str(port)]
    return [*command, "--dagster-log-level", "warning", *_log_format(logs_json)]


def _log_format(logs_json: bool) -> list[str]:
    return ["--log-format", "json" if logs_json else "colored"]


@contextmanager
def running(environment: Mapping[str, str], host: str, port: int, logs_json: bool) -> Iterator[list[Process]]:
    """Yields the three processes once the code location answers, and stops them at the end, the code location last.

    Raises ProcessError where one of them does not start.
    """
    # The path of a socket has to be short, and nobody else may pass its folder.
    with tempfile.TemporaryDirectory(prefix="motcua-", ignore_cleanup_errors=True) as folder:
        socket, file = Path(folder) / "code.sock", Path(folder) / "workspace.yaml"
        file.write_text(workspace(socket), encoding="utf-8")
        processes: list[Process] = []
        try:
            processes.append(_start(code_location(socket, logs_json), environment))
            _wait_for(processes[0], socket)
            processes += [
                _start(daemon(file, logs_json), environment),
                _start(webserver(file, host, port, logs_json), environment),
            ]
            yield processes
        finally:
            stop(list(reversed(processes)))


def wait(processes: Sequence[Process], stopped: threading.Event) -> None:
    """Waits until `stopped` is set. Raises ProcessError when a process ends before."""
    while not stopped.wait(_POLL_SECONDS):
        for process in processes:
            if process.poll() is not None:
                raise ProcessError(
                    message(
                        "Tiến trình {name} của Dagster dừng giữa chừng (mã thoát {code}); hãy xem các dòng ở trên rồi mở lại.",
                        name=Path(str(process.args[0])).name if isinstance(process.args, list) else "?",
                        code=process.returncode,
                    )
                )


def stop(processes: Sequence[Process]) -> None:
    """Ends the processes one after the other, each with the runs it started; what does not end in time is killed."""
    for process in processes:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_ENDS_WITHIN_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _start(command: Sequence[str], environment: Mapping[str, str]) -> Process:
    program = Path(sys.executable).with_name(command[0])
    # In a session of its own: Ctrl+C reaches us, and we end them in their order.
    return subprocess.Popen([str(program), *command[1:]], env=dict(environment), start_new_session=True)


def _wait_for(process: Process, socket: Path) -> None:
    from dagster._core.errors import DagsterUserCodeUnreachableError  # noqa: PLC0415
    from dagster._grpc.client import DagsterGrpcClient  # noqa: PLC0415

    client = DagsterGrpcClient(socket=str(socket))
    deadline = time.monotonic() + _STARTS_WITHIN_SECONDS
    while True:
        with suppress(DagsterUserCodeUnreachableError):
            client.ping("motcua")
            return
        if process.poll() is not None or time.monotonic() > deadline:
            raise ProcessError(
                message("Không mở được các định nghĩa của Dagster; hãy xem các dòng ở trên rồi mở lại.")
            )
        time.sleep(_POLL_SECONDS)
