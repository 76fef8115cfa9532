"""`motcua ui`: Dagster's pages and those of the audits, on this machine only."""

from __future__ import annotations

import functools
import http.server
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.cli.console import out
from pipelines.run import prepare_dagster_home
from pipelines.settings import Settings
from quality.data_docs import INDEX, write_index

_HERE = "127.0.0.1"


def ui(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Cổng trên 127.0.0.1.")] = 3000,
    pages_port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="Cổng của các trang kiểm tra (mặc định: cổng trên cộng 1)."),
    ] = None,
) -> None:
    """Mở các trang của Dagster tại http://127.0.0.1:CỔNG và các trang kiểm tra số liệu ở cổng kế tiếp (Ctrl+C để dừng)."""
    settings = Settings()
    home = prepare_dagster_home(settings)
    pages = settings.data_docs
    if not (pages / INDEX).exists():
        write_index(pages)
    server = _serve(pages, pages_port or min(port + 1, 65535))
    out.print(f"Dagster: http://{_HERE}:{port}", markup=False)
    out.print(
        f"Các lần kiểm tra trước khi công bố: http://{_HERE}:{server.server_port}/ ({pages / INDEX})",
        markup=False,
    )
    environment = os.environ | {"DAGSTER_HOME": str(home), "MOTCUA_HOME": str(settings.root)}
    command = [
        *(sys.executable, "-m", "dagster", "dev", "-m", "pipelines.definitions"),
        *("--host", _HERE, "--port", str(port)),
    ]
    with subprocess.Popen(command, env=environment) as dagster:
        # Ctrl+C reaches both of us; whoever stops us by our process id stops Dagster too.
        signal.signal(signal.SIGTERM, lambda *_: dagster.terminate())
        try:
            code = dagster.wait()
        except KeyboardInterrupt:
            code = dagster.wait()
    server.shutdown()
    raise typer.Exit(max(code, 0))


class _Pages(http.server.SimpleHTTPRequestHandler):
    """Files of the folder, without a line on the terminal for each."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


def _serve(folder: Path, port: int) -> http.server.ThreadingHTTPServer:
    handler = functools.partial(_Pages, directory=str(folder))
    server = http.server.ThreadingHTTPServer((_HERE, port), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
