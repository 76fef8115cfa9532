"""`motcua metrics`: figures for Prometheus."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine

from pipelines.cli.console import say, warn
from pipelines.cli.language import error_line
from pipelines.cli.ports import HERE, must_be_free
from pipelines.errors import sentence
from pipelines.settings import Settings
from warehouse_sql.engine import open_engine
from warehouse_sql.messages import message


def metrics(
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Ghi vào tệp cho textfile collector của node_exporter, thay vì in ra.",
        ),
    ] = None,
    serve: Annotated[
        str | None,
        typer.Option(
            metavar="HOST:PORT",
            help="Trả lời Prometheus tại địa chỉ này cho đến khi dừng (chỉ PORT: 127.0.0.1).",
        ),
    ] = None,
) -> None:
    """In số đo của kho theo OpenMetrics: lần chạy và từng bước, nguồn, dòng cách ly, cảnh báo, hồ sơ quá hạn."""
    from pipelines.metrics import WarehouseCollector, openmetrics, registry_of, write_textfile

    if out and serve:
        raise typer.BadParameter(message("Chỉ dùng một trong hai: --out hoặc --serve."))
    address = _address(serve) if serve else None
    settings, kept = Settings(), list[Engine]()

    def engine() -> Engine:
        # Kept while we serve; asked for again each time it could not be made.
        if not kept:
            kept.append(open_engine(settings.url()))
        return kept[0]

    collector = WarehouseCollector(engine)
    registry = registry_of(collector)
    if address:
        from prometheus_client import start_http_server

        host, port = address
        server, thread = start_http_server(port, host, registry)
        say(message("Số đo: {address}", address=f"http://{host}:{server.server_port}/metrics"))
        _wait_for_the_end()
        server.shutdown()
        thread.join()
        return
    if out:
        write_textfile(registry, out)
    else:
        print(openmetrics(registry), end="")
    if collector.error is not None:
        warn(error_line(sentence(collector.error)))
        raise typer.Exit(1)


def _address(serve: str) -> tuple[str, int]:
    """Returns host and port; the host is this machine alone where none is given."""
    host, _, port = serve.rpartition(":")
    if not port.isdecimal() or not 0 < int(port) < 1 << 16:
        raise typer.BadParameter(
            message("--serve “{serve}” không phải là HOST:PORT, ví dụ 127.0.0.1:9187.", serve=serve)
        )
    host = host.strip("[]") or HERE
    if host == HERE:
        must_be_free(int(port), "--serve")
    return host, int(port)


def _wait_for_the_end() -> None:
    """Returns on Ctrl+C or when the service manager stops us."""
    is_over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: is_over.set())
    is_over.wait()
