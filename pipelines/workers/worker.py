"""One worker: a process that takes parts of runs off the queue, one at a time, until it is stopped.

A process for each worker and no fork in it: Polars has threads.
"""

from __future__ import annotations

import os
import socket
import warnings

from dagster_celery.tasks import create_task

from pipelines.settings import Settings, mask_environment
from pipelines.workers.broker import QUEUE, celery_app


def work(settings: Settings) -> None:
    """Works until SIGTERM, which lets the part at hand be finished. WarehouseError where the broker does not answer."""
    # It may run as whoever it likes: it takes no pickles from the broker.
    warnings.filterwarnings("ignore", message=".*superuser privileges", module="celery")
    app = celery_app(settings)
    create_task(app)  # type: ignore[no-untyped-call]
    app.worker_main(
        [
            *("--quiet", "worker", "--pool", "solo", "--queues", QUEUE, "--loglevel", "WARNING"),
            *("--hostname", f"motcua-{os.getpid()}@{socket.gethostname()}"),
            *("--without-gossip", "--without-mingle"),
        ]
    )


if __name__ == "__main__":
    mask_environment()
    work(Settings())
