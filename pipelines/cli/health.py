"""`motcua health`: one line and an exit code, for probes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from sqlalchemy.exc import DBAPIError

from pipelines.cli.console import say
from pipelines.errors import sentence
from pipelines.health import Health, read_health
from pipelines.settings import Settings
from warehouse_sql.engine import open_engine
from warehouse_sql.errors import WarehouseError
from warehouse_sql.messages import joined, message


def health(
    max_hours: Annotated[
        float, typer.Option(min=0, help="Lần chạy tốt gần nhất được kết thúc lâu nhất bao nhiêu giờ trước.")
    ] = 26,
) -> None:
    """Một dòng và mã thoát cho máy theo dõi: kho trả lời, đúng cấu trúc, lần chạy tốt, nguồn đủ tệp."""
    try:
        health = read_health(open_engine(Settings().url()), datetime.now(UTC), timedelta(hours=max_hours))
    except (WarehouseError, DBAPIError) as error:
        say(message("Không tốt: {troubles}", troubles=sentence(error)))
        raise typer.Exit(1) from error
    if health.troubles:
        say(message("Không tốt: {troubles}", troubles=joined("; ", health.troubles)))
        raise typer.Exit(1)
    say(_all_well(health))


def _all_well(health: Health) -> str:
    if health.covered_through is None:
        return message("Tốt: lần chạy gần nhất kết thúc lúc {at:instant}.", at=health.last_success_at)
    return message(
        "Tốt: lần chạy gần nhất kết thúc lúc {at:instant}, số liệu đến hết ngày {on:day}.",
        at=health.last_success_at,
        on=health.covered_through,
    )
