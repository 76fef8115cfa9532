"""`motcua worker`: one process that reads files and folds buckets of runs with workers."""

from __future__ import annotations

from pipelines.dagster_home import prepare_dagster_home
from pipelines.settings import Settings


def worker() -> None:
    """Nhận việc của các lần chạy wide_run qua MOTCUA_BROKER, từng phần một, đến khi bị dừng (Ctrl+C)."""
    from pipelines.workers.worker import work

    settings = Settings()
    prepare_dagster_home(settings)
    work(settings)
