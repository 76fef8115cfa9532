"""`motcua ui`: Dagster's pages, those of the audits, and the board, on this machine only."""

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
from pipelines.json_logs import is_json
from pipelines.settings import Settings
from warehouse_sql.messages import message

_LAST_PORT = 65535


def ui(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Cổng trên 127.0.0.1.")] = 3000,
    pages_port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="Cổng của các trang kiểm tra (mặc định: cổng trên cộng 1)."),
    ] = None,
    board_port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="Cổng của bảng điều hành (mặc định: cổng trên cộng 2)."),
    ] = None,
) -> None:
    """Mở các trang của Dagster tại http://127.0.0.1:CỔNG, các trang kiểm tra số liệu và bảng điều hành ở hai cổng kế
    tiếp (Ctrl+C để dừng)."""
    from pipelines.cli.board import guarded_board, server_of
    from pipelines.dagster_processes import running, wait
    from quality.data_docs import INDEX, write_index

    pages_port = pages_port or _next_to(port, 1)
    board_port = board_port or _next_to(port, 2)
    if len({port, pages_port, board_port}) < 3:
        raise typer.BadParameter(message("--port, --pages-port và --board-port phải là các cổng khác nhau."))
    must_be_free(port, "--port")
    must_be_free(pages_port, "--pages-port")
    must_be_free(board_port, "--board-port")
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
    board = server_of(guarded_board(settings, HERE, "open"), HERE, board_port)
    threading.Thread(target=board.run, daemon=True).start()
    say(message("Bảng điều hành: {address}", address=f"http://{HERE}:{board_port}/"))
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    with running(settings.for_child(), HERE, port, is_json(settings.log)) as processes:
        wait(processes, stopped)
    board.should_exit = True
    server.shutdown()


def _next_to(port: int, by: int) -> int:
    return port + by if port + by <= _LAST_PORT else port - by


class _Pages(http.server.SimpleHTTPRequestHandler):
    """Files of the folder, without a line on the terminal for each."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


def _serve(folder: Path, port: int) -> http.server.ThreadingHTTPServer:
    handler = functools.partial(_Pages, directory=str(folder))
    server = http.server.ThreadingHTTPServer((HERE, port), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
