"""A real Redis on loopback that keeps its queue on disk, so that it can be stopped and started.

`tests/redis.sh` installs it where root and apt are at hand.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from tests.receivers import free_port


def missing() -> str | None:
    """Returns why there is no server, None if there is one."""
    return None if shutil.which("redis-server") else "redis-server is not installed (tests/redis.sh)"


class RedisServer:
    """A server that is started and stopped with the same port and folder."""

    def __init__(self, root: Path) -> None:
        self._root, self._port = root, free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        command = [
            *("redis-server", "--port", str(self._port), "--bind", "127.0.0.1", "--dir", str(self._root)),
            *("--appendonly", "yes", "--save", "", "--logfile", str(self._root / "redis.log")),
        ]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        for _ in range(200):
            try:
                Redis.from_url(self.address).ping()
                return
            except RedisError:
                time.sleep(0.05)
        raise AssertionError(f"redis-server does not answer: {(self._root / 'redis.log').read_text()}")

    def lose_message(self) -> None:
        """Loses a message of the queue."""
        client = Redis.from_url(self.address)
        (queue, *_) = client.scan_iter("dagster*", _type="list")
        assert client.rpop(queue) is not None

    def stop(self) -> None:
        """Stops it; what was queued is there when it starts again."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None


@contextmanager
def redis_server(root: Path) -> Iterator[RedisServer]:
    """The server as long as the block lasts."""
    server = RedisServer(root)
    server.start()
    try:
        yield server
    finally:
        server.stop()
