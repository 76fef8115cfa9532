"""How parts of a run reach the workers: Celery on Redis, set so that a worker or the broker may go away and come back."""

from __future__ import annotations

from typing import Any

from celery import Celery
from dagster_celery.config import DEFAULT_CONFIG, dict_wrapper
from dagster_celery.make_app import make_app
from redis import Redis
from redis.exceptions import RedisError

from pipelines.settings import Settings, variable_of
from warehouse_sql.errors import WarehouseError
from warehouse_sql.masking import masked
from warehouse_sql.messages import message

QUEUE = "dagster"


def broker_of(settings: Settings) -> str:
    """Returns the address of the broker. Raises WarehouseError, one sentence, where none is set or it does not answer."""
    if settings.broker is None:
        raise WarehouseError(
            message(
                "Chạy với nhiều tiến trình cần một máy chủ Redis; hãy đặt {variable}, ví dụ redis://127.0.0.1:6379/0.",
                variable=variable_of("broker"),
            )
        )
    address = settings.broker.get_secret_value()
    try:
        with Redis.from_url(address, socket_connect_timeout=5) as client:
            client.ping()
    except (RedisError, ValueError) as error:
        raise WarehouseError(
            message(
                "Không kết nối được với Redis ở {variable} ({reason}); hãy kiểm tra địa chỉ và máy chủ.",
                variable=variable_of("broker"),
                reason=masked(str(error)),
            )
        ) from error
    return address


def celery_settings(settings: Settings) -> dict[str, Any]:
    """Returns the settings of Celery, the same for the run and for the workers.

    A part is taken off the queue when it is done, not when it is begun: that of a worker that died goes to another one after
    `worker_lost_seconds`. One that only took longer than that is done twice, which changes nothing.
    """
    return {
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_transport_options": {
            "visibility_timeout": settings.worker_lost_seconds,
            "unacked_restore_limit": None,
        },
        # A broker that is started again in between is waited for.
        "result_backend_always_retry": True,
        "result_backend_max_retries": 600,
        "result_expires": 86400,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
    }


def celery_app(settings: Settings) -> Celery:
    """Returns the app of a worker; the run's own is made by Dagster from the same settings."""
    address = broker_of(settings)
    return make_app(  # type: ignore[no-untyped-call]
        {
            "broker": address,
            "backend": address,
            "include": [],
            "config_source": dict_wrapper(DEFAULT_CONFIG | celery_settings(settings)),  # type: ignore[no-untyped-call]
        }
    )
