"""`motcua ui`: Dagster's pages and those of the audits, on this machine only."""

from __future__ import annotations

import functools
import http.server
import signal
import threading
from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.cli.console import say
from pipelines.cli.ports import HERE, must_be_free
from pipelines.dagster_home import prepare_dagster_home
from pipelines.settings import Settings
from warehouse_sql.messages import message

_LAST_PORT = 65535


def ui(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Cổng trên 127.0.0.1.")] = 3000,
    pages_port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="Cổng của các trang kiểm tra (mặc định: cổng trên cộng 1)."),
    ] = None,
) -> None:
    """Mở các trang của Dagster tại http://127.0.0.1:CỔNG và các trang kiểm tra số liệu ở cổng kế tiếp (Ctrl+C để dừng)."""
    from pipelines.dagster_processes import running, wait
    from quality.data_docs import INDEX, write_index

    pages_port = pages_port or _next_to(port)
    if pages_port == port:
        raise typer.BadParameter(message("--port và --pages-port phải là hai cổng khác nhau."))
    must_be_free(port, "--port")
    must_be_free(pages_port, "--pages-port")
    settings = Settings()
    prepare_dagster_home(settings)
    pages = settings.data_docs
    if not (pages / INDEX).exists():
        write_index(pages)
    server = _serve(pages, pages_port)
    say(message("Dagster: {address}", address=f"http://{HERE}:{port}"))
    say(
        message(
            "Các lần kiểm tra trước khi công bố: {address} ({file})",
            address=f"http://{HERE}:{pages_port}/",
            file=pages / INDEX,
        )
    )
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    with running(settings.for_child(), HERE, port) as processes:
        wait(processes, stopped)
    server.shutdown()


def _next_to(port: int) -> int:
    return port + 1 if port < _LAST_PORT else port - 1


class _Pages(http.server.SimpleHTTPRequestHandler):
    """Files of the folder, without a line on the terminal for each."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


def _serve(folder: Path, port: int) -> http.server.ThreadingHTTPServer:
    handler = functools.partial(_Pages, directory=str(folder))
    server = http.server.ThreadingHTTPServer((HERE, port), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
