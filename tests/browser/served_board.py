"""The board on loopback, on a real server."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from starlette.types import ASGIApp
from uvicorn import Server

from pipelines.cli.board import server_of
from tests.receivers import free_port
from tests.worlds import World


@dataclass
class Served:
    """A board, and the world behind it."""

    address: str
    world: World


@contextmanager
def served_board(app: ASGIApp, world: World) -> Iterator[Served]:
    """Serves it for as long as the block lasts."""
    port = free_port()
    with run_in_background(server_of(app, "127.0.0.1", port)):
        yield Served(f"http://127.0.0.1:{port}", world)


@contextmanager
def run_in_background(server: Server) -> Iterator[None]:
    """Runs a server for as long as the block lasts, from when it answers."""
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started:
        assert time.monotonic() < deadline, "the board did not start"
        time.sleep(0.05)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(60)
